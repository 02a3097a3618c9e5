"""The queue in the form: a field with the queue that the desk would take as its guess."""

from textual.widgets import Input

from helpdesk.desk.people import agents
from helpdesk.desk.session import Desk
from helpdesk.desk.ticket import show_ticket
from helpdesk.domain.escalation import Level
from tests.tui.conftest import RunApp, screen_text, settled, until


async def test_an_agent_of_l2_logs_into_their_own_queue(desk: Desk, run_app: RunApp) -> None:
    agents.add(desk, "dev", [Level.L2])
    async with run_app(acting_as="dev") as pilot:
        await pilot.press("n")
        await settled(pilot)
        await pilot.press(*"disk fails")
        pilot.app.screen.query_one("#queue", Input).focus()
        await pilot.press("l", "2")
        await settled(pilot)
        await pilot.press("ctrl+s")
        await until(pilot, lambda: "HD-1 logged" in screen_text(pilot))
    assert show_ticket.show(desk, 1).queue is Level.L2


async def test_the_queue_of_a_change_is_guessed(desk: Desk, run_app: RunApp) -> None:
    agents.add(desk, "dev", [Level.L2])
    async with run_app(acting_as="dev") as pilot:
        await pilot.press("n")
        await settled(pilot)
        queue = pilot.app.screen.query_one("#queue", Input)
        await until(pilot, lambda: queue.placeholder == "(guessed: L1)")
        pilot.app.screen.query_one("#kind", Input).focus()
        await pilot.press(*"change")
        await until(pilot, lambda: queue.placeholder == "(guessed: L2)")
