"""A list of search hits, each with score, repeat mark, title and matched terms."""

from dataclasses import replace
from typing import ClassVar

from textual.binding import BindingType
from textual.content import Content
from textual.events import Click
from textual.message import Message
from textual.widgets import Static

from helpdesk.desk.search.views import Suggestion, Suggestions
from helpdesk.domain.text import one_line
from helpdesk.tui.widgets.keymap import LIST, bindings

_LINES_PER_HIT = 3
#: This many hits are always shown; later ones only if they are similar enough to the query.
_ALWAYS_SHOWN = 3


class HitList(Static, can_focus=True):
    """Suggestions, best first; the chosen one is marked even without focus."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings(LIST)]
    DEFAULT_CSS = "HitList { height: 1fr; padding: 0 1; } HitList:focus { background: $surface; }"

    class Opened(Message):
        """Posted when a hit is opened to be read."""

        def __init__(self, hit: Suggestion) -> None:
            super().__init__()
            self.hit = hit

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002  (Textual's name)
        super().__init__("", markup=False, id=id)
        self._found = Suggestions((), (), 0.0)
        self._index = 0
        self._notice = ""

    @property
    def chosen(self) -> Suggestion | None:
        """The hit under the cursor."""
        hits = self._found.hits
        return hits[self._index] if self._index < len(hits) else None

    @property
    def all_hits(self) -> tuple[Suggestion, ...]:
        """All shown hits, best first."""
        return self._found.hits

    def show(self, found: Suggestions, notice: str = "") -> None:
        """Replace the hits; the cursor stays on the same hit if that is still shown.

        :param notice: the text to show if there are no hits.
        """
        before = self.chosen.id if self.chosen and self.has_focus else None
        shown = [
            hit
            for index, hit in enumerate(found.hits)
            if index < _ALWAYS_SHOWN or not hit.is_distracting
        ]
        self._found = replace(found, hits=tuple(shown))
        self._notice = notice
        self._index = next((index for index, hit in enumerate(shown) if hit.id == before), 0)
        self._draw()

    def choose(self, hit: Suggestion) -> None:
        """Move the cursor to a hit, if it is shown."""
        ids = [shown.id for shown in self._found.hits]
        if hit.id in ids:
            self._index = ids.index(hit.id)
            self._draw()

    def on_resize(self) -> None:
        """Fit the lines to the width."""
        self._draw()

    def on_focus(self) -> None:
        """Show the cursor."""
        self._draw()

    def on_blur(self) -> None:
        """Show the chosen hit without the cursor's colour."""
        self._draw()

    def action_move(self, lines: int) -> None:
        """Move the cursor down by this many hits, or up if negative."""
        self._index = max(0, min(self._index + lines, len(self._found.hits) - 1))
        self._draw()

    def action_page(self, pages: int) -> None:
        """Move the cursor a page down, or up if negative."""
        self.action_move(pages * max(1, self.size.height // _LINES_PER_HIT))

    def action_jump(self, place: int) -> None:
        """Move the cursor to the first hit (0) or the last (-1)."""
        self.action_move(-len(self._found.hits) if place == 0 else len(self._found.hits))

    def action_open(self) -> None:
        """Open the chosen hit."""
        if self.chosen is not None:
            self.post_message(self.Opened(self.chosen))

    def on_click(self, event: Click) -> None:
        """Choose the clicked hit; open it on a double click."""
        index = self._first() + max(0, event.y - len(self._head())) // _LINES_PER_HIT
        if index == self._index and event.chain > 1:
            self.action_open()
        elif index < len(self._found.hits):
            self._index = index
            self._draw()

    def _first(self) -> int:
        fits = max(1, (self.size.height - max(1, len(self._head()))) // _LINES_PER_HIT)
        return max(0, self._index - fits + 1)

    def _draw(self) -> None:
        width = max(10, self.size.width - 2)
        if not self._found.hits:
            self.update(
                Content("\n").join([*self._head(), Content.styled(self._notice, "$secondary")])
            )
            return
        first = self._first()
        blocks: list[Content] = []
        for index, hit in list(enumerate(self._found.hits))[first:]:
            blocks.append(self._block(hit, width, chosen=index == self._index))
        self.update(Content("\n").join([*self._head(), *blocks]))

    def _head(self) -> list[Content]:
        """Return the lines above the hits: what was searched for, and how."""
        width = max(10, self.size.width - 2)
        lines = []
        if self._found.corrected:
            words = f"searched for: {', '.join(self._found.corrected)}"
            lines.append(Content.styled(words[:width], "$warning"))
        if self._found.shortage:
            lines.append(Content.styled(self._found.shortage[:width], "$secondary"))
        return lines

    def _block(self, hit: Suggestion, width: int, *, chosen: bool) -> Content:
        mark = "▸" if chosen else " "
        repeat = " repeat" if hit.repeat else ""
        title = one_line(hit.title)
        head = f"{mark} {hit.score:.2f}{repeat}  {title}"[:width]
        style = "bold $success" if hit.repeat else "bold" if chosen else ""
        if chosen and self.has_focus:
            style = "reverse bold"
        elif not hit.is_worth_showing and not chosen:
            style = "$secondary"
        where = one_line(f"{hit.id}{' · ' if hit.note else ''}{hit.note}")
        why = f"why: {', '.join(hit.why)}" if hit.why else ""
        detail = f"  {where}\n  {one_line(why)[: width - 2]}"
        return Content.styled(head, style) + Content.styled(f"\n{detail}", "$secondary")
