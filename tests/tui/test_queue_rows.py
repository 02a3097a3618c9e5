"""The rows of a queue on a small terminal: what an agent can read there without another key."""

from dataclasses import replace

import pytest

from helpdesk.desk.queue import lists
from helpdesk.desk.queue.views import QueuePage, QueueRow
from helpdesk.desk.session import Desk
from helpdesk.desk.ticket import log_query
from helpdesk.desk.ticket.handling import Claim, Note, Pend
from helpdesk.desk.ticket.views import NewQuery
from helpdesk.domain.escalation import Level
from helpdesk.domain.ticket import Waiting
from helpdesk.tui.queue.columns import fitted_due_text
from helpdesk.tui.queue.table import QueueTable
from helpdesk.tui.text.countdown import CountdownStatus, CountdownText, countdown_text
from tests.conftest import StillClock
from tests.tui.conftest import RunApp, screen_text, settled
from tests.tui.test_working_a_queue import keys
from tests.verbs import do


def line_with(text: str, words: str) -> str:
    """Return the first line of a screen that has these words."""
    return next(line for line in text.splitlines() if words in line)


async def test_a_row_of_80_columns_shows_requester_and_a_long_subject(
    busy_desk: Desk, run_app: RunApp
) -> None:
    async with run_app() as pilot:
        rows = screen_text(pilot)
    assert "m.ortiz" in line_with(rows, "Cannot log in to billing aft")
    assert "Requester" in rows.splitlines()[2]


async def test_a_pause_is_told_once_and_whom_the_ticket_waits_for(
    busy_desk: Desk, run_app: RunApp
) -> None:
    async with run_app() as pilot:
        row = line_with(screen_text(pilot), "Slow search")
    assert row.count("⏸") == 1
    assert row.rstrip().endswith("requester")


async def test_what_a_ticket_waits_for_stays_in_sight_if_its_countdown_runs(
    desk: Desk, run_app: RunApp, clock: StillClock
) -> None:
    number = log_query.log_query(desk, NewQuery("New badge")).number
    do(desk, number, Pend(Waiting.DATE, "2d"))
    async with run_app() as pilot:
        shown = line_with(screen_text(pilot), "New badge")
    assert shown.count("⏸") == 1
    assert shown.rstrip().endswith("date")


@pytest.fixture
def row(desk: Desk) -> QueueRow:
    """A new ticket, whose next clock is that of the first response."""
    log_query.log_query(desk, NewQuery("New badge"))
    return lists.page(desk, lists.Selection()).rows[0]


@pytest.mark.parametrize(
    ("text", "width", "shown"),
    [
        ("2h 24m ⏸ Mon 08:00", 26, "2h 24m ⏸ Mon 08:00 resp"),
        ("2h 24m ⏸ Mon 08:00", 18, "2h 24m ⏸ resp"),
        ("123h 24m ⏸ Mon 08:00", 18, "123h 24m ⏸ resp"),
        ("12,345h 24m ⏸ Dec 24 08:00", 18, "12,345h 24m ⏸ resp"),
        ("−123h 16m", 18, "−123h 16m resp"),
    ],
)
def test_a_countdown_leaves_out_whole_words_and_is_never_cut(
    row: QueueRow, text: str, width: int, shown: str
) -> None:
    assert fitted_due_text(row, CountdownText(CountdownStatus.OK, text), width) == shown


async def test_no_countdown_is_cut_at_80_columns(
    busy_desk: Desk, run_app: RunApp, clock: StillClock
) -> None:
    clock.advance(hours=7)  # support has closed: the clocks rest
    async with run_app() as pilot:
        lines = screen_text(pilot).splitlines()
        rows = lists.page(busy_desk, lists.Selection()).rows
    for each in rows:
        if each.queue != "L1":
            continue
        assert each.clock is not None
        line = next(line for line in lines if each.ref in line)
        time = countdown_text(each.clock, clock.now).text.removeprefix("⏸ ").split(" ⏸")[0]
        time = time.removesuffix(" left")
        assert time in line
        assert line.split()[-1] in ("⏸", "resp", "upd", "requester", time.split()[-1])


async def test_the_list_of_ones_own_tickets_gives_the_room_of_the_assignee_to_the_subject(
    desk: Desk, run_app: RunApp
) -> None:
    number = log_query.log_query(desk, NewQuery("Cannot open the shared calendar")).number
    do(desk, number, Claim())
    async with run_app() as pilot:
        await pilot.press("m")
        await settled(pilot)
        text = screen_text(pilot)
    assert "Who" not in text.splitlines()[2]
    assert "Cannot open the shared calendar" in text


async def test_long_numbers_move_the_columns_and_their_heads(
    busy_desk: Desk, run_app: RunApp
) -> None:
    async with run_app() as pilot:
        before = screen_text(pilot).splitlines()
        with pilot.app.batch_update():
            table = pilot.app.screen.query_one(QueueTable)
            rows = lists.page(busy_desk, lists.Selection(queue=Level.L1)).rows
            long = tuple(replace(row, ref=f"HD-1{row.number:05}") for row in rows)
            table.show_page(QueuePage(long, 0, len(long)), pilot.app.now())  # type: ignore[attr-defined]
        await pilot.pause()
        after = screen_text(pilot).splitlines()
    assert (before[2].index("P "), before[3].index("P")) == (10, 10)
    assert (after[2].index("P "), after[3].index("P")) == (13, 13)


async def test_the_header_of_80_columns_names_unread_notices_also_on_a_busy_desk(
    desk: Desk, run_app: RunApp, clock: StillClock
) -> None:
    first = log_query.log_query(desk, NewQuery("no sound")).number
    do(desk, first, Note("@ann look at this"))
    for place in range(11):
        log_query.log_query(desk, NewQuery(f"no sound in room {place}"))
    clock.advance(hours=200)
    log_query.log_query(desk, NewQuery("no picture"))
    async with run_app((60, 24)) as pilot:
        header = screen_text(pilot).splitlines()[0]
        unread = pilot.app.counts.unread  # type: ignore[attr-defined]
    assert unread
    assert f"✉ {unread}" in header


@pytest.mark.parametrize(
    ("keys", "shown"),
    [
        ([], ["n log", "/ search", "Enter open", "c claim", "r reply", "v resolve", "? help"]),
        (["enter"], ["r reply", "i note", "v resolve", "e escalate", "Esc back", "? help"]),
        (["n"], ["Ctrl+S save", "F2 suggestions", "F5 resolve with it", "Esc back"]),
    ],
)
async def test_the_key_bar_of_80_columns_has_the_most_used_keys(
    busy_desk: Desk, run_app: RunApp, keys: list[str], shown: list[str]
) -> None:
    async with run_app() as pilot:
        await pilot.press(*keys)
        await settled(pilot)
        bar = screen_text(pilot).splitlines()[-1]
    assert [words for words in shown if words not in bar] == []


async def test_the_lines_at_the_bottom_of_a_ticket_say_different_things(
    busy_desk: Desk, run_app: RunApp
) -> None:
    async with run_app() as pilot:
        await pilot.press("enter")
        await settled(pilot)
        *_, compose, _news, bar = screen_text(pilot).splitlines()
    assert "a reply goes to m.ortiz@contoso.example" in compose
    assert "r reply" in bar
    assert "escalate" not in compose


async def test_a_long_subject_is_in_sight_while_it_is_typed_at_80_columns(
    desk: Desk, run_app: RunApp
) -> None:
    said = "the printer on floor three prints only every second page"
    async with run_app() as pilot:
        await pilot.press("n", *keys(said))
        await settled(pilot)
        assert said in screen_text(pilot)
