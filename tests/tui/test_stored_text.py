"""A field keeps the text that it was given, and changes only what a user edits in it."""

import re
from pathlib import Path

import pytest
from textual import events
from textual.app import App, ComposeResult
from textual.widgets import TextArea

from helpdesk.desk.session import Desk
from helpdesk.desk.ticket import log_query, show_ticket
from helpdesk.desk.ticket.views import NewQuery
from helpdesk.tui.widgets.stored_text import LineField, TextField
from tests.hostile import hostile_texts
from tests.tui.conftest import RunApp, screen_text, settled

#: Each character at which Python's ``splitlines`` ends a line, and lone control characters.
_BREAKS = "a\vb\fc\x1cd\x1de\x1ef\x85g\u2028h\u2029i\rj\x07k\x08l\n\rm\r\nn\n\n"


class _Fields(App[None]):
    def compose(self) -> ComposeResult:
        yield TextField(id="area")
        yield LineField(id="line")


async def test_text_that_is_not_edited_stays_as_it_is() -> None:
    async with _Fields().run_test() as pilot:
        area, line = pilot.app.query_one("#area", TextField), pilot.app.query_one(LineField)
        for text in (_BREAKS, "", "\n", "\r\n", "\r", "x\n", *hostile_texts()):
            line.value = area.text = text
            assert (area.text, line.value) == (text, text)
            area.select_all()
            assert area.selected_text == text


async def test_editing_changes_only_what_is_edited_and_can_be_undone() -> None:
    async with _Fields().run_test() as pilot:
        area = pilot.app.query_one("#area", TextField)
        area.text = _BREAKS
        area.move_cursor((0, 1))
        await pilot.press("X")
        assert area.text == "aX" + _BREAKS[1:]
        area.move_cursor((2, 1))
        await pilot.press("enter")
        assert area.text == "aX" + _BREAKS[1:].replace("n\n\n", "n\n\n\n")
        await pilot.press("backspace", "backspace", "backspace")
        assert area.text == "aX" + _BREAKS[1:].replace("m\r\nn\n\n", "m\n\n")
        for _ in range(5):
            area.action_undo()
        assert area.text == _BREAKS
        area.select_all()
        assert area.selected_text == _BREAKS
        await pilot.press("delete")
        assert area.text == ""
        area.action_undo()
        assert area.text == _BREAKS


async def test_each_character_that_is_not_shown_has_a_sign_and_a_place_for_the_cursor() -> None:
    async with _Fields().run_test(size=(60, 12)) as pilot:
        area, line = pilot.app.query_one("#area", TextField), pilot.app.query_one(LineField)
        line.value = area.text = _BREAKS.partition("\n")[0]
        shown = "a␋b␌c␜d␝e␞f�g�h�i␍j␇k␈l"
        for field in (area, line):
            field.focus()
            await pilot.pause()
            painted = "".join(strip.text for strip in field.render_lines(field.outer_size.region))
            assert shown in painted
        line.cursor_position = 5
        assert line.cursor_screen_offset.x - line.content_region.x == 5
        area.text = "x\x07y" * 40  # wrapped at the width that is painted
        await pilot.pause()
        painted = "".join(strip.text for strip in area.render_lines(area.outer_size.region))
        assert [painted.count(char) for char in "x␇y"] == [40, 40, 40]


@pytest.mark.parametrize(
    ("before", "pasted", "after"),
    [
        ("", "one\rtwo\r\nthree\nfour", "one\ntwo\nthree\nfour"),
        ("a\r\n", "one\rtwo\n", "one\r\ntwo\r\na\r\n"),
        ("", "\x1b[2Jx\x0by\u2028z", "\x1b[2Jx\x0by\u2028z"),
    ],
)
async def test_pasted_lines_get_the_line_ends_of_the_text(
    before: str, pasted: str, after: str
) -> None:
    async with _Fields().run_test() as pilot:
        area, line = pilot.app.query_one("#area", TextField), pilot.app.query_one(LineField)
        area.text = before
        for field in (area, line):
            field.focus()
            await pilot.pause()
            pilot.app.post_message(events.Paste(pasted))
            await pilot.pause()
            await pilot.pause()
        assert area.text == after
        # A field of one line, without a place for more of them, joins them.
        lines = re.split("\r\n?|\n", pasted)
        assert line.value == " ".join(filter(None, lines))


async def test_an_article_keeps_the_line_ends_that_were_not_edited(
    run_app: RunApp, kb: Path
) -> None:
    article = "---\r\ntitle: Odd\r\nkind: article\r\n---\r\n# Odd\r\na\fb\u2028c\nlast\x85"
    (kb / "odd.md").write_text(article, encoding="utf-8", newline="")
    async with run_app(size=(120, 40)) as pilot:
        await pilot.press("K", "slash", *"odd", "enter")
        await settled(pilot)
        await pilot.press("E")
        await settled(pilot)
        assert "a␌b�c" in screen_text(pilot)
        area = pilot.app.screen.query_one("#text", TextArea)
        assert area.text == article
        area.move_cursor(area.document.end)
        await pilot.press("!")
        await pilot.press("ctrl+s")
        await settled(pilot)
    assert (kb / "odd.md").read_bytes().decode() == article + "!"


async def test_a_restored_draft_keeps_every_character(run_app: RunApp, desk: Desk) -> None:
    log_query.log_query(desk, NewQuery("one"))
    text = _BREAKS.replace("\r\n", "\n")
    async with run_app(size=(120, 40)) as pilot:
        await pilot.press("n")
        await settled(pilot)
        await pilot.press(*"two")
        pilot.app.screen.query_one("#body", TextArea).text = text
        await pilot.press("escape")
        await settled(pilot)
        await pilot.press("n")
        await settled(pilot)
        assert pilot.app.screen.query_one("#body", TextArea).text == text
        await pilot.press("ctrl+s")
        await settled(pilot)
    assert show_ticket.show(desk, 2).body == text
