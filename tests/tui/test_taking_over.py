"""Tickets of others are taken over after a question; replies are marked as said with one key."""

import pytest

from helpdesk.desk.session import Desk
from helpdesk.desk.ticket import log_query, show_ticket
from helpdesk.desk.ticket.handling import Assign, Pend
from helpdesk.desk.ticket.views import NewQuery
from helpdesk.domain.ticket import Waiting
from helpdesk.tui.base.take_over import TakeOverScreen
from helpdesk.tui.board.screen import BoardScreen
from helpdesk.tui.dialogs.reply_and_note import ReplyDialog
from helpdesk.tui.queue.screen import QueueScreen
from tests.conftest import StillClock
from tests.tui.conftest import RunApp, notifications, screen_text, settled, until
from tests.tui.test_working_a_queue import keys
from tests.verbs import do


@pytest.mark.parametrize("way", [["c"], ["a", *keys("ann"), "ctrl+s"]])
async def test_a_colleagues_ticket_is_taken_over_after_a_question(
    desk: Desk, run_app: RunApp, way: list[str]
) -> None:
    log_query.log_query(desk, NewQuery("one"))
    do(desk, 1, Assign("bob"))
    async with run_app() as pilot:
        await pilot.press(*way)
        await until(pilot, lambda: isinstance(pilot.app.screen, TakeOverScreen))
        await settled(pilot)
        assert "HD-1 is bob's." in screen_text(pilot)
        await pilot.press("n")
        await settled(pilot)
        assert show_ticket.show(desk, 1).assignee == "bob"
        await pilot.press(*(way if way == ["c"] else ["ctrl+s"]))
        await until(pilot, lambda: isinstance(pilot.app.screen, TakeOverScreen))
        await pilot.press("y")
        await until(pilot, lambda: show_ticket.show(desk, 1).assignee == "ann")
        await until(pilot, lambda: "HD-1 taken over; bob is told." in notifications(pilot))


async def test_of_several_tickets_only_the_free_ones_can_be_claimed(
    desk: Desk, run_app: RunApp
) -> None:
    for subject in ("one", "two"):
        log_query.log_query(desk, NewQuery(subject))
    do(desk, 1, Assign("bob"))
    async with run_app() as pilot:
        await pilot.press("ctrl+a", "c")
        await until(pilot, lambda: isinstance(pilot.app.screen, TakeOverScreen))
        await pilot.press("r")
        await until(pilot, lambda: show_ticket.show(desk, 2).assignee == "ann")
    assert show_ticket.show(desk, 1).assignee == "bob"


async def test_assigning_to_nobody_says_what_to_do(desk: Desk, run_app: RunApp) -> None:
    log_query.log_query(desk, NewQuery("one"))
    async with run_app() as pilot:
        await pilot.press("a", "ctrl+s")
        await settled(pilot)
        (said,) = notifications(pilot)
    assert said == "no agent is named: type the start of a login, or choose with ↑↓."


async def test_one_key_marks_a_reply_as_said_if_there_is_no_address(
    desk: Desk, run_app: RunApp
) -> None:
    log_query.log_query(desk, NewQuery("one"))
    async with run_app() as pilot:
        await pilot.press("r", *keys("hello"), "ctrl+s")
        await settled(pilot)
        assert isinstance(pilot.app.screen, ReplyDialog)
        assert "Ctrl+L" in notifications(pilot)[-1]
        await pilot.press("ctrl+l")
        await settled(pilot)
        assert "said by phone" in screen_text(pilot)
        await pilot.press("ctrl+l", "ctrl+s")
        await until(pilot, lambda: len(show_ticket.show(desk, 1).events) > 1)
    ticket = show_ticket.show(desk, 1)
    assert ticket.events[-1].data["by"] == "person"
    assert ticket.clocks[0].met_at is not None


async def test_a_breached_ticket_that_waits_shows_both(
    desk: Desk, run_app: RunApp, clock: StillClock
) -> None:
    log_query.log_query(desk, NewQuery("one", requester="a@x.example"))
    clock.advance(hours=200)
    do(desk, 1, Pend(Waiting.REQUESTER))
    async with run_app((160, 50)) as pilot:
        await pilot.press("enter")
        await settled(pilot)
        (line,) = [line for line in screen_text(pilot).split("\n") if "resolution ▲" in line]
    assert "−" in line
    assert "⏸" in line


async def test_the_message_about_a_duplicate_names_the_new_ticket(
    desk: Desk, run_app: RunApp
) -> None:
    log_query.log_query(desk, NewQuery("flurble gizmo is stuck"))
    async with run_app() as pilot:
        await pilot.press("n", *keys("flurble gizmo is stuck"))
        await settled(pilot)
        await pilot.press("f2", "f6")
        await until(pilot, lambda: "HD-2 logged as the same issue as HD-1." in notifications(pilot))


async def test_a_ticket_taken_over_from_the_board_can_be_taken_back(
    desk: Desk, run_app: RunApp
) -> None:
    log_query.log_query(desk, NewQuery("one"))
    do(desk, 1, Assign("bob"))
    async with run_app() as pilot:
        await pilot.press("b", "G", "a", "1")
        await until(pilot, lambda: isinstance(pilot.app.screen, TakeOverScreen))
        await settled(pilot)
        await pilot.press("y")
        await until(pilot, lambda: "HD-1 taken over; bob is told." in notifications(pilot))
        assert show_ticket.show(desk, 1).assignee == "ann"
        await until(pilot, lambda: isinstance(pilot.app.screen, BoardScreen))
        await settled(pilot)
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(pilot.app.screen, QueueScreen))
        await settled(pilot)
        await pilot.press("U")
        await until(pilot, lambda: show_ticket.show(desk, 1).assignee == "bob")


async def test_the_message_after_a_reply_that_was_said_names_no_address(
    desk: Desk, run_app: RunApp
) -> None:
    log_query.log_query(desk, NewQuery("one", requester="jo@y.example"))
    async with run_app() as pilot:
        await pilot.press("r", *keys("hello"), "ctrl+l", "ctrl+s")
        await until(pilot, lambda: "HD-1 answered; said by phone: “hello”" in notifications(pilot))
