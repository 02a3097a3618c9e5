"""Taking back what was done, where nothing has left the house.

The timeline keeps both: what was done, and that it was taken back.  Whatever is computed from a
timeline passes over both (see ``history.standing``), so clocks stand as if it had never been done.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, ClassVar

from helpdesk.desk.bulk import bulk
from helpdesk.desk.bulk.bulk import Outcome
from helpdesk.desk.session import Desk
from helpdesk.desk.unit_of_work import fields
from helpdesk.desk.unit_of_work.recorder import Change
from helpdesk.domain.entry_type import EntryType
from helpdesk.domain.errors import ConflictError, RefusedError
from helpdesk.domain.tags import TagChange
from helpdesk.domain.ticket import Verb
from helpdesk.store.models import TicketEvent
from helpdesk.store.ticket import tickets


@dataclass(frozen=True, slots=True)
class Undo:
    """Take back the acting agent's last change; see :func:`undo`.

    :ivar version: the version to which that change led; 0: whichever it is.
    """

    version: int = 0
    verb: ClassVar[Verb] = Verb.UNDO

    def apply(self, desk: Desk, change: Change) -> None:
        """Put back what the change altered, and record that it was undone."""
        entries = _last_change(change)
        _require_own(change, entries)
        if self.version not in (0, entries[0].data["version"]):
            raise ConflictError(f"{change.ref} was changed since by yourself: undo that first.")
        what = [entry.type for entry in entries]
        before = {name: value for entry in entries for name, value in _before(entry).items()}
        tickets.restore_columns(change.ticket, before)
        for entry in entries:
            _take_back(change, entry)
        words = ", ".join(dict.fromkeys(one.undone_as for one in what))
        change.record(EntryType.UNDONE, data={"of": entries[0].data["version"], "what": words})


def undo(
    desk: Desk,
    numbers: Sequence[int],
    *,
    rest: bool = False,
    versions: Mapping[int, int] | None = None,
) -> Outcome:
    """Take back the acting agent's last change of each of these tickets.

    :param versions: the version to which the change of each ticket led that is meant; 0 or none:
        its last one.
    :returns: with the refusals, if somebody changed a ticket since, or it cannot be taken back; all
        or nothing is done, unless ``rest``.
    """
    meant = versions or {}
    return bulk.apply(
        desk, numbers, {number: [Undo(meant.get(number, 0))] for number in numbers}, rest=rest
    )


def _last_change(change: Change) -> list[TicketEvent]:
    """Return the entries of the newest change that counts, alarms aside."""
    rows = tickets.events(change.session, change.ticket.id)
    every: list[TicketEvent] = [event for event, _ in rows if not event.type.is_aside]
    undone = {event.data["of"] for event in every if event.type is EntryType.UNDONE}
    changes = [list(group) for _, group in groupby(every, lambda one: one.data.get("version"))]
    for entries in reversed(changes):
        types = {entry.type for entry in entries}
        taken_back = entries[0].data.get("version") in undone
        by_itself = types == {EntryType.ESCALATED_TO_LEAD} and entries[0].actor_id is None
        if by_itself or EntryType.UNDONE in types or taken_back:
            continue
        return entries
    return []


def _require_own(change: Change, entries: Sequence[TicketEvent]) -> None:
    actor = entries[0].actor_id if entries else None
    if not entries or entries[0].type is EntryType.LOGGED:
        raise RefusedError(f"{change.ref} has nothing to undo: it was only logged so far.")
    if actor != change.actor_id:
        who = tickets.login_of(change.session, actor) or "helpdesk"
        entry = entries[-1]
        raise ConflictError(
            f"{change.ref} was changed since: {who} {entry.type} at {entry.at:%H:%M:%S} UTC; "
            "nothing was undone."
        )
    for entry in entries:
        _require_alone(change, entry)
        if not entry.type.undone_as:
            raise RefusedError(
                f"{change.ref} cannot be put back: {entry.type.kept_because} ({entry.type})."
            )


def _require_alone(change: Change, entry: TicketEvent) -> None:
    """Refuse to undo what also resolved the duplicates of a ticket."""
    if entry.type is EntryType.RESOLVED and tickets.resolved_beside(
        change.session, change.ticket.id, entry.at
    ):
        raise RefusedError(
            f"{change.ref} cannot be put back: its duplicates were resolved with it; reopen it."
        )


def _before(entry: TicketEvent) -> Mapping[str, Any]:
    before: Mapping[str, Any] = entry.data.get("before", {})
    return before


def _take_back(change: Change, entry: TicketEvent) -> None:
    """Take back what a change did beside the ticket's own row."""
    if entry.type is EntryType.TAGGED:
        fields.put_tags(change, TagChange(_texts(entry, "removed"), _texts(entry, "added")))
    if entry.type is EntryType.RESOLVED and entry.data.get("article"):
        tickets.forget_article(change.session, change.ticket.id, entry.data["article"], entry.at)


def _texts(entry: TicketEvent, name: str) -> tuple[str, ...]:
    found: Iterable[str] = entry.data.get(name, ())
    return tuple(found)
