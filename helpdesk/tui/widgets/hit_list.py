"""A list of search hits, each with score, repeat mark, title and matched terms."""

from dataclasses import replace
from typing import ClassVar

from textual.binding import BindingType
from textual.content import Content
from textual.events import Click
from textual.message import Message
from textual.widgets import Static

from helpdesk.desk.search.views import Suggestion, Suggestions
from helpdesk.domain.i18n import _
from helpdesk.domain.text import one_line
from helpdesk.tui.widgets.keymap import AS_TYPED, HITS, LIST, bindings, keys_text

#: From this width in cells on, a hit takes two lines; a narrower list needs three.
_TWO_LINES_FROM_WIDTH = 60
#: This many hits are always shown; later ones only if they are similar enough to the query.
_ALWAYS_SHOWN = 3


class HitList(Static, can_focus=True):
    """Suggestions, best first; the chosen one is marked even without focus."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings(LIST, HITS)]
    DEFAULT_CSS = "HitList { height: 1fr; padding: 0 1; } HitList:focus { background: $surface; }"

    class Opened(Message):
        """Posted when a hit is opened to be read."""

        def __init__(self, hit: Suggestion) -> None:
            super().__init__()
            self.hit = hit

    class Moved(Message):
        """Posted when another hit than before is under the cursor, or none."""

    class Unfit(Message):
        """Posted when the agent says that a hit does not fit the query, or fits after all."""

        def __init__(self, hits: "HitList", text: str, hit: Suggestion) -> None:
            super().__init__()
            self.hits = hits
            self.text = text
            self.hit = hit

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002  (Textual's name)
        super().__init__("", markup=False, id=id)
        self._found = Suggestions((), (), 0.0)
        self._index = 0
        self._notice = ""
        self._shown_id = ""

    @property
    def _lines_per_hit(self) -> int:
        return 2 if self.size.width >= _TWO_LINES_FROM_WIDTH else 3

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
        self.action_move(pages * max(1, self.size.height // self._lines_per_hit))

    def action_jump(self, place: int) -> None:
        """Move the cursor to the first hit (0) or the last (-1)."""
        self.action_move(-len(self._found.hits) if place == 0 else len(self._found.hits))

    def action_open(self) -> None:
        """Open the chosen hit."""
        if self.chosen is not None:
            self.post_message(self.Opened(self.chosen))

    def action_unfit(self) -> None:
        """Say that the chosen hit does not fit the query; if that was said, that it does."""
        if self.chosen is not None and self._found.text:
            self.post_message(self.Unfit(self, self._found.text, self.chosen))

    def set_unfit(self, hit: Suggestion, *, unfit: bool) -> None:
        """Show that a hit does not fit the query, or fits after all; it is unmarked either way."""
        changed = replace(hit, unfit=unfit, repeat=False)
        hits = tuple(changed if each.id == hit.id else each for each in self._found.hits)
        self._found = replace(self._found, hits=hits)
        self._draw()

    def on_click(self, event: Click) -> None:
        """Choose the clicked hit; open it on a double click."""
        index = self._first() + max(0, event.y - len(self._head())) // self._lines_per_hit
        if index == self._index and event.chain > 1:
            self.action_open()
        elif index < len(self._found.hits):
            self._index = index
            self._draw()

    def _first(self) -> int:
        fits = max(1, (self.size.height - max(1, len(self._head()))) // self._lines_per_hit)
        return max(0, self._index - fits + 1)

    def _draw(self) -> None:
        chosen_id = self.chosen.id if self.chosen else ""
        if chosen_id != self._shown_id:
            self._shown_id = chosen_id
            self.post_message(self.Moved())
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
            hint = _("{key} as typed").format(key=keys_text(AS_TYPED[0].keys))
            line = f"{words}   {hint}"
            parts = (line,) if len(line) <= width else (words[:width], hint[:width])
            lines += [Content.styled(part, "$warning") for part in parts]
        elif self._found.as_typed:
            words = _("searched as typed   {key} with corrections")
            words = words.format(key=keys_text(AS_TYPED[0].keys))
            lines.append(Content.styled(words[:width], "$warning"))
        if self._found.shortage:
            lines.append(Content.styled(self._found.shortage[:width], "$secondary"))
        return lines

    def _block(self, hit: Suggestion, width: int, *, chosen: bool) -> Content:
        mark = "▸" if chosen else " "
        repeat = _(" does not fit") if hit.unfit else " repeat" if hit.repeat else ""
        title = one_line(hit.title)
        head = f"{mark} {hit.score:.2f}{repeat}  {title}"[:width]
        style = "bold $success" if hit.repeat else "bold" if chosen else ""
        if chosen and self.has_focus:
            style = "reverse bold"
        elif not hit.is_worth_showing and not chosen:
            style = "$secondary"
        where = one_line(f"{hit.id}{' · ' if hit.note else ''}{hit.note}")
        why = f"why: {', '.join(hit.why)}" if hit.why else ""
        detail = f"  {where[: width - 2]}\n  {one_line(why)[: width - 2]}"
        if self._lines_per_hit == 2:
            detail = f"  {where}{'   ' if why else ''}{one_line(why)}"[:width]
        return Content.styled(head, style) + Content.styled(f"\n{detail}", "$secondary")
