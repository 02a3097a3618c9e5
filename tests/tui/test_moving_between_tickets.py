"""Going from ticket to ticket: by number, and to the next one of the list."""

import pytest

from helpdesk.desk.session import Desk
from helpdesk.desk.ticket import log_query, show_ticket
from helpdesk.desk.ticket.handling import Claim, Note
from helpdesk.desk.ticket.views import NewQuery
from helpdesk.domain.ticket import State
from helpdesk.tui.queue.screen import QueueScreen
from helpdesk.tui.ticket.screen import TicketScreen
from tests.conftest import StillClock
from tests.tui.conftest import RunApp, notifications, screen_text, settled, until
from tests.tui.test_working_a_queue import keys
from tests.verbs import do


def log_three(desk: Desk, clock: StillClock) -> None:
    """Log three queries, which are due in the order of their numbers."""
    for subject in ("first words", "second words", "third words"):
        log_query.log_query(desk, NewQuery(subject))
        clock.advance(minutes=1)


@pytest.mark.parametrize("opened", [[], ["enter"], ["b"], ["I"], ["K"], ["w"], ["R"]])
@pytest.mark.parametrize("typed", [["3"], [*"hd3"], [*"HD", "minus", "3"]])
async def test_a_number_behind_a_colon_opens_the_ticket_from_anywhere(
    desk: Desk, run_app: RunApp, clock: StillClock, opened: list[str], typed: list[str]
) -> None:
    log_three(desk, clock)
    async with run_app() as pilot:
        await pilot.press(*opened)
        await settled(pilot)
        await pilot.press("colon", *typed, "enter")
        await settled(pilot)
        assert isinstance(pilot.app.screen, TicketScreen)
        assert "third words" in screen_text(pilot)


async def test_a_number_without_a_ticket_is_told_and_can_be_corrected(
    desk: Desk, run_app: RunApp, clock: StillClock
) -> None:
    log_three(desk, clock)
    async with run_app() as pilot:
        await pilot.press("colon", *"39", "enter")
        await settled(pilot)
        assert "there is no ticket HD-39" in screen_text(pilot)
        await pilot.press("backspace", "enter")
        await settled(pilot)
        assert "third words" in screen_text(pilot)
        await pilot.press("escape")
        await settled(pilot)
        assert isinstance(pilot.app.screen, QueueScreen)


async def test_the_tickets_of_a_list_are_read_one_after_the_other(
    desk: Desk, run_app: RunApp, clock: StillClock
) -> None:
    log_three(desk, clock)
    async with run_app() as pilot:
        await pilot.press("enter")
        await settled(pilot)
        await pilot.press("greater_than_sign")
        await settled(pilot)
        assert "HD-2  second words" in screen_text(pilot)
        await pilot.press("greater_than_sign", "greater_than_sign")
        await settled(pilot)
        assert "HD-3  third words" in screen_text(pilot)
        assert notifications(pilot)[-1] == "this is the last ticket."
        await pilot.press("less_than_sign")
        await settled(pilot)
        assert "HD-2  second words" in screen_text(pilot)
        await pilot.press("escape")
        await settled(pilot)
        assert pilot.app.screen.current_ticket() == 2  # type: ignore[attr-defined]


async def test_after_a_ticket_that_left_the_list_comes_the_one_behind_it(
    desk: Desk, run_app: RunApp, clock: StillClock
) -> None:
    log_three(desk, clock)
    async with run_app() as pilot:
        await pilot.press("enter")
        await settled(pilot)
        await pilot.press("v", "tab", *"done", "ctrl+s")
        await settled(pilot)
        await pilot.press("greater_than_sign")
        await settled(pilot)
        assert "HD-2  second words" in screen_text(pilot)
    assert show_ticket.show(desk, 1).state == State.RESOLVED


async def test_an_inbox_is_read_one_ticket_after_the_other(
    desk: Desk, run_app: RunApp, clock: StillClock
) -> None:
    log_three(desk, clock)
    for number in (1, 1, 3):
        clock.advance(minutes=1)
        do(desk, number, Note("have a look, @bob"))
    async with run_app(acting_as="bob") as pilot:
        await pilot.press("I")
        await settled(pilot)
        await pilot.press("enter")
        await settled(pilot)
        assert "HD-3  third words" in screen_text(pilot)
        await pilot.press("greater_than_sign")
        await settled(pilot)
        assert "HD-1  first words" in screen_text(pilot)
        await pilot.press("greater_than_sign")
        await settled(pilot)
        assert notifications(pilot)[-1] == "this is the last ticket."


async def test_a_ticket_is_released_for_others(desk: Desk, run_app: RunApp) -> None:
    log_query.log_query(desk, NewQuery("taken by mistake"))
    do(desk, 1, Claim())
    async with run_app() as pilot:
        await pilot.press("C")
        await settled(pilot)
        assert notifications(pilot)[-1] == "HD-1 released."
        assert show_ticket.show(desk, 1).assignee == ""
        await pilot.press("U")
        await settled(pilot)
    assert show_ticket.show(desk, 1).assignee == "ann"


async def test_words_are_found_in_a_long_ticket(desk: Desk, run_app: RunApp) -> None:
    log_query.log_query(desk, NewQuery("server is slow", body="The first Cause was the disk."))
    for place in range(30):
        do(desk, 1, Note(f"note {place}" if place != 20 else "the second cause [is] the cable"))
    async with run_app() as pilot:
        await pilot.press("enter")
        await settled(pilot)
        assert "the disk" not in screen_text(pilot)
        await pilot.press("ctrl+f", *"cause")
        await settled(pilot)
        assert "2 of 2" in screen_text(pilot)
        assert "the cable" in screen_text(pilot)
        await pilot.press("enter")
        await settled(pilot)
        assert "1 of 2" in screen_text(pilot)
        assert "the disk" in screen_text(pilot)
        await pilot.press(*"xyz")
        await settled(pilot)
        assert "nothing found" in screen_text(pilot)
        await pilot.press("escape")
        await settled(pilot)
        await pilot.press("greater_than_sign")  # the keys of the ticket act again
        await settled(pilot)
        assert notifications(pilot)[-1] == "this is the last ticket."


async def test_words_are_found_across_the_lines_of_an_internal_text(
    desk: Desk, run_app: RunApp
) -> None:
    log_query.log_query(desk, NewQuery("server is slow"))
    do(desk, 1, Note(" ".join(f"word{place}" for place in range(40))))
    async with run_app() as pilot:
        await pilot.press("enter")
        await settled(pilot)
        before = screen_text(pilot)
        await pilot.press("ctrl+f", *keys(" ".join(f"word{place}" for place in range(5, 20))))
        await settled(pilot)
        assert "1 of 1" in screen_text(pilot)
        await pilot.press("escape")
        await settled(pilot)
        assert screen_text(pilot) == before  # each line has its bar again


async def test_a_number_that_is_no_ticket_is_told_and_can_be_corrected(
    busy_desk: Desk, run_app: RunApp
) -> None:
    async with run_app() as pilot:
        await pilot.press("colon", "7", "7", "enter")
        await until(pilot, lambda: "there is no ticket HD-77" in screen_text(pilot))
        await pilot.press("backspace", "backspace", "h", "d", "-", "4", "enter")
        await until(pilot, lambda: type(pilot.app.screen).__name__ == "TicketScreen")
