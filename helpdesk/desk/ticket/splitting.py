"""Split a ticket: log a part of it as a new ticket, to which chosen entries go along."""

from collections.abc import Sequence

from helpdesk.desk.people.requesters import named_as
from helpdesk.desk.session import Desk
from helpdesk.desk.ticket.add_link import add_link
from helpdesk.desk.ticket.links import Link
from helpdesk.desk.ticket.log_query import log_in_transaction
from helpdesk.desk.ticket.show_ticket import show
from helpdesk.desk.ticket.views import NewQuery, TicketView
from helpdesk.desk.unit_of_work import fields
from helpdesk.desk.unit_of_work.recorder import TicketChange
from helpdesk.desk.unit_of_work.transaction import changing
from helpdesk.domain.entry_type import EntryType
from helpdesk.domain.errors import RefusedError
from helpdesk.domain.i18n import _
from helpdesk.domain.person import FURTHER_REQUESTER, person_ref
from helpdesk.domain.tags import TagChange
from helpdesk.domain.ticket import LinkKind, State, Verb, parse_ref
from helpdesk.domain.ticket_fields import LOGGED, values_of
from helpdesk.store.models import Customer, Requester, Service, TicketEvent
from helpdesk.store.ticket import relations, tags, tickets

#: The entries that can go along: the texts of people.
MOVABLE = (EntryType.REQUESTER_WROTE, EntryType.REPLIED, EntryType.NOTED, EntryType.BROUGHT)
_CARRIED_OVER = tuple(field for field in LOGGED if field.is_stored)


def split(
    desk: Desk,
    number: int,
    subject: str,
    body: str = "",
    version: int | None = None,
    entries: Sequence[int] = (),
) -> TicketView:
    """Log a part of a ticket as a new one with the same people, customer, service and tags.

    The new ticket starts in the same queue, with clocks of its own; the two are linked, and each
    names the other.  The chosen entries go along with their authors and times.  They answer nobody:
    an answer among them meets no clock of the new ticket.

    :param version: the version of the ticket that the agent has seen; None for the current one.
    :param entries: the places of the entries in the timeline, which begins with 1.
    :returns: the new ticket.
    :raises ConflictError: if the ticket has another version.
    :raises NotFoundError: if there is no such ticket.
    :raises RefusedError: if the subject is empty, or an entry does not exist or has no text of a
        person.
    """
    with changing(desk, number, Verb.SPLIT, version) as change:
        chosen = _chosen(change, entries)
        session, ticket = change.session, change.ticket
        requester = session.get(Requester, ticket.requester_id or 0)
        customer = session.get(Customer, ticket.customer_id or 0)
        service = session.get(Service, ticket.service_id or 0)
        query = NewQuery(
            **{**values_of(ticket, _CARRIED_OVER), "subject": subject},
            body=body,
            requester=person_ref(requester.id) if requester else "",
            customer=customer.name if customer else "",
            service=service.name if service else "",
        )
        part = change.for_other_ticket(log_in_transaction(desk, session, query))
        Link(number, LinkKind.SPLIT).apply(desk, part)
        _bring_people_and_tags(change, part)
        for entry, login in chosen:
            _bring(change, part, entry, login)
        part.finish()
        data: dict[str, object] = {"into": part.ref, "subject": part.ticket.subject}
        if entries:
            data["entries"] = sorted(set(entries))
        change.record(EntryType.SPLIT, data={**data, "moved": {"version": part.ticket.version}})
        new = part.ticket.id
    return show(desk, new)


def _chosen(change: TicketChange, places: Sequence[int]) -> list[tuple[TicketEvent, str]]:
    """Return the chosen entries with their authors' logins, oldest first."""
    rows = tickets.events(change.session, change.ticket.id)
    for place in places:
        if not 1 <= place <= len(rows):
            raise RefusedError(
                _(
                    "{ticket} has no entry {place}: 'ticket show' lists {count}, the first is 1."
                ).format(ticket=change.ref, place=place, count=len(rows))
            )
        entry = rows[place - 1][0]
        if entry.type not in MOVABLE:
            raise RefusedError(
                _(
                    "entry {place} of {ticket} ({type}) has no text of a person: name notes, "
                    "replies or messages (--entries)."
                ).format(ticket=change.ref, place=place, type=entry.type.shown)
            )
    return [(rows[place - 1][0], rows[place - 1][1] or "") for place in sorted(set(places))]


def _bring_people_and_tags(change: TicketChange, part: TicketChange) -> None:
    session, number = change.session, part.ticket.id
    people = relations.further_requesters(session, change.ticket.id)
    for person in people:
        relations.add_requester(session, number, person.id, number, part.now)
    if people:
        changes = [
            {"field": FURTHER_REQUESTER, "from": "", "to": named_as(person)} for person in people
        ]
        part.record(EntryType.CHANGED, data={"changes": changes})
    more = tags.of_ticket(session, change.ticket.id)
    if more:
        fields.change_tags(part, TagChange(add=more))


def _bring(change: TicketChange, part: TicketChange, entry: TicketEvent, login: str) -> None:
    brought = entry.type is EntryType.BROUGHT
    data = (
        {name: entry.data.get(name, "") for name in ("from", "was", "by", "at")}
        if brought
        else {
            "from": change.ref,
            "was": str(entry.type),
            "by": login,
            "at": f"{entry.at:%Y-%m-%dT%H:%M:%SZ}",
        }
    )
    part.record(EntryType.BROUGHT, entry.text, public=entry.public, data=data)


def end_part(change: TicketChange, entry: TicketEvent) -> None:
    """End the part because the split is undone: it is merged back, as it was never worked on.

    :param entry: the entry of the split.
    :raises RefusedError: if the part was changed since.
    """
    session = change.session
    ticket = tickets.load(session, parse_ref(entry.data["into"]))
    part = change.for_other_ticket(ticket)
    if ticket.version != entry.data.get("moved", {}).get("version"):
        raise RefusedError(
            _("{part} was changed since it was split off: merge it into {ticket} (M).").format(
                part=part.ref, ticket=change.ref
            )
        )
    add_link(part, change.ticket.id, LinkKind.DUPLICATE)
    part.set_state(State.RESOLVED)
    ticket.resolved_at = part.now
    part.record(EntryType.MERGED, data={"into": change.ref})
    part.finish()
