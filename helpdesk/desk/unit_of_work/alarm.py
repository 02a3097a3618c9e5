"""Raise an alarm at a warning or a breach: record it and carry out the policy's actions.

The timeline entry changes nothing that a person edits, so the ticket keeps its version; the
policy's actions (raise the priority, escalate) are changes like any other.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from helpdesk.desk.people import levels
from helpdesk.desk.sla import agreement
from helpdesk.desk.sla.due_times import Alarm
from helpdesk.desk.unit_of_work.fields import FieldChanges, change_fields
from helpdesk.desk.unit_of_work.recorder import TicketChange, hand_over_data
from helpdesk.domain.entry_type import EntryType
from helpdesk.domain.escalation import HandOver, Level
from helpdesk.domain.priority import Impact, Urgency, raise_priority
from helpdesk.domain.sla.alarms import AlarmAction
from helpdesk.domain.sla.clock import clock_title
from helpdesk.store.models import Ticket
from helpdesk.store.ticket import tickets

_NOTIFIED = {AlarmAction.NOTIFY_ASSIGNEE: "assignee", AlarmAction.NOTIFY_LEAD: "lead"}


@dataclass(frozen=True, slots=True)
class _Plan:
    """What the policy's actions do to this ticket.

    :ivar left_undone: a phrase for each action that is impossible.
    """

    raise_to: tuple[Impact, Urgency] | None = None
    escalate_to: Level | None = None
    to_lead: bool = False
    left_undone: tuple[str, ...] = ()


def raise_alarm(change: TicketChange, alarm: Alarm) -> None:
    """Record an alarm and carry out the actions that the policy names for it."""
    plan = _plan(change.session, change.ticket, alarm)
    _record(change, alarm, plan)
    reason = _reason(alarm, change.ticket.queue)
    if plan.raise_to is not None:
        impact, urgency = plan.raise_to
        change_fields(change, FieldChanges(impact=impact, urgency=urgency), because=reason)
    if plan.to_lead:
        change.escalate_to_lead(reason)
    if plan.escalate_to is not None:
        change.hand_over(EntryType.ESCALATED, plan.escalate_to, hand_over_data(reason, HandOver()))


def _plan(session: Session, ticket: Ticket, alarm: Alarm) -> _Plan:
    rules = agreement.rules_in_force(session)
    impossible = []
    raise_to = escalate_to = None
    if AlarmAction.RAISE_PRIORITY in alarm.actions:
        raise_to = raise_priority(rules.matrix, ticket.impact, ticket.urgency)
        if raise_to is None:
            impossible.append(f"{ticket.priority} cannot be raised")
    if AlarmAction.ESCALATE in alarm.actions:
        escalate_to = rules.ladder.get(ticket.queue)
        if escalate_to is None:
            impossible.append(f"nothing is above {ticket.queue}")
        elif escalate_to not in levels.contracted_levels(session, ticket):
            impossible.append(f"{escalate_to} is not in the customer's contract")
            escalate_to = None
        elif not levels.is_served(session, escalate_to, ticket.customer_id):
            impossible.append(f"nobody serves {escalate_to}")
            escalate_to = None
    return _Plan(
        raise_to=raise_to,
        escalate_to=escalate_to,
        to_lead=AlarmAction.ESCALATE_TO_LEAD in alarm.actions and ticket.with_lead_since is None,
        left_undone=tuple(impossible),
    )


def _record(change: TicketChange, alarm: Alarm, plan: _Plan) -> None:
    session, ticket = change.session, change.ticket
    data = alarm_data(alarm, ticket.queue, tickets.login_of(session, ticket.assignee_id))
    if plan.left_undone:
        data["left_undone"] = list(plan.left_undone)
    change.record_system_entry(alarm_type(alarm), alarm.mark.at, data)


def alarm_type(alarm: Alarm) -> EntryType:
    """Return the type of an alarm's timeline entry."""
    return EntryType.BREACHED if alarm.is_breach else EntryType.WARNED


def alarm_data(alarm: Alarm, queue: Level, assignee: str) -> dict[str, Any]:
    """Return the data of an alarm's timeline entry.

    :param queue: the level where the ticket is.
    :param assignee: the assignee's login, or "".
    """
    return {
        "clock": alarm.clock,
        "percent": alarm.mark.percent,
        "due_at": f"{alarm.mark.due_at:%Y-%m-%dT%H:%M:%SZ}",
        "level": queue,
        "assignee": assignee,
        "notify": [_NOTIFIED[action] for action in alarm.actions if action in _NOTIFIED],
    }


def _reason(alarm: Alarm, level: Level) -> str:
    name = clock_title(alarm.clock, level)
    return f"{name} breached" if alarm.is_breach else f"{name}: {alarm.mark.percent} % used"
