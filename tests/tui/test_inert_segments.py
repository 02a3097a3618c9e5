"""The text of every field is made harmless when it is painted; the field keeps what was stored."""

from collections.abc import Iterator
from itertools import islice

import pytest
from rich.segment import Segment
from rich.style import Style
from textual.app import ComposeResult
from textual.color import Color
from textual.widget import Widget
from textual.widgets import Input, TextArea

from helpdesk.desk.session import Desk
from helpdesk.desk.ticket import log_query, show_ticket
from helpdesk.desk.ticket.handling import Reply
from helpdesk.desk.ticket.views import NewQuery
from helpdesk.tui.app.desk_app import DeskApp
from helpdesk.tui.terminal.inert_segments import InertSegments
from helpdesk.tui.widgets.stored_text import LineField, TextField
from tests.hostile import code_points, hostile_texts
from tests.terminal_stream import harmful
from tests.tui.conftest import RunApp, screen_text, settled
from tests.verbs import do

_BLACK = Color(0, 0, 0)
_EVIL = "printer \x1b]2;X\x1b\\ and \x1b]52;c;cm0=\x1b\\ \x9b2J \u202eevil\u202c \u200bbroken \x1b]"


_PLANES_IN_USE = (*range(0x20000), *range(0xE0000, 0xE1100))


def filtered(*texts: str) -> list[str]:
    """Return the texts of segments as they are painted."""
    return [segment.text for segment in InertSegments().apply([*map(Segment, texts)], _BLACK)]


def test_every_code_point_and_every_hostile_text_keeps_the_width_of_its_line() -> None:
    for text in (*map(chr, _PLANES_IN_USE), *hostile_texts()):
        before = [Segment("│"), Segment(f"{text} b  "), Segment("   "), Segment("│")]
        after = InertSegments().apply(before, _BLACK)
        assert Segment.get_line_length(after) == Segment.get_line_length(before), ascii(text)
        assert after[-1].text == "│", ascii(text)
        assert harmful("".join(segment.text for segment in after)) == [], ascii(text)


def test_signs_take_their_room_from_blanks_to_their_right() -> None:
    assert filtered("a\x1bb  ", "c ") == ["a␛b  ", "c"]
    assert filtered("a\x1b\x07b ", "c") == ["a␛b", "c"]  # no room for a second sign
    assert filtered("  ", "\u202ex") == ["  ", "x"]
    assert filtered("\u115f", "") == ["\ufffd "]


def test_a_hyperlink_is_not_sent() -> None:
    (segment,) = InertSegments().apply(
        [Segment("here", Style(bold=True, link="http://evil.example"))], _BLACK
    )
    assert segment.style == Style(bold=True)


class _Fields(DeskApp):
    """An app with one field of each kind and nothing else."""

    def __init__(self) -> None:
        super().__init__(lambda: pytest.fail("no desk is opened"))

    def compose(self) -> ComposeResult:
        """Show the fields."""
        yield LineField()
        yield TextField(soft_wrap=False)


def _lines() -> Iterator[str]:
    """Yield lines that together hold every code point, then the hostile texts."""
    yield from code_points(256)
    yield from hostile_texts()


def _painted(field: Widget) -> str:
    return "".join(strip.text for strip in field.render_lines(field.outer_size.region))


async def test_a_field_paints_every_code_point_in_a_harmless_form_and_keeps_it() -> None:
    async with _Fields().run_test(size=(300, 60)) as pilot:
        line, area = pilot.app.query_one(Input), pilot.app.query_one(TextArea)
        for text in _lines():
            line.value = text
            assert harmful(_painted(line)) == []
            assert line.value == text
        for texts in batches(_lines(), 40):
            text = "\n".join(texts)
            area.text = text
            assert harmful(_painted(area)) == []
            assert area.text == text


def batches(texts: Iterator[str], size: int) -> Iterator[list[str]]:
    """Yield the texts in lists of this size."""
    while batch := list(islice(texts, size)):
        yield batch


async def test_hostile_text_in_a_form_is_shown_as_text_and_saved_unchanged(
    run_app: RunApp, desk: Desk
) -> None:
    log_query.log_query(desk, NewQuery(_EVIL, f"body {_EVIL}", requester="x@evil.example"))
    do(desk, 1, Reply(f"reply {_EVIL}"))
    async with run_app(size=(160, 40)) as pilot:
        await pilot.press("enter")
        await settled(pilot)
        for keys in (("s",), ("e",), ("r",), ("v",), ("n",)):
            await pilot.press(*keys)
            await settled(pilot)
            assert harmful(screen_text(pilot).replace("\n", "")) == [], keys
            if keys == ("s",):
                assert "␛]2;X␛\\ and ␛]52;c;cm0=␛\\" in screen_text(pilot)
                assert any(field.value == _EVIL for field in pilot.app.screen.query(Input))
                await pilot.press("ctrl+s")
            else:
                await pilot.press("escape")
            await settled(pilot)
    assert show_ticket.show(desk, 1).subject == _EVIL
