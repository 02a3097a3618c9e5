"""The app shows and reads times in the desk's zone, and names it where the machine is elsewhere."""

from datetime import timedelta

from helpdesk.desk.policy import apply_policy
from helpdesk.desk.session import Desk
from helpdesk.desk.ticket import log_query, show_ticket
from helpdesk.desk.ticket.views import NewQuery
from helpdesk.domain import desk_zone
from tests.conftest import MONDAY
from tests.policies import apply_text
from tests.tui.conftest import RunApp, screen_text, settled


async def test_a_follow_up_is_typed_and_shown_in_the_desks_zone(
    desk: Desk, run_app: RunApp
) -> None:
    log_query.log_query(desk, NewQuery("printer is out"))
    text = apply_policy.show(desk).text
    async with run_app() as pilot:
        # Somebody else applies a policy that puts the desk into another zone: nine hours ahead.
        apply_text(desk, text.replace('timezone = "host"', 'timezone = "Asia/Tokyo"'))
        desk_zone.use("UTC")  # what this process knew before
        await pilot.app.refresh_counts()  # type: ignore[attr-defined]
        await pilot.press("enter")
        await settled(pilot)
        assert "18:00:00 (Asia/Tokyo)" in screen_text(pilot)
        await pilot.press("d")
        await settled(pilot)
        assert "2026-12-01 09:00 (Asia/Tokyo)" in screen_text(pilot)
        await pilot.press(*"tomorrow", "ctrl+s")
        await settled(pilot)
        shown = show_ticket.show(desk, 1)
        # 09:00 of the next day in Tokyo is midnight UTC.
        assert shown.follow_up_at == MONDAY + timedelta(hours=15)
