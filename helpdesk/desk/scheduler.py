"""Carry out due actions: alarms, follow-ups, ending waits for a date, closing resolved tickets.

There is no server that could do this on time.  Instead every app checks once a second, and every
command before its own work.  The first one to notice carries out the due actions, in the order in
which they were due; the others find nothing left to do.
"""

import time
from datetime import datetime

from helpdesk.desk.session import Desk
from helpdesk.store.ticket import queues, tickets

#: The most actions and seconds for one transaction, so that other writers do not wait for long.
_BATCH, _BATCH_S = 100, 0.25


def next_due_at(desk: Desk) -> datetime | None:
    """Return when the next action is due (UTC); None if there is none.

    The answer changes only when somebody commits, so an idle app need not ask again.
    """
    with desk.database.read(as_desk=True) as session:
        return queues.next_act_at(session)


def catch_up(desk: Desk, patience_s: float = 5.0) -> int:
    """Carry out everything that is due by now; return the number of actions.

    If nothing is due, this costs one index lookup and writes nothing.

    :param patience_s: stop after so many seconds; the next caller continues in the same order.
        This matters after a long time in which nobody used the desk.
    """
    end = time.monotonic() + patience_s
    done = 0
    while time.monotonic() < end:
        now = desk.now()
        with desk.database.read(as_desk=True) as session:
            if not queues.due_for_action(session, now, limit=1):
                break
        done += _batch(desk, now)
    return done


def _batch(desk: Desk, now: datetime) -> int:
    # Imported only if something is due, because usually nothing is.
    from helpdesk.desk.unit_of_work import act_due

    done = 0
    with desk.database.write(as_desk=True) as session:
        end = time.monotonic() + _BATCH_S  # started after the wait for the write lock
        for _ in range(_BATCH):
            # Read again each time: an action may make another one of the same ticket due.
            first = queues.due_for_action(session, now, limit=1)
            if not first or time.monotonic() > end:
                break
            done += act_due.act_once(session, tickets.load(session, first[0]), now)
            session.flush()
    return done
