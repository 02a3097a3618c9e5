"""A resolved ticket is closed by a key."""

from helpdesk.desk.session import Desk
from helpdesk.desk.ticket import log_query, show_ticket
from helpdesk.desk.ticket.resolving import Resolve
from helpdesk.desk.ticket.views import NewQuery
from helpdesk.domain.ticket import State
from tests.tui.conftest import RunApp, notifications, settled, until
from tests.verbs import do


async def test_a_resolved_ticket_is_closed_and_an_open_one_is_not(
    desk: Desk, run_app: RunApp
) -> None:
    log_query.log_query(desk, NewQuery("vpn down"))
    do(desk, 1, Resolve("new cable"))
    async with run_app() as pilot:
        await pilot.press("colon", "1", "enter")
        await settled(pilot)
        await pilot.press("Q")
        await until(pilot, lambda: show_ticket.show(desk, 1).state is State.CLOSED)
        assert "HD-1 closed." in notifications(pilot)
        await settled(pilot)
        await pilot.press("U")
        await until(pilot, lambda: show_ticket.show(desk, 1).state is State.RESOLVED)
    log_query.log_query(desk, NewQuery("mail down"))
    async with run_app() as pilot:
        await pilot.press("Q")
        await settled(pilot)
        assert "resolve it first" in notifications(pilot)[-1]
    assert show_ticket.show(desk, 2).state is State.NEW
