"""Carry out the due actions of one ticket: those of the desk itself, without an agent.

Each timeline entry gets the time at which the action was due, however late it is carried out, and
no actor.
"""

from datetime import datetime

from sqlalchemy.orm import Session

from helpdesk.desk.sla import due_times, ticket_clocks
from helpdesk.desk.sla.due_times import DueAction, DueActionKind
from helpdesk.desk.unit_of_work.alarm import raise_alarm
from helpdesk.desk.unit_of_work.recorder import TicketChange
from helpdesk.domain.entry_type import EntryType
from helpdesk.domain.ticket import State
from helpdesk.store.models import Ticket
from helpdesk.store.ticket import tickets

#: A limit against endless loops: no sensible policy causes so many actions on a ticket at once.
_MAX_ACTIONS = 500


def act_until(session: Session, ticket: Ticket, now: datetime) -> int:
    """Carry out every action of a ticket that is due by ``now``, in the order of their due times.

    :returns: the number of actions.
    """
    actions = 0
    while ticket.act_at is not None and ticket.act_at <= now and actions < _MAX_ACTIONS:
        actions += act_once(session, ticket, now)
    return actions


def act_once(session: Session, ticket: Ticket, now: datetime) -> bool:
    """Carry out the next due action of a ticket; return whether there was one."""
    # If the host's clock was set back, do not compute clocks as of before the newest entry.
    now = max(now, ticket.updated_at)
    history = ticket_clocks.history_of(session, ticket.id)
    due = due_times.next_due_action(ticket, history, ticket_clocks.clock_tracks(history, now), now)
    if due is not None and due.at <= now:
        _do(session, ticket, due)
        session.flush()
        ticket_clocks.recompute(session, ticket, max(now, ticket.updated_at))
        return True
    ticket_clocks.recompute(session, ticket, now)
    return False


def _do(session: Session, ticket: Ticket, due: DueAction) -> None:
    change = TicketChange(session, ticket, due.at)
    match due.kind, due.alarm:
        case DueActionKind.WAKE, _:
            change.set_state(State.OPEN)
            change.record(EntryType.RESUMED)
        case DueActionKind.CLOSE, _:
            change.set_state(State.CLOSED)
            ticket.closed_at = change.now
            change.record(EntryType.CLOSED)
        case DueActionKind.FOLLOW_UP, _:
            ticket.follow_up_due = True
            change.record_system_entry(
                EntryType.FOLLOW_UP_DUE, due.at, {"by": _follow_up_author(session, ticket)}
            )
        case DueActionKind.ALARM, alarm if alarm is not None:
            raise_alarm(change, alarm)
    if change.has_changes:
        ticket.updated_at = change.now
    change.notify()


def _follow_up_author(session: Session, ticket: Ticket) -> int | None:
    entries = tickets.events_of_types(session, ticket.id, (EntryType.FOLLOW_UP,))
    return entries[-1].actor_id if entries else None
