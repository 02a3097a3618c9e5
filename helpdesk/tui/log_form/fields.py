"""The fields of the log form; all but the subject are optional."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Input, Static

from helpdesk.desk.ticket.views import NewQuery
from helpdesk.domain.errors import RefusedError
from helpdesk.domain.i18n import _
from helpdesk.domain.ticket import Channel
from helpdesk.domain.ticket_fields import LOGGED, TicketField, fields_in_order
from helpdesk.tui.log_form.requester import PeopleList, RequesterField
from helpdesk.tui.widgets.choice_input import ChoiceInput, ChoiceLine
from helpdesk.tui.widgets.stored_text import LineField, text_area

#: In the order on screen; the customer is derived from the requester.
_FIELDS = fields_in_order(
    (field for field in LOGGED if field.name != "customer"),
    *("subject", "requester", "service", "kind", "impact", "urgency"),
    *("channel", "callback", "queue"),
)
_HINTS = {"subject": _("(what the caller says)"), "callback": _("(number to call)")}


class SubjectLine(Horizontal):
    """The field of the subject, over the whole width: callers say more than half a line."""

    DEFAULT_CSS = """
    SubjectLine { height: 1; padding: 0 1; }
    SubjectLine .name { width: 11; color: $secondary; }
    """

    def compose(self) -> ComposeResult:
        """Lay out the label and the field."""
        yield Static(Content("Subject"), classes="name", markup=False)
        yield LineField(id="subject", placeholder=_HINTS["subject"])


class QueryFields(Vertical):
    """An input for each field of a query but its subject, and a text area for the details."""

    def __init__(self) -> None:
        super().__init__(id="query-fields")
        self.people = PeopleList()

    def compose(self) -> ComposeResult:
        """Lay out a row for each field, with the details below."""
        for field in _FIELDS:
            if field.name != "subject":
                yield _row(field.label, self._line(field))
            if field.name == "requester":
                yield self.people
        yield ChoiceLine()
        yield Static("", id="outlook", markup=False)
        yield Static(Content("Details"), classes="label", markup=False)
        details = text_area("body")
        details.add_class("tall")
        yield details

    def _line(self, field: TicketField) -> Input:
        name = field.name
        if name == "requester":
            return RequesterField(self.people)
        if name == "service" or field.choices:
            value = Channel.PHONE if name == "channel" else ""
            return ChoiceInput(tuple(field.choices or ()), name=name, value=value)
        return LineField(id=name, placeholder=_HINTS.get(name, ""))


def _row(label: str, field: Input) -> Horizontal:
    return Horizontal(Static(Content(label), classes="name", markup=False), field, classes="row")


def query_of(values: Mapping[str, str]) -> NewQuery:
    """Build the query from the texts of the fields; the desk fills in empty fields.

    :raises RefusedError: if a field has none of its allowed words.
    """
    given: dict[str, Any] = {"subject": values.get("subject", "")}
    for field in _FIELDS:
        typed = values.get(field.name, "")
        if typed.strip() and field.name != "subject":
            given[field.name] = _member(field.choices, typed) if field.choices else typed.strip()
    return NewQuery(**given, body=values.get("body", ""), new_person=False)


def _member(choices: type[StrEnum], text: str) -> StrEnum:
    """Return the member that is, or uniquely begins with, the text."""
    typed = text.strip().casefold()
    matches = [member for member in choices if member.casefold().startswith(typed)]
    if len(matches) != 1:
        known = ", ".join(choices)
        raise RefusedError(f"{text[:20]!r} is not one of {known}: choose with ↑↓.")
    return matches[0]
