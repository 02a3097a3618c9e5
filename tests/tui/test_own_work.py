"""Rows and header mark what the agent has begun: drafts, and a running timer."""

from helpdesk.desk.session import Desk
from helpdesk.desk.ticket import log_query
from helpdesk.desk.ticket.views import NewQuery
from helpdesk.desk.time_spent import entries
from tests.tui.conftest import RunApp, screen_text, settled
from tests.tui.test_queue_rows import line_with
from tests.tui.test_working_a_queue import keys


async def test_a_draft_is_marked_in_its_row_and_counted_in_the_header(
    desk: Desk, run_app: RunApp
) -> None:
    log_query.log_query(desk, NewQuery("no sound"))
    log_query.log_query(desk, NewQuery("no picture"))
    async with run_app() as pilot:
        assert "¶" not in screen_text(pilot)
        await pilot.press("r", *keys("half a"), "escape")
        await settled(pilot)
        text = screen_text(pilot)
        assert "¶ 1" in text.splitlines()[0]
        assert line_with(text, "no sound").startswith("¶")
        assert not line_with(text, "no picture").startswith("¶")
        await pilot.press("n", *keys("vpn"), "escape")
        await settled(pilot)
        assert "¶ 2" in screen_text(pilot).splitlines()[0]
        await pilot.press("r", "ctrl+x")
        await settled(pilot)
        text = screen_text(pilot)
    assert "¶ 1" in text.splitlines()[0]
    assert not line_with(text, "no sound").startswith("¶")


async def test_the_ticket_on_which_the_timer_runs_is_marked_and_named(
    desk: Desk, run_app: RunApp
) -> None:
    number = log_query.log_query(desk, NewQuery("no sound")).number
    entries.start(desk, number)
    async with run_app() as pilot:
        text = screen_text(pilot)
    assert f"◔ HD-{number}" in text.splitlines()[0]
    assert "◔" in line_with(text, "no sound")
