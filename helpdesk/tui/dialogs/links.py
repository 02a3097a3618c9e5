"""The dialogs that link, merge and split tickets."""

from collections.abc import Callable, Iterable

from textual.widget import Widget

from helpdesk.desk.bulk.bulk import BulkOutcome
from helpdesk.desk.session import Desk
from helpdesk.desk.ticket import splitting
from helpdesk.desk.ticket.candidates import RelatedCandidate
from helpdesk.desk.ticket.links import Link, Merge
from helpdesk.desk.ticket.views import TicketView
from helpdesk.desk.unit_of_work.action import Action
from helpdesk.domain.errors import RefusedError
from helpdesk.domain.text import one_line
from helpdesk.domain.ticket import LinkKind, parse_ref, ref
from helpdesk.tui.dialogs.base import TicketDialog
from helpdesk.tui.dialogs.other_ticket import OtherTicketDialog
from helpdesk.tui.widgets.choice_input import ChoiceInput
from helpdesk.tui.widgets.stored_text import LineField, text_area

_KINDS = (LinkKind.PARENT, LinkKind.RELATED, LinkKind.PROBLEM, LinkKind.CHANGE, LinkKind.DUPLICATE)


class LinkDialog(OtherTicketDialog):
    """Link a ticket to another one; the arrow keys offer open tickets that may belong to it."""

    MANUAL = "agent#tickets-that-belong-together"
    NAME, TITLE_TEXT, DONE = "link", "Link", "linked"
    HINTS = "Ctrl+S link   ↑↓ choose   Esc back"
    OTHER_FIELD, FIRST_FIELD = "to", "#to"

    def __init__(self, ticket: TicketView, candidates: tuple[RelatedCandidate, ...]) -> None:
        super().__init__(ticket, candidates)
        self._first_kind = LinkKind.PARENT

    def prefill(self, other: str) -> None:
        """Start as a duplicate of the other ticket."""
        super().prefill(other)
        self._first_kind = LinkKind.DUPLICATE

    def fields(self) -> Iterable[Widget]:
        """Return the fields for the other ticket and the kind of link."""
        yield self.label(f"That ticket ({ref(12)} or 12)")
        other, *shown = self.other_fields()
        yield other
        yield self.label("What the other ticket is: parent (major incident), problem, …")
        yield ChoiceInput(_KINDS, name="kind", value=self._first_kind)
        yield from shown

    def warns(self) -> bool:
        """Whether the link makes it a duplicate, so that both get the same answer."""
        return self._kind() is LinkKind.DUPLICATE

    async def save(self, version: int) -> BulkOutcome:
        """Link the ticket; only a duplicate asks, because any other link tells nobody anything."""
        if self.warns():
            return await super().save(version)
        return await TicketDialog.save(self, version)

    def _kind(self) -> LinkKind | None:
        entered = self.value("kind").strip().lower()
        return next((kind for kind in _KINDS if entered and kind.startswith(entered)), None)

    def action(self) -> Callable[[Desk], Action]:
        """Return the link.

        :raises RefusedError: if the ticket or the kind of link is not valid.
        """
        to, kind = parse_ref(self.value("to")), self._kind()
        if kind is None:
            entered = self.value("kind").strip().lower()
            raise RefusedError(f"{entered[:20]!r} is none of {', '.join(_KINDS)}: choose with ↑↓.")
        return lambda _: Link(to, kind)


class MergeDialog(OtherTicketDialog):
    """Merge a ticket into another one; both are shown first."""

    MANUAL = "agent#tickets-that-belong-together"
    NAME, TITLE_TEXT, DONE = "merge", "Merge", "merged"
    HINTS = "Ctrl+S merge: this one ends, that one goes on   ↑↓ choose   Esc back"

    def fields(self) -> Iterable[Widget]:
        """Return the field for the other ticket, suggestions, and both tickets."""
        yield self.label("Into the ticket that goes on")
        yield from self.other_fields()

    def action(self) -> Callable[[Desk], Action]:
        """Return the merge."""
        into = parse_ref(self.value("into"))
        return lambda _: Merge(into)


class SplitDialog(TicketDialog):
    """Split a part of a ticket off as a new ticket."""

    MANUAL = "agent#tickets-that-belong-together"
    NAME, TITLE_TEXT, DONE = "split", "Split a part off", "was split"
    HINTS = "Ctrl+S log it as a new ticket of the same requester   Esc back (draft kept)"
    _part = ""

    def fields(self) -> Iterable[Widget]:
        """Return the fields for subject and details of the new ticket."""
        yield self.label("Subject of the new ticket")
        yield LineField(id="subject")
        yield self.label("Details")
        yield text_area("body")

    async def save(self, version: int) -> BulkOutcome:
        """Split the ticket.

        :raises RefusedError: if several tickets are marked, or a text is refused.
        """
        if len(self.numbers) > 1:
            raise RefusedError("only one ticket can be split at a time: remove the marks with Esc.")
        part = await self.desk_app.backend.call(
            splitting.split,
            self.ticket.number,
            self.value("subject"),
            self.value("body"),
            version,
        )
        self._part = f"{part.ref} is logged: {one_line(part.subject)}"
        return BulkOutcome({self.ticket.number: 0})

    def done_text(self, done: tuple[int, ...]) -> str:
        """Return the message after saving, with the new ticket."""
        return f"{self._part}; {super().done_text(done)}"
