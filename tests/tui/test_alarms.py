"""Warnings and breaches in the app: shown once, listed, with the bell, in the timeline."""

import pytest
from textual.widgets import OptionList

from helpdesk.desk.session import Desk
from helpdesk.desk.ticket import log_query
from helpdesk.desk.ticket.handling import Reply
from helpdesk.desk.ticket.views import NewQuery
from helpdesk.domain.ticket import ReplyWay
from tests.conftest import StillClock
from tests.tui.conftest import RunApp, notifications, screen_text, settled, until
from tests.verbs import do


@pytest.fixture
def rings(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return a list that gets an item whenever the bell rings."""
    found: list[str] = []
    monkeypatch.setattr("textual.app.App.bell", lambda app: found.append("ring"))
    return found


async def test_a_warning_and_a_breach_are_shown_once_when_they_happen(
    desk: Desk, clock: StillClock, run_app: RunApp, rings: list[str]
) -> None:
    log_query.log_query(desk, NewQuery("toner [b]is[/b] empty"))
    async with run_app() as pilot:
        assert notifications(pilot) == []
        clock.advance(hours=3)
        await until(pilot, lambda: len(notifications(pilot)) == 1)
        assert notifications(pilot) == ["◆ HD-1 first response 75 % used: toner [b]is[/b] empty"]
        clock.advance(hours=1, seconds=1)
        await until(pilot, lambda: len(notifications(pilot)) == 3)
        await pilot.pause(1.5)
        assert notifications(pilot)[1:] == [
            "◆ HD-1 first response 90 % used: toner [b]is[/b] empty",
            "▲ HD-1 first response breached: toner [b]is[/b] empty",
        ]
    assert rings == []


async def test_alarms_from_before_the_start_are_summarised_in_one_sentence(
    desk: Desk, clock: StillClock, run_app: RunApp
) -> None:
    for number in range(3):
        log_query.log_query(desk, NewQuery(f"number {number}"))
    clock.advance(hours=5)
    async with run_app() as pilot:
        await until(pilot, lambda: bool(notifications(pilot)))
        assert notifications(pilot) == ["3 breaches and 6 warnings: press I to list them"]


async def test_the_bell_rings_if_the_agent_wants_it_and_it_is_remembered(
    desk: Desk, clock: StillClock, run_app: RunApp, rings: list[str]
) -> None:
    log_query.log_query(desk, NewQuery("one"))
    async with run_app() as pilot:
        await pilot.press("f8")
        await settled(pilot)
        clock.advance(hours=3)
        await until(pilot, lambda: bool(rings))
    async with run_app() as pilot:
        clock.advance(minutes=40)
        await until(pilot, lambda: len(rings) == 2)
        await pilot.press("f8")
        await settled(pilot)
        clock.advance(hours=1)
        await until(pilot, lambda: len(notifications(pilot)) == 3)
    assert rings == ["ring", "ring"]


async def test_alarms_are_listed_newest_first_and_open_their_ticket(
    desk: Desk, clock: StillClock, run_app: RunApp
) -> None:
    for name in ("first", "second"):
        log_query.log_query(desk, NewQuery(name))
        clock.advance(minutes=1)
    do(desk, 2, Reply("answered", ReplyWay.PHONE))
    clock.advance(hours=5)
    async with run_app() as pilot:
        await until(pilot, lambda: bool(notifications(pilot)))
        await pilot.press("w")
        await settled(pilot)
        lines = [line for line in screen_text(pilot).splitlines() if "HD-" in line]
        assert "▲ HD-1 first response breached: first" in lines[0]
        assert [line.split()[2] for line in lines[:3]] == ["13:00:00", "12:36:00", "12:00:00"]
        await pilot.press("j", "enter")
        await settled(pilot)
        shown = screen_text(pilot)
        assert "◆ Nov 23 12:00  first response warned, 75 % used" in shown
        assert "▲ Nov 23 13:00  first response breached" in shown
        await pilot.press("escape")
        await settled(pilot)
        assert pilot.app.screen.query_one(OptionList).highlighted == 1


async def test_an_empty_list_says_so(desk: Desk, run_app: RunApp) -> None:
    async with run_app() as pilot:
        await pilot.press("w")
        await settled(pilot)
        assert "no warnings or breaches yet" in screen_text(pilot)
        await pilot.press("enter", "j", "G", "escape")
        await settled(pilot)
        assert "no open tickets in L1" in screen_text(pilot)


async def test_a_ticket_on_screen_shows_its_breach_as_it_comes(
    desk: Desk, clock: StillClock, run_app: RunApp
) -> None:
    log_query.log_query(desk, NewQuery("one"))
    async with run_app((100, 30)) as pilot:
        await pilot.press("enter")
        await settled(pilot)
        clock.advance(hours=4, seconds=1)
        await until(pilot, lambda: "first response breached" in screen_text(pilot))
