"""Changing what a ticket says about itself: each changed field is in the timeline."""

from dataclasses import dataclass
from typing import Any

from helpdesk.desk.people.requesters import find_customer, find_requester, find_service
from helpdesk.desk.sla import agreement
from helpdesk.desk.unit_of_work.recorder import Change
from helpdesk.domain.entry_type import EntryType
from helpdesk.domain.errors import RefusedError
from helpdesk.domain.tags import TagChange, changed, read_tag
from helpdesk.domain.ticket_fields import SETTABLE, ChosenFields, accepted_values
from helpdesk.store.models import Customer, Requester, Service
from helpdesk.store.ticket import tags

_STORED = tuple(field for field in SETTABLE if field.is_stored)


@dataclass(frozen=True, slots=True)
class Wanted(ChosenFields):
    """The new values; None leaves a field as it is."""

    subject: str | None = None
    service: str | None = None
    customer: str | None = None
    requester: str | None = None
    tags: TagChange | None = None


def change(under_way: Change, wanted: Wanted, because: str = "") -> None:
    """Put the wanted values into the ticket, and let priority and SLA policy follow.

    :param because: the reason, where nobody did it by hand.
    :raises RefusedError: if nothing was wanted or a value is no good.
    """
    if wanted == Wanted():
        raise RefusedError(
            f"{under_way.ref} is not changed: name a field to set (such as --impact high)."
        )
    if wanted.tags is not None:
        tag(under_way, wanted.tags)
    changes = [*_plain_changes(under_way, wanted), *_related_changes(under_way, wanted)]
    ticket = under_way.ticket
    rules = agreement.rules_in_force(under_way.session)
    priority = rules.priority_of(ticket.impact, ticket.urgency)
    if priority is not ticket.priority:
        changes.append(_changed("priority", ticket.priority, priority))
        ticket.priority = priority
    if not changes:
        return
    promise = agreement.for_ticket(under_way.session, ticket, under_way.now)
    under_way.stand_under(promise)
    data: dict[str, Any] = {"changes": changes, "promise": promise.as_data()}
    under_way.record(EntryType.CHANGED, data={**data, "reason": because} if because else data)


def tag(under_way: Change, wanted: TagChange) -> None:
    """Change the tags of a ticket; nothing is recorded where all is as wanted already.

    :raises RefusedError: if one is no tag, or they would be too many.
    """
    read = TagChange(tuple(map(read_tag, wanted.add)), wanted.remove)
    before, after = put_tags(under_way, read)
    if after == before:
        return
    added, removed = sorted(set(after) - set(before)), sorted(set(before) - set(after))
    signed = [*(f"+{one}" for one in added), *(f"-{one}" for one in removed)]
    data = {"tags": " ".join(signed), "added": added, "removed": removed}
    under_way.record(EntryType.TAGGED, data=data)


def put_tags(under_way: Change, wanted: TagChange) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Change the tags without an entry; return them before and after."""
    number = under_way.ticket.id
    before = tags.of_ticket(under_way.session, number)
    after = changed(before, wanted)
    if after != before:
        tags.replace(under_way.session, number, after)
    return before, after


def _changed(field: str, before: Any, after: Any) -> dict[str, str]:
    return {"field": field, "from": str(before or ""), "to": str(after or "")}


def _plain_changes(under_way: Change, wanted: Wanted) -> list[dict[str, str]]:
    ticket = under_way.ticket
    changes = []
    for name, after in accepted_values(wanted, _STORED).items():
        before = getattr(ticket, name)
        if after != before:
            setattr(ticket, name, after)
            changes.append(_changed(name, before, after))
    return changes


def _related_changes(under_way: Change, wanted: Wanted) -> list[dict[str, str]]:
    session, ticket = under_way.session, under_way.ticket
    changes = []
    if wanted.requester is not None:
        person = find_requester(session, wanted.requester)
        if person.id != ticket.requester_id:
            before = session.get(Requester, ticket.requester_id or 0)
            changes.append(_changed("requester", before and before.mail, person.mail))
            ticket.requester_id = person.id
    if wanted.customer is not None:
        customer = find_customer(session, wanted.customer)
        if customer.id != ticket.customer_id:
            was = session.get(Customer, ticket.customer_id or 0)
            changes.append(_changed("customer", was and was.name, customer.name))
            ticket.customer_id = customer.id
    if wanted.service is not None:
        service = find_service(session, wanted.service)
        if service.id != ticket.service_id:
            had = session.get(Service, ticket.service_id or 0)
            changes.append(_changed("service", had and had.name, service.name))
            ticket.service_id = service.id
    return changes
