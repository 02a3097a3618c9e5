"""The forms about a person: a new one, and what is known of the requester of a ticket."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input, Static, TextArea

from helpdesk.desk.people import person_lookup, person_records
from helpdesk.desk.people.person_records import PersonValues
from helpdesk.desk.people.views import PersonView
from helpdesk.desk.ticket.views import TicketView
from helpdesk.domain.errors import DeskError, RefusedError
from helpdesk.domain.i18n import _
from helpdesk.domain.person import read_address
from helpdesk.domain.person_search import is_phone_number
from helpdesk.domain.text import one_line
from helpdesk.tui.base.host import AppHost, host_of
from helpdesk.tui.dialogs.base import TicketDialog
from helpdesk.tui.terminal.type_ahead import wait_for_typed_keys
from helpdesk.tui.widgets.choice_input import ChoiceInput
from helpdesk.tui.widgets.keymap import FORM, bindings
from helpdesk.tui.widgets.steady_screen import SteadyModal
from helpdesk.tui.widgets.stored_text import LineField, text_area

_YES, _NO = "yes", "no"
_LINES = ("name", "mail", "phone", "room", "device", "language", "customer")


def person_fields(person: PersonView | None, given: Mapping[str, str]) -> Iterable[Widget]:
    """Return a line for each part of a person's record, and a field for the note.

    :param person: the person whose record is changed, or None for a new one.
    :param given: the texts that the fields start with, by name.
    """
    for name in _LINES:
        value = given.get(name, getattr(person, name) if person else "")
        yield _row(name.capitalize(), LineField(value, id=name))
    is_vip = _YES if person and person.vip else _NO
    yield _row("VIP", ChoiceInput((_NO, _YES), name="vip", value=given.get("vip", is_vip)))
    yield Static(Content(_("Note (not seen by the person)")), classes="label", markup=False)
    yield text_area("note", given.get("note", person.note if person else ""), short=True)


def _row(label: str, field: Input) -> Horizontal:
    return Horizontal(Static(Content(label), classes="name", markup=False), field, classes="row")


def person_values(typed: Mapping[str, str]) -> PersonValues:
    """Return the values that were typed.

    :raises RefusedError: if it is neither yes nor no whether the person is a VIP.
    """
    vip = typed["vip"].strip().lower()
    if vip not in ("", _YES, _NO):
        raise RefusedError(_("VIP is yes or no: choose with ↑↓."))
    lines = {name: typed[name].strip() for name in _LINES}
    return PersonValues(**lines, vip=vip == _YES, note=typed["note"])


def given_by(typed: str) -> dict[str, str]:
    """Return the fields of a new person that a typed text fills."""
    address = read_address(typed)
    if address is not None:
        mail, name = address
        return {"mail": mail, "name": name}
    return {"phone" if is_phone_number(typed) else "name": " ".join(typed.split())}


class NewPersonScreen(SteadyModal[PersonView | None]):
    """Adds a person; dismissed with them, or with None to go back.

    :param given: the texts that the fields start with, by name.
    :param why: the sentence why the person is not known, or "".
    """

    MANUAL = "agent#callers"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(FORM)]

    def __init__(self, given: Mapping[str, str], why: str = "") -> None:
        super().__init__()
        self._given = dict(given)
        self._why = why

    @property
    def desk_app(self) -> AppHost:
        """The app, with its desk."""
        return host_of(self)

    def compose(self) -> ComposeResult:
        """Lay out the reason, the fields and the line of keys."""
        with VerticalScroll(can_focus=False):
            yield Static(Content(_("New person")), classes="title", markup=False)
            why = Static(Content(one_line(self._why)), classes="why", markup=False)
            why.display = bool(self._why)
            yield why
            yield from person_fields(None, self._given)
            hints = _("Ctrl+S add the person   Esc back")
            yield Static(Content(hints), classes="hints", markup=False)

    def on_mount(self) -> None:
        """Focus the name."""
        self.set_focus(self.query_one("#name"))

    @on(Input.Submitted)
    def _on_submitted(self) -> None:
        self.focus_next()

    async def action_save(self) -> None:
        """Add the person; on an error the form stays open with its texts."""
        await wait_for_typed_keys(self)
        try:
            values = person_values(_typed(self))
            name = values.name or ""
            added = await self.desk_app.backend.call(person_records.add, name, values)
        except DeskError as error:
            self.desk_app.say_error(error)
            return
        self.dismiss(added)

    async def action_back(self) -> None:
        """Go back; nobody is added."""
        await wait_for_typed_keys(self)
        self.dismiss(None)

    def action_drop_draft(self) -> None:
        """Go back; nobody is added."""
        self.dismiss(None)


class PersonDialog(TicketDialog):
    """Change what is known of the requester of a ticket."""

    MANUAL = "agent#callers"
    NAME, TITLE_TEXT, DONE = "person", "Requester", "has its requester changed"
    HINTS = "Ctrl+S save   Esc back (draft kept)"
    FIRST_FIELD = "#phone"

    def __init__(self, ticket: TicketView) -> None:
        super().__init__(ticket)
        if ticket.requester is None:
            raise RefusedError(
                _("{ticket} has no requester: s sets one.").format(ticket=ticket.ref)
            )
        self._person = ticket.requester

    def fields(self) -> Iterable[Widget]:
        """Return the fields of the person's record."""
        yield Static(Content(one_line(self._person.ref)), classes="label", markup=False)
        yield from person_fields(self._person, {})
        if self._person.customer:
            label = _("Note on {customer}").format(customer=one_line(self._person.customer))
            yield Static(Content(label), classes="label", markup=False)
            yield text_area("customer_note", self._person.customer_note, short=True)

    async def action_save(self) -> None:
        """Save what was changed; on an error the dialog stays open with its texts."""
        await wait_for_typed_keys(self)
        app = self.desk_app
        try:
            values = person_values(self.values())
            await self._save_customer_note()
            changed = await app.backend.call(
                person_records.change, self._person.ref, values, self._person.version
            )
        except DeskError as error:
            app.say_error(error)
            return
        self.form_draft.saved()
        self.dismiss()
        app.say(_("{ref} saved: {name}.").format(ref=changed.ref, name=one_line(changed.name)))
        await app.look_for_changes()

    async def _save_customer_note(self) -> None:
        person, note = self._person, self.value("customer_note").strip()
        if not person.customer or note == person.customer_note:
            return
        saved = await self.desk_app.backend.call(
            person_lookup.set_customer_note, person.customer, note, person.customer_version
        )
        self._person = replace(person, customer_note=saved.note, customer_version=saved.version)


def _typed(screen: NewPersonScreen) -> dict[str, str]:
    texts = {field.id: field.value for field in screen.query(Input) if field.id}
    return {**texts, "note": screen.query_one("#note", TextArea).text}
