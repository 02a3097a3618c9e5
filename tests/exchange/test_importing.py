"""Import files of other programs: their tickets, refused rows, and repeated imports."""

import csv
import json
import os
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select

from helpdesk.desk import scheduler
from helpdesk.desk.exchange import importing
from helpdesk.desk.exchange.import_report import ImportResult, RefusedRow
from helpdesk.desk.exchange.importing import ReadOptions, import_file
from helpdesk.desk.people import agents
from helpdesk.desk.queue import lists
from helpdesk.desk.session import Desk
from helpdesk.desk.ticket import show_ticket
from helpdesk.desk.ticket.resolving import Reopen, Resolve
from helpdesk.desk.ticket.views import TicketView
from helpdesk.domain.errors import NotPermittedError, RefusedError
from helpdesk.domain.escalation import Level
from helpdesk.domain.roles import Role
from helpdesk.domain.ticket import State
from helpdesk.exchange.mapping import built_in_mappings, load_mapping
from helpdesk.exchange.rows import read_rows
from helpdesk.exchange.translate import tickets as translated
from helpdesk.store.models import Ticket, TicketClock, TicketEvent
from tests.conftest import StillClock
from tests.examples import examples
from tests.exchange.samples import FRESHDESK, SERVICENOW, ZAMMAD, write_samples
from tests.verbs import do

#: A public incident log, used if it is there; it is not part of the project.
LOG = Path(
    os.environ.get(
        "HELPDESK_INCIDENT_LOG",
        Path(__file__).resolve().parents[3] / "shared" / "data" / "incident_event_log.csv",
    )
)
#: A public log with a support level in each row, used if it is there.
LEVEL_LOG = Path(
    os.environ.get(
        "HELPDESK_LEVEL_LOG",
        Path(__file__).resolve().parents[3] / "shared" / "data" / "level_log.csv",
    )
)


def import_sample(
    desk: Desk, file: Path, mapping: str, *, dry_run: bool = False
) -> tuple[ImportResult, list[RefusedRow]]:
    """Import a file; return the totals and the refused rows."""
    refused: list[RefusedRow] = []
    done = import_file(desk, file, mapping, dry_run=dry_run, refused=refused.append)
    return done, refused


def types(ticket: TicketView) -> list[str]:
    """Return the types of a ticket's timeline entries."""
    return [event.type for event in ticket.events]


def test_every_ready_mapping_reads_its_programs_file(desk: Desk, tmp_path: Path) -> None:
    files = write_samples(tmp_path)
    assert set(files) == set(built_in_mappings())
    for name, file in files.items():
        done, refused = import_sample(desk, file, name)
        assert (refused, done.known) == ([], 0), name
        assert done.tickets in (1, 2), name


def test_an_incident_log_keeps_hand_overs_reopenings_dates_and_the_made_sla(
    desk: Desk, tmp_path: Path
) -> None:
    import_sample(desk, write_samples(tmp_path)["servicenow-log"], "servicenow-log")
    one, two = show_ticket.show(desk, 1), show_ticket.show(desk, 2)
    assert (one.hand_overs, one.reopenings, two.hand_overs, two.reopenings) == (2, 0, 1, 1)
    assert types(one) == ["logged", "moved", "assigned", "pended", "resolved", "closed"]
    # INC2 was resolved for an hour, but not counted as reopened: that resolution is left out.
    assert types(two) == ["logged", "resolved", "moved", "reopened", "resolved", "closed"]
    assert one.created_at.isoformat() == "2016-03-01T09:00:00+00:00"
    assert one.resolved_at is not None
    assert one.resolved_at.isoformat() == "2016-03-01T15:00:00+00:00"
    assert (one.assignee, one.service, one.subject) == ("ann", "mail", "Mail, Client: Hangs")
    clocks = {clock.name: clock for clock in (*one.clocks, *two.clocks)}
    assert set(clocks) == {"resolution"}  # the log holds no answers
    assert [ticket.clocks[0].state for ticket in (one, two)] == ["met", "breached"]
    assert one.requester is not None
    assert one.requester.mail == "caller.7@servicenow.invalid"


def test_comments_become_answers_and_notes_and_meet_the_first_response(
    desk: Desk, tmp_path: Path
) -> None:
    import_sample(desk, write_samples(tmp_path)["zammad"], "zammad")
    closed, waiting = show_ticket.show(desk, 1), show_ticket.show(desk, 2)
    assert closed.body == "It prints\nnothing & hums"
    assert types(closed) == ["logged", "assigned", "replied", "noted", "resolved", "closed"]
    assert (closed.events[2].text, closed.events[2].actor) == ("New toner.", "ann")
    response = closed.clocks[0]
    assert (response.name, response.state) == ("first_response", "met")
    assert response.met_at is not None
    assert response.met_at.isoformat() == "2021-11-03T12:10:00+00:00"
    assert (waiting.state, waiting.waiting_on, waiting.priority) == ("pending", "requester", "P2")
    assert waiting.assignee == ""
    assert waiting.events[0].data["assignee"] == "nobody"


def test_a_public_comment_by_an_agent_who_has_left_is_an_answer(desk: Desk, tmp_path: Path) -> None:
    file = tmp_path / "zammad.json"
    article = {"internal": False, "created_at": "2021-11-03T12:10:00.000Z"}
    articles = [
        {**article, "from": "m.ortiz@contoso.example", "body": "It prints nothing"},
        {**article, "from": "m.ortiz@contoso.example", "body": "It hums"},
        {**article, "from": "former.agent", "body": "New toner."},
    ]
    file.write_text(json.dumps([{**ZAMMAD[0], "articles": articles}]))
    import_sample(desk, file, "zammad")
    shown = show_ticket.show(desk, 1)
    comments = {event.text: event for event in shown.events if event.text}
    answer, note = comments["New toner."], comments["It hums"]
    assert (answer.type, answer.public) == ("replied", True)
    assert answer.data["by"] == "former.agent"
    assert (note.type, note.public) == ("noted", False)
    assert (shown.clocks[0].name, shown.clocks[0].state) == ("first_response", "met")


@pytest.mark.parametrize(
    ("stated", "resolved", "state", "breached"),
    [
        ("SLA Violated", "2024-03-01 12:00:00", "breached", True),
        ("Within SLA", "2024-03-02 09:00:00", "met", False),
    ],
)
def test_the_file_decides_whether_its_sla_was_met_whatever_the_clocks_say(
    desk: Desk, tmp_path: Path, stated: str, resolved: str, state: str, *, breached: bool
) -> None:
    # The resolution target of this ticket on the desk is 8 hours after 10:00.
    heads, good, _ = FRESHDESK.splitlines()
    row = good.replace("SLA Violated", stated).replace("2024-03-01 12:00:00", resolved)
    file = tmp_path / "one.csv"
    file.write_text(f"{heads}\n{row}\n")
    import_sample(desk, file, "freshdesk")
    shown = show_ticket.show(desk, 1)
    resolution = next(clock for clock in shown.clocks if clock.name == "resolution")
    assert (resolution.state, resolution.breached_at is not None) == (state, breached)
    assert shown.events[0].data["sla_met"] is not breached


def test_an_imported_open_ticket_is_worked_on_like_any_other(
    desk: Desk, tmp_path: Path, clock: StillClock
) -> None:
    import_sample(desk, write_samples(tmp_path)["freshdesk"], "freshdesk")
    entries = show_ticket.show(desk, 2).events
    assert entries
    assert all(entry.data["imported"] is True for entry in entries)
    page = lists.page(desk, lists.Selection())
    assert [row.ref for row in page.rows] == ["HD-2"]
    assert page.rows[0].clock is not None  # it is sorted by its due time
    assert scheduler.catch_up(desk) == 0  # it was overdue long ago: no alarm of the past is run
    do(desk, 2, Resolve("here it is"))
    closed = do(desk, 1, Reopen("not yet"))
    assert closed.state == "open"


def test_an_import_that_was_interrupted_goes_on_and_doubles_nothing(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = write_samples(tmp_path)["servicenow-log"]
    monkeypatch.setattr(importing, "BATCH", 1)

    def stop(_: ImportResult) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        import_file(desk, file, "servicenow-log", progress=stop)
    done, _ = import_sample(desk, file, "servicenow-log")
    assert (done.tickets, done.known) == (1, 1)
    done, _ = import_sample(desk, file, "servicenow-log")
    assert (done.tickets, done.known) == (0, 2)
    with desk.database.read() as session:
        assert session.scalar(select(func.count()).select_from(Ticket)) == 2


def test_a_dry_run_changes_nothing_and_says_the_same(desk: Desk, tmp_path: Path) -> None:
    file = write_samples(tmp_path)["freshdesk"]
    dry, _ = import_sample(desk, file, "freshdesk", dry_run=True)
    with desk.database.read() as session:
        assert session.scalar(select(func.count()).select_from(Ticket)) == 0
    wet, _ = import_sample(desk, file, "freshdesk")
    assert dry == wet


def test_refused_rows_are_named_and_the_others_come_in(desk: Desk, tmp_path: Path) -> None:
    heads, good, _ = FRESHDESK.splitlines()
    file = tmp_path / "mixed.csv"
    rows = [
        good.replace("2024-03-01 10:00:00", "yesterday"),
        good.replace("Closed", "Sleeping"),
        good.replace("Cannot log in", ""),
        good.replace("Cannot log in", "=cmd|'/c calc'!A1"),
        "13,too,few",
        good.replace("11,", "14,").replace("Cannot log in", "gr\udcfc\udcdfe"),
        good.replace("11,", "15,").replace("2024-03-01 10:00:00", "2094-03-01 10:00:00"),
        good.replace("11,", "16,").replace("High", "Somewhat"),
        good.replace("11,", ","),
    ]
    text = "\n".join([heads, *rows])
    file.write_bytes(text.encode("utf-8", "surrogateescape"))
    done, refused = import_sample(desk, file, "freshdesk")
    assert done.tickets == 1
    assert {one.line: one.reason.split(" is ")[0][:40] for one in refused} == {
        2: "its created_at 'yesterday'",
        3: "its state 'Sleeping'",
        4: "its subject (Subject)",
        6: "it has 3 cells, the file has 19 columns",
        7: "the column 'Subject'",
        8: "it was created in the future",
        9: "its priority 'Somewhat'",
        10: "its id (Ticket ID or Ticket Id)",
    }
    assert (
        show_ticket.show(desk, 1).subject == "=cmd|'/c calc'!A1"
    )  # stored as it is; exports guard it


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("", "is empty"),
        ("a,b\n1,2\n", "has no column 'Ticket ID' or 'Ticket Id'"),
        (FRESHDESK.splitlines()[0] + "\n", "holds no tickets"),
    ],
)
def test_a_file_without_tickets_is_refused_whole(
    desk: Desk, tmp_path: Path, text: str, word: str
) -> None:
    file = tmp_path / "file.csv"
    file.write_text(text)
    with pytest.raises(RefusedError, match=word):
        import_sample(desk, file, "freshdesk")


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("no toml", "is not TOML"),
        ("[source]\nformt = 'csv'", "'formt'"),
        ("[ticket]\nid = 'a'", "names no subject"),
        ("[ticket]\nid='a'\nsubject='b'\nstate='c'\ncreated_at=1", "must be a column"),
        ("[ticket]\nid='a'\nsubject='b'\nstate='c'\ncreated_at='d'\n[source]\nrows='states'", "at"),
        ("[source]\ntimezone='X'\n[ticket]\nid='a'\nsubject='b'\nstate='c'\ncreated_at='d'", "zo"),
    ],
)  # fmt: skip
def test_a_mapping_that_makes_no_sense_is_refused(tmp_path: Path, text: str, word: str) -> None:
    file = tmp_path / "mapping.toml"
    file.write_text(text)
    with pytest.raises(RefusedError, match=word):
        load_mapping(str(file))


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("[" * 100_000, "nested too deeply"),
        (f'[{{"number": {"9" * 5000}}}]', "a number is too long"),
        ('[{"number": "1",', "not valid JSON in line"),
    ],
)
def test_broken_json_is_refused_in_a_sentence(
    desk: Desk, tmp_path: Path, text: str, word: str
) -> None:
    file = tmp_path / "file.json"
    file.write_text(text)
    with pytest.raises(RefusedError, match=word):
        import_sample(desk, file, "zammad")


def test_only_agents_who_manage_the_database_import(
    desk: Desk, tmp_path: Path, desk_of: Callable[[str], Desk]
) -> None:
    agents.add(desk, "eve", [Level.L1], role=Role.LEAD)
    other = desk_of("eve")
    with pytest.raises(NotPermittedError):
        import_sample(other, write_samples(tmp_path)["zammad"], "zammad")
    other.close()


def test_utf16_and_other_encodings_are_read(desk: Desk, tmp_path: Path) -> None:
    text = FRESHDESK.replace("Cannot log in", "Größe fehlt")
    file = tmp_path / "file.csv"
    file.write_text(text, encoding="utf-16")
    assert import_sample(desk, file, "freshdesk")[0].tickets == 2
    latin = tmp_path / "latin.csv"
    latin.write_text(text.replace("11,", "21,").replace("12,", "22,"), encoding="cp1252")
    done = import_file(desk, latin, "freshdesk", reading=ReadOptions("cp1252"))
    assert done.tickets == 2
    assert {show_ticket.show(desk, number).subject for number in (1, 3)} == {"Größe fehlt"}


@examples(60)
@given(st.binary(max_size=400))
def test_no_bytes_make_the_readers_crash(tmp_path: Path, rubbish: bytes) -> None:
    for name, start in (("freshdesk", FRESHDESK.encode()), ("zammad", b'[{"number": "1"},')):
        file = tmp_path / "rubbish"
        file.write_bytes(start + rubbish)
        mapping = load_mapping(name)
        with suppress(RefusedError):
            assert len(list(translated(read_rows(file, mapping), mapping))) < 400


def test_json_of_any_size_is_read_value_by_value(tmp_path: Path) -> None:
    file = tmp_path / "many.json"
    one = {"id": 1, "subject": "x" * 300, "status": "open", "created_at": "2024-01-01T00:00:00Z"}
    rows = [{**one, "id": number} for number in range(2000)]
    file.write_text(json.dumps({"count": 2000, "next": None, "tickets": rows, "end": [1]}))
    mapping = load_mapping("zendesk")
    assert [row.values["id"] for row in read_rows(file, mapping)] == list(range(2000))


def _count_in_file(file: Path) -> dict[str, int]:
    """Count in the file itself: the last row of an incident holds its final figures."""
    last: dict[str, dict[str, str]] = {}
    with file.open(newline="") as text:
        for row in csv.DictReader(text):
            last[row["number"]] = row
    made = Counter(row["made_sla"].lower() for row in last.values())
    return {
        "tickets": len(last),
        "hand_overs": sum(int(row["reassignment_count"]) for row in last.values()),
        "reopenings": sum(int(row["reopen_count"]) for row in last.values()),
        "closed": sum(
            (row.get("incident_state") or row["ident_state"]) == "Closed" for row in last.values()
        ),
        "made_sla": made["true"],
        "missed_sla": made["false"],
    }


def _count_in_desk(desk: Desk) -> dict[str, int]:
    with desk.database.read() as session:
        every = list(session.scalars(select(Ticket)))
        kept = select(func.count()).where(
            TicketClock.name == "resolution", TicketClock.breached_at.is_(None)
        )
        moved = session.scalars(select(TicketEvent.data).where(TicketEvent.type == "moved"))
        assert sum(int(data["count"]) for data in moved) == sum(one.hand_overs for one in every)
        reopened = select(func.count()).where(TicketEvent.type == "reopened")
        assert session.scalar(reopened) == sum(one.reopenings for one in every)
        made = session.scalar(kept) or 0
    return {
        "tickets": len(every),
        "hand_overs": sum(one.hand_overs for one in every),
        "reopenings": sum(one.reopenings for one in every),
        "closed": sum(one.state is State.CLOSED for one in every),
        "made_sla": made,
        "missed_sla": len(every) - made,
    }


def test_the_desk_counts_the_same_as_the_file(desk: Desk, tmp_path: Path) -> None:
    file = tmp_path / "log.csv"
    file.write_text(SERVICENOW)
    import_sample(desk, file, "servicenow-log")
    assert _count_in_desk(desk) == _count_in_file(file)


@pytest.mark.skipif(not LOG.is_file(), reason="the public incident log is not here")
def test_the_desk_counts_the_same_as_a_real_log(desk: Desk) -> None:
    done, refused = import_sample(desk, LOG, "servicenow-log")
    assert refused == []
    assert _count_in_desk(desk) == _count_in_file(LOG)
    assert done.tickets > 100


@pytest.mark.skipif(not LEVEL_LOG.is_file(), reason="the public log with levels is not here")
def test_a_real_log_with_levels_has_the_hand_overs_and_reopenings_of_its_rows(desk: Desk) -> None:
    rows: dict[str, list[dict[str, str]]] = {}
    with LEVEL_LOG.open(newline="", encoding="utf-8-sig") as text:
        for row in csv.DictReader(text):
            rows.setdefault(row["SR Number"], []).append(row)
    pairs = [pair for own in rows.values() for pair in pairwise(own)]
    done, refused = import_sample(desk, LEVEL_LOG, "level-log")
    assert (done.tickets, refused) == (len(rows), [])
    with desk.database.read() as session:
        every = list(session.scalars(select(Ticket)))
    assert sum(one.hand_overs for one in every) == sum(
        a["Involved ST"] != b["Involved ST"] for a, b in pairs
    )
    assert sum(one.reopenings for one in every) == sum(
        a["Status"] == "Completed" != b["Status"] for a, b in pairs
    )


def test_what_was_imported_already_is_not_translated_again(desk: Desk, tmp_path: Path) -> None:
    file = write_samples(tmp_path)["freshdesk"]
    import_sample(desk, file, "freshdesk")
    # Whatever the rest of a row says, its id tells that it is here.
    file.write_text(FRESHDESK.replace("Closed", "Sleeping").replace("Open", "Asleep"))
    done, refused = import_sample(desk, file, "freshdesk")
    assert (done.known, done.tickets, refused) == (2, 0, [])
