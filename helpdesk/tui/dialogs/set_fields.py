"""Changing what tickets say about themselves."""

from collections.abc import Callable, Iterable
from enum import StrEnum
from typing import Any

from textual.containers import Horizontal
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input, Static

from helpdesk.desk.session import Desk
from helpdesk.desk.ticket.set_fields import setting
from helpdesk.desk.ticket.views import TicketView
from helpdesk.desk.unit_of_work.action import Action
from helpdesk.desk.unit_of_work.fields import Wanted
from helpdesk.domain.errors import RefusedError
from helpdesk.domain.tags import read_change
from helpdesk.domain.ticket_fields import SETTABLE, TicketField, fields_in_order, values_of
from helpdesk.tui.dialogs.base import TicketDialog
from helpdesk.tui.widgets.choice_input import ChoiceInput

#: In the order of the lines.
_FIELDS = fields_in_order(
    SETTABLE, "service", "impact", "urgency", "kind", "customer", "requester", "subject"
)


class SetDialog(TicketDialog):
    """A line for each field; of several tickets, what is left empty stays as it is."""

    MANUAL = "agent#change-fields-and-tags"
    NAME, TITLE_TEXT, DONE = "set", "Set fields", "changed"
    HINTS = "Ctrl+S set   ↑↓ choose   Esc back (draft kept)"
    FIRST_FIELD = "#service"

    def __init__(self, ticket: TicketView, services: tuple[str, ...]) -> None:
        super().__init__(ticket)
        self._services = services

    def _now(self) -> dict[str, str]:
        """Return what the fields begin with."""
        if len(self.numbers) > 1:
            return {}
        ticket = self.ticket
        mail = ticket.requester.mail if ticket.requester else ""
        return {**values_of(ticket, SETTABLE), "requester": mail}

    def fields(self) -> Iterable[Widget]:
        """A line for each field."""
        now = self._now()
        tags = " ".join(self.ticket.tags) if now else ""
        yield Static("", classes="label", markup=False)
        for field in _FIELDS:
            yield self._row(field.label, self._line(field, now.get(field.name, "")))
        yield self._row("Tags", Input("", id="tags", placeholder="+vip -old"))
        if tags:
            yield Static(Content(f"tagged {tags}"), classes="hints", markup=False)
        if not now:
            yield Static("what is empty stays as it is", classes="hints", markup=False)

    def _line(self, field: TicketField, value: str) -> Input:
        choices = self._services if field.name == "service" else tuple(field.choices or ())
        if choices or field.name == "service":
            return ChoiceInput(choices, name=field.name, value=value)
        return Input(value, id=field.name)

    def _row(self, name: str, field: Input) -> Horizontal:
        return Horizontal(Static(name, classes="name", markup=False), field, classes="row")

    def action(self) -> Callable[[Desk], Action]:
        """Set what is other than before."""
        before = self._now()

        changed: dict[str, Any] = {}
        for field in _FIELDS:
            value = self.value(field.name).strip()
            if value and value != before.get(field.name, ""):
                changed[field.name] = _word(value, field.choices) if field.choices else value
        tags = self.value("tags").strip()
        wanted = Wanted(**changed, tags=read_change(tags) if tags else None)
        return lambda _: setting(wanted)


def _word(text: str, kind: type[StrEnum]) -> StrEnum:
    found = [one for one in kind if one.startswith(text.lower())]
    if len(found) != 1:
        raise RefusedError(f"{text[:20]!r} is none of {', '.join(kind)}: choose with ↑↓.")
    return found[0]
