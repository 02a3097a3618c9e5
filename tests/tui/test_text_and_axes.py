"""Wrapped text, axes of whole numbers, times written in one way, the place of the cursor."""

import re
from datetime import timedelta

import pytest
from textual.widgets import Static

from helpdesk.desk.session import Desk
from helpdesk.desk.ticket import log_query
from helpdesk.desk.ticket.handling import Pend, Reply
from helpdesk.desk.ticket.views import NewQuery
from helpdesk.domain.ticket import ReplyWay, Waiting
from helpdesk.tui.dialogs.reply_and_note import ReplyDialog
from helpdesk.tui.log_form.screen import LogScreen
from helpdesk.tui.ticket.screen import TicketScreen
from helpdesk.tui.widgets.article_view import ArticleReader
from helpdesk.tui.widgets.stored_text import TextField, end_of_change
from tests.conftest import StillClock
from tests.tui.conftest import RunApp, screen_text, settled, until
from tests.tui.test_working_a_queue import keys
from tests.verbs import do

_WRAPPED = (
    "Since the update this morning the export of the monthly report stops with an error\n"
    "message that I have never seen before. My colleague has the same. Could you have a\n"
    "look at it, please?\n\n    code stays\n    as it is"
)


async def test_text_that_was_wrapped_by_hand_is_wrapped_by_the_screen(
    desk: Desk, run_app: RunApp
) -> None:
    log_query.log_query(desk, NewQuery("export", _WRAPPED))
    do(
        desk,
        1,
        Reply("1. Switch off any option that\n   saves energy.\n2. Restart.", ReplyWay.PHONE),
    )
    async with run_app(size=(160, 40)) as pilot:
        await pilot.press("enter")
        await until(pilot, lambda: "saves energy" in screen_text(pilot))
        text = screen_text(pilot)
    assert "with an error message that" in text
    assert "      code stays" in text
    assert "code stays as it is" not in text
    assert "1. Switch off any option that saves energy." in text
    assert "more characters" not in text


async def test_the_time_to_which_a_ticket_waits_is_written_as_every_other_time(
    desk: Desk, run_app: RunApp, clock: StillClock
) -> None:
    log_query.log_query(desk, NewQuery("waits"))
    until_then = (clock() + timedelta(days=6)).astimezone()
    do(desk, 1, Pend(Waiting.DATE, f"{until_then:%Y-%m-%d %H:%M}"))
    async with run_app(size=(160, 40)) as pilot:
        await pilot.press("enter")
        await until(pilot, lambda: "set it to pending" in screen_text(pilot))
        assert isinstance(pilot.app.screen, TicketScreen)
        assert f"pending on date until {until_then:%b %d %H:%M}" in screen_text(pilot)


async def test_counts_stand_on_an_axis_of_whole_numbers(busy_desk: Desk, run_app: RunApp) -> None:
    for number in range(7):
        log_query.log_query(busy_desk, NewQuery(f"one more {number}"))
    async with run_app(size=(120, 40)) as pilot:
        await pilot.press("R")
        await settled(pilot)
        for _ in range(2):
            shown = screen_text(pilot)
            assert "(tickets)" in shown
            axis = re.findall(r"(\d+(?:\.\d+)?)\s*[┤┼]", shown)
            axis += re.findall(r"\d+\.\d+", shown.splitlines()[-3])
            assert all(re.fullmatch(r"\d+", label) for label in axis), axis
            await pilot.press("s")
            await settled(pilot)


async def test_the_cursor_stands_behind_a_restored_draft(desk: Desk, run_app: RunApp) -> None:
    log_query.log_query(desk, NewQuery("flurble"))
    async with run_app() as pilot:
        await pilot.press("r", *keys("one"), "enter", *keys("two"), "escape")
        await settled(pilot)
        await pilot.press("r")
        await until(pilot, lambda: isinstance(pilot.app.screen, ReplyDialog))
        await settled(pilot)
        await pilot.press(*keys("more"))
        assert pilot.app.screen.query_one(TextField).text == "one\ntwomore"
        await pilot.press("ctrl+x")
        await settled(pilot)
        await pilot.press("n", "tab", "tab")
        await until(pilot, lambda: isinstance(pilot.app.screen, LogScreen))
        pilot.app.screen.query_one(TextField).focus()
        await pilot.press(*keys("a"), "enter", *keys("b"), "escape")
        await settled(pilot)
        await pilot.press("n")
        await until(pilot, lambda: isinstance(pilot.app.screen, LogScreen))
        pilot.app.screen.query_one(TextField).focus()
        await pilot.press(*keys("c"))
        assert pilot.app.screen.query_one(TextField).text == "a\nbc"


async def test_the_editor_of_an_article_opens_a_draft_at_its_last_change(
    desk: Desk, run_app: RunApp
) -> None:
    async with run_app() as pilot:
        await pilot.press("K")
        await settled(pilot)
        await pilot.press("E")
        await until(pilot, lambda: bool(pilot.app.screen.query("#text")))
        await settled(pilot)
        await pilot.press("down", "down", "end", *keys("ab"), "escape")
        await settled(pilot)
        await pilot.press("E")
        await until(pilot, lambda: bool(pilot.app.screen.query("#text")))
        await settled(pilot)
        await pilot.press(*keys("cd"))
        assert "abcd\n" in pilot.app.screen.query_one("#text", TextField).text


@pytest.mark.parametrize(
    ("before", "after", "end"),
    [("abc", "abXc", 3), ("abc", "abc", 0), ("", "xy", 2), ("aXa", "aa", 1)],
)
def test_the_end_of_a_change(before: str, after: str, end: int) -> None:
    assert end_of_change(before, after) == end


async def test_the_header_of_the_knowledge_base_never_names_another_article(
    desk: Desk, run_app: RunApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    headers: list[str] = []
    draw = ArticleReader.show_article

    async def watched(reader: ArticleReader, article: object) -> None:
        facts = reader.screen.query_one("#kb-facts", Static)
        headers.append(str(facts.render()))
        await draw(reader, article)  # type: ignore[arg-type]

    monkeypatch.setattr(ArticleReader, "show_article", watched)
    async with run_app(size=(160, 40)) as pilot:
        await pilot.press("K")
        await settled(pilot)
        await pilot.press("j", "j")
        await settled(pilot)
        assert len(headers) > 1
        assert set(headers) == {""}
        assert ".md · published" in screen_text(pilot)
