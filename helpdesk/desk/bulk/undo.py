"""Undo a change of a ticket, unless somebody outside the desk has already seen its effect.

The timeline keeps both the change and the entry that it was undone.  Everything that is computed
from a timeline ignores both (see ``standing`` in ``helpdesk.desk.sla.history``), so the clocks are
as if the change had never been made.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any, ClassVar

from sqlalchemy.orm import Session

from helpdesk.desk.bulk import bulk, undo_links
from helpdesk.desk.bulk.bulk import BulkOutcome
from helpdesk.desk.session import Desk
from helpdesk.desk.ticket import splitting
from helpdesk.desk.time_spent import entries as time_entries
from helpdesk.desk.unit_of_work import fields, further_requesters
from helpdesk.desk.unit_of_work.recorder import TicketChange
from helpdesk.domain.entry_type import EntryType
from helpdesk.domain.errors import ConflictError, RefusedError
from helpdesk.domain.roles import Right
from helpdesk.domain.tags import TagChange
from helpdesk.domain.ticket import Verb
from helpdesk.store.models import TicketEvent
from helpdesk.store.ticket import relations, tickets


@dataclass(frozen=True, slots=True)
class UndoableChange:
    """The change of a ticket that would be undone.

    :ivar version: the version of the ticket that the change led to.
    :ivar words: what was done, such as "claiming".
    :ivar possible: False if it is of a kind that cannot be undone, or another agent's.
    """

    number: int
    version: int
    subject: str
    words: str
    at: datetime
    possible: bool


@dataclass(frozen=True, slots=True)
class Undo:
    """Undo the acting agent's last change of a ticket; see :func:`undo`.

    :ivar version: the version that the change to undo led to; 0 for the last change.
    """

    version: int = 0
    verb: ClassVar[Verb] = Verb.UNDO

    def apply(self, desk: Desk, change: TicketChange) -> None:
        """Restore what the change altered, and record that it was undone.

        :raises ConflictError: if the ticket was changed since.
        :raises RefusedError: if the change cannot be undone.
        """
        entries = _last_change(change)
        _require_own(change, entries)
        if self.version not in (0, entries[0].data["version"]):
            raise ConflictError(f"{change.ref} was changed since by yourself: undo that first.")
        before = {name: value for entry in entries for name, value in _before(entry).items()}
        tickets.restore_columns(change.ticket, before)
        for entry in entries:
            _undo_related_rows(change, entry)
        undo_links.undo_links(change, entries)
        words = _words(entries)
        change.record(EntryType.UNDONE, data={"of": entries[0].data["version"], "what": words})


def undo(
    desk: Desk,
    numbers: Sequence[int],
    *,
    rest: bool = False,
    versions: Mapping[int, int] | None = None,
) -> BulkOutcome:
    """Undo the acting agent's last change of each of these tickets.

    :param rest: if some tickets refuse, undo the changes of the other ones anyway.
    :param versions: by ticket number, the version that the change to undo led to; 0 or missing for
        the last change.
    :returns: the result, in which a ticket refuses if somebody changed it since, or if its change
        cannot be undone.
    """
    led_to = versions or {}
    return bulk.apply(
        desk, numbers, {number: [Undo(led_to.get(number, 0))] for number in numbers}, rest=rest
    )


def last_changes(desk: Desk, numbers: Sequence[int]) -> tuple[UndoableChange, ...]:
    """Return the newest change of each of these tickets, which :func:`undo` would undo.

    :raises NotFoundError: if there is no such ticket.
    """
    desk.require(Right.READ)
    found = []
    with desk.database.read() as session:
        for number in numbers:
            ticket = tickets.load(session, number)
            entries = _entries_to_undo(session, number)
            if entries:
                words = _words(entries)
                led_to = int(entries[0].data.get("version", 0))
                possible = entries[0].actor_id == desk.agent_id and all(
                    entry.type.undo_name for entry in entries
                )
                found.append(
                    UndoableChange(number, led_to, ticket.subject, words, entries[-1].at, possible)
                )
    return tuple(found)


def _words(entries: Sequence[TicketEvent]) -> str:
    names = (entry.type.undo_name or f"“{entry.type.shown}”" for entry in entries)
    return ", ".join(dict.fromkeys(names))


def _last_change(change: TicketChange) -> list[TicketEvent]:
    return _entries_to_undo(change.session, change.ticket.id)


def _entries_to_undo(session: Session, number: int) -> list[TicketEvent]:
    """Return the entries of the newest change that has not been undone, without those of alarms."""
    rows = tickets.events(session, number)
    own: list[TicketEvent] = [event for event, _ in rows if not event.type.keeps_version]
    undone = {event.data["of"] for event in own if event.type is EntryType.UNDONE}
    changes = [list(group) for _, group in groupby(own, lambda event: event.data.get("version"))]
    for entries in reversed(changes):
        types = {entry.type for entry in entries}
        was_undone = entries[0].data.get("version") in undone
        automatic = types == {EntryType.ESCALATED_TO_LEAD} and entries[0].actor_id is None
        if automatic or EntryType.UNDONE in types or was_undone:
            continue
        return entries
    return []


def _require_own(change: TicketChange, entries: Sequence[TicketEvent]) -> None:
    actor = entries[0].actor_id if entries else None
    if not entries or entries[0].type is EntryType.LOGGED:
        raise RefusedError(f"{change.ref} has nothing to undo: it was only logged so far.")
    if actor != change.actor_id:
        login = tickets.login_of(change.session, actor) or "helpdesk"
        entry = entries[-1]
        raise ConflictError(
            f"{change.ref} was changed since: {login} {entry.type.shown} at "
            f"{entry.at:%H:%M:%S} UTC; nothing was undone."
        )
    undo_links.require_nothing_sent(change, entries)
    for entry in entries:
        _require_no_duplicates(change, entry)
        if entry.data.get("left"):
            raise RefusedError(
                f"{change.ref} cannot be put back: it left {entry.data['left']} when it was "
                "reopened; merge it again (M)."
            )
        if not entry.type.undo_name:
            raise RefusedError(
                f"{change.ref} cannot be put back: {entry.type.not_undoable_because} "
                f"({entry.type.shown})."
            )


def _require_no_duplicates(change: TicketChange, entry: TicketEvent) -> None:
    """Refuse to undo a resolution that also resolved duplicates of the ticket."""
    if entry.type is EntryType.RESOLVED and tickets.has_duplicate_resolved_at(
        change.session, change.ticket.id, entry.at
    ):
        raise RefusedError(
            f"{change.ref} cannot be put back: its duplicates were resolved with it; reopen it."
        )


def _before(entry: TicketEvent) -> Mapping[str, Any]:
    before: Mapping[str, Any] = entry.data.get("before", {})
    return before


def _undo_related_rows(change: TicketChange, entry: TicketEvent) -> None:
    """Undo what an entry's change did outside the ticket's own row."""
    if entry.type is EntryType.TAGGED:
        fields.set_tags(change, TagChange(_texts(entry, "removed"), _texts(entry, "added")))
    if entry.type is EntryType.CHANGED:
        further_requesters.undo(change, entry.data)
    if entry.type is EntryType.RESOLVED and entry.data.get("article"):
        tickets.forget_article(change.session, change.ticket.id, entry.data["article"], entry.at)
    if entry.type is EntryType.REAPPEARED:
        relations.remove_recurrence(change.session, change.ticket.id)
    if entry.type is EntryType.SPLIT:
        splitting.end_part(change, entry)
    if entry.type is EntryType.SPENT:
        time_entries.undo_recording(change, entry.data["entry"])


def _texts(entry: TicketEvent, name: str) -> tuple[str, ...]:
    found: Iterable[str] = entry.data.get(name, ())
    return tuple(found)
