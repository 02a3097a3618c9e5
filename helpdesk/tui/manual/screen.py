"""The manual screen: the list of pages on the left, the chosen page on the right."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.events import DescendantFocus
from textual.widget import Widget
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from helpdesk.domain.text import inert, one_line
from helpdesk.manual.layout import Line, LineKind, lay_out
from helpdesk.manual.pages import NAMES, Page, find, read_pages
from helpdesk.tui.base.desk_screen import DeskScreen
from helpdesk.tui.widgets.keymap import BACK, IN_MANUAL, LIST, bindings
from helpdesk.tui.widgets.option_list import DeskOptions
from helpdesk.tui.widgets.stored_text import LineField

#: Below this width in cells, the list is hidden while a page is being read.
_WIDTH_FOR_BOTH = 110
_MIN_WIDTH, _MARGIN = 20, 3
_STYLES = {
    LineKind.TITLE: "bold $accent",
    LineKind.HEADING: "bold $accent",
    LineKind.TABLE_HEAD: "$secondary",
    LineKind.CODE: "$success",
}


@dataclass(frozen=True, slots=True)
class _Target:
    """A line of the list, and the page and section that it opens."""

    label: str
    page: str
    anchor: str = ""


class ManualScreen(DeskScreen):
    """Shows the manual; Esc or the key that opened it closes it.

    It has no keys that act on tickets, because a dialog may be open behind it.

    :param page: the page to open.
    :param anchor: the section to open, as in a link; "" opens the start of the page.
    """

    MANUAL = "getting-started#find-help"
    BINDINGS: ClassVar[list[BindingType]] = [
        *bindings(BACK, IN_MANUAL, LIST[1:]),
        Binding("q", "leave", show=False),
    ]
    KEYS = (*IN_MANUAL, *BACK)
    DEFAULT_CSS = """
    ManualScreen #manual-left { width: 40; height: 1fr; border-right: solid $panel; }
    ManualScreen #manual-page { width: 1fr; height: 1fr; scrollbar-size-vertical: 1; }
    ManualScreen #manual-page Static { padding: 0 1; }
    ManualScreen OptionList {
        height: 1fr; border: none; padding: 0; scrollbar-size-vertical: 1;
        text-wrap: nowrap; text-overflow: ellipsis;
    }
    """

    def __init__(self, page: str, anchor: str = "") -> None:
        super().__init__()
        self._pages: dict[str, Page] = {}
        self._targets: tuple[_Target, ...] = ()
        self._shown = page, anchor

    def body(self) -> Iterable[Widget]:
        """Lay out the list and the page."""
        yield Horizontal(
            Vertical(
                LineField(placeholder="(/ searches all pages)", id="manual-words"),
                DeskOptions(markup=False),
                id="manual-left",
            ),
            VerticalScroll(Static("", markup=False), id="manual-page"),
        )

    def on_mount(self) -> None:
        """Read the pages and focus the chosen one."""
        self._pages = {page.name: page for page in read_pages()}
        self._list_pages(self._shown[0])
        self.set_focus(self._reader)

    @property
    def _reader(self) -> VerticalScroll:
        return self.query_one("#manual-page", VerticalScroll)

    @property
    def _text(self) -> Static:
        return self._reader.query_one(Static)

    @property
    def _list(self) -> OptionList:
        return self.query_one(OptionList)

    @property
    def _words(self) -> Input:
        return self.query_one("#manual-words", Input)

    def _list_pages(self, current: str) -> None:
        self._fill([_Target(page.title, page.name) for page in self._pages.values()])
        self._list.highlighted = NAMES.index(current)

    def _fill(self, targets: Sequence[_Target]) -> None:
        self._targets = tuple(targets)
        self._list.clear_options()
        self._list.add_options([Option(Content(one_line(target.label))) for target in targets])

    def _draw(self) -> None:
        """Draw the page for the available width, scrolled to the wanted section."""
        width = max(_MIN_WIDTH, self._reader.size.width - _MARGIN)
        page, anchor = self._shown
        lines = lay_out(self._pages[page].text, width)
        self._text.update(Content("\n").join(map(_content, lines)))
        start = next((n for n, line in enumerate(lines) if anchor and line.anchor == anchor), 0)
        self.call_after_refresh(self._reader.scroll_to, y=start, animate=False)

    def _go(self, page: str, anchor: str) -> None:
        if (page, anchor) != self._shown:
            self._shown = page, anchor
            self._draw()

    @on(OptionList.OptionHighlighted)
    def _on_highlighted(self, event: OptionList.OptionHighlighted) -> None:
        # Filling the list highlights a line, too; that must not change the page being read.
        if self._reader.has_focus or event.option_index >= len(self._targets):
            return
        target = self._targets[event.option_index]
        self._go(target.page, target.anchor)

    @on(Input.Changed, "#manual-words")
    def _on_typed(self, event: Input.Changed) -> None:
        if not event.value.strip():
            self._list_pages(self._shown[0])
            return
        hits = find(event.value, self._pages.values())
        self._fill(
            [
                _Target(f"{self._pages[hit.page].title}: {hit.heading}", hit.page, hit.anchor)
                for hit in hits
            ]
            or [_Target("nothing found", *self._shown)]
        )
        self._list.highlighted = 0

    def on_descendant_focus(self, event: DescendantFocus) -> None:
        """Hide or show the list, depending on the focus and the width."""
        self._make_room()

    def on_resize(self) -> None:
        """Hide or show the list, depending on the width."""
        super().on_resize()
        self._make_room()

    def _make_room(self) -> None:
        both = self.app.size.width >= _WIDTH_FOR_BOTH
        self.query_one("#manual-left").display = both or self.focused is not self._reader
        # The width of the page is known only after the list was shown or hidden.
        self.call_after_refresh(self._draw)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Disable the keys that are letters or ``/`` while a search is being typed."""
        typing = isinstance(self.focused, Input)
        if action in ("find", "move", "jump", "leave"):
            return not typing
        return super().check_action(action, parameters)

    def action_find(self) -> None:
        """Focus the search input."""
        self.query_one("#manual-left").display = True
        self.set_focus(self._words)

    def action_pages(self) -> None:
        """Go from the page to the list, or from the list to the page."""
        if self.focused is self._list:
            self.set_focus(self._reader)
        else:
            self.query_one("#manual-left").display = True
            self.set_focus(self._list)

    def action_read(self) -> None:
        """Go from the search input to the list, or from the list to the page."""
        if self.focused is self._words:
            self.set_focus(self._list)
        else:
            self.set_focus(self._reader)

    def action_move(self, lines: int) -> None:
        """Move down by this many lines in the list or page, or up if negative."""
        if self.focused is not self._list:
            self._reader.scroll_relative(y=lines, animate=False)
        elif lines > 0:
            self._list.action_cursor_down()
        else:
            self._list.action_cursor_up()

    def action_page(self, pages: int) -> None:
        """Scroll the page a screen down, or up if negative."""
        height = max(1, self._reader.size.height - 1)
        self._reader.scroll_relative(y=pages * height, animate=False)

    def action_jump(self, place: int) -> None:
        """Go to the start (0) or the end (-1) of the list or page."""
        if self.focused is self._list:
            if place == 0:
                self._list.action_first()
            else:
                self._list.action_last()
        elif place == 0:
            self._reader.scroll_home(animate=False)
        else:
            self._reader.scroll_end(animate=False)

    async def action_back(self) -> None:
        """End a search; without one, close the manual."""
        if self._words.value:
            self._words.value = ""
            self.set_focus(self._reader)
        else:
            self.app.pop_screen()

    def action_leave(self) -> None:
        """Close the manual."""
        self.app.pop_screen()


def _content(line: Line) -> Content:
    return Content.styled(inert(line.text), _STYLES.get(line.kind, ""))
