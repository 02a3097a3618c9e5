"""Many callers of one outage are one row of the queue, which a key unfolds."""

import pytest

from helpdesk.desk.session import Desk
from helpdesk.desk.ticket import log_query
from helpdesk.desk.ticket.views import NewQuery
from tests.tui.conftest import RunApp, screen_text, settled
from tests.tui.test_queue_rows import line_with


@pytest.fixture
def outage(desk: Desk) -> int:
    """An outage with forty callers, and another ticket."""
    number = log_query.log_query(desk, NewQuery("network is down")).number
    for caller in range(40):
        log_query.log_query(desk, NewQuery(f"caller {caller}"), duplicate_of=number)
    log_query.log_query(desk, NewQuery("no sound"))
    return number


async def test_forty_callers_are_one_row_with_their_number(outage: int, run_app: RunApp) -> None:
    async with run_app() as pilot:
        text = screen_text(pilot)
    assert "▸40" in line_with(text, "network is down")
    assert "no sound" in text
    assert "caller" not in text
    assert " L1 2 " in text.splitlines()[0]
    assert "2 tickets" in text.splitlines()[1]


async def test_a_key_unfolds_the_duplicates_below_their_ticket_and_folds_them(
    outage: int, run_app: RunApp
) -> None:
    async with run_app() as pilot:
        await pilot.press("equals_sign")
        await settled(pilot)
        lines = screen_text(pilot).splitlines()
        assert "▾40" in lines[3]
        assert "caller 0" in lines[4]
        await pilot.press("j", "j", "equals_sign")  # from one of them, it folds them as well
        await settled(pilot)
        text = screen_text(pilot)
        assert "caller" not in text
        assert "▸40" in text
        await pilot.press("c")  # the cursor is on the ticket that is followed
        await settled(pilot)
        assert "ann" in line_with(screen_text(pilot), "network is down")


async def test_all_unfolded_duplicates_can_be_reached(outage: int, run_app: RunApp) -> None:
    async with run_app() as pilot:
        await pilot.press("equals_sign")
        await settled(pilot)
        await pilot.press("end")
        await settled(pilot)
        text = screen_text(pilot)
    assert "caller 39" in text
    assert "no sound" in text


async def test_unfolding_a_ticket_without_duplicates_says_so(outage: int, run_app: RunApp) -> None:
    async with run_app() as pilot:
        await pilot.press("j", "equals_sign")
        await settled(pilot)
        assert "no duplicates are folded under this ticket" in screen_text(pilot)
