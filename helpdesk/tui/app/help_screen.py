"""The help screen: all keys as currently mapped, and the signs used in lists."""

from collections.abc import Iterable
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from helpdesk.domain.ticket import ANY_REF
from helpdesk.tui.widgets.keymap import (
    BACK,
    EDITOR,
    EVERYWHERE,
    FORM,
    GLOBAL,
    INBOX,
    KNOW_HOW,
    KNOWLEDGE,
    LIST,
    LOG_FORM,
    QUEUE,
    REPEAT,
    TICKET,
    Key,
    bindings,
    keys_text,
)
from helpdesk.tui.widgets.steady_screen import SteadyModal

#: Explanations for keys of the log form and the knowledge base, by the names of the keys.
_LOG_KEYS = (
    (("suggestions",), "go to the suggestions; Enter opens one, Esc goes back"),
    (("resolve_with",), "log and resolve the query with the chosen suggestion"),
    (("answer_first",), "edit the answer before it is sent"),
    (("same_as",), "log it as the same issue as the chosen open ticket"),
    (("its_problem",), "log it as caused by the problem of the chosen ticket"),
)
_KNOWLEDGE_KEYS = (
    (("edit_article", "new_article"), "edit the article; start a new one from a template"),
    (("gaps",), "gaps: what is missing, unused, overdue, broken"),
    (("own_editor", "undo_all"), "in the editor: open your own editor; discard the draft"),
)
_SIGNS = (
    ("▲", "breached"),
    ("◆", "warning: time runs short (three quarters used, or as the policy says)"),
    ("●", "marked: the keys act on all marked tickets"),
    ("⏸", "paused, or support is closed now"),
    ("⚑ lead", "with the lead: escalated by an agent, by the policy, or at the third return"),
    ("◴", "follow-up at that time; ◴ now: the follow-up is due"),
    ("✎ •", "somebody is writing in it; somebody has it open"),
    ("✉ n", "unread notices in the inbox"),
    ("↩n", "handed over n times"),
    ("↻n", "reopened n times"),
    (f"⟲ {ANY_REF}", f"the resolved problem {ANY_REF} has recurred"),
    (f"= {ANY_REF}", f"a duplicate, resolved together with {ANY_REF}"),
    ("resp", "the countdown is for the first response; upd: for the next update"),
)


class HelpScreen(SteadyModal[None]):
    """The list of keys and signs."""

    MANUAL = "agent#all-keys"

    BINDINGS: ClassVar[list[BindingType]] = [
        *bindings(BACK),
        Binding("question_mark,q", "back", show=False),
    ]

    def compose(self) -> ComposeResult:
        """One scrolling text."""
        with VerticalScroll():
            yield Static(self._text(), markup=False)

    def _text(self) -> Content:
        blocks = [
            self._block("Everywhere, also while typing", self._rows(EVERYWHERE)),
            self._block("Everywhere but in forms", self._rows(GLOBAL)),
            self._block("On a ticket", self._rows((*TICKET, *KNOW_HOW, *REPEAT))),
            self._block("In queues", self._rows(QUEUE)),
            self._block("In the knowledge base", self._knowledge_rows()),
            self._block("In lists", self._rows(LIST)),
            self._block("In the inbox", self._rows(INBOX)),
            self._block("In forms", [*self._rows(FORM), *self._named_rows(LOG_FORM, _LOG_KEYS)]),
            self._block("Signs", list(_SIGNS)),
            Content.styled("Keys can be changed in ~/.config/helpdesk/keys.toml.", "$secondary"),
        ]
        return Content("\n\n").join(blocks)

    def _rows(self, keys: tuple[Key, ...]) -> list[tuple[str, str]]:
        return [(self._sign(key), key.help) for key in keys]

    def _knowledge_rows(self) -> list[tuple[str, str]]:
        rows = self._named_rows((*KNOWLEDGE, *EDITOR), _KNOWLEDGE_KEYS)
        return [("/", "narrow the list"), *rows]

    def _named_rows(
        self, keys: tuple[Key, ...], rows: Iterable[tuple[tuple[str, ...], str]]
    ) -> list[tuple[str, str]]:
        signs = {key.name: self._sign(key) for key in keys}
        return [("  ".join(signs[name] for name in names), text) for names, text in rows]

    def _sign(self, key: Key) -> str:
        chosen: dict[str, str] = getattr(self.app, "chosen_keys", {})
        return keys_text(chosen.get(key.name, key.keys))

    def _block(self, title: str, rows: list[tuple[str, str]]) -> Content:
        lines = [Content(f"  {keys:12} {text}") for keys, text in rows]
        return Content("\n").join([Content.styled(title, "bold $accent"), *lines])

    def action_back(self) -> None:
        """Close the help."""
        self.dismiss()
