"""The dialog that keeps a text as a canned reply or, with steps, as a macro."""

import re
from collections.abc import Mapping
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Input, Static

from helpdesk.desk.macro import files, macros
from helpdesk.desk.macro.files import MacroText
from helpdesk.desk.ticket.views import TicketView
from helpdesk.domain.errors import ConflictError, DeskError, RefusedError
from helpdesk.domain.i18n import _
from helpdesk.domain.placeholders import PLACEHOLDERS
from helpdesk.tui.base.host import host_of
from helpdesk.tui.terminal.type_ahead import wait_for_typed_keys
from helpdesk.tui.widgets.choice_input import ChoiceInput
from helpdesk.tui.widgets.keymap import FORM, bindings
from helpdesk.tui.widgets.steady_screen import SteadyModal
from helpdesk.tui.widgets.stored_text import LineField, TextField, text_area

_LINES = ("name", "audience", "steps")
_HINTS = "Ctrl+S save   ↑↓ me or all   Esc back"


def with_placeholders(text: str, ticket: TicketView) -> str:
    """Return a text in which placeholders stand for the ticket's number and requester.

    So no name goes from one requester's reply into the next one's.  In the first line, the
    greeting, a part of the name stands for the whole.
    """
    text = _replaced(text, ticket.ref, "ticket")
    person = ticket.requester
    if person is None:
        return text
    text = _replaced(_replaced(text, person.mail, "mail"), person.name, "requester")
    greeting, line_end, rest = text.partition("\n")
    for part in person.name.split():
        greeting = _replaced(greeting, part, "requester")
    return f"{greeting}{line_end}{rest}"


def _replaced(text: str, value: str, placeholder: str) -> str:
    """Replace a value by a placeholder, where it is no part of a longer word or of another one."""
    if not value:
        return text
    return re.sub(rf"(?<![\w{{-]){re.escape(value)}(?![\w}}-])", f"{{{placeholder}}}", text)


class SaveReply(SteadyModal[Mapping[str, str]]):
    """Keep a text as a canned reply or macro, for oneself or for all.

    The result is what was typed, to begin with next time; empty once it was saved.

    :param values: the texts of the fields ``name``, ``audience``, ``steps`` and ``text``; those
        that are missing are empty.
    """

    MANUAL = "agent#macros-and-canned-replies"
    BINDINGS: ClassVar[list[BindingType]] = [
        *bindings(tuple(key for key in FORM if key.name != "drop"))
    ]

    def __init__(self, values: Mapping[str, str]) -> None:
        super().__init__()
        self._first = values
        #: Versions of those that the user was warned about, by name and whether shared.
        self._known_versions: dict[tuple[str, bool], int] = {}

    def compose(self) -> ComposeResult:
        """Lay out the fields and the key hints."""
        with VerticalScroll(can_focus=False):
            yield Static(Content(_("Keep as canned reply")), classes="title", markup=False)
            yield Static(Content(_("Name")), classes="label", markup=False)
            yield LineField(self._first.get("name", ""), id="name")
            yield Static(Content(_("For")), classes="label", markup=False)
            yield ChoiceInput(
                ("me", "all"), name="audience", value=self._first.get("audience", "me")
            )
            yield Static(
                Content(_("Steps of a macro (empty: a canned reply)")),
                classes="label",
                markup=False,
            )
            steps = self._first.get("steps", "")
            example = "(such as: claim; reply; pend requester 2d)"
            yield LineField(steps, id="steps", placeholder=example)
            yield Static(Content(_("Text")), classes="label", markup=False)
            yield text_area("text", self._first.get("text", ""), short=True)
            known = " ".join(f"{{{name}}}" for name in PLACEHOLDERS)
            yield Static(Content(known), classes="hints", markup=False)
            yield Static(Content(_(_HINTS)), classes="hints", markup=False)

    async def action_save(self) -> None:
        """Save it; on an error the dialog stays open with its text."""
        await wait_for_typed_keys(self)
        app = host_of(self)
        typed = self._typed()
        name, shared = typed["name"].strip(), typed["audience"].strip() == "all"
        written = MacroText(
            name,
            tuple(step.strip() for step in typed["steps"].split(";") if step.strip()),
            typed["text"],
            self._known_versions.get((name, shared), 0),
        )
        try:
            (saved,) = await app.backend.call(
                macros.save, files.write_file([written]), shared=shared
            )
        except ConflictError as error:
            version = await app.backend.call(macros.version_of, name, shared=shared)
            self._known_versions[name, shared] = version
            again = _("{refused} Press Ctrl+S again to replace it with yours.")
            app.say_error(RefusedError(again.format(refused=error)) if version else error)
            return
        except DeskError as error:
            app.say_error(error)
            return
        key = "x" if saved.steps else "F3"
        app.say(_("{name} is kept; {key} offers it.").format(name=repr(saved.name), key=key))
        self.dismiss({})

    def action_back(self) -> None:
        """Close the dialog without saving; what was typed is kept for the next time."""
        self.dismiss(self._typed())

    def _typed(self) -> dict[str, str]:
        lines = {name: self.query_one(f"#{name}", Input).value for name in _LINES}
        return {**lines, "text": self.query_one("#text", TextField).text}
