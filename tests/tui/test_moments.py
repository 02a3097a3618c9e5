"""Dates and remaining times that cannot be misread."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from helpdesk.desk.session import Desk
from helpdesk.desk.ticket import log_query, show_ticket
from helpdesk.desk.ticket.handling import Note, Pend
from helpdesk.desk.ticket.views import NewQuery
from helpdesk.domain import desk_zone
from helpdesk.domain.sla.clock import ClockState
from helpdesk.domain.ticket import Waiting
from helpdesk.tui.text.countdown import CountdownStatus, countdown_text, remaining_text
from helpdesk.tui.text.moments import clock_time_text, day_text, moment_text, stamp_text
from tests.conftest import MONDAY, StillClock
from tests.tui.conftest import RunApp, screen_text, settled
from tests.verbs import do

_WEEKDAY = re.compile(r"\b(Mon|Tue|Wed|Thu|Fri|Sat|Sun) \d\d:\d\d")


@pytest.mark.parametrize("size", [(80, 24), (160, 50)])
@pytest.mark.parametrize("days", [6, 7, 400])
async def test_a_target_that_lies_back_says_how_long_ago(
    size: tuple[int, int], days: int, desk: Desk, clock: StillClock, run_app: RunApp
) -> None:
    log_query.log_query(desk, NewQuery("printer is out"))
    clock.advance(days=days)
    async with run_app(size) as pilot:
        pilot.app.news.clear()  # type: ignore[attr-defined]
        await settled(pilot)
        queue = screen_text(pilot)
        assert re.search(rf"▲respond due {days - 1}d ago|▲respond due {days}d ago", queue)
        await pilot.press("enter")
        await settled(pilot)
        ticket = screen_text(pilot)
        assert re.search(r"due \d+d ago", ticket)
        for shown in (queue, ticket):
            assert not _WEEKDAY.search(shown), shown
            assert not re.search(r"−[^·\n]*left|\d+d \d+h", shown), shown


async def test_entries_of_another_day_or_year_say_so(
    desk: Desk, clock: StillClock, run_app: RunApp
) -> None:
    log_query.log_query(desk, NewQuery("printer is out"))
    clock.advance(days=30)
    async with run_app() as pilot:
        pilot.app.news.clear()  # type: ignore[attr-defined]
        await settled(pilot)
        assert "Nov 23 09:00 unknown requester" in screen_text(pilot)
    clock.advance(days=370)
    do(desk, 1, Note("still out"))
    async with run_app() as pilot:
        await pilot.press("enter")
        await settled(pilot)
        assert "2026-11-23 09:00  unknown requester" in screen_text(pilot)
        assert "2026" not in next(line for line in screen_text(pilot).splitlines() if "┃" in line)


def test_what_comes_is_named_by_what_is_unique() -> None:
    hour, day = timedelta(hours=1), timedelta(days=1)
    assert moment_text(MONDAY + hour, MONDAY) == f"{(MONDAY + hour).astimezone():%H:%M}"
    assert moment_text(MONDAY + 6 * day, MONDAY).startswith("Sun ")
    assert moment_text(MONDAY + 7 * day, MONDAY).startswith("Nov 30 ")
    assert moment_text(MONDAY + 60 * day, MONDAY).startswith("2027-01-22 ")
    assert moment_text(MONDAY - hour, MONDAY) == "1h ago"
    assert moment_text(MONDAY - 6 * day, MONDAY) == "6d ago"
    assert clock_time_text(MONDAY - day, MONDAY).startswith("Nov 22 ")
    assert stamp_text(MONDAY - 400 * day, MONDAY).startswith("2025-")


def test_times_left_are_in_hours_and_never_a_negative_left(desk: Desk) -> None:
    assert remaining_text(27 * 3600 + 720) == "27h 12m"
    assert remaining_text(-27 * 3600) == "−27h 00m"
    log_query.log_query(desk, NewQuery("printer is out"))
    do(desk, 1, Pend(Waiting.REQUESTER))
    paused = next(c for c in show_ticket.show(desk, 1).clocks if c.due_at is None)
    for state in (ClockState.PAUSED, ClockState.BREACHED):
        shown = countdown_text(replace(paused, remaining_s=-3600, state=state), MONDAY)
        assert (shown.status, shown.text) == (CountdownStatus.BREACHED, "−1h 00m ⏸")


def test_times_are_shown_in_the_desks_zone_which_is_named_where_the_host_is_in_another() -> None:
    assert desk_zone.zone_hint(MONDAY) == ""
    desk_zone.use("Asia/Tokyo")
    late = MONDAY + timedelta(hours=8)  # after midnight in Tokyo
    assert moment_text(late, MONDAY) == "Tue 02:00"
    assert stamp_text(MONDAY, MONDAY) == "Nov 23 18:00"
    assert day_text(late, MONDAY) == "Nov 24"
    assert desk_zone.zone_hint(MONDAY) == " (Asia/Tokyo)"
