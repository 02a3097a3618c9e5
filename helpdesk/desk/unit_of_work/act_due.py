"""What the desk does to one ticket by itself, once the time has come.

Each act bears the time at which it was due, however late somebody looks, and no actor.
"""

from datetime import datetime

from sqlalchemy.orm import Session

from helpdesk.desk.sla import due_times, ticket_clocks
from helpdesk.desk.sla.due_times import Errand, Item
from helpdesk.desk.unit_of_work.alarm import sound
from helpdesk.desk.unit_of_work.recorder import Change
from helpdesk.domain.entry_type import EntryType
from helpdesk.domain.ticket import State
from helpdesk.store.models import Ticket
from helpdesk.store.ticket import tickets

#: More acts than this on one ticket at once are a defect of the rules, not their work.
_MOST = 500


def act_until(session: Session, ticket: Ticket, now: datetime) -> int:
    """Do, in order, everything that the desk had to do with a ticket by ``now``.

    :returns: how many acts there were.
    """
    acts = 0
    while ticket.act_at is not None and ticket.act_at <= now and acts < _MOST:
        acts += act_once(session, ticket, now)
    return acts


def act_once(session: Session, ticket: Ticket, now: datetime) -> bool:
    """Do the next thing that is due with a ticket; return whether there was any."""
    # A host's clock that was set back must not read clocks before an entry.
    now = max(now, ticket.updated_at)
    history = ticket_clocks.history_of(session, ticket.id)
    item = due_times.next_item(ticket, history, ticket_clocks.run(history, now), now)
    if item is not None and item.at <= now:
        _do(session, ticket, item)
        session.flush()
        ticket_clocks.settle(session, ticket, max(now, ticket.updated_at))
        return True
    ticket_clocks.settle(session, ticket, now)
    return False


def _do(session: Session, ticket: Ticket, item: Item) -> None:
    change = Change(session, ticket, item.at)
    match item.errand, item.alarm:
        case Errand.WAKE, _:
            change.become(State.OPEN)
            change.record(EntryType.RESUMED)
        case Errand.CLOSE, _:
            change.become(State.CLOSED)
            ticket.closed_at = change.now
            change.record(EntryType.CLOSED)
        case Errand.FOLLOW_UP, _:
            ticket.follow_up_due = True
            change.record_aside(
                EntryType.FOLLOW_UP_DUE, item.at, {"by": _who_wanted_it(session, ticket)}
            )
        case Errand.ALARM, alarm if alarm is not None:
            sound(change, alarm)
    if change.made:
        ticket.updated_at = change.now
    change.tell()


def _who_wanted_it(session: Session, ticket: Ticket) -> int | None:
    wishes = tickets.events_of_types(session, ticket.id, (EntryType.FOLLOW_UP,))
    return wishes[-1].actor_id if wishes else None
