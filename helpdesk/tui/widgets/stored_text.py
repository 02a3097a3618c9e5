"""Fields that show control and invisible characters as signs, and keep the text that they edit.

Textual's fields leave some control characters out when they paint, and its text area takes every
character that Unicode calls a line break (form feed, U+2028, and others) for a line feed.  A field
of this module shows a sign for each of them, and its text is what it was given until a user edits
it; then only what was edited changes.
"""

import re

from rich.cells import cell_len
from rich.segment import Segment
from rich.text import Text
from textual import events
from textual.message import Message
from textual.strip import Strip
from textual.widgets import Input, TextArea
from textual.widgets.text_area import (
    Document,
    DocumentNavigator,
    EditResult,
    Location,
    WrappedDocument,
)

from helpdesk.domain.i18n import _
from helpdesk.domain.text import inert_in_place

_LINE_END = re.compile("\r?\n")
_PASTED_END = re.compile("\r\n?|\n")


class StoredText(Document):
    """A document whose lines end only with LF or CR LF; each line keeps the end that it has.

    Its lines are what is shown; ``text`` and ``get_text_range`` give what is stored.  Both have the
    same number of characters.
    """

    def __init__(self, text: str) -> None:
        super().__init__("")
        ends = _LINE_END.findall(text)
        self._newline = "\r\n" if ends.count("\r\n") * 2 > len(ends) else "\n"
        self._stored = _LINE_END.split(text)
        #: The end of each line but the last.
        self._ends = ends
        self._lines = [_shown(line) for line in self._stored]

    @property
    def text(self) -> str:
        """The text as it is stored."""
        return self.get_text_range((0, 0), self.end)

    def replace_range(self, start: Location, end: Location, text: str) -> EditResult:
        """Replace the text between two places, in either order."""
        top, bottom = sorted((self._inside(start), self._inside(end)))
        replaced = self.get_text_range(top, bottom)
        lines = _LINE_END.split(text)
        last_column = len(lines[-1]) + (top[1] if len(lines) == 1 else 0)
        lines[0] = self._stored[top[0]][: top[1]] + lines[0]
        lines[-1] += self._stored[bottom[0]][bottom[1] :]
        self._stored[top[0] : bottom[0] + 1] = lines
        self._lines[top[0] : bottom[0] + 1] = map(_shown, lines)
        self._ends[top[0] : bottom[0]] = _LINE_END.findall(text)
        return EditResult((top[0] + len(lines) - 1, last_column), replaced)

    def get_text_range(self, start: Location, end: Location) -> str:
        """Return the stored text between two places, in either order."""
        top, bottom = sorted((self._inside(start), self._inside(end)))
        if top[0] == bottom[0]:
            return self._stored[top[0]][top[1] : bottom[1]]
        parts = [self._stored[top[0]][top[1] :]]
        for row in range(top[0] + 1, bottom[0] + 1):
            parts += (self._ends[row - 1], self._stored[row])
        parts[-1] = parts[-1][: bottom[1]]
        return "".join(parts)

    def _inside(self, place: Location) -> Location:
        row, column = place
        if row >= len(self._stored):
            return self.end
        return max(row, 0), min(max(column, 0), len(self._stored[row]))


class TextField(TextArea):
    """A field of several lines."""

    def _set_document(self, text: str, language: str | None) -> None:
        super()._set_document("", None)
        self.document = StoredText(text)
        self.wrapped_document = WrappedDocument(self.document, tab_width=self.indent_width)
        self.navigator = DocumentNavigator(self.wrapped_document)
        self.move_cursor((0, 0))
        self._rewrap_and_refresh_virtual_size()

    def put(self, text: str) -> None:
        """Replace the text, and place the cursor behind it."""
        self.text = text
        self.cursor_to_end()

    def insert_paragraph(self, text: str) -> None:
        """Insert a text at the cursor; it begins a paragraph of its own."""
        before = self.get_text_range((0, 0), self.cursor_location)
        gap = "" if not before.strip() or before.endswith("\n\n") else "\n\n"
        gap = "\n" if gap and before.endswith("\n") else gap
        self.insert(f"{gap}{text}")

    def cursor_to(self, index: int) -> None:
        """Place the cursor before a character of the text, and show its line."""
        before = self.text[:index].split("\n")
        self.move_cursor((len(before) - 1, len(before[-1])), center=True)

    def cursor_to_end(self) -> None:
        """Place the cursor behind the text."""
        self.move_cursor(self.document.end)

    def on_paste(self, event: events.Paste) -> None:
        """Give pasted lines the ends of the text's own lines; terminals send CR for them."""
        event.text = _PASTED_END.sub(self.document.newline, event.text)


class LineField(Input):
    """A field of one line."""

    @property
    def _value(self) -> Text:
        return Text(inert_in_place(self.value), no_wrap=True, overflow="ignore", end="")

    def _position_to_cell(self, position: int) -> int:
        return cell_len(inert_in_place(self.value)[:position])

    def _cell_offset_to_index(self, offset: int) -> int:
        shown = inert_in_place(self.value)
        offset += self.scroll_offset.x
        cells = 0
        for index, char in enumerate(shown):
            cells += cell_len(char)
            if offset < cells:
                return index
        return len(shown)

    @property
    def completion(self) -> str:
        """The end of a known text that is shown behind what is typed, or ""."""
        shown = self.has_focus and self.cursor_at_end and len(self._suggestion) > len(self.value)
        return self._suggestion[len(self.value) :] if shown else ""

    def take_completion(self) -> None:
        """Make the completion that is shown part of the text."""
        if self.completion:
            self.value = self._suggestion
            self.cursor_position = len(self.value)

    def render_line(self, y: int) -> Strip:
        """Name the key that takes the completion, so that it does not look like text."""
        strip = super().render_line(y)
        if y != 0 or not self.completion:
            return strip
        end = cell_len(inert_in_place(self.value) + self.completion) - self.scroll_offset.x
        style = self.rich_style + self.get_component_rich_style("input--suggestion")
        key = Strip([Segment(_(" (Tab)"), style)])
        width = strip.cell_length
        end = min(end, width - key.cell_length)
        return Strip.join([strip.crop(0, end), key]).adjust_cell_length(width, self.rich_style)

    class MoreLines(Message):
        """More than one line was pasted.

        :ivar field: the field, which has got the first line.
        :ivar rest: the other lines; a form that has a place for them takes them.
        """

        def __init__(self, field: "LineField", rest: str) -> None:
            super().__init__()
            self.field = field
            self.rest = rest

    def on_paste(self, event: events.Paste) -> None:
        """Paste the first line; the lines end at no other characters than CR and LF.

        Where the form has no place for more lines, they are joined by blanks.
        """
        event.stop()
        event.prevent_default()
        lines = [line for line in _PASTED_END.split(event.text) if line.strip()] or [""]
        if len(lines) > 1 and getattr(self.screen, "TAKES_MORE_LINES", "") == self.id:
            self.replace(lines[0], *sorted(self.selection))
            rest = _PASTED_END.sub("\n", event.text.lstrip("\r\n")).partition("\n")[2]
            self.post_message(self.MoreLines(self, rest))
            return
        self.replace(
            " ".join(line.strip() for line in lines) if len(lines) > 1 else lines[0],
            *sorted(self.selection),
        )
        if len(lines) > 1:
            text = _(
                "{count} lines were pasted into a field of one line: they are joined by blanks."
            )
            self.app.notify(text.format(count=len(lines)), markup=False, timeout=6)


def end_of_change(before: str, after: str) -> int:
    """Return where the part of a text ends that makes it differ from an earlier one."""
    shortest = min(len(before), len(after))
    same = 0
    while same < shortest and before[-1 - same] == after[-1 - same]:
        same += 1
    return len(after) - same


def _shown(line: str) -> str:
    """Return a line as a text area shows it: tabs stay, because they are laid out."""
    return "\t".join(map(inert_in_place, line.split("\t")))


def text_area(name: str, text: str = "", *, short: bool = False) -> TextField:
    """Return a field for several lines, in which Tab goes to the next field.

    :param name: the id of the field.
    :param short: whether it gets fewer lines than usual.
    """
    area = TextField(text, id=name, tab_behavior="focus", classes="short" if short else "")
    area.highlight_cursor_line = False
    return area
