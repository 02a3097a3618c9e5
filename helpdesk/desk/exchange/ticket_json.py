"""Represent tickets as JSON; the field names are part of the command-line contract."""

from typing import Any

from helpdesk.desk.people.views import PersonView
from helpdesk.desk.queue.views import QueueRow
from helpdesk.desk.sla.views import ClockView
from helpdesk.desk.ticket.views import EventView, TicketView
from helpdesk.domain.support_hours.instant import optional_instant_text
from helpdesk.domain.ticket_fields import TICKET_FIELDS, FieldType, TicketField


def row_json(row: QueueRow) -> dict[str, Any]:
    """Return a row of a ticket list as a JSON object."""
    return {
        **_common(row),
        "requester": row.requester or None,
        "requester_name": row.requester_name or None,
        "duplicate_of": row.duplicate_of or None,
        "reappeared": row.reappeared or None,
        "requester_wrote": row.requester_wrote,
        "clocks": [_clock_json(clock) for clock in row.clocks],
    }


def ticket_json(ticket: TicketView) -> dict[str, Any]:
    """Return a whole ticket as a JSON object."""
    hand_over = ticket.hand_over
    return {
        **_common(ticket),
        "requester": (ticket.requester.mail or None) if ticket.requester else None,
        "requester_name": ticket.requester.name if ticket.requester else None,
        "person": person_json(ticket.requester) if ticket.requester else None,
        "body": ticket.body,
        "waiting_until": optional_instant_text(ticket.waiting_until),
        "resolved_at": optional_instant_text(ticket.resolved_at),
        "closed_at": optional_instant_text(ticket.closed_at),
        "csat": ticket.csat,
        "with_lead_since": optional_instant_text(ticket.with_lead_since),
        "returns": ticket.returns,
        "levels": [
            {
                "level": stay.level,
                "wall_s": stay.wall_s,
                "support_s": stay.support_s,
                "visits": stay.visits,
            }
            for stay in ticket.stays
        ],
        "watchers": list(ticket.watchers),
        "contract": None
        if ticket.contract is None
        else {
            "valid": ticket.contract.valid,
            "starts": ticket.contract.starts or None,
            "ends": ticket.contract.ends or None,
            "levels": list(ticket.contract.levels),
            "channels": list(ticket.contract.channels),
        },
        "at_breach": list(ticket.at_breach),
        "policy": ticket.policy,
        "policy_version": ticket.policy_version,
        "support_hours": ticket.support_hours,
        "clocks": [_clock_json(clock) for clock in ticket.clocks],
        "ola": None if ticket.level_clock is None else _clock_json(ticket.level_clock),
        "hand_over": None
        if hand_over is None
        else {
            "at": optional_instant_text(hand_over.at),
            "actor": hand_over.actor,
            "from": hand_over.source,
            "to": hand_over.target,
            "reason": hand_over.reason,
            "tried": hand_over.note.tried,
            "known": hand_over.note.known,
            "asked": hand_over.note.asked,
            "references": hand_over.note.references,
        },
        "events": [_event_json(event) for event in ticket.events],
        "links": [
            {
                "kind": link.kind,
                "outward": link.outward,
                "id": link.ref,
                "subject": link.subject,
                "state": link.state,
            }
            for link in ticket.links
        ],
        "articles": list(ticket.articles),
        "minutes_spent": ticket.minutes,
        "billable_minutes": ticket.billable_minutes,
        "merged_into": ticket.merged_into or None,
        "requester_wrote": ticket.requester_wrote,
        "further_requesters": [person.called for person in ticket.further_requesters],
        "further_people": [person_json(person) for person in ticket.further_requesters],
        "reappeared": None
        if ticket.reappeared is None
        else {
            "problem": ticket.reappeared.problem or None,
            "change": ticket.reappeared.change or None,
        },
    }


def person_json(person: PersonView) -> dict[str, Any]:
    """Return a person as a JSON object."""
    return {
        "id": person.ref or None,
        "name": person.name,
        "mail": person.mail or None,
        "further_mails": list(person.further_mails),
        "customer": person.customer or None,
        "phone": person.phone or None,
        "room": person.room or None,
        "device": person.device or None,
        "language": person.language or None,
        "vip": person.vip,
        "note": person.note or None,
        "customer_note": person.customer_note or None,
        "version": person.version,
    }


def _common(ticket: TicketView | QueueRow) -> dict[str, Any]:
    return {
        "id": ticket.ref,
        **{field.name: _value(field, ticket) for field in TICKET_FIELDS if field.in_json},
        "version": ticket.version,
    }


def _value(field: TicketField, ticket: TicketView | QueueRow) -> Any:
    value = getattr(ticket, field.name)
    match field.field_type:
        case FieldType.TIME:
            return optional_instant_text(value)
        case FieldType.TAGS:
            return list(value)
        case FieldType.NAME | FieldType.TEXT:
            return value or None
    return value


def _clock_json(clock: ClockView) -> dict[str, Any]:
    return {
        "name": clock.name,
        "target_s": clock.target_s,
        "due_at": optional_instant_text(clock.due_at),
        "remaining_s": clock.remaining_s,
        "state": clock.state,
        "met_at": optional_instant_text(clock.met_at),
        "breached_at": optional_instant_text(clock.breached_at),
        "standing": clock.standing or "in_force",
    }


def _event_json(event: EventView) -> dict[str, Any]:
    return {
        **event.data,
        "at": optional_instant_text(event.at),
        "actor": event.actor,
        "type": event.type,
        "public": event.public,
        "text": event.text,
    }
