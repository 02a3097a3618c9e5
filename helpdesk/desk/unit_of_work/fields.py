"""Change the fields and tags of a ticket; every changed field is recorded in the timeline."""

from dataclasses import dataclass, replace
from typing import Any

from helpdesk.desk.people.confidential_people import require_may_name
from helpdesk.desk.people.requesters import find_customer, find_requester, find_service, named_as
from helpdesk.desk.sla import agreement, ticket_clocks
from helpdesk.desk.unit_of_work import further_requesters
from helpdesk.desk.unit_of_work.further_requesters import FurtherRequesters
from helpdesk.desk.unit_of_work.recorder import TicketChange
from helpdesk.domain.entry_type import EntryType
from helpdesk.domain.errors import RefusedError
from helpdesk.domain.i18n import _
from helpdesk.domain.tags import TagChange, apply_change, read_tag
from helpdesk.domain.ticket import Kind, LinkKind
from helpdesk.domain.ticket_fields import SETTABLE, ChosenFields, accepted_values
from helpdesk.store.models import Customer, Requester, Service
from helpdesk.store.ticket import relations, tags

#: By changing one of these, a person decides on the priority.
_PRIORITY_FIELDS = frozenset({"impact", "urgency", "priority"})
_STORED = tuple(field for field in SETTABLE if field.is_stored)


@dataclass(frozen=True, slots=True)
class FieldChanges(ChosenFields):
    """New values for the fields of a ticket; None leaves a field unchanged."""

    subject: str | None = None
    service: str | None = None
    customer: str | None = None
    requester: str | None = None
    callback: str | None = None
    tags: TagChange | None = None
    further: FurtherRequesters | None = None
    new_person: bool | None = None


def change_fields(change: TicketChange, wanted: FieldChanges, because: str = "") -> None:
    """Set fields of a ticket, then recompute its priority and its SLA agreement.

    A priority that an alarm raises leaves the agreement alone, so that the alarm does not breach
    the ticket that it should save.  The targets stay until a person changes the priority.

    :param because: the alarm, if one and not a person makes the change.
    :raises RefusedError: if no field is given or a value is not valid.
    """
    if replace(wanted, new_person=None) == FieldChanges():
        raise RefusedError(
            f"{change.ref} is not changed: name a field to set (such as --impact high)."
        )
    kept = ticket_clocks.history_of(change.session, change.ticket.id).targets_of
    before = change.ticket.priority
    if wanted.tags is not None:
        change_tags(change, wanted.tags)
    changes = [*_plain_changes(change, wanted), *_related_changes(change, wanted)]
    moved: dict[str, list[int]] = {}
    if wanted.further is not None:
        more, moved = further_requesters.change(change, wanted.further, wanted.new_person)
        changes += more
    ticket = change.ticket
    rules = agreement.rules_in_force(change.session)
    priority = rules.priority_of(ticket.impact, ticket.urgency)
    if priority is not ticket.priority:
        changes.append(_changed("priority", ticket.priority, priority))
        ticket.priority = priority
    if not changes:
        return
    data: dict[str, Any] = {"changes": changes, **moved}
    if because:
        data |= {"reason": because, "targets_of": kept or before}
    else:
        if any(each["field"] in _PRIORITY_FIELDS for each in changes):
            kept = None
        sla = agreement.for_ticket(change.session, ticket, change.now, kept)
        change.apply_agreement(sla)
        data |= {"promise": sla.as_data()} | ({"targets_of": kept} if kept else {})
    change.record(EntryType.CHANGED, data=data)


def change_tags(change: TicketChange, wanted: TagChange) -> None:
    """Add tags to a ticket and remove tags from it; record nothing if that changes nothing.

    :raises RefusedError: if a tag is not valid, or the ticket would have too many.
    """
    valid = TagChange(tuple(map(read_tag, wanted.add)), wanted.remove)
    before, after = set_tags(change, valid)
    if after == before:
        return
    added, removed = sorted(set(after) - set(before)), sorted(set(before) - set(after))
    signed = [*(f"+{one}" for one in added), *(f"-{one}" for one in removed)]
    data = {"tags": " ".join(signed), "added": added, "removed": removed}
    change.record(EntryType.TAGGED, data=data)


def set_tags(change: TicketChange, wanted: TagChange) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Change the tags without a timeline entry; return them before and after."""
    number = change.ticket.id
    before = tags.of_ticket(change.session, number)
    after = apply_change(before, wanted)
    if after != before:
        tags.replace(change.session, number, after)
    return before, after


def _changed(field: str, before: Any, after: Any) -> dict[str, str]:
    return {"field": field, "from": str(before or ""), "to": str(after or "")}


def _plain_changes(change: TicketChange, wanted: FieldChanges) -> list[dict[str, str]]:
    ticket = change.ticket
    changes = []
    for name, after in accepted_values(wanted, _STORED).items():
        before = getattr(ticket, name)
        if after != before:
            if name == "kind":
                _require_no_links_to(change, before)
            setattr(ticket, name, after)
            changes.append(_changed(name, before, after))
    return changes


def _require_no_links_to(change: TicketChange, kind: Kind) -> None:
    """Refuse another kind for a problem or change to which tickets are linked as one."""
    if kind not in (Kind.PROBLEM, Kind.CHANGE):
        return
    if relations.has_linked(change.session, change.ticket.id, LinkKind(kind)):
        raise RefusedError(
            _(
                "{ticket} stays a {kind}, because tickets are linked to it as their {kind}: remove "
                "these links first (ticket list --query '{kind}:{ticket}' names them)."
            ).format(ticket=change.ref, kind=kind)
        )


def _related_changes(change: TicketChange, wanted: FieldChanges) -> list[dict[str, str]]:
    session, ticket = change.session, change.ticket
    changes = []
    if wanted.requester is not None:
        person = find_requester(session, wanted.requester, new=wanted.new_person)
        require_may_name(session, person)
        if person.id != ticket.requester_id:
            old_person = session.get(Requester, ticket.requester_id or 0)
            changes.append(_changed("requester", named_as(old_person), named_as(person)))
            ticket.requester_id = person.id
    if wanted.customer is not None:
        customer = find_customer(session, wanted.customer)
        if customer.id != ticket.customer_id:
            old_customer = session.get(Customer, ticket.customer_id or 0)
            changes.append(_changed("customer", old_customer and old_customer.name, customer.name))
            ticket.customer_id = customer.id
    if wanted.service is not None:
        service = find_service(session, wanted.service)
        if service.id != ticket.service_id:
            old_service = session.get(Service, ticket.service_id or 0)
            changes.append(_changed("service", old_service and old_service.name, service.name))
            ticket.service_id = service.id
    return changes
