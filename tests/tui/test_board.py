"""The lead's board: drilling down, reassigning with two keys, and the wall display."""

from datetime import timedelta

from helpdesk.desk.session import Desk
from helpdesk.desk.ticket import show_ticket
from helpdesk.desk.ticket.handling import Note
from helpdesk.tui.board.wall import WallScreen
from tests.conftest import StillClock
from tests.tui.conftest import RunApp, screen_text, settled, until
from tests.verbs import do


async def test_two_keys_assign_the_ticket_due_next_to_the_least_busy_agent(
    busy_desk: Desk, run_app: RunApp
) -> None:
    async with run_app() as pilot:
        await pilot.press("b")
        await settled(pilot)
        assert "lead's board" in screen_text(pilot)
        before = show_ticket.show(busy_desk, 4)
        assert (before.assignee, before.subject[:9]) == ("", "VPN drops")
        await pilot.press("a", "2")
        await until(pilot, lambda: show_ticket.show(busy_desk, 4).assignee == "ann")
        await settled(pilot)
        assert "HD-4 is ann's now" in screen_text(pilot)


async def test_a_ticket_that_somebody_changed_meanwhile_is_not_reassigned(
    busy_desk: Desk, run_app: RunApp
) -> None:
    async with run_app() as pilot:
        await pilot.press("b")
        await settled(pilot)
        await pilot.press("a")
        do(busy_desk, 4, Note("I am on it"))
        await pilot.press("1")
        await settled(pilot)
        assert "changed meanwhile" in screen_text(pilot)
        assert show_ticket.show(busy_desk, 4).assignee == ""


async def test_enter_opens_the_queue_the_agents_tickets_or_the_ticket(
    busy_desk: Desk, run_app: RunApp
) -> None:
    async with run_app() as pilot:
        await pilot.press("b")
        await settled(pilot)
        await pilot.press("j", "enter")
        await settled(pilot)
        assert "L2 · open, due first" in screen_text(pilot)
        await pilot.press("b")
        await settled(pilot)
        await pilot.press("j", "j", "j", "j", "enter")
        await settled(pilot)
        assert type(pilot.app.screen).__name__ == "TicketListScreen"
        assert "ann · open, due first" in screen_text(pilot)
        assert "Cannot log in" in screen_text(pilot)
        await pilot.press("escape", "G", "j", "enter")
        await settled(pilot)
        assert type(pilot.app.screen).__name__ == "TicketScreen"
        await pilot.press("escape", "k", "k")
        await settled(pilot)
        assert "lead's board" in screen_text(pilot)


async def test_the_wall_turns_its_pages_by_itself(
    busy_desk: Desk, run_app: RunApp, clock: StillClock
) -> None:
    async with run_app() as pilot:
        await pilot.press("b")
        await settled(pilot)
        await pilot.press("O")
        await settled(pilot)
        wall = pilot.app.screen
        assert isinstance(wall, WallScreen)
        seen = []
        for _ in range(40):
            clock.now += timedelta(seconds=1)
            wall.tick(clock.now)
            await pilot.pause()
            title = screen_text(pilot).splitlines()[1]
            if title not in seen:
                seen.append(title)
        assert [title.split("  ")[-1] for title in seen] == [
            *("queues", "agents", "overdue next", "the last seven days"),
        ]
        await pilot.press("escape")
        await settled(pilot)
        assert "lead's board" in screen_text(pilot)


async def test_a_change_by_somebody_else_is_drawn(busy_desk: Desk, run_app: RunApp) -> None:
    from helpdesk.desk.ticket import log_query
    from helpdesk.desk.ticket.views import NewQuery

    async with run_app() as pilot:
        await pilot.press("b")
        await settled(pilot)
        assert "6 open" in screen_text(pilot)
        log_query.log_query(busy_desk, NewQuery("one more"))
        await until(pilot, lambda: "7 open" in screen_text(pilot))
