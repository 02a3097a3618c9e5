"""Parked calls, the list of drafts, and the question before the app is left."""

from textual.widgets import Input, TextArea

from helpdesk.desk.queue import lists
from helpdesk.desk.session import Desk
from helpdesk.desk.ticket import log_query, show_ticket
from helpdesk.desk.ticket.views import NewQuery
from helpdesk.desk.time_spent import entries
from helpdesk.tui.log_form.screen import LogScreen
from helpdesk.tui.queue.screen import QueueScreen
from tests.tui.conftest import RunApp, notifications, screen_text, settled


async def test_several_calls_are_parked_and_each_is_gone_on_with(
    desk: Desk, run_app: RunApp
) -> None:
    async with run_app() as pilot:
        await pilot.press("n", *"zebra", "ctrl+n", *"yak", "ctrl+n", *"xerus", "escape")
        await settled(pilot)
        await pilot.press("D")
        await settled(pilot)
        text = screen_text(pilot)
        assert [word in text for word in ("zebra", "yak", "xerus")] == [True, True, True]
        await pilot.press("j", "j", "enter")
        await settled(pilot)
        assert pilot.app.screen.query_one("#subject", Input).value == "zebra"
        await pilot.press("ctrl+s")
        await settled(pilot)
        assert "zebra" not in screen_text(pilot).replace("HD-1 logged", "")
        assert "yak" in screen_text(pilot)
        assert "¶ 2" in screen_text(pilot).splitlines()[0]
        await pilot.press("ctrl+x")  # the one under the cursor
        await settled(pilot)
        assert "¶ 1" in screen_text(pilot).splitlines()[0]
    assert [row.subject for row in lists.page(desk, lists.Selection()).rows] == ["zebra"]


async def test_a_call_that_was_parked_is_parked_again_under_its_own_name(
    desk: Desk, run_app: RunApp
) -> None:
    async with run_app() as pilot:
        await pilot.press("n", *"zebra", "ctrl+n", "escape", "D", "enter")
        await settled(pilot)
        await pilot.press(*"fish", "ctrl+n")
        await settled(pilot)
        assert isinstance(pilot.app.screen, LogScreen)
        assert pilot.app.screen.query_one("#subject", Input).value == ""
        await pilot.press("escape")
        await settled(pilot)
        assert screen_text(pilot).count("parked call  ") == 1
        assert "zebrafish" in screen_text(pilot)


async def test_an_empty_form_is_not_parked(desk: Desk, run_app: RunApp) -> None:
    async with run_app() as pilot:
        await pilot.press("n", "ctrl+n")
        await settled(pilot)
        assert notifications(pilot) == ["there is nothing to park yet."]
        await pilot.press("escape")
        await settled(pilot)
        await pilot.press("D")
        await settled(pilot)
        assert "there is no draft" in screen_text(pilot)


async def test_a_draft_of_a_reply_is_opened_from_the_list(desk: Desk, run_app: RunApp) -> None:
    log_query.log_query(desk, NewQuery("printer is out of paper"))
    async with run_app() as pilot:
        await pilot.press("r", *"half", "escape", "D")
        await settled(pilot)
        assert "reply HD-1" in screen_text(pilot)
        await pilot.press("enter")
        await settled(pilot)
        assert pilot.app.screen.query_one("#text", TextArea).text == "half"
        await pilot.press("ctrl+l", "ctrl+s")  # said by phone: there is no address
        await settled(pilot)
        assert "there is no draft" in screen_text(pilot)
    assert [event.text for event in show_ticket.show(desk, 1).events][-1] == "half"


async def test_q_goes_back_and_ends_the_app_from_the_start_screen_only(
    desk: Desk, run_app: RunApp
) -> None:
    log_query.log_query(desk, NewQuery("printer is out of paper"))
    for opened in (["enter"], ["b"], ["I"], ["K"], ["R"], ["w"], ["question_mark"], ["f1"]):
        async with run_app() as pilot:
            await pilot.press(*opened)
            await settled(pilot)
            assert not isinstance(pilot.app.screen, QueueScreen), opened
            await pilot.press("q")
            await settled(pilot)
            assert isinstance(pilot.app.screen, QueueScreen), opened
            assert pilot.app.is_running
            await pilot.press("q")
            await pilot.pause()
            assert pilot.app.return_code == 0


async def test_leaving_asks_while_a_draft_or_a_timer_is_open(desk: Desk, run_app: RunApp) -> None:
    log_query.log_query(desk, NewQuery("printer is out of paper"))
    entries.start(desk, 1)
    async with run_app() as pilot:
        await pilot.press("r", *"half", "ctrl+q")
        await settled(pilot)
        assert "Unsent, and kept as a draft: reply HD-1." in screen_text(pilot)
        assert "The timer runs on HD-1." in screen_text(pilot)
        await pilot.press("escape")
        await settled(pilot)
        assert "Reply  HD-1" in screen_text(pilot)
        await pilot.press("escape", "q", "q")
        await pilot.pause()
        assert pilot.app.return_code == 0
    async with run_app() as pilot:
        await pilot.press("r")
        await settled(pilot)
        assert pilot.app.screen.query_one("#text", TextArea).text == "half"
