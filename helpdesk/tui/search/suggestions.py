"""Suggestions for an open ticket: a few lines on its screen, and a dialog to choose one."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from helpdesk.desk.search.views import Suggestion, Suggestions
from helpdesk.domain.text import one_line
from helpdesk.tui.widgets.hit_list import HitList
from helpdesk.tui.widgets.keymap import BACK, REPEAT, bindings
from helpdesk.tui.widgets.steady_screen import SteadyModal

_MAX_SUGGESTIONS = 4
#: For each purpose of the dialog, by the name of its key: the key and what it does with a hit.
_PURPOSES = {
    "suggestions": ("", ""),
    "resolve_with": ("F5", "answer and resolve with it"),
    "same_as": ("F6", "the same issue as that open ticket"),
    "its_problem": ("F7", "caused by that problem"),
}


def suggestions_content(found: Suggestions | None, width: int, *, compact: bool) -> Content:
    """Format the best suggestions, two lines each; with ``compact`` all in one line."""
    if found is None:
        return Content("")
    hits = [hit for hit in found.hits if hit.is_worth_showing][:_MAX_SUGGESTIONS]
    if not hits:
        return Content("")
    head = Content.styled("Looks like ", "bold $accent")
    if compact:
        parts = "  ".join(f"▸ {_short(hit)}" for hit in hits[:2])
        return (head + Content(f"{parts}  F2")).truncate(width, ellipsis=True)
    lines = [head + Content.styled("F2 F5 F6 F7", "$secondary")]
    for hit in hits:
        style = "bold $success" if hit.repeat else ""
        line = Content.styled(f"▸ {hit.score:.2f}{' repeat' if hit.repeat else ''} ", style)
        lines.append((line + Content(one_line(hit.title))).truncate(width, ellipsis=True))
        where = f"  {one_line(hit.id)}{' · ' if hit.note else ''}{one_line(hit.note)}"
        lines.append(Content.styled(where, "$secondary").truncate(width, ellipsis=True))
    return Content("\n").join(lines)


def _short(hit: Suggestion) -> str:
    return f"{one_line(hit.id)} {hit.score:.2f}{' repeat' if hit.repeat else ''}"


class SuggestionsScreen(SteadyModal["tuple[str, Suggestion] | None"]):
    """Lists the suggestions; dismissed with (name of the action's key, chosen hit), or None.

    :param purpose: the name of the key whose action Enter does; "suggestions" leaves it open.
    """

    MANUAL = "agent#answer-a-repeat-issue"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(BACK, REPEAT)]

    def __init__(self, title: str, found: Suggestions, purpose: str = "suggestions") -> None:
        super().__init__()
        self._title = title
        self._found = found
        self._purpose = purpose

    def compose(self) -> ComposeResult:
        """Lay out title, list and line of keys."""
        with Vertical():
            yield Static(Content(self._title), classes="title", markup=False)
            yield HitList()
            key, action = _PURPOSES[self._purpose]
            hints = (
                f"Enter, {key} {action}   Esc back"
                if key
                else ("Enter read   F5 answer with it   F6 same issue   F7 its problem   Esc back")
            )
            yield Static(Content(hints), classes="hints", markup=False)

    def on_mount(self) -> None:
        """Show the suggestions and focus the list."""
        hits = self.query_one(HitList)
        hits.show(self._found, "no similar article or ticket found")
        self.set_focus(hits)

    def on_hit_list_opened(self, event: HitList.Opened) -> None:
        """Choose the hit for the purpose of the dialog."""
        event.stop()
        self.dismiss((self._purpose, event.hit))

    def _choose(self, name: str) -> None:
        hit = self.query_one(HitList).chosen
        if hit is not None:
            self.dismiss((name, hit))

    def action_suggestions(self) -> None:
        """Close the dialog without a choice."""
        self.dismiss(None)

    def action_resolve_with(self) -> None:
        """Choose the hit to answer and resolve the ticket with."""
        self._choose("resolve_with")

    def action_same_as(self) -> None:
        """Choose the hit as the open ticket with the same issue."""
        self._choose("same_as")

    def action_its_problem(self) -> None:
        """Choose the hit as the problem that caused the ticket."""
        self._choose("its_problem")

    def action_back(self) -> None:
        """Close the dialog without a choice."""
        self.dismiss(None)
