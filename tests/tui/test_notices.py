"""What changes on screen without a key: counts that depend on time, and errors."""

import pytest

from helpdesk.desk import change_feed
from helpdesk.desk.session import Desk
from helpdesk.desk.ticket import log_query, show_ticket
from helpdesk.desk.ticket.views import NewQuery
from helpdesk.domain.errors import UnavailableError
from tests.conftest import StillClock
from tests.tui.conftest import RunApp, notifications, screen_text, settled, until


async def test_a_breach_is_counted_in_header_and_title_without_a_commit(
    desk: Desk, run_app: RunApp, clock: StillClock
) -> None:
    log_query.log_query(desk, NewQuery("first in line"))
    async with run_app() as pilot:
        assert "▲" not in screen_text(pilot)
        clock.advance(hours=4, seconds=1)
        await until(pilot, lambda: "L1 1 ▲1" in screen_text(pilot).splitlines()[0])
        assert "▲ 1 breached" in screen_text(pilot).splitlines()[1]


async def test_a_warning_is_counted_within_a_minute(
    desk: Desk, run_app: RunApp, clock: StillClock
) -> None:
    log_query.log_query(desk, NewQuery("first in line"))
    async with run_app() as pilot:
        clock.advance(hours=3, minutes=1)
        await until(pilot, lambda: "◆ 1 warning" in screen_text(pilot))


async def test_a_lasting_error_is_shown_once(
    desk: Desk, run_app: RunApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    tries: list[Desk] = []

    def mark(desk: Desk) -> int:
        tries.append(desk)
        raise UnavailableError("the database is locked: try later.")

    async with run_app() as pilot:
        monkeypatch.setattr(change_feed, "mark", mark)
        await until(pilot, lambda: len(tries) >= 3)
        await pilot.pause()
        assert screen_text(pilot).count("is locked") == 1


async def test_wide_characters_leave_the_preview_its_four_lines(
    desk: Desk, run_app: RunApp
) -> None:
    log_query.log_query(desk, NewQuery("プリンター" * 12, body="プリンターが動かない" * 20))
    async with run_app() as pilot:
        await until(pilot, lambda: "Looks like" in screen_text(pilot))
        assert "respond by 13:00" in screen_text(pilot)


async def test_a_queue_is_one_key_away_from_the_knowledge_base(desk: Desk, run_app: RunApp) -> None:
    async with run_app() as pilot:
        await pilot.press("K")
        await settled(pilot)
        await pilot.press("2")
        await until(pilot, lambda: "L2 · open, due first" in screen_text(pilot))


async def test_a_mention_that_reaches_nobody_is_told(desk: Desk, run_app: RunApp) -> None:
    log_query.log_query(desk, NewQuery("one"))
    async with run_app() as pilot:
        await pilot.press("enter")
        await settled(pilot)
        await pilot.press("i")
        await settled(pilot)
        await pilot.press(*"@bbo look", "ctrl+s")
        await until(pilot, lambda: "@bbo is no agent" in " ".join(notifications(pilot)))
    assert show_ticket.show(desk, 1).events[-1].text == "@bbo look"
