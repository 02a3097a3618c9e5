"""The key that takes back a change: whose change it is, and what it is."""

import pytest

from helpdesk.desk.session import Desk
from helpdesk.desk.ticket import log_query, show_ticket
from helpdesk.desk.ticket.handling import Claim
from helpdesk.desk.ticket.views import NewQuery
from helpdesk.domain.ticket import State
from helpdesk.tui.dialogs.links import LinkDialog, MergeDialog
from helpdesk.tui.queue.screen import QueueScreen
from helpdesk.tui.search.suggestions import SuggestionsScreen
from helpdesk.tui.ticket.screen import TicketScreen
from helpdesk.tui.ticket.undo import UndoScreen
from tests.tui.conftest import RunApp, notifications, screen_text, settled, until
from tests.tui.test_working_a_queue import keys
from tests.verbs import do


@pytest.fixture
def two(desk: Desk) -> Desk:
    """A desk with two tickets of different people and customers."""
    log_query.log_query(desk, NewQuery("first flurble", "", "a@contoso.example", "Contoso"))
    log_query.log_query(desk, NewQuery("second gizmo", "", "b@fabrikam.example", "Fabrikam"))
    return desk


async def test_it_asks_before_it_changes_a_ticket_that_is_not_under_the_cursor(
    two: Desk, run_app: RunApp
) -> None:
    async with run_app() as pilot:
        await pilot.press("c")
        await settled(pilot)
        await pilot.press("j", "U")
        await until(pilot, lambda: isinstance(pilot.app.screen, UndoScreen))
        await settled(pilot)
        assert "not the ticket under the cursor" in screen_text(pilot)
        assert "· HD-1: claiming" in screen_text(pilot)
        assert "first flurble" in screen_text(pilot)
        await pilot.press("escape")
        await settled(pilot)
        assert show_ticket.show(two, 1).assignee == "ann"
        await pilot.press("k", "U")
        await settled(pilot)
        assert notifications(pilot)[-1] == "HD-1 put back as before: claiming."
        assert show_ticket.show(two, 1).assignee == ""


async def test_it_asks_before_it_takes_back_what_was_done_elsewhere(
    two: Desk, run_app: RunApp
) -> None:
    do(two, 1, Claim())
    async with run_app() as pilot:
        await pilot.press("U")
        await until(pilot, lambda: isinstance(pilot.app.screen, UndoScreen))
        await settled(pilot)
        assert "not made in this session" in screen_text(pilot)
        await pilot.press("y")
        await settled(pilot)
        assert show_ticket.show(two, 1).assignee == ""


async def test_what_the_log_form_did_is_the_last_change(two: Desk, run_app: RunApp) -> None:
    async with run_app() as pilot:
        await pilot.press("c")
        await settled(pilot)
        await pilot.press("n", *keys("vpn drops every few minutes"), "f5")
        await until(pilot, lambda: isinstance(pilot.app.screen, QueueScreen))
        await settled(pilot)
        await pilot.press("U")
        await settled(pilot)
        assert (
            "HD-3 cannot be put back: the requester has been answered" in notifications(pilot)[-1]
        )
    assert show_ticket.show(two, 1).assignee == "ann"


async def test_a_duplicate_of_the_log_form_is_taken_back(two: Desk, run_app: RunApp) -> None:
    async with run_app() as pilot:
        await pilot.press("n", *keys("second gizmo"), "f2")
        await settled(pilot)
        hits = pilot.app.screen.query_one("#suggestions").all_hits  # type: ignore[attr-defined]
        place = next(place for place, hit in enumerate(hits) if hit.id == "HD-2")
        await pilot.press(*["j"] * place, "f6")
        await until(pilot, lambda: isinstance(pilot.app.screen, QueueScreen))
        await settled(pilot)
        assert len(show_ticket.show(two, 2).links) == 1
        await pilot.press("U")
        await settled(pilot)
        if isinstance(pilot.app.screen, UndoScreen):
            await pilot.press("y")
            await settled(pilot)
        assert "making a duplicate" in notifications(pilot)[-1]
    assert show_ticket.show(two, 2).links == ()


async def test_a_merge_shows_both_warns_and_is_taken_back(two: Desk, run_app: RunApp) -> None:
    async with run_app(size=(100, 36)) as pilot:
        await pilot.press("M")
        await until(pilot, lambda: isinstance(pilot.app.screen, MergeDialog))
        await pilot.press(*keys("2"))
        await until(pilot, lambda: "another customer" in screen_text(pilot))
        await settled(pilot)
        assert "HD-1  first flurble" in screen_text(pilot)
        assert "HD-2  second gizmo" in screen_text(pilot)
        assert "b@fabrikam.example · Fabrikam · new" in screen_text(pilot)
        await pilot.press("ctrl+s")
        await settled(pilot)
        assert "nothing was changed yet: another customer: Contoso" in notifications(pilot)[-1]
        assert show_ticket.show(two, 1).state is State.NEW
        await pilot.press("ctrl+s")
        await until(pilot, lambda: isinstance(pilot.app.screen, QueueScreen))
        await settled(pilot)
        assert show_ticket.show(two, 1).state is State.RESOLVED
        await pilot.press("U")
        await until(pilot, lambda: isinstance(pilot.app.screen, UndoScreen))
        await pilot.press("y")
        await settled(pilot)
    assert show_ticket.show(two, 1).state is State.NEW
    assert show_ticket.show(two, 2).further_requesters == ()


@pytest.mark.parametrize("key", ["M", "L"])
async def test_open_tickets_of_the_same_requester_are_suggested(
    two: Desk, run_app: RunApp, key: str
) -> None:
    log_query.log_query(two, NewQuery("new badge", "", "a@contoso.example"))
    async with run_app(size=(100, 36)) as pilot:
        await pilot.press(key)
        await until(pilot, lambda: "HD-3  same requester" in screen_text(pilot))


async def test_f6_on_a_ticket_shows_both_before_it_joins_two_customers(
    two: Desk, run_app: RunApp
) -> None:
    log_query.log_query(two, NewQuery("second gizmo", "", "c@contoso.example", "Contoso"))
    async with run_app(size=(100, 40)) as pilot:
        await pilot.press("j", "j", "enter")
        await settled(pilot)
        await pilot.press("f6")
        await until(pilot, lambda: isinstance(pilot.app.screen, SuggestionsScreen))
        await pilot.press("f6")
        await until(pilot, lambda: "another customer: Contoso" in screen_text(pilot))
        await settled(pilot)
        assert isinstance(pilot.app.screen, LinkDialog)
        assert "HD-2  second gizmo" in screen_text(pilot)
        assert show_ticket.show(two, 2).links == ()
        await pilot.press("ctrl+s")
        await until(pilot, lambda: isinstance(pilot.app.screen, TicketScreen))
    assert [person.mail for person in show_ticket.show(two, 2).further_requesters] == [
        "c@contoso.example"
    ]


async def test_f6_in_the_form_asks_before_it_joins_two_customers(
    two: Desk, run_app: RunApp
) -> None:
    async with run_app() as pilot:
        await pilot.press("n", *keys("second gizmo"), "tab", *keys("a@contoso.example"), "f2")
        await settled(pilot)
        hits = pilot.app.screen.query_one("#suggestions").all_hits  # type: ignore[attr-defined]
        place = next(place for place, hit in enumerate(hits) if hit.id == "HD-2")
        await pilot.press(*["j"] * place, "f6")
        await settled(pilot)
        assert notifications(pilot)[-1] == (
            "nothing was logged yet: another customer: Contoso would receive the answers to "
            "Fabrikam; F6 again does it."
        )
        assert show_ticket.show(two, 2).links == ()
        await pilot.press("f6")
        await until(pilot, lambda: isinstance(pilot.app.screen, QueueScreen))
        await settled(pilot)
        assert "HD-2, whose answers go to a@contoso.example as well" in notifications(pilot)[-1]
    assert len(show_ticket.show(two, 2).links) == 1
