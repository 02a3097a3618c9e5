"""The base class of the dialogs about tickets: title, fields, key hints, drafts, conflicts."""

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input, Static, TextArea

from helpdesk.desk.bulk import bulk
from helpdesk.desk.bulk.bulk import BulkOutcome
from helpdesk.desk.ticket.resolving import Reopen
from helpdesk.desk.ticket.views import TicketView
from helpdesk.desk.unit_of_work.action import Action
from helpdesk.domain.errors import ConflictError, DeskError, RefusedError
from helpdesk.domain.i18n import _
from helpdesk.domain.text import one_line
from helpdesk.domain.ticket import ReplyWay, Verb, ref
from helpdesk.tui.base.form_draft import FormDraft
from helpdesk.tui.base.host import AppHost, host_of
from helpdesk.tui.base.presence import presence_text
from helpdesk.tui.base.refused import RefusedScreen
from helpdesk.tui.dialogs.difference import Saving, difference_content, saving
from helpdesk.tui.terminal.type_ahead import wait_for_typed_keys
from helpdesk.tui.text.sent import sent_text
from helpdesk.tui.widgets.keymap import FORM, bindings
from helpdesk.tui.widgets.steady_screen import SteadyModal
from helpdesk.tui.widgets.stored_text import TextField

if TYPE_CHECKING:
    from helpdesk.desk.session import Desk


#: The verbs of dialogs that are not named after them.
_VERBS = {"person": Verb.SET, "time": Verb.SPEND}


def elsewhere_text(outcome: BulkOutcome) -> str:
    """Return why other tickets than those that were chosen were changed; "" if none were."""
    return "".join(
        _(" {other} goes on for {ticket}.").format(ticket=ref(number), other=ref(other))
        for number, other in outcome.elsewhere.items()
    )


class TicketDialog(SteadyModal[None]):
    """A dialog about one ticket, or about several; ``ticket`` is the first of them.

    A subclass defines the fields, and the action that saving carries out.

    :ivar NAME: the dialog's name, under which drafts are stored.
    :ivar DONE: the end of the message after saving, which follows the ticket's reference.
    :ivar MAY_REOPEN: whether :meth:`save` can reopen a ticket that was finished meanwhile.
    :ivar FIRST_FIELD: the selector of the field that gets the focus.
    """

    NAME = ""
    TITLE_TEXT = ""
    DONE = ""
    HINTS = "Ctrl+S save   Esc back (draft kept)"
    FIRST_FIELD = "Input, TextArea"
    MAY_REOPEN = False

    BINDINGS: ClassVar[list[BindingType]] = [*bindings(FORM)]

    def __init__(self, ticket: TicketView) -> None:
        super().__init__()
        self.ticket = ticket
        self.numbers: tuple[int, ...] = (ticket.number,)
        self._version = ticket.version
        self._seen = ticket
        self._reopens = False
        self.form_draft = FormDraft(self, f"{self.NAME} {ticket.ref}", self.values)

    def set_tickets(self, numbers: tuple[int, ...]) -> None:
        """Set the tickets to act on; to be called before the dialog is shown."""
        self.numbers = numbers
        if len(numbers) > 1:
            self.form_draft = FormDraft(self, f"{self.NAME} of several tickets", self.values)

    @property
    def tickets_text(self) -> str:
        """The ticket's reference, or the number of tickets."""
        count = len(self.numbers)
        return self.ticket.ref if count == 1 else f"{count} tickets"

    @property
    def place(self) -> tuple[int, bool]:
        """The ticket shown to other agents as being written in by this one."""
        return self.ticket.number, True

    def presence_changed(self) -> None:
        """Show who else has the ticket open."""
        others = self.desk_app.presence.others_on(self.ticket.number)
        line = self.query_one(".presence", Static)
        line.display = bool(others)
        line.update(presence_text(others))

    @property
    def desk_app(self) -> AppHost:
        """The app, with its desk."""
        return host_of(self)

    def compose(self) -> ComposeResult:
        """Lay out title, notices, fields and key hints."""
        with VerticalScroll(can_focus=False, classes="fields"):
            subject = one_line(self.ticket.subject) if len(self.numbers) == 1 else ""
            title = f"{self.TITLE_TEXT}  {self.tickets_text}  {subject}"
            yield Static(Content(title[:200]), classes="title", markup=False)
            yield Static("", classes="draft", markup=False)
            yield Static("", classes="presence", markup=False)
            yield VerticalScroll(Static("", markup=False), id="changed", can_focus=False)
            yield from self.fields()
            yield Static(Content(self.HINTS), classes="hints", markup=False)

    def fields(self) -> Iterable[Widget]:
        """Return the fields; the content of each field with an id is part of the draft."""
        return ()

    def label(self, text: str) -> Static:
        """Return a label for the field below it."""
        return Static(Content(text), classes="label", markup=False)

    def on_mount(self) -> None:
        """Focus the first field and fill in an earlier draft."""
        self.set_focus(self.query(self.FIRST_FIELD).first())
        self.form_draft.begin()
        fields, notice = self.form_draft.restore()
        for name, text in fields.items():
            self.set_value(name, text)
        for area in self.query(TextField):
            area.cursor_to_end()
        if notice:
            line = self.query_one(".draft", Static)
            line.display = True
            line.update(Content(notice))
        self.presence_changed()

    def values(self) -> Mapping[str, str]:
        """Return the text of each field, by id."""
        texts = {widget.id: widget.value for widget in self.query(Input) if widget.id}
        texts |= {widget.id: widget.text for widget in self.query(TextArea) if widget.id}
        return texts

    def value(self, name: str) -> str:
        """Return the text of one field; "" if there is no such field."""
        return self.values().get(name, "")

    def set_value(self, name: str, text: str) -> None:
        """Set the text of a field; do nothing if there is no such field."""
        for widget in self.query(f"#{name}"):
            if isinstance(widget, Input):
                widget.value = text
                widget.cursor_position = len(text)
            elif isinstance(widget, TextField):
                widget.put(text)

    @on(Input.Changed)
    @on(TextArea.Changed)
    def _on_typed(self) -> None:
        self.form_draft.changed()

    @on(Input.Submitted)
    def _on_submitted(self) -> None:
        self.focus_next()

    def keep_draft(self) -> None:
        """Save the draft now."""
        self.form_draft.keep()

    async def action_back(self) -> None:
        """Save the draft and close the dialog."""
        await wait_for_typed_keys(self)
        self.form_draft.keep()
        self.dismiss()

    def action_drop_draft(self) -> None:
        """Delete the draft and close the dialog."""
        self.form_draft.saved()
        self.desk_app.draft_dropped()
        self.dismiss()

    async def action_save(self) -> None:
        """Carry out the action; on an error the dialog stays open with its text."""
        app = self.desk_app
        await wait_for_typed_keys(self)
        try:
            outcome = await self.save(self._version)
            if outcome.refused and self.asks_about(outcome):
                return
            if outcome.refused and len(self.targets()) > 1:
                app.push_screen(RefusedScreen(outcome), self.after_refusal)
            else:
                bulk.require_done(outcome)
                await self._report_done(outcome)
        except ConflictError as error:
            if not await self._show_difference():
                app.say_error(error)
        except DeskError as error:
            app.say_error(error)

    def asks_about(self, outcome: BulkOutcome) -> bool:
        """Ask a question about refused tickets; return whether there is one to ask."""
        return False

    async def _report_done(self, outcome: BulkOutcome) -> None:
        app = self.desk_app
        self.form_draft.saved()
        self.dismiss()
        app.record_change(outcome.made)
        done = tuple(outcome.done)
        moved = tuple(outcome.elsewhere.get(number, number) for number in done)
        told = self.done_text(moved) + elsewhere_text(outcome)
        app.say(" ".join((told, *outcome.unreached)))
        await app.look_for_changes()

    def done_text(self, done: tuple[int, ...]) -> str:
        """Return the message after saving.

        :param done: the numbers of the tickets that were changed.
        """
        return f"{ref(done[0]) if len(done) == 1 else f'{len(done)} tickets'} {self.DONE}."

    def sent_message(self, done: tuple[int, ...], text: str, way: ReplyWay | None = None) -> str:
        """Return the message after saving, with what was sent to whom.

        :param way: how the requester got it; None: at the address of the ticket.
        """
        sentence = TicketDialog.done_text(self, done).removesuffix(".")
        if len(done) != 1 and not text.strip():
            return f"{sentence}."
        if len(done) != 1 and (way is None or not way.is_spoken):
            return _("{sentence}; each requester: “{start}”").format(
                sentence=sentence, start=one_line(text)[:60]
            )
        return f"{sentence}; {sent_text(self.ticket, text, way)}"

    async def after_refusal(self, rest: bool | None) -> None:
        """Apply the action to the tickets that did not refuse it, if the user wants that."""
        if not rest:
            return
        app = self.desk_app
        try:
            outcome = await app.backend.call(
                bulk.apply_built, self.targets(), self.action(), rest=True
            )
            await self._report_done(outcome)
        except DeskError as error:
            app.say_error(error)

    @property
    def _verb(self) -> Verb:
        """The verb that saving carries out."""
        return _VERBS[self.NAME] if self.NAME in _VERBS else Verb(self.NAME)

    async def _show_difference(self) -> bool:
        """Show what others changed since the ticket was read; the next Ctrl+S saves on top of it.

        The text typed so far stays in its fields.

        :returns: False if there is nothing to show.
        """
        from helpdesk.desk.ticket import show_ticket

        app = self.desk_app
        try:
            fresh = await app.backend.call(show_ticket.show, self.ticket.number)
        except DeskError as error:
            app.say_error(error)
            return True
        assert app.agent is not None  # noqa: S101  (narrows the type: the desk is open)
        found = saving(self._verb, fresh, app.agent, may_reopen=self.MAY_REOPEN)
        self._reopens = found is Saving.REOPENS
        difference = difference_content(self._seen, fresh, found)
        self._version, self._seen = fresh.version, fresh
        if difference is None:
            return False
        pane = self.query_one("#changed")
        pane.display = True
        pane.query_one(Static).update(difference)
        app.say_error(RefusedError(f"{fresh.ref} was changed meanwhile; nothing was saved yet."))
        return True

    def action(self) -> "Callable[[Desk], Action]":
        """Return a function that builds the action from the text of the fields.

        :raises RefusedError: if a field holds no valid value.
        """
        raise NotImplementedError

    async def save(self, version: int) -> BulkOutcome:
        """Apply the action to the tickets.

        :param version: a single ticket is changed only if it still has this version.
        :raises ConflictError: if it has another one.
        """
        versions = {self.numbers[0]: version} if len(self.numbers) == 1 else None
        before = [Reopen(_("reopened to save what was written meanwhile"))] if self._reopens else []
        return await self.desk_app.backend.call(
            bulk.apply_built, self.targets(), self.action(), versions=versions, before=before
        )

    def targets(self) -> tuple[int, ...]:
        """Return the numbers of the tickets to change."""
        return self.numbers
