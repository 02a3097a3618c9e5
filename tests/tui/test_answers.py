"""What is sent when a query is answered: nothing unseen, nothing glued, and it is said to whom."""

from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import Input, TextArea

from helpdesk.desk.session import Desk
from helpdesk.desk.ticket import log_query, show_ticket
from helpdesk.desk.ticket.resolving import Resolve
from helpdesk.desk.ticket.views import NewQuery, TicketView
from helpdesk.domain.ticket import State
from helpdesk.tui.dialogs.resolve import ResolveDialog
from helpdesk.tui.log_form.answer import AnswerScreen
from helpdesk.tui.log_form.screen import LogScreen
from helpdesk.tui.queue.screen import QueueScreen
from helpdesk.tui.search.reader import ReaderScreen
from helpdesk.tui.ticket.screen import TicketScreen
from tests.tui.conftest import RunApp, notifications, screen_text, settled, until
from tests.tui.test_working_a_queue import keys
from tests.verbs import do

_OLD_REPLY = (
    "Hi Mara,\n\nI swapped the flurble gizmo for a new one.\n\nBest regards\nBob, Help desk"
)


@pytest.fixture
def answered(desk: Desk) -> TicketView:
    """A ticket that was resolved with a letter to its requester."""
    query = NewQuery("flurble gizmo hums at midnight", requester="Mara Ortiz <mara@x.example>")
    ticket = log_query.log_query(desk, query)
    return do(desk, ticket.number, Resolve(_OLD_REPLY))


def _replies(ticket: TicketView) -> list[str]:
    return [event.text for event in ticket.events if event.type == "replied"]


async def _wait_for(pilot: Pilot[int], screen: type[object]) -> None:
    await until(pilot, lambda: isinstance(pilot.app.screen, screen))
    await settled(pilot)


async def test_the_answer_of_an_article_with_errors_is_shown_before_it_is_sent(
    desk: Desk, kb: Path, run_app: RunApp
) -> None:
    (kb / "flurble.md").write_text(
        "---\ntitle: Flurble gizmo hums at midnight\nkind: article\n---\n## Answer\n\n"
        "Oil the [gizmo](gone.md).\n"
    )
    async with run_app() as pilot:
        await pilot.press("n", *keys("flurble gizmo hums at midnight"))
        await pilot.press("tab", *keys("jo@y.example"), "f5")
        await until(pilot, lambda: not isinstance(pilot.app.screen, LogScreen))
        await settled(pilot)
        if isinstance(pilot.app.screen, ReaderScreen):  # the hit bears no mark
            await pilot.press("f5")
        await _wait_for(pilot, AnswerScreen)
        assert pilot.app.screen.query_one(TextArea).text.strip() == "Oil the gizmo."
        assert "the link to gone.md is dead" in notifications(pilot)[-1]


async def test_the_answer_of_a_past_ticket_is_shown_before_it_is_sent(
    desk: Desk, answered: TicketView, run_app: RunApp
) -> None:
    async with run_app() as pilot:
        await pilot.press("n", *keys("flurble gizmo hums at midnight"))
        await pilot.press("tab", *keys("jo@y.example"), "f5")
        await until(pilot, lambda: not isinstance(pilot.app.screen, LogScreen))
        await settled(pilot)
        if isinstance(pilot.app.screen, ReaderScreen):  # the hit bears no mark
            await pilot.press("f5")
        await _wait_for(pilot, AnswerScreen)
        assert "goes to jo@y.example" in screen_text(pilot)
        text = pilot.app.screen.query_one(TextArea).text
        assert text.strip() == "I swapped the flurble gizmo for a new one."
        await pilot.press(*keys("Call us"), "ctrl+s")
        await _wait_for(pilot, QueueScreen)
        said = notifications(pilot)[-1]
        assert (
            "HD-2 logged and resolved with HD-1; recorded for jo@y.example, not mailed: “I "
            "swapped" in said
        )
    expected = "I swapped the flurble gizmo for a new one.\n\nCall us"
    assert _replies(show_ticket.show(desk, 2)) == [expected]


async def test_a_draft_of_an_answer_is_not_restored_for_another_caller(
    desk: Desk, answered: TicketView, run_app: RunApp
) -> None:
    async with run_app() as pilot:
        await pilot.press(
            "n", *keys("flurble gizmo hums"), "tab", *keys("jo@y.example"), "f2", "f4"
        )
        await _wait_for(pilot, AnswerScreen)
        await pilot.press(*keys("dear jo"), "escape")
        await _wait_for(pilot, LogScreen)
        await settled(pilot)
        await pilot.press("ctrl+x")
        await _wait_for(pilot, QueueScreen)
        await settled(pilot)
        await pilot.press("n")
        await _wait_for(pilot, LogScreen)
        await pilot.press(*keys("flurble gizmo hums"), "tab", *keys("al@z.example"), "f2", "f4")
        await _wait_for(pilot, AnswerScreen)
        assert "dear jo" not in pilot.app.screen.query_one(TextArea).text


async def test_f5_sends_the_answer_of_a_marked_article_and_says_what_went_to_whom(
    desk: Desk, run_app: RunApp
) -> None:
    async with run_app() as pilot:
        await pilot.press("n", *keys("vpn drops every few minutes"))
        await pilot.press("tab", *keys("jo@y.example"), "f5")
        await _wait_for(pilot, QueueScreen)
        assert (
            "HD-1 logged and resolved with vpn/keepalive.md; recorded for jo@y.example, not mailed:"
            " “Your connection" in notifications(pilot)[-1]
        )


async def test_f5_opens_a_hit_that_bears_no_mark(desk: Desk, run_app: RunApp) -> None:
    async with run_app() as pilot:
        await pilot.press("n", *keys("remote desktop"), "f2")
        await settled(pilot)
        hits = pilot.app.screen.query_one("#suggestions").all_hits  # type: ignore[attr-defined]
        plain = next(place for place, hit in enumerate(hits) if not hit.repeat)
        await pilot.press(*["j"] * plain, "f5")
        await _wait_for(pilot, ReaderScreen)
        assert show_ticket_count(desk) == 0
        await pilot.press("escape")
        await _wait_for(pilot, LogScreen)


def show_ticket_count(desk: Desk) -> int:
    """Return how many tickets the desk has."""
    from helpdesk.desk.queue import lists

    return lists.page(desk, lists.Selection()).total


async def _open_resolve(pilot: Pilot[int]) -> None:
    await pilot.press("enter")
    await _wait_for(pilot, TicketScreen)
    await pilot.press("v")
    await _wait_for(pilot, ResolveDialog)


async def test_text_typed_behind_an_articles_text_is_a_paragraph_of_its_own(
    desk: Desk, run_app: RunApp
) -> None:
    query = NewQuery("vpn drops every ten minutes", requester="jo@y.example")
    log_query.log_query(desk, query)
    async with run_app() as pilot:
        await _open_resolve(pilot)
        await pilot.press("down")
        await settled(pilot)
        await pilot.press("tab", *keys("Please check"), "ctrl+s")
        await _wait_for(pilot, TicketScreen)
        assert (
            "HD-1 resolved; recorded for jo@y.example, not mailed: “Your connection"
            in notifications(pilot)[-1]
        )
    [reply] = _replies(show_ticket.show(desk, 1))
    assert reply.startswith("Your connection is closed")
    assert reply.endswith("phone.\n\nPlease check")


@pytest.mark.parametrize("at_once", [False, True])
async def test_an_article_that_is_taken_out_takes_its_text_along(
    desk: Desk, run_app: RunApp, at_once: bool
) -> None:
    log_query.log_query(desk, NewQuery("vpn drops every ten minutes"))
    async with run_app() as pilot:
        await _open_resolve(pilot)
        await pilot.press("down")
        await settled(pilot)
        await pilot.press("tab", *keys("Please check"), "shift+tab")
        await settled(pilot)
        pilot.app.screen.query_one("#article", Input).clear()
        if not at_once:
            await settled(pilot)
            assert pilot.app.screen.query_one("#text", TextArea).text == "Please check"
        await pilot.press("ctrl+s")
        await _wait_for(pilot, TicketScreen)
    ticket = show_ticket.show(desk, 1)
    assert (_replies(ticket), ticket.articles) == (["Please check"], ())


async def test_an_answer_that_the_agent_deleted_is_not_sent(desk: Desk, run_app: RunApp) -> None:
    log_query.log_query(desk, NewQuery("vpn drops every ten minutes"))
    async with run_app() as pilot:
        await _open_resolve(pilot)
        await pilot.press("down")
        await settled(pilot)
        pilot.app.screen.query_one("#text", TextArea).clear()
        await pilot.press("ctrl+s")
        await _wait_for(pilot, TicketScreen)
        assert "nothing was said to the requester" in notifications(pilot)[-1]
    ticket = show_ticket.show(desk, 1)
    assert (ticket.state, _replies(ticket)) == (State.RESOLVED, [])
