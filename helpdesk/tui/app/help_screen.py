"""The help screen: all keys as currently mapped, and the signs used in lists."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Input, Static

from helpdesk.domain.i18n import _
from helpdesk.domain.ticket import ANY_REF
from helpdesk.tui.widgets.actions_in_force import ActionInForce
from helpdesk.tui.widgets.keymap import (
    BACK,
    EVERYWHERE,
    IN_HELP,
    LIST,
    QUIT,
    SECTIONS,
    bindings,
    keys_text,
)
from helpdesk.tui.widgets.steady_screen import SteadyModal
from helpdesk.tui.widgets.stored_text import LineField

_SIGNS = (
    ("▲", "breached"),
    ("◆", "warning: time runs short (three quarters used, or as the policy says)"),
    ("●", "marked: the keys act on all marked tickets"),
    ("⏸", "paused, or support is closed now"),
    ("⚑ lead", "with the lead: escalated by an agent, by the policy, or at the third return"),
    ("◴", "follow-up at that time; ◴ now: the follow-up is due"),
    ("✎ •", "somebody is writing in it; somebody has it open"),
    ("¶ ◔", "you have a draft about it; your timer runs on it"),
    ("✉ n", "unread notices in the inbox"),
    ("« wrote", "the requester has written since the last answer"),
    ("↩n", "handed over n times"),
    ("↻n", "reopened n times"),
    (f"⟲ {ANY_REF}", f"the resolved problem {ANY_REF} has recurred"),
    (f"= {ANY_REF}", f"a duplicate, resolved together with {ANY_REF}"),
    ("▸n ▾n", "n duplicates, folded or shown below; = unfolds and folds"),
    ("resp", "the countdown is for the first response; upd: for the next update"),
)
_CLOSE = tuple(replace(key, action="leave") for key in QUIT)
#: The title of a block, and its rows: keys, meaning, and the name by which the row is found.
_Block = tuple[str, list[tuple[str, str, str]]]


class HelpScreen(SteadyModal[None]):
    """The list of keys and signs; ``/`` shows only those that match a text.

    :param here: the actions of the screen from which the help was opened.
    """

    MANUAL = "agent#all-keys"

    BINDINGS: ClassVar[list[BindingType]] = [*bindings(BACK, _CLOSE, IN_HELP, LIST[1:])]

    def __init__(self, here: Sequence[ActionInForce]) -> None:
        super().__init__()
        self._here = here

    def compose(self) -> ComposeResult:
        """Lay out the line to search in, and one scrolling text."""
        with Vertical():
            yield LineField(placeholder=_("/ finds a key by its name or by what it does"))
            yield VerticalScroll(Static("", markup=False))

    def on_mount(self) -> None:
        """Show all keys."""
        self.set_focus(self._reader)
        self._show("")

    @property
    def _reader(self) -> VerticalScroll:
        return self.query_one(VerticalScroll)

    @property
    def _words(self) -> Input:
        return self.query_one(Input)

    @on(Input.Changed)
    def _on_typed(self, event: Input.Changed) -> None:
        self._show(event.value)

    @on(Input.Submitted)
    def _on_submitted(self) -> None:
        self.set_focus(self._reader)

    def _show(self, text: str) -> None:
        words = text.lower().split()
        blocks = [self._block(*block, words) for block in self._blocks()]
        shown = [block for block in blocks if block is not None]
        if not words:
            file = _("Keys can be changed in ~/.config/helpdesk/keys.toml.")
            shown.append(Content.styled(file, "$secondary"))
        nothing = Content(_("no key matches."))
        self._reader.query_one(Static).update(Content("\n\n").join(shown) if shown else nothing)
        self._reader.scroll_home(animate=False)

    def _blocks(self) -> Iterable[_Block]:
        """Yield the sections with the keys that work here, then those with all other keys."""
        here = {(action.name, action.help): action.keys for action in self._here}
        elsewhere: list[_Block] = []
        for title, keys in SECTIONS.items():
            rows = [(self._sign(key.name, key.keys), key.help, key.name) for key in keys]
            works = [row for row in rows if keys is EVERYWHERE or (row[2], row[1]) in here]
            others = [row for row in rows if row not in works]
            if works:
                yield title, works
            if others:
                elsewhere.append((title, others))
        known = {(key.name, key.help) for keys in SECTIONS.values() for key in keys}
        rest = [(one.keys, one.help, one.name) for one in self._here]
        if rest := [row for row in rest if (row[2], row[1]) not in known]:
            yield _("On this screen"), rest
        yield _("Signs"), [(sign, meaning, "") for sign, meaning in _SIGNS]
        for title, rows in elsewhere:
            yield _("{place} (not on this screen)").format(place=title), rows

    def _sign(self, name: str, keys: str) -> str:
        chosen: dict[str, str] = getattr(self.app, "chosen_keys", {})
        return keys_text(chosen.get(name, keys))

    def _block(
        self, title: str, rows: list[tuple[str, str, str]], words: list[str]
    ) -> Content | None:
        lines = [
            Content(f"  {keys:12} {text}")
            for keys, text, name in rows
            if all(word in f"{keys} {text} {name} {title}".lower() for word in words)
        ]
        if not lines:
            return None
        return Content("\n").join([Content.styled(title, "bold $accent"), *lines])

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Let letters and ``/`` be text while a search is typed."""
        typing = isinstance(self.focused, Input)
        if typing and action in ("find", "move", "jump", "leave"):
            return False
        return super().check_action(action, parameters)

    def action_find(self) -> None:
        """Go to the line to search in."""
        self.set_focus(self._words)

    def action_move(self, lines: int) -> None:
        """Scroll by some lines."""
        self._reader.scroll_relative(y=lines, animate=False)

    def action_page(self, pages: int) -> None:
        """Scroll by some screens."""
        height = max(1, self._reader.size.height - 1)
        self._reader.scroll_relative(y=pages * height, animate=False)

    def action_jump(self, place: int) -> None:
        """Go to the start (0) or to the end (-1)."""
        if place == 0:
            self._reader.scroll_home(animate=False)
        else:
            self._reader.scroll_end(animate=False)

    def action_back(self) -> None:
        """End the search; without one, close the help."""
        if self._words.value:
            self._words.value = ""
            self.set_focus(self._reader)
        else:
            self.dismiss()

    def action_leave(self) -> None:
        """Close the help."""
        self.dismiss()
