"""The search box finds tickets by their number, and opens the hit that is marked."""

import pytest

from helpdesk.desk.session import Desk
from helpdesk.desk.ticket import log_query
from helpdesk.desk.ticket.views import NewQuery
from helpdesk.tui.knowledge.screen import KnowledgeScreen
from helpdesk.tui.search.screen import SearchScreen
from helpdesk.tui.ticket.screen import TicketScreen
from tests.tui.conftest import RunApp, screen_text, settled, until
from tests.tui.test_working_a_queue import keys


def _opened(app: object) -> int:
    screen = getattr(app, "screen", None)
    assert isinstance(screen, TicketScreen)
    return screen.number


@pytest.mark.parametrize("typed", ["2", "hd2", "HD-2", "hd 2", "#2"])
async def test_a_number_finds_its_ticket(desk: Desk, run_app: RunApp, typed: str) -> None:
    for subject in ("printer is out", "the flurble gizmo"):
        log_query.log_query(desk, NewQuery(subject))
    async with run_app() as pilot:
        await pilot.press("slash", *keys(typed))
        await until(pilot, lambda: "▸ 1.00  the flurble gizmo" in screen_text(pilot))
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, TicketScreen))
        assert _opened(pilot.app) == 2


async def test_a_number_that_is_a_word_leads_to_the_hit_that_is_marked(
    desk: Desk, run_app: RunApp
) -> None:
    log_query.log_query(desk, NewQuery("printer is out"))
    log_query.log_query(desk, NewQuery("page shows error 1"))
    async with run_app() as pilot:
        # 404 is the number of no ticket, so that nothing is marked but what has it in its text.
        await pilot.press("slash", *keys("404"))
        await settled(pilot)
        await pilot.press("enter")
        await settled(pilot)
        shown = isinstance(pilot.app.screen, SearchScreen | KnowledgeScreen)
        assert shown, pilot.app.screen
        assert "there is no ticket" not in screen_text(pilot)
    async with run_app() as pilot:
        # 1 is both: the ticket of that number is marked, and the text with the word follows.
        await pilot.press("slash", *keys("1"))
        await until(pilot, lambda: "▸ 1.00  printer is out" in screen_text(pilot))
        assert "page shows error 1" in screen_text(pilot)
        await pilot.press("down", "down", "enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, TicketScreen))
        assert _opened(pilot.app) == 2


async def test_enter_before_the_hits_are_shown_opens_a_hit_of_the_text(
    desk: Desk, run_app: RunApp
) -> None:
    log_query.log_query(desk, NewQuery("printer is out"))
    log_query.log_query(desk, NewQuery("the flurble gizmo"))
    async with run_app() as pilot:
        await pilot.press("slash", *keys("flurble gizmo"), "enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, TicketScreen))
        assert _opened(pilot.app) == 2
