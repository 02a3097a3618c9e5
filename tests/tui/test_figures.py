"""KPIs in the app: changing period and split, and opening the tickets behind a figure."""

from helpdesk.desk.report import kpi_report
from helpdesk.desk.session import Desk
from helpdesk.desk.ticket.resolving import Resolve
from helpdesk.report import period
from helpdesk.report.period import ReportPeriod
from tests.conftest import StillClock
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
        await pilot.press("g", "enter")
        await settled(pilot)
        # It was escalated to L2 since, but L1 logged it.
        assert "Tickets logged, last 4w · L1" in screen_text(pilot)
        assert "Export to CSV" in screen_text(pilot)
        for key in ("escape", "escape", "left"):
            await pilot.press(key)
            await settled(pilot)
        await settled(pilot)
        assert "KPIs · last 7d · by level" in screen_text(pilot)
        await pilot.press("escape")
        await settled(pilot)
        assert "L1 · open, due first" in screen_text(pilot)


async def test_the_list_behind_a_figure_says_which_were_late_and_esc_leads_back(
    busy_desk: Desk, clock: StillClock, run_app: RunApp
) -> None:
    do(busy_desk, 1, Resolve("done"))
    clock.advance(days=9)
    async with run_app((120, 40)) as pilot:
        await pilot.press("R")
        await settled(pilot)
        title = "SLA kept: resolution"
        place = [one.kpi.name for one in kpi_report.kpis(busy_desk, _week(busy_desk)).total.figures]
        for _ in range(place.index("sla_resolution")):
            await pilot.press("j")
        assert "whose: when its clock was met or overdue" in screen_text(pilot)
        await pilot.press("enter")
        await settled(pilot)
        rows = [line for line in screen_text(pilot).splitlines() if "HD-" in line]
        assert title in screen_text(pilot)
        assert [("late · " in row, "HD-1 " in row) for row in rows][-1] == (False, True)
        assert all("▲ late · " in row for row in rows[:-1])
        assert len(rows) > 2
        await pilot.press("escape", "B", "B")
        await settled(pilot)
        await pilot.press("enter")
        await settled(pilot)
        assert title in screen_text(pilot).splitlines()[1]
        await pilot.press("escape")
        await settled(pilot)
        await pilot.press("enter")  # on the figure from which it went to the groups
        await settled(pilot)
        assert title in screen_text(pilot).splitlines()[1]


async def test_any_period_can_be_shown(busy_desk: Desk, clock: StillClock, run_app: RunApp) -> None:
    clock.advance(days=800)
    async with run_app((120, 40)) as pilot:
        await pilot.press("R")
        await settled(pilot)
        assert "Tickets logged                        0       0" in screen_text(pilot)
        await pilot.press("J", *"2026-13", "enter")
        await settled(pilot)
        assert "is no month" in screen_text(pilot)
        for _ in "2026-13":
            await pilot.press("backspace")
        await pilot.press(*"2026-11", "enter")
        await settled(pilot)
        assert "KPIs · 2026-11 · by day" in screen_text(pilot)
        assert "Nov 01 2026 to Nov 30 2026" in screen_text(pilot)
        assert "Tickets logged                        6       6" in screen_text(pilot)
        await pilot.press("J", *"2024-01-01 to 2028-12-31", "enter")
        await settled(pilot)
        assert "by month" in screen_text(pilot)
        assert "Tickets logged                        6       6" in screen_text(pilot)
        for _ in range(6):
            await pilot.press("right")
        await settled(pilot)
        assert "KPIs · last 84m" in screen_text(pilot)


def _week(desk: Desk) -> ReportPeriod:
    return period.last("7d", desk.now())
