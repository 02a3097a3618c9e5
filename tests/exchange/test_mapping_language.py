"""What a mapping can say, and what an import finds out about a file by itself."""

import json
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select

from helpdesk.desk.exchange.import_report import ImportResult, RefusedRow
from helpdesk.desk.exchange.importing import ReadOptions, import_file
from helpdesk.desk.people import agents
from helpdesk.desk.session import Desk
from helpdesk.desk.ticket import show_ticket
from helpdesk.desk.ticket.views import TicketView
from helpdesk.domain.errors import RefusedError
from helpdesk.domain.escalation import Level
from helpdesk.domain.roles import Role
from helpdesk.exchange.fields import fill
from helpdesk.exchange.times import TimeError, TimeReader
from helpdesk.exchange.words import WordTable
from helpdesk.store.models import Ticket
from tests.examples import examples
from tests.exchange.samples import FRESHDESK, LEVELS, SERVICENOW, ZAMMAD, ZENDESK

SOURCE = '[source]\nname = "foreign"\n'
TICKET = """\
[ticket]
id = "id"
subject = "subject"
state = "state"
created_at = "created"
"""
LOG = """\
[source]
name = "foreign"
rows = "states"
[ticket]
id = "id"
at = "at"
subject = { template = "ticket {id}" }
state = "state"
group = "team"
queue = "level"
created_at = { column = "at", row = "first" }
"""


def bring(
    desk: Desk,
    folder: Path,
    mapping: str,
    text: str,
    *,
    dry_run: bool = False,
    reading: ReadOptions | None = None,
) -> tuple[ImportResult, list[RefusedRow]]:
    """Import a text with a mapping of one's own; return the totals and the refused rows."""
    (folder / "own.toml").write_text(mapping, encoding="utf-8")
    file = folder / "own.csv"
    file.write_text(text, encoding="utf-8")
    refused: list[RefusedRow] = []
    done = import_file(
        desk,
        file,
        str(folder / "own.toml"),
        dry_run=dry_run,
        reading=reading or ReadOptions(),
        refused=refused.append,
    )
    return done, refused


def types(ticket: TicketView) -> list[str]:
    """Return the types of a ticket's timeline entries."""
    return [event.type for event in ticket.events]


def kind_of(ticket: TicketView, text: str) -> str:
    """Return the type of the entry with a text."""
    return next(event.type for event in ticket.events if event.text == text)


# Separators


@pytest.mark.parametrize(
    ("first", "separator"), [("", ";"), ("", "\t"), ("", "|"), ("sep=;\n", ";"), ("sep=#\n", "#")]
)
def test_the_separator_is_recognised(
    desk: Desk, tmp_path: Path, first: str, separator: str
) -> None:
    rows = [["id", "subject", "state", "created"], ["1", "Disk, full", "open", "2024-01-02"]]
    text = first + "\n".join(separator.join(row) for row in rows) + "\n"
    done, refused = bring(desk, tmp_path, SOURCE + TICKET, text)
    assert (done.tickets, refused) == (1, [])
    assert show_ticket.show(desk, 1).subject == "Disk, full"


def test_lines_are_counted_from_the_top_of_the_file(desk: Desk, tmp_path: Path) -> None:
    text = 'sep=;\nid;"sub\nject";subject;state;created\n1;;Disk;open;soon\n'
    _, refused = bring(desk, tmp_path, SOURCE + TICKET, text)
    assert [row.line for row in refused] == [4]


def test_a_separator_without_the_columns_is_named_as_the_cause(desk: Desk, tmp_path: Path) -> None:
    text = "nr;title;state;created\n1;Disk;open;2024-01-02\n"
    with pytest.raises(RefusedError, match="nr, title, state, created, separated by a semicolon"):
        bring(desk, tmp_path, SOURCE + TICKET, text)


# Dates


@pytest.mark.parametrize(
    ("times", "order", "text", "found"),
    [
        ('["local"]', None, "3/4/2024 9:05", "refused"),
        ('["local"]', "day-first", "3/4/2024 9:05", "2024-04-03T09:05"),
        ('["local"]', "month-first", "3/4/2024 9:05 PM", "2024-03-04T21:05"),
        ('["local"]', None, "13.4.2024 09:05:07", "2024-04-13T09:05"),
        ('["local"]', None, "4/13/24", "2024-04-13T00:00"),
        ('["local"]', None, "4-4-2024", "2024-04-04T00:00"),
        ('["%d/%m/%Y", "%m/%d/%Y"]', None, "3/4/2024", "refused"),
        ('["%d/%m/%Y", "%m/%d/%Y"]', "month-first", "3/4/2024", "2024-03-04T00:00"),
        ('["%d/%m/%Y", "%m/%d/%Y"]', None, "13/4/2024", "2024-04-13T00:00"),
        ('["%m/%d/%Y"]', None, "3/4/2024", "2024-03-04T00:00"),
        ('["%m/%d/%Y"]', "day-first", "3/4/2024", "2024-04-03T00:00"),
        ('["%Y-%m-%d", "%m/%d/%Y"]', None, "2024-03-04", "2024-03-04T00:00"),
        ('["local"]', "day-first", "31/2/2024", "refused"),
        ('["local"]', None, "3/4/2024 25:00", "refused"),
    ],
)
def test_a_date_is_read_in_the_order_that_is_said_and_never_guessed(
    desk: Desk, tmp_path: Path, times: str, order: str | None, text: str, found: str
) -> None:
    mapping = f"{SOURCE}times = {times}\n{TICKET}"
    row = f"id,subject,state,created\n1,Disk,open,{text}\n"
    done, refused = bring(desk, tmp_path, mapping, row, reading=ReadOptions(dates=order))
    if found == "refused":
        assert done.tickets == 0
        assert "created" in refused[0].reason
    else:
        assert refused == []
        assert show_ticket.show(desk, 1).created_at.isoformat().startswith(found)


def test_an_ambiguous_date_names_both_days_and_the_cure(desk: Desk, tmp_path: Path) -> None:
    mapping = f'{SOURCE}times = ["local"]\n{TICKET}'
    _, refused = bring(desk, tmp_path, mapping, "id,subject,state,created\n1,Disk,open,3/4/2024\n")
    assert "can be 03 Apr 2024 or 04 Mar 2024" in refused[0].reason
    assert "--dates day-first" in refused[0].reason


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("2024-03-31T02:30:00", "put forward"),
        ("1970-01-01T00:00:00Z", "missing"),
        ("0001-01-01T00:00:00Z", "missing"),
    ],
)
def test_a_time_that_cannot_be_is_named(text: str, why: str) -> None:
    with pytest.raises(TimeError, match=why):
        TimeReader(["iso"], ZoneInfo("Europe/Berlin"), "").read(text)


def test_times_in_the_wrong_order_are_named_and_the_ticket_comes_in(
    desk: Desk, tmp_path: Path
) -> None:
    mapping = SOURCE + TICKET + 'resolved_at = "resolved"\nclosed_at = "closed"\n'
    text = (
        "id,subject,state,created,resolved,closed\n"
        "1,Disk,closed,2024-01-03,2024-01-02,2024-01-01\n"
        "2,Disk,closed,2024-01-03,2094-01-02,2024-01-04\n"
    )
    done, refused = bring(desk, tmp_path, mapping, text)
    assert (done.tickets, done.noted) == (1, 1)
    assert [row.reason.split(" (")[0] for row in done.noted_rows] == [
        "its resolved_at",
        "its closed_at",
        "its closed_at",
    ]
    assert [(row.line, row.reason) for row in refused] == [(3, "its resolved_at is in the future")]


# Fields and words


@pytest.mark.parametrize(
    ("template", "values", "text"),
    [
        ("{a}, {b}: {c}", {"a": "Category 5", "b": "Part 18"}, "Category 5, Part 18"),
        ("{a}, {b}: {c}", {"c": "no sound"}, "no sound"),
        ("{a}, {b}: {c}", {"a": "Mail", "c": "slow"}, "Mail: slow"),
        ("Area {a}, part {b}", {"b": "7"}, "part 7"),
        ("{a} ({b}), {c}", {"a": "x", "c": "z"}, "x, z"),
        ("{a} ({b})", {"a": "x"}, "x"),
        ("[{a}] {b}", {"b": "-5"}, "-5"),
        ("[{a}] {b}", {"a": "x", "b": "y"}, "[x] y"),
        ("{a}: {b}.", {"a": "x", "b": "y"}, "x: y."),
        ("{a}: {b}", {}, ""),
        ("always@x.example", {}, "always@x.example"),
    ],
)  # fmt: skip
def test_a_template_leaves_out_what_is_missing_with_what_joins_it(
    template: str, values: dict[str, str], text: str
) -> None:
    assert fill(template, lambda column: values.get(column, "")) == text


@given(
    parts=st.lists(st.sampled_from(["", "Alpha", "Beta"]), min_size=1, max_size=4),
    joint=st.sampled_from([", ", ": ", " - ", " / "]),
)
def test_a_template_joins_what_there_is(parts: list[str], joint: str) -> None:
    template = joint.join(f"{{{number}}}" for number in range(len(parts)))
    expected = joint.join(part for part in parts if part)
    assert fill(template, lambda column: parts[int(column)]) == expected


def test_words_may_be_patterns_and_the_most_exact_one_wins() -> None:
    table = WordTable({"*": "L1", "* 3rd": "L3", "* 2nd 3rd": "L2", "V9 3rd": "L4", "a?[b]*": "x"})
    found = [table.find(text) for text in ("V5 3RD", "V5 2nd 3rd", "V9 3rd", "V30", "a?[b]c")]
    assert found == ["L3", "L2", "L4", "L1", "x"]


def test_values_queues_and_people_are_found_by_patterns(desk: Desk, tmp_path: Path) -> None:
    agents.add(desk, "zoe", [Level.L1, Level.L2])
    mapping = (
        SOURCE
        + TICKET
        + 'queue = { column = "team", pattern = "line ([0-9])" }\nassignee = "agent"\n'
        + 'group = "team"\n'
        + '[values.state]\n"waiting for *" = "pending"\n[values.queue]\n2 = "L2"\n'
        + '[agents]\n"Resolver 4*" = "zoe"\n'
    )
    text = (
        "id,subject,state,created,team,agent\n"
        "1,Disk,Waiting for Godot,2024-01-03,Unix line 2,Resolver 42\n"
    )
    done, refused = bring(desk, tmp_path, mapping, text)
    assert refused == []
    ticket = show_ticket.show(desk, 1)
    assert (ticket.state, ticket.queue, ticket.assignee) == ("pending", "L2", "zoe")
    # It came to L2 there: no escalation is made up.
    assert types(ticket) == ["logged", "assigned", "pended"]
    assert ticket.hand_overs == 0
    assert done.unknown["groups"] == ()


@pytest.mark.parametrize(
    ("mapping", "word"),
    [
        ('subject = { column = "a", template = "{b}" }', "one of column and template"),
        ('subject = { column = "a", row = "middle" }', '"first" or "last"'),
        ('subject = { column = "a", pattern = "(" }', "pattern is wrong"),
        ('subject = { colum = "a" }', "a column, a list of columns or a table"),
    ],
)
def test_a_field_that_makes_no_sense_is_refused(
    desk: Desk, tmp_path: Path, mapping: str, word: str
) -> None:
    ticket = TICKET.replace('subject = "subject"', mapping)
    with pytest.raises(RefusedError, match=word):
        bring(desk, tmp_path, SOURCE + ticket, "id\n1\n")


@pytest.mark.parametrize(
    ("more", "word"),
    [('dates = "year-first"', "day-first, month-first"), ('delimiter = ";;"', "one character")],
)
def test_a_source_that_makes_no_sense_is_refused(
    desk: Desk, tmp_path: Path, more: str, word: str
) -> None:
    with pytest.raises(RefusedError, match=word):
        bring(desk, tmp_path, f"{SOURCE}{more}\n{TICKET}", "id\n1\n")


# Logs with a row for each state


def test_a_wait_has_the_reason_that_the_log_names(desk: Desk, tmp_path: Path) -> None:
    text = SERVICENOW.replace("Awaiting User Info", "Awaiting Vendor")
    file = tmp_path / "log.csv"
    file.write_text(text)
    import_file(desk, file, "servicenow-log")
    pended = next(event for event in show_ticket.show(desk, 1).events if event.type == "pended")
    assert (pended.data["on"], pended.text) == ("vendor", "Awaiting Vendor")
    mapping = LOG + '[values.waiting]\n"awaiting caller" = "requester"\n"awaiting *" = "vendor"\n'
    mapping += '[values.state]\n"awaiting *" = "pending"\n'
    rows = "id,at,state,team,level\n" + "".join(
        f"7,2024-01-0{day},{state},A,L1\n"
        for day, state in enumerate(
            ["open", "awaiting caller", "awaiting problem", "open", "awaiting caller"], 1
        )
    )
    bring(desk, tmp_path, mapping, rows)
    waiting = [event.data["on"] for event in show_ticket.show(desk, 3).events[1:]
               if event.type == "pended"]  # fmt: skip
    assert waiting == ["requester", "vendor", "requester"]
    assert show_ticket.show(desk, 3).waiting_on == "requester"


def test_the_resolution_is_when_the_file_says_not_when_a_row_suggests(
    desk: Desk, tmp_path: Path
) -> None:
    head, *rows = SERVICENOW.splitlines()
    resolved = next(row for row in rows if ",Resolved," in row and row.startswith("INC1"))
    place = rows.index(resolved)
    more = [resolved.replace("01-03-2016 14:00", f"01-03-2016 14:{minute}") for minute in (10, 20)]
    text = "\n".join([head, *rows[: place + 1], *more, *rows[place + 1 :]])
    file = tmp_path / "log.csv"
    file.write_text(text)
    import_file(desk, file, "servicenow-log")
    one = show_ticket.show(desk, 1)
    assert one.resolved_at is not None
    assert one.resolved_at.isoformat() == "2016-03-01T15:00:00+00:00"
    early = tmp_path / "early.csv"
    early.write_text(text.replace("01-03-2016 15:00", "01-03-2016 13:30").replace("INC", "OLD"))
    import_file(desk, early, "servicenow-log")
    three = show_ticket.show(desk, 3)
    assert three.resolved_at is not None
    assert three.resolved_at.isoformat() == "2016-03-01T13:30:00+00:00"


def test_a_log_with_levels_brings_hand_overs_reopenings_and_the_first_time(
    desk: Desk, tmp_path: Path
) -> None:
    file = tmp_path / "levels.csv"
    file.write_text(LEVELS)
    done = import_file(desk, file, "level-log")
    assert (done.refused, done.warnings) == (0, ())
    one = show_ticket.show(desk, 1)
    counted = Counter(types(one))
    assert (counted["escalated"], counted["returned"], counted["moved"]) == (1, 1, 1)
    assert (one.hand_overs, one.reopenings, one.queue, one.state) == (3, 1, "L1", "closed")
    assert one.created_at.isoformat() == "2010-03-31T14:59:42+00:00"
    two = show_ticket.show(desk, 2)
    # It began at L3, so nobody escalated it; its wait for a vendor does not rest the clock.
    assert (two.queue, two.hand_overs, two.waiting_on) == ("L3", 0, "vendor")
    assert "escalated" not in types(two)


_LEVELS = ("L1", "L2", "L3")


@examples(30)
@given(
    tickets=st.lists(
        st.lists(
            st.tuples(
                st.sampled_from(_LEVELS),
                st.sampled_from(["A", "B"]),
                st.sampled_from(["open", "pending", "resolved", "closed"]),
            ),
            min_size=1,
            max_size=8,
        ),
        min_size=1,
        max_size=4,
    )
)
def test_counts_of_any_log_equal_those_of_its_rows(
    desk: Desk, tmp_path: Path, tickets: list[list[tuple[str, str, str]]]
) -> None:
    with desk.database.read() as session:
        before = session.scalar(select(func.count()).select_from(Ticket)) or 0
    lines = ["id,at,state,team,level"]
    for number, rows in enumerate(tickets):
        lines += [
            f"{before}-{number},2024-01-01T10:{minute:02},{state},{team},{level}"
            for minute, (level, team, state) in enumerate(rows)
        ]
    done, refused = bring(desk, tmp_path, LOG, "\n".join(lines) + "\n")
    assert (done.tickets, refused) == (len(tickets), [])
    for number, rows in enumerate(tickets, before + 1):
        shown = show_ticket.show(desk, number)
        counted = Counter(types(shown))
        pairs = list(pairwise(rows))
        assert counted["escalated"] == sum(a[0] < b[0] for a, b in pairs)
        assert counted["returned"] == sum(a[0] > b[0] for a, b in pairs)
        assert counted["moved"] == sum(a[0] == b[0] and a[1] != b[1] for a, b in pairs)
        assert shown.hand_overs == sum(a[:2] != b[:2] for a, b in pairs)
        assert shown.reopenings == sum(_is_over(a[2]) and not _is_over(b[2]) for a, b in pairs)
        assert shown.reopenings == counted["reopened"]
        assert (shown.state, shown.queue) == (rows[-1][2], rows[-1][0])


def _is_over(state: str) -> bool:
    return state in ("resolved", "closed")


def test_what_the_file_counts_wins_over_what_its_rows_suggest(desk: Desk, tmp_path: Path) -> None:
    mapping = LOG + 'hand_overs = "moves"\nreopenings = "opens"\n'
    text = (
        "id,at,state,team,level,moves,opens\n"
        "1,2024-01-01,open,A,L1,0,0\n"
        "1,2024-01-02,resolved,B,L2,3,0\n"
        "1,2024-01-03,open,B,L2,3,0\n"
        "1,2024-01-04,closed,C,L1,3,0\n"
    )
    bring(desk, tmp_path, mapping, text)
    shown = show_ticket.show(desk, 1)
    assert (shown.hand_overs, shown.reopenings, shown.queue) == (3, 0, "L1")


# Who answered


def test_a_requesters_follow_up_and_an_automatic_reply_are_no_first_response(
    desk: Desk, tmp_path: Path
) -> None:
    comments = [
        {"author_id": 1, "body": "as soon as I print", "public": True, "at": 0},
        {"author_id": 7, "body": "Automatic reply: we have received it", "public": True, "at": 1},
        {"author_id": 1, "body": "any news?", "public": True, "at": 2},
        {"author_id": 9, "body": "seen by a colleague", "public": False, "at": 3},
        {"author_id": -1, "body": "Your number is 35436", "public": True, "at": 4,
         "via": {"channel": "rule"}},
        {"author_id": 9, "body": "update the driver", "public": True, "at": 5},
    ]  # fmt: skip
    ticket = {
        **ZENDESK[0],
        "metric_set": {},
        "comments": [{**one, "created_at": f"2024-07-21T08:0{one['at']}:00Z"} for one in comments],
    }
    file = tmp_path / "zendesk.json"
    file.write_text(json.dumps(ticket))
    import_file(desk, file, "zendesk")
    shown = show_ticket.show(desk, 1)
    assert kind_of(shown, "any news?") == "noted"
    assert kind_of(shown, "Automatic reply: we have received it") == "noted"
    assert kind_of(shown, "Your number is 35436") == "noted"
    assert kind_of(shown, "update the driver") == "replied"
    answer = next(event for event in shown.events if event.text == "update the driver")
    assert answer.data["by"] == "9"
    response = next(clock for clock in shown.clocks if clock.name == "first_response")
    assert response.met_at is not None
    assert response.met_at.isoformat() == "2024-07-21T08:05:00+00:00"


def test_the_first_answer_is_when_the_file_says_so(desk: Desk, tmp_path: Path) -> None:
    article = {"internal": False, "body": "x", "sender": "Agent", "from": "former.agent"}
    articles = [
        {**article, "sender": "Customer", "from": "Mara", "created_at": "2021-11-03T11:51:13Z"},
        {**article, "body": "early", "created_at": "2021-11-03T11:55:00Z"},
        {**article, "body": "late", "created_at": "2021-11-03T13:10:00Z"},
    ]
    file = tmp_path / "zammad.json"
    file.write_text(json.dumps([{**ZAMMAD[0], "articles": articles}]))
    import_file(desk, file, "zammad")
    shown = show_ticket.show(desk, 1)
    response = next(clock for clock in shown.clocks if clock.name == "first_response")
    assert response.met_at is not None
    assert response.met_at.isoformat() == "2021-11-03T12:10:00+00:00"
    assert kind_of(shown, "early") == "replied"


# What is unknown, doubled and impossible


def test_names_that_this_desk_does_not_know_are_listed_before_and_after(
    desk: Desk, tmp_path: Path
) -> None:
    text = FRESHDESK.replace(",ann,", ",Zed Former,")
    file = tmp_path / "in.csv"
    file.write_text(text)
    expected = {
        "agents": ("Zed Former",),
        "groups": ("Service",),
        "people": ("m.ortiz@contoso.example", "j.weber@fab.example"),
        "customers": (),
        "services": (),
    }
    for dry_run in (True, False):
        done = import_file(desk, file, "freshdesk", dry_run=dry_run)
        assert {**done.unknown, "customers": ()} == expected
    again = import_file(desk, file, "freshdesk")
    assert not any(again.unknown.values())
    shown = show_ticket.show(desk, 1)
    assert shown.events[0].data["assignee"] == "Zed Former"


def test_an_id_that_stands_twice_in_one_file_is_named(desk: Desk, tmp_path: Path) -> None:
    text = (
        "id,subject,state,created\n1,Disk,open,2024-01-03\n2,Mail,open,2024-01-03\n"
        "1,Other,open,2024-01-03\n"
    )
    for tickets in (2, 0):
        done, refused = bring(desk, tmp_path, SOURCE + TICKET, text)
        assert done.tickets == tickets
        assert [(row.line, row.source_id, row.reason) for row in refused] == [
            (4, "1", "its id stands in line 2 already")
        ]
    rows = "id,at,state,team,level\n1,2024-01-01,open,A,L1\n2,2024-01-01,open,A,L1\n"
    _, refused = bring(
        desk, tmp_path, LOG.replace("foreign", "log"), rows + "1,2024-01-02,closed,A,L1\n"
    )
    assert "sort the file" in refused[0].reason


def test_a_broken_row_refuses_the_whole_history_of_its_ticket(desk: Desk, tmp_path: Path) -> None:
    text = (
        "id,at,state,team,level\n1,2024-01-01,open,A,L1\n1,2024-01-02,open\n"
        "1,2024-01-03,closed,A,L1\n2,2024-01-03,closed,A,L1\n"
    )
    done, refused = bring(desk, tmp_path, LOG, text)
    assert (done.tickets, len(refused)) == (1, 1)
    assert refused[0].source_id == "1"
    assert "(line 3)" in refused[0].reason


@pytest.mark.parametrize(
    ("role", "levels", "kept"),
    [
        (Role.AGENT, [Level.L1], True),
        (Role.AGENT, [Level.L2], False),
        (Role.EDITOR, [Level.L1], False),
        (Role.AUDITOR, [Level.L1], False),
        (Role.LEAD, [Level.L2], True),
    ],
)
def test_nobody_gets_open_work_that_they_may_not_do(
    desk: Desk, tmp_path: Path, role: Role, levels: Sequence[Level], *, kept: bool
) -> None:
    agents.add(desk, "zoe", list(levels), role=role)
    text = (
        "id,subject,state,created,who\n1,Disk,open,2024-01-03,zoe\n2,Disk,closed,2024-01-03,zoe\n"
    )
    done, _ = bring(desk, tmp_path, SOURCE + TICKET + 'assignee = "who"\n', text)
    assert show_ticket.show(desk, 1).assignee == ("zoe" if kept else "")
    assert show_ticket.show(desk, 2).assignee == "zoe"  # that is history
    assert [row.source_id for row in done.noted_rows] == ([] if kept else ["1"])
    assert types(show_ticket.show(desk, 1))[-1] == ("assigned" if kept else "released")


@pytest.mark.parametrize(
    ("text", "word"),
    [
        (
            "1,2024-01-01,open,A,L1\n2,2024-01-01,open,A,L1\n3,2024-01-01,open,A,L1\n",
            "all 3 tickets were created at 2024-01-01",
        ),
        (
            "1,2024-01-01,closed,A,L1\n2,2024-01-02,closed,A,L1\n3,2024-01-03,closed,A,L1\n",
            "3 of 3 resolved tickets were resolved in the moment",
        ),
        (
            "1,2024-01-01,open,A,L1\n2,2024-01-02,open,A,L2\n",
            "the file has the levels L1, L2, but no ticket was handed over",
        ),
    ],
)
def test_a_dry_run_warns_of_what_cannot_be(
    desk: Desk, tmp_path: Path, text: str, word: str
) -> None:
    done, _ = bring(desk, tmp_path, LOG, f"id,at,state,team,level\n{text}", dry_run=True)
    assert any(word in warning for warning in done.warnings), done.warnings
