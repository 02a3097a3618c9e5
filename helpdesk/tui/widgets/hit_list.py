"""Hits of a search as a list: score, repeat mark, title, why; with a cursor."""

from typing import ClassVar

from textual.binding import BindingType
from textual.content import Content
from textual.events import Click
from textual.message import Message
from textual.widgets import Static

from helpdesk.desk.search.views import Suggestion, Suggestions
from helpdesk.domain.text import one_line
from helpdesk.tui.widgets.keymap import LIST, bindings

_LINES_EACH = 3
_FEW = 3


class HitList(Static, can_focus=True):
    """Suggestions, best first; the chosen one is marked, also while another field has the focus."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings(LIST)]
    DEFAULT_CSS = "HitList { height: 1fr; padding: 0 1; } HitList:focus { background: $surface; }"

    class Opened(Message):
        """A hit was chosen to be read."""

        def __init__(self, hit: Suggestion) -> None:
            super().__init__()
            self.hit = hit

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002  (Textual's name)
        super().__init__("", markup=False, id=id)
        self._found = Suggestions((), (), 0.0)
        self._place = 0
        self._notice = ""

    @property
    def chosen(self) -> Suggestion | None:
        """The hit under the cursor."""
        hits = self._found.hits
        return hits[self._place] if self._place < len(hits) else None

    @property
    def all_hits(self) -> tuple[Suggestion, ...]:
        """Every hit, best first."""
        return self._found.hits

    def show(self, found: Suggestions, notice: str = "") -> None:
        """Put these hits in place of the earlier ones; the cursor stays on its hit if it can.

        :param notice: shown where there are none.
        """
        before = self.chosen.id if self.chosen and self.has_focus else None
        # Beyond the first few, hits that are nothing like the query only distract.
        hits = found.hits
        shown = [hit for place, hit in enumerate(hits) if place < _FEW or not hit.is_distracting]
        self._found = Suggestions(tuple(shown), found.corrected, found.ms)
        self._notice = notice
        places = [place for place, hit in enumerate(shown) if hit.id == before]
        self._place = places[0] if places else 0
        self._draw()

    def on_resize(self) -> None:
        """Fit the lines to the width."""
        self._draw()

    def on_focus(self) -> None:
        """Show the cursor."""
        self._draw()

    def on_blur(self) -> None:
        """Show the mark alone."""
        self._draw()

    def action_move(self, lines: int) -> None:
        """Choose another hit."""
        self._place = max(0, min(self._place + lines, len(self._found.hits) - 1))
        self._draw()

    def action_page(self, pages: int) -> None:
        """Choose a hit further away."""
        self.action_move(pages * max(1, self.size.height // _LINES_EACH))

    def action_jump(self, place: int) -> None:
        """Choose the first hit (0) or the last (-1)."""
        self.action_move(-len(self._found.hits) if place == 0 else len(self._found.hits))

    def action_open(self) -> None:
        """Read the chosen hit."""
        if self.chosen is not None:
            self.post_message(self.Opened(self.chosen))

    def on_click(self, event: Click) -> None:
        """A click chooses, a second one reads."""
        place = self._first() + event.y // _LINES_EACH
        if place == self._place and event.chain > 1:
            self.action_open()
        elif place < len(self._found.hits):
            self._place = place
            self._draw()

    def _first(self) -> int:
        fits = max(1, (self.size.height - 1) // _LINES_EACH)
        return max(0, self._place - fits + 1)

    def _draw(self) -> None:
        width = max(10, self.size.width - 2)
        if not self._found.hits:
            self.update(Content.styled(self._notice, "$secondary"))
            return
        first = self._first()
        blocks: list[Content] = []
        for place, hit in list(enumerate(self._found.hits))[first:]:
            blocks.append(self._block(hit, width, chosen=place == self._place))
        if self._found.corrected:
            words = f"searched for: {', '.join(self._found.corrected)}"
            blocks.insert(0, Content.styled(words[:width], "$warning"))
        self.update(Content("\n").join(blocks))

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
