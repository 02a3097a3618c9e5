"""Every row that the audit trail covers is compared with it, on both engines."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from helpdesk.desk import audit, scheduler
from helpdesk.desk.administration import copy_desk, doctor, integrity
from helpdesk.desk.demo.fill import fill
from helpdesk.desk.opening import open_desk
from helpdesk.desk.people import agents
from helpdesk.desk.session import Desk
from helpdesk.desk.settings import Settings
from helpdesk.desk.ticket import log_query
from helpdesk.desk.ticket.handling import Note, Reply
from helpdesk.desk.ticket.resolving import Resolve
from helpdesk.desk.ticket.views import NewQuery
from helpdesk.domain.errors import UnavailableError
from helpdesk.domain.roles import Role
from helpdesk.domain.ticket import ReplyWay
from helpdesk.store.database.audit_erasure import Erasure
from helpdesk.store.models import Requester
from tests.conftest import StillClock
from tests.policies import apply_more
from tests.verbs import do


def raw(desk: Desk, *statements: str) -> None:
    """Execute SQL outside the program."""
    with desk.database.write() as session:
        for statement in statements:
            session.connection().execute(text(statement))


def findings(desk: Desk) -> dict[str, integrity.IntegrityFinding]:
    return {finding.name: finding for finding in integrity.check_all(desk)}


@pytest.fixture
def worked(desk: Desk) -> Desk:
    """A desk with two tickets, one of them resolved."""
    log_query.log_query(desk, NewQuery("one", requester="kim.unmistakable@example.com"))
    log_query.log_query(desk, NewQuery("two"))
    do(desk, 1, Reply("done"))
    do(desk, 1, Resolve("so"))
    do(desk, 2, Note("hm"))
    return desk


def test_made_data_is_whole_and_each_entry_of_it_is_covered(desk: Desk) -> None:
    fill(desk, 400, 1, desk.now())
    assert audit.faults(desk) == ()
    raw(desk, "UPDATE ticket_events SET text = 'never said' WHERE id = 1111")
    [fault] = audit.faults(desk)
    assert fault.startswith("ticket_events, entry 1111 of HD-")
    assert ": text differs from what audit record" in fault


@pytest.mark.parametrize(
    ("statement", "found"),
    [
        ("UPDATE tickets SET subject = 'x' WHERE id = 1", "tickets HD-1: subject differs"),
        ("UPDATE tickets SET body = 'x' WHERE id = 2", "tickets HD-2: body differs"),
        ("UPDATE tickets SET state = 'closed' WHERE id = 1", "tickets HD-1: state differs"),
        ("UPDATE tickets SET resolved_at = 5 WHERE id = 1", "tickets HD-1: resolved_at differs"),
        ("UPDATE tickets SET csat = 5 WHERE id = 1", "tickets HD-1: csat differs"),
        ("UPDATE ticket_clocks SET met_at = 5 WHERE ticket_id = 1 AND name = 'resolution'",
         "ticket_clocks resolution of HD-1: met_at differs"),
        ("UPDATE ticket_clocks SET elapsed_s = 5 WHERE ticket_id = 1 AND name = 'resolution'",
         "ticket_clocks resolution of HD-1: elapsed_s differs"),
        ("UPDATE agents SET role = 'admin' WHERE login = 'bob'", "agents bob (2): role differs"),
        ("UPDATE requesters SET name = 'x'",
         "requesters kim.unmistakable@example.com (1): name differs"),
        ("UPDATE policy_versions SET text = 'x'", "policy_versions Starter (1): text differs"),
        ("UPDATE desk_facts SET value = 'bob' WHERE name = 'owner'",
         "desk_facts owner: value differs"),
        ("DELETE FROM agent_levels WHERE agent_id = 2 AND level = 'L2'",
         "agent_levels bob/L2: the row of audit record"),
        ("INSERT INTO ticket_links VALUES (1, 2, 'parent')",
         "ticket_links 2/parent of HD-1: no audit record knows this row"),
        ("INSERT INTO customer_domains SELECT 'evil.example', min(id) FROM customers",
         "customer_domains evil.example: no audit record knows this row"),
        ("UPDATE audit_head SET events_before = 99", "events_before"),
    ],
)  # fmt: skip
def test_a_row_that_was_altered_is_named(worked: Desk, statement: str, found: str) -> None:
    if "customer_domains" in statement:
        apply_more(worked, '[customers.ACME]\ndomains = ["acme.example"]\n')
    assert audit.faults(worked) == ()
    raw(worked, statement)
    faults = audit.faults(worked)
    assert any(found in fault for fault in faults), faults


def test_a_guard_that_was_dropped_or_switched_off_is_named(worked: Desk) -> None:
    if worked.database.file is not None:
        raw(worked, "DROP TRIGGER audit_values_stay")
    else:
        raw(worked, "ALTER TABLE audit_values DISABLE TRIGGER audit_values_stay")
    faults = audit.faults(worked)
    if worked.database.file is None:  # the tests share this database
        raw(worked, "ALTER TABLE audit_values ENABLE TRIGGER audit_values_stay")
    assert [fault.partition(",")[0] for fault in faults] == ["the trigger audit_values_stay"]


def test_a_foreign_trigger_is_named(worked: Desk) -> None:
    if worked.database.file is None:
        pytest.skip("the tests share this database")
    raw(worked, "CREATE TRIGGER x AFTER INSERT ON tickets BEGIN SELECT 1; END")
    assert audit.faults(worked) == ("the database has a trigger x that is not of this program.",)


def test_a_change_outside_is_found_after_honest_work_went_over_it(worked: Desk) -> None:
    raw(worked, "UPDATE agents SET role = 'auditor' WHERE login = 'bob'")
    agents.change(worked, "bob", agents.AgentChanges(role=Role.LEAD))
    [fault] = audit.faults(worked)
    assert "agents bob (2): role was changed outside this program between" in fault


def test_values_are_erased_on_record_and_the_trail_verifies(worked: Desk) -> None:
    with worked.database.write() as session:
        person = session.get_one(Requester, 1)
        person.mail, person.name = "erased-1", "(erased)"
        session.change_log.erase(Erasure("requesters", (1,), frozenset({"mail", "name"})))
    with worked.database.read() as session:
        for table in ("audit_records", "audit_values"):
            rows = session.connection().execute(text(f"SELECT * FROM {table}"))
            assert "unmistakable" not in " ".join(map(str, rows))
    found = findings(worked)["audit trail"]
    assert found.problems == ()
    assert "values were erased by the records" in found.notes[0]
    records = audit.trail(worked, 2)
    assert [record.did for record in records] == [
        "set requesters 1",
        "erase values of requesters 1",
    ]
    [change] = audit.details(worked, records[0])["changes"]
    assert change["values"]["mail"] == ["(erased)", "erased-1"]
    raw(worked, "UPDATE requesters SET name = 'x'")
    assert "requesters erased-1 (1): name differs" in audit.faults(worked)[0]


def test_values_beside_a_record_are_only_ever_erased(worked: Desk) -> None:
    def tamper(statement: str) -> None:
        with pytest.raises(Exception, match="only ever erased"):
            raw(worked, statement)

    tamper("UPDATE audit_values SET beside = '[]'")
    tamper("UPDATE audit_values SET beside = '[]', erased_by = seq + 1")
    tamper("DELETE FROM audit_values")
    assert audit.faults(worked) == ()
    audit.erase_values(worked, "tickets", (1,), ["subject"])
    assert audit.faults(worked) == ()


@pytest.mark.parametrize("days", [1, 4000])
def test_a_clock_that_once_ran_ahead_is_no_fault_once_it_is_confirmed(
    worked: Desk, clock: StillClock, days: int
) -> None:
    clock.advance(days=days)
    do(worked, 2, Note("tomorrow"))
    clock.advance(days=-days)
    doctor.confirm_clock(worked)
    do(worked, 2, Note("today"))
    found = findings(worked)["audit trail"]
    assert found.problems == ()
    [confirmed] = [one for one in audit.trail(worked, 100) if "clock confirmed" in one.did]
    [note] = found.notes
    assert note.startswith("dates run backwards where an administrator has confirmed")
    assert note.endswith(f"at the records {confirmed.seq}.")


def test_a_program_whose_clock_is_behind_what_another_one_has_entered_changes_nothing(
    worked: Desk, clock: StillClock
) -> None:
    ahead = open_desk(worked.settings, lambda: clock() + timedelta(hours=2))
    do(ahead, 2, Note("entered by a host whose clock is ahead"))
    ahead.close()
    with pytest.raises(UnavailableError, match="2 h behind the newest record"):
        do(worked, 2, Note("x"))
    clock.advance(hours=2)
    do(worked, 2, Note("y"))
    assert audit.faults(worked) == ()


def test_a_record_in_the_future_is_found(worked: Desk, clock: StillClock) -> None:
    clock.advance(days=4000)
    agents.change(worked, "bob", agents.AgentChanges(name="Rob"))
    clock.advance(days=-4000)
    assert "is dated in the future" in audit.faults(worked)[0]


@pytest.mark.parametrize(
    ("behind", "problems", "notes"),
    [({"minutes": 1}, 0, 0), ({"minutes": 59}, 0, 1), ({"minutes": 61}, 1, 0)],
)
def test_dates_are_a_fault_where_the_clock_is_so_far_behind_that_changes_are_refused(
    worked: Desk, clock: StillClock, behind: dict[str, float], problems: int, notes: int
) -> None:
    clock.advance(days=1)  # only one record is in question
    do(worked, 2, Note("tomorrow"))
    clock.now -= timedelta(**behind)
    found = findings(worked)["audit trail"]
    assert (len(found.problems), len(found.notes)) == (problems, notes)
    doctor.confirm_clock(worked)
    found = findings(worked)["audit trail"]
    assert found.problems == ()
    [note] = found.notes
    assert note.startswith("dates run backwards where an administrator has confirmed")


def test_a_copy_takes_the_trail_along(worked: Desk, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'copy.db'}"
    copy_desk.copy_to(worked, url)
    copy = open_desk(Settings(url, worked.knowledge_dir), worked.now)
    assert audit.faults(copy) == ()
    raw(copy, "UPDATE tickets SET subject = 'x' WHERE id = 1")
    assert "tickets HD-1: subject differs" in audit.faults(copy)[0]
    copy.close()


@pytest.mark.parametrize(
    ("statements", "check", "words"),
    [
        (["UPDATE policy_versions SET rules = '{}'"], "clocks", "HD-2: its clocks cannot"),
        (["UPDATE ticket_events SET data = '[]' WHERE ticket_id = 2 AND type = 'logged'"],
         "clocks", "HD-2: its clocks cannot"),
        (["UPDATE tickets SET kind = 'riddle' WHERE id = 2"], "clocks", "HD-2: its clocks cannot"),
        (["DELETE FROM ticket_events"], "clocks", "HD-2: its clocks cannot"),
    ],
)  # fmt: skip
def test_every_check_says_its_verdict(
    worked: Desk, statements: list[str], check: str, words: str
) -> None:
    log_query.log_query(worked, NewQuery("three"))
    raw(worked, *statements)
    desk = open_desk(worked.settings, worked.now)  # this one has nothing in its cache
    found = findings(desk)
    desk.close()
    assert list(found) == [
        *("integrity", "references", "people", "clocks"),
        *("audit trail", "search index"),
    ]
    assert any(words in problem for problem in found[check].problems), found[check]
    assert not found["audit trail"].is_well


def test_ordinary_work_for_days_is_no_fault(
    worked: Desk, desk_of: Callable[[str], Desk], clock: StillClock
) -> None:
    for _ in range(3):
        clock.now += timedelta(days=3)
        scheduler.catch_up(worked)
        do(desk_of("bob"), 2, Reply("again", ReplyWay.PHONE))
    assert audit.faults(worked) == ()
