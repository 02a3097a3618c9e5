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


async def test_only_those_who_can_take_a_ticket_are_offered(
    busy_desk: Desk, run_app: RunApp
) -> None:
    """An editor, a disabled agent, and for a confidential customer everybody who is not named."""
    from helpdesk.desk.people import agents
    from helpdesk.domain.escalation import Level
    from helpdesk.domain.roles import Role
    from helpdesk.store.people import people, serving

    for login in ("cleo", "dora", "quill"):
        agents.add(busy_desk, login, [Level.L1])
    agents.change(busy_desk, "dora", agents.AgentChanges(active=False))
    agents.change(busy_desk, "quill", agents.AgentChanges(role=Role.EDITOR))
    with busy_desk.database.write() as session:
        serving.set_levels(session, people.known_agent(session, "quill").id, [Level.L1])
        contoso = people.customer(session, "Contoso")
        assert contoso is not None
        people.assign_confidants(session, {contoso.id: ("ann", "cleo", "quill")})
    async with run_app() as pilot:
        await pilot.press("b")
        await settled(pilot)
        board = screen_text(pilot)
        assert "today: overdue now, or due before midnight (UTC)" in board
        assert "cleo" in board
        assert "quill" not in board
        await pilot.press("a")
        await settled(pilot)
        assert "1  ann" in screen_text(pilot) or "1  cleo" in screen_text(pilot)
        assert not any(name in screen_text(pilot) for name in ("bob", "dora", "quill"))
        await pilot.press("escape")
        await settled(pilot)
        await pilot.press("escape")
        await settled(pilot)
        await pilot.press("G", "a")
        await settled(pilot)
        shown = screen_text(pilot)
        assert "Agent of L1" in shown
        assert "dora" not in shown
        assert "quill" not in shown
