"""The dialog that changes the fields of tickets."""

from collections.abc import Callable, Iterable, Mapping
from enum import StrEnum
from typing import Any

from textual.containers import Horizontal
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input, Static

from helpdesk.desk.bulk.bulk import BulkOutcome
from helpdesk.desk.people import new_names
from helpdesk.desk.people.views import PersonView
from helpdesk.desk.session import Desk
from helpdesk.desk.ticket.set_fields import field_action
from helpdesk.desk.ticket.views import TicketView
from helpdesk.desk.unit_of_work.action import Action
from helpdesk.desk.unit_of_work.fields import FieldChanges
from helpdesk.desk.unit_of_work.further_requesters import FurtherRequesters
from helpdesk.domain.errors import DeskError, RefusedError, UnknownPersonError
from helpdesk.domain.i18n import _
from helpdesk.domain.person import person_label
from helpdesk.domain.tags import read_change
from helpdesk.domain.text import one_line
from helpdesk.domain.ticket_fields import SETTABLE, TicketField, fields_in_order, values_of
from helpdesk.tui.base.new_names import NewNamesScreen
from helpdesk.tui.dialogs.base import TicketDialog
from helpdesk.tui.dialogs.person import NewPersonScreen, given_by
from helpdesk.tui.terminal.type_ahead import wait_for_typed_keys
from helpdesk.tui.widgets.choice_input import ChoiceInput, ChoiceLine
from helpdesk.tui.widgets.stored_text import LineField

#: The fields in the order in which they are shown.
_FIELDS = fields_in_order(
    (field for field in SETTABLE if field.name != "callback"),
    *("service", "impact", "urgency", "kind", "customer", "requester", "subject"),
)
#: It comes after the tags.
_CALLBACK = next(field for field in SETTABLE if field.name == "callback")


class SetDialog(TicketDialog):
    """Change fields, one line for each; with several tickets, empty lines change nothing."""

    MANUAL = "agent#change-fields-and-tags"
    NAME, TITLE_TEXT, DONE = "set", "Set fields", "changed"
    HINTS = "Ctrl+S set   ↑↓ choose   Esc back (draft kept)"
    FIRST_FIELD = "#service"

    def __init__(self, ticket: TicketView, services: tuple[str, ...]) -> None:
        super().__init__(ticket)
        self._services = services
        self._new_person = False

    def _current_values(self) -> dict[str, str]:
        """Return the values that the fields start with; none if there are several tickets."""
        if len(self.numbers) > 1:
            return {}
        ticket = self.ticket
        person = ticket.requester
        label = person.mail or person_label(person.name, person.number) if person else ""
        return {**values_of(ticket, SETTABLE), "requester": label}

    def fields(self) -> Iterable[Widget]:
        """Return a line for each field."""
        current = self._current_values()
        tags = " ".join(self.ticket.tags) if current else ""
        yield Static("", classes="label", markup=False)
        for field in _FIELDS:
            yield self._field_row(field, current)
        yield ChoiceLine()
        yield self._row(
            "Tags", LineField("", id="tags", placeholder=_("(+tag adds, -tag removes)"))
        )
        if tags:
            yield Static(Content(f"tagged {tags}"), classes="hints", markup=False)
        yield self._field_row(_CALLBACK, current)
        more = ", ".join(one_line(person.called) for person in self.ticket.further_requesters)
        yield self._row(
            "Asked by",
            LineField("", id="further", placeholder=_("(+person adds, -person removes)")),
        )
        if more and current:
            yield Static(Content(f"asked by {more}"), classes="hints", markup=False)
        if not current:
            yield Static("empty fields stay as they are", classes="hints", markup=False)

    def _field_row(self, field: TicketField, current: Mapping[str, str]) -> Horizontal:
        return self._row(field.label, self._input(field, current.get(field.name, "")))

    def _input(self, field: TicketField, value: str) -> Input:
        choices = self._services if field.name == "service" else tuple(field.choices or ())
        if choices or field.name == "service":
            return ChoiceInput(choices, name=field.name, value=value)
        return LineField(value, id=field.name)

    def _row(self, name: str, field: Input) -> Horizontal:
        return Horizontal(Static(name, classes="name", markup=False), field, classes="row")

    def _typed(self, name: str) -> str:
        """Return the text of a field; a known one that is typed in part is returned whole."""
        field = self.query_one(f"#{name}", Input)
        return field.chosen if isinstance(field, ChoiceInput) else field.value.strip()

    async def action_save(self) -> None:
        """Set the fields, after a question if that would add names to the desk."""
        await wait_for_typed_keys(self)
        before = self._current_values()
        typed = {name: self._typed(name) for name in ("service", "customer", "requester")}
        asked = {name: text for name, text in typed.items() if text != before.get(name, "")}
        try:
            new = await self.desk_app.backend.call(new_names.new_names, **asked)
        except DeskError as error:
            self.desk_app.say_error(error)
            return
        if not new:
            await super().action_save()
            return

        async def answered(add: bool | None) -> None:
            if add:
                self._new_person = any(name.noun == "requester" for name in new)
                await super(SetDialog, self).action_save()

        self.app.push_screen(NewNamesScreen(new), answered)

    def asks_about(self, outcome: BulkOutcome) -> bool:
        """Offer to add a person who is not known; the fields are set once they are added."""
        errors = [refusal.error for refusal in outcome.refused]
        error = errors[0]
        if not isinstance(error, UnknownPersonError) or set(map(str, errors)) != {str(error)}:
            return False

        async def added(person: PersonView | None) -> None:
            if person is not None:
                self._write_instead(error.text, person)
                await super(SetDialog, self).action_save()

        self.app.push_screen(NewPersonScreen(given_by(error.text), str(error)), added)
        return True

    def _write_instead(self, typed: str, person: PersonView) -> None:
        """Write what means a person alone where a text means nobody."""
        requester, further = (self.query_one(name, Input) for name in ("#requester", "#further"))
        if _same(requester.value, typed):
            requester.value = person.mail or person_label(person.name, person.number)
        further.value = ", ".join(
            f"+{person.unique}" if _same(part.strip().removeprefix("+"), typed) else part.strip()
            for part in further.value.split(",")
        )

    def action(self) -> Callable[[Desk], Action]:
        """Return the action that sets the fields whose value was changed.

        :raises RefusedError: if a value is none of a field's choices.
        """
        before = self._current_values()

        changed: dict[str, Any] = {}
        for field in (*_FIELDS, _CALLBACK):
            value = self._typed(field.name)
            if value and value != before.get(field.name, ""):
                changed[field.name] = _choice(value, field.choices) if field.choices else value
        tags = self.value("tags").strip()
        fields = FieldChanges(
            **changed,
            tags=read_change(tags) if tags else None,
            further=_further(self.value("further")),
            new_person=self._new_person,
        )
        return lambda _: field_action(fields)


def _same(one: str, other: str) -> bool:
    return " ".join(one.split()).casefold() == " ".join(other.split()).casefold()


def _further(text: str) -> FurtherRequesters | None:
    """Return whom a text adds (``+Maria Ortiz``) and removes (``-P-12``)."""
    people = [part.strip() for part in text.split(",") if part.strip()]
    removed = tuple(part[1:].strip() for part in people if part.startswith("-"))
    added = tuple(part.removeprefix("+").strip() for part in people if not part.startswith("-"))
    return FurtherRequesters(added, removed) if people else None


def _choice(text: str, choices: type[StrEnum]) -> StrEnum:
    """Return the only choice that starts with a text."""
    found = [choice for choice in choices if choice.startswith(text.lower())]
    if len(found) != 1:
        raise RefusedError(f"{text[:20]!r} is none of {', '.join(choices)}: choose with ↑↓.")
    return found[0]
