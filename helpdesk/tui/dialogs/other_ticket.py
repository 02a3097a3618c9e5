"""The part of a dialog that names another ticket: suggestions, and what that ticket is."""

from collections.abc import Iterable

from textual import on, work
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input, Static

from helpdesk.desk.bulk.bulk import BulkOutcome
from helpdesk.desk.ticket.candidates import RelatedCandidate
from helpdesk.desk.ticket.merge_check import MergeCheck, merge_check
from helpdesk.desk.ticket.views import TicketView
from helpdesk.domain.desk_zone import to_local
from helpdesk.domain.entry_type import EntryType
from helpdesk.domain.errors import DeskError, RefusedError
from helpdesk.domain.i18n import _
from helpdesk.domain.reflow import unwrap
from helpdesk.domain.text import one_line
from helpdesk.domain.ticket import parse_ref
from helpdesk.tui.base.form_draft import FormDraft
from helpdesk.tui.dialogs.base import TicketDialog
from helpdesk.tui.widgets.choice_input import ChoiceInput

_LISTED = 6
_WORDS = 160


class OtherTicketDialog(TicketDialog):
    """A dialog that names another ticket, and shows it before anything is saved.

    :ivar OTHER_FIELD: the id of the field for the other ticket.
    """

    OTHER_FIELD = "into"
    FIRST_FIELD = "#into"

    def __init__(self, ticket: TicketView, candidates: tuple[RelatedCandidate, ...]) -> None:
        super().__init__(ticket)
        self._candidates = candidates
        self._checked: MergeCheck | None = None
        self._confirmed: tuple[int, str] | None = None
        self._other = ""

    def prefill(self, other: str) -> None:
        """Start with the other ticket, whose warnings are then the question."""
        self._other = other
        self.form_draft = FormDraft(self, f"{self.NAME} {self.ticket.ref} {other}", self.values)

    def on_mount(self) -> None:
        """Show the ticket that the dialog starts with."""
        if self._other:
            self._show_other()

    def other_fields(self) -> Iterable[Widget]:
        """Return the field for the other ticket, suggestions for it, and both tickets."""
        others = [one.ref for one in self._candidates]
        yield ChoiceInput(others, name=self.OTHER_FIELD, value=self._other)
        lines = [candidate_text(one) for one in self._candidates[:_LISTED]]
        none = _("no open ticket of the same requester, customer or issue")
        yield Static(Content("\n".join(lines) or none), classes="hints", markup=False)
        if len(self.numbers) == 1:
            yield self.label(_("This ticket"))
            yield Static(Content(ticket_text(self.ticket)), markup=False)
        yield self.label(_("That ticket"))
        yield Static(Content(_("not chosen yet")), id="other-ticket", markup=False)
        yield Static("", id="other-warning", markup=False)

    def warns(self) -> bool:
        """Whether the requesters of both tickets will receive the same answer."""
        return True

    @on(Input.Changed)
    def _on_other(self) -> None:
        self._show_other()

    @work(exclusive=True, group="other")
    async def _show_other(self) -> None:
        try:
            await self._check()
        except DeskError as error:
            self._checked = None
            self._draw_other(one_line(str(error)) if self.value(self.OTHER_FIELD).strip() else "")
            return
        self._draw_other("")

    async def _check(self) -> MergeCheck:
        """Read the other ticket, unless it has been read already.

        :raises DeskError: if there is no such ticket.
        """
        number = parse_ref(self.value(self.OTHER_FIELD))
        if self._checked is None or self._checked.target.number != number:
            self._checked = await self.desk_app.backend.call(merge_check, self.numbers, number)
        return self._checked

    def _draw_other(self, problem: str) -> None:
        checked = self._checked
        shown = ticket_text(checked.target) if checked else problem or _("not chosen yet")
        self.query_one("#other-ticket", Static).update(Content(shown))
        warning = (
            "\n".join(f"⚠ {text}" for text in checked.warnings) if checked and self.warns() else ""
        )
        if checked and checked.target.ref == self._other:
            self._confirmed = checked.target.number, warning
        line = self.query_one("#other-warning", Static)
        line.display = bool(warning)
        line.update(Content.styled(warning, "bold $warning"))

    async def save(self, version: int) -> BulkOutcome:
        """Save, once the other ticket has been shown and its differences were confirmed.

        :raises RefusedError: if it is shown or warned of only now.
        """
        shown = self._checked.target.number if self._checked else 0
        checked = await self._check()
        self._draw_other("")
        found = [f"⚠ {text}" for text in checked.warnings] if self.warns() else []
        state = (checked.target.number, "\n".join(found))
        if state != self._confirmed and (found or shown != checked.target.number):
            self._confirmed = state
            raise RefusedError(
                _("Ctrl+S again does it; nothing was changed yet: {reason}.").format(
                    reason="; ".join(found).replace("⚠ ", "") or _("look at both tickets")
                )
            )
        return await super().save(version)


def candidate_text(one: RelatedCandidate) -> str:
    """Return a line about a suggested ticket: why it may belong, and what it is."""
    reasons = []
    if one.same_requester:
        reasons.append(_("same requester"))
    elif one.same_customer:
        reasons.append(_("same customer"))
    if one.likeness:
        reasons.append(_("same issue {likeness:.2f}").format(likeness=one.likeness))
    who = one_line(one.requester) or _("no requester")
    return f"{one.ref}  {', '.join(reasons)}  {one_line(one.subject)[:60]}  {one.state}, {who}"


def ticket_text(ticket: TicketView) -> str:
    """Return three lines about a ticket: subject, people and state, the newest words in it."""
    who = one_line(ticket.requester.called) if ticket.requester else _("no requester")
    facts = [
        who, one_line(ticket.customer) or _("no customer"), ticket.state,
        one_line(ticket.assignee) or _("nobody has it"),
        _("logged {at}").format(at=f"{to_local(ticket.created_at):%b %d %H:%M}"),
    ]  # fmt: skip
    written = (EntryType.REPLIED, EntryType.REQUESTER_WROTE, EntryType.NOTED)
    texts = [event.text for event in ticket.events if event.type in written and event.text]
    words = one_line(unwrap((texts[-1] if texts else ticket.body)[:600]))[:_WORDS]
    lines = [f"{ticket.ref}  {one_line(ticket.subject)[:100]}", "  " + " · ".join(facts)]
    return "\n".join([*lines, f"  {words}"] if words else lines)
