"""The dialogs that link and merge tickets."""

from collections.abc import Callable, Iterable

from textual.widget import Widget

from helpdesk.desk.bulk.bulk import BulkOutcome
from helpdesk.desk.session import Desk
from helpdesk.desk.ticket.candidates import RelatedCandidate
from helpdesk.desk.ticket.links import Link, Merge
from helpdesk.desk.ticket.views import TicketView
from helpdesk.desk.unit_of_work.action import Action
from helpdesk.domain.errors import RefusedError
from helpdesk.domain.ticket import LinkKind, parse_ref, ref
from helpdesk.tui.dialogs.base import TicketDialog
from helpdesk.tui.dialogs.other_ticket import OtherTicketDialog
from helpdesk.tui.widgets.choice_input import ChoiceInput

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
