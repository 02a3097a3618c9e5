"""KPIs in the app: changing period and split, and opening the tickets behind a figure."""

from helpdesk.desk.session import Desk
from helpdesk.desk.ticket.resolving import Resolve
from tests.tui.conftest import RunApp, screen_text, settled
from tests.verbs import do


async def test_a_figure_opens_its_tickets_and_leads_back(busy_desk: Desk, run_app: RunApp) -> None:
    for number in (1, 4):
        do(busy_desk, number, Resolve("done"))
    async with run_app((120, 40)) as pilot:
        await pilot.press("R")
        await settled(pilot)
        text = screen_text(pilot)
        assert "KPIs · last 4w · by day" in text
        assert "Tickets logged                        6       6" in text
        await pilot.press("j", "enter")
        await settled(pilot)
        text = screen_text(pilot)
        assert "Tickets resolved, last 4w" in text
        assert "2 tickets" in text
        assert "VPN drops" in text
        await pilot.press("escape")
        await settled(pilot)
        await pilot.press("B", "B")
        await settled(pilot)
        assert "by level" in screen_text(pilot)
        await pilot.press("k", "enter")
        await settled(pilot)
        assert "Tickets logged" in screen_text(pilot).splitlines()[1]
        await pilot.press("G", "enter")
        await settled(pilot)
        assert "Tickets logged, last 4w · L2" in screen_text(pilot)
        assert "Export to CSV" in screen_text(pilot)
        for key in ("escape", "escape", "left"):
            await pilot.press(key)
            await settled(pilot)
        await settled(pilot)
        assert "KPIs · last 7d · by level" in screen_text(pilot)
        await pilot.press("escape")
        await settled(pilot)
        assert "L1 · open, due first" in screen_text(pilot)
