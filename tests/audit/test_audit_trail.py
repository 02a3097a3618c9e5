"""Changes and refused attempts are recorded, and tampering with the records is found."""

import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from helpdesk.desk import audit
from helpdesk.desk.opening import open_desk
from helpdesk.desk.people import agents
from helpdesk.desk.session import Desk
from helpdesk.desk.settings import Origin, Settings
from helpdesk.desk.ticket import log_query
from helpdesk.desk.ticket.handling import Note, Reply
from helpdesk.desk.ticket.resolving import Resolve
from helpdesk.desk.ticket.views import NewQuery
from helpdesk.domain.errors import NotPermittedError, RefusedError
from helpdesk.domain.escalation import Level
from helpdesk.domain.roles import Role
from helpdesk.domain.ticket import ReplyWay
from helpdesk.store.database.audit_trail import REFUSALS_A_MINUTE
from helpdesk.store.people import people
from tests.conftest import StillClock
from tests.verbs import do


def actions(desk: Desk) -> list[str]:
    return [record.did for record in audit.trail(desk, 100)]


def test_each_change_and_each_refusal_is_one_record(
    desk: Desk, desk_of: Callable[[str], Desk]
) -> None:
    before = len(actions(desk))
    log_query.log_query(desk, NewQuery("one"))
    do(desk, 1, Reply("done", ReplyWay.PHONE))
    agents.change(desk, "bob", agents.AgentChanges(role=Role.AUDITOR))
    bob = desk_of("bob")
    with pytest.raises(NotPermittedError):
        do(bob, 1, Note("x"))
    with pytest.raises(RefusedError):
        do(desk, 1, Note(" "))
    records = audit.trail(desk, 100)[before:]
    assert [(one.who.login, one.did) for one in records] == [
        ("ann", "HD-1 logged, add tickets 1"),
        ("ann", "HD-1 claimed, HD-1 replied, set tickets 1"),
        ("ann", "set agents 2"),
        ("bob", ("refused: bob (auditor) may not log, answer and change tickets; ask an "
                "administrator of this desk.")),
    ]  # fmt: skip
    [change] = audit.details(desk, records[2])["changes"]
    assert change.items() >= {
        "set": "agents", "key": ["2"], "values": {"role": ["agent", "auditor"]}
    }.items()  # fmt: skip
    assert "auditor" not in records[2].what
    assert audit.faults(desk) == ()
    bob.close()


def test_nobody_floods_the_trail_with_refused_attempts(
    desk: Desk, desk_of: Callable[[str], Desk], clock: StillClock
) -> None:
    for login in ("eve", "oda"):
        agents.add(desk, login, [Level.L1], Role.AUDITOR)
    eve, oda = desk_of("eve"), desk_of("oda")

    def refused_of(login: str) -> list[str]:
        return [one.did for one in audit.trail(desk, 1000, login, refused=True)]

    for _ in range(REFUSALS_A_MINUTE + 5):
        with pytest.raises(NotPermittedError):
            do(eve, 1, Note("x"))
    assert len(refused_of("eve")) == REFUSALS_A_MINUTE
    told = [did for did in refused_of("eve") if "further ones are not recorded" in did]
    assert told == refused_of("eve")[-1:]
    with pytest.raises(NotPermittedError):
        do(oda, 1, Note("x"))
    assert len(refused_of("oda")) == 1
    clock.advance(minutes=2)
    with pytest.raises(NotPermittedError):
        do(eve, 1, Note("x"))
    assert len(refused_of("eve")) == REFUSALS_A_MINUTE + 1
    clock.advance(days=-2)  # the records are dated as the last one before
    for _ in range(REFUSALS_A_MINUTE + 5):
        with pytest.raises(NotPermittedError):
            do(eve, 1, Note("x"))
    assert len(refused_of("eve")) == 2 * REFUSALS_A_MINUTE
    for opened in (eve, oda):
        opened.close()


def test_a_record_contains_the_address(desk: Desk, settings: Settings) -> None:
    origin = Origin("192.0.2.7", "")
    over_ssh = open_desk(Settings(settings.database, settings.kb, "bob", origin))
    log_query.log_query(over_ssh, NewQuery("one"))
    over_ssh.close()
    record = audit.trail(desk, 1)[0]
    assert (record.who.login, record.who.address) == ("bob", "192.0.2.7")


def test_a_rolled_back_change_is_not_recorded(desk: Desk) -> None:
    def undone() -> None:
        with desk.database.write() as session:
            people.set_desk_setting(session, "a", "b")
            session.flush()
            raise RefusedError("no")

    before = actions(desk)
    with pytest.raises(RefusedError):
        undone()
    assert actions(desk) == before


@contextmanager
def raw(desk: Desk) -> Iterator[sqlite3.Connection]:
    connection = sqlite3.connect(desk.database.name, isolation_level=None)
    yield connection
    connection.close()


@pytest.fixture
def worked(desk: Desk) -> Desk:
    """A desk with some audit records."""
    for subject in ("one", "two"):
        log_query.log_query(desk, NewQuery(subject))
    do(desk, 1, Reply("done", ReplyWay.PHONE))
    do(desk, 2, Resolve("so"))
    return desk


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_records SET login = 'bob' WHERE seq = 2",
        "DELETE FROM audit_records WHERE seq = 2",
        "DELETE FROM audit_records",
        "DELETE FROM audit_head",
        "INSERT OR REPLACE INTO audit_records SELECT * FROM audit_records WHERE seq = 2",
    ],
)
def test_the_database_refuses_to_change_a_record(worked: Desk, statement: str) -> None:
    with (
        raw(worked) as connection,
        pytest.raises(sqlite3.IntegrityError, match="only ever added"),
    ):
        connection.execute(statement)
    assert audit.faults(worked) == ()


_END = "(SELECT max(seq) FROM audit_records)"


@pytest.mark.parametrize(
    ("statements", "found"),
    [
        (["UPDATE audit_records SET login = 'bob' WHERE seq = 3"], "record 3 .* was altered"),
        (["UPDATE audit_records SET at = at + 1 WHERE seq = 3"], "record 3 .* was altered"),
        (["UPDATE audit_records SET what = replace(what, 'HD-1', 'HD-2') WHERE seq = 3"],
         "record 3 .* was altered"),
        (["UPDATE audit_records SET digest = 'f' || substr(digest, 2) WHERE seq = 3"],
         "record 3 .* was altered"),
        (["DELETE FROM audit_records WHERE seq = 3"], "records 3 to 3 .* were removed"),
        (["DELETE FROM audit_records WHERE seq = 1"], "records 1 to 1 .* were removed"),
        ([f"DELETE FROM audit_records WHERE seq = {_END}"], "removed from its end"),
        (["DELETE FROM audit_records"], "removed from its end"),
        (["DELETE FROM audit_records", "DELETE FROM audit_head"], "end .* was removed"),
        (["DELETE FROM audit_records",
          "UPDATE audit_head SET seq = 0, digest = '" + "0" * 64 + "'"], "no audit record knows"),
        ([(f"INSERT INTO audit_records SELECT seq + 1, at, login, address, key, host, did, what, "
          f"digest, digest FROM audit_records WHERE seq = {_END}")], "was altered"),
        (["UPDATE audit_records SET seq = 99 WHERE seq = 3"], "records 3 to 3"),
        (["UPDATE ticket_events SET text = 'never' WHERE type = 'replied'"],
         "entry .* differs from what audit record"),
        (["UPDATE ticket_events SET actor_id = 2 WHERE id = 1"],
         "entry 1 of HD-1: actor_id differs from"),
        (["DELETE FROM ticket_events WHERE type = 'resolved'"], "entry .* was removed"),
        ([("INSERT INTO ticket_events (ticket_id, at, actor_id, type, public, text, data) "
          "VALUES (1, 0, 1, 'noted', 0, 'x', '{}')")], "entry 8 of HD-1: no audit record knows"),
    ],
)  # fmt: skip
def test_tampering_is_found(worked: Desk, statements: list[str], found: str) -> None:
    with raw(worked) as connection:
        for name in ("audit_records_stay", "audit_records_remain", "audit_head_remains"):
            connection.execute(f"DROP TRIGGER {name}")
        for statement in statements:
            connection.execute(statement)
    faults = audit.faults(worked)
    assert any(re.search(found, fault) for fault in faults), faults


def test_a_rewritten_trail_differs_from_an_anchor(worked: Desk, tmp_path: Path) -> None:
    anchors = tmp_path / "anchors"
    config = tmp_path / "config" / "helpdesk"
    config.mkdir(parents=True)
    (config / "door.toml").write_text(f"anchors = '{anchors}'\n")
    audit.write_anchor(worked)
    agents.add(worked, "cid", [Level.L1])
    audit.write_anchor(worked)
    lines = ["Nov 23 09:00:00 desk helpdesk[7]: " + one for one in anchors.read_text().splitlines()]
    assert audit.check_anchors(worked, ["another line", *lines]) == (2, ())
    forged = [lines[0], lines[1].replace("sha256=", "sha256=0")]
    assert len(audit.check_anchors(worked, forged)[1]) == 1
    later = lines[1].replace("seq=", "seq=9")
    assert "was removed" in audit.check_anchors(worked, [later])[1][0]
    with pytest.raises(RefusedError, match="damaged"):
        audit.check_anchors(worked, ["helpdesk-audit seq=x"])


def test_only_auditors_read_the_trail(desk: Desk, desk_of: Callable[[str], Desk]) -> None:
    bob = desk_of("bob")
    for verb in (
        lambda: audit.trail(bob, 1),
        lambda: audit.faults(bob),
        lambda: audit.write_anchor(bob),
        lambda: audit.check_anchors(bob, []),
    ):
        with pytest.raises(NotPermittedError, match="read the audit trail"):
            verb()
    bob.close()
