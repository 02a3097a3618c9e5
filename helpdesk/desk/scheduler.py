"""The desk's own errands: alarms, tickets that waited for a date, tickets to close.

There is no server that could do them on time.  Every app looks once a second, every command before
it does its own work; whoever comes first does them, in the order in which they were due, and the
others find nothing left.
"""

import time
from datetime import datetime

from helpdesk.desk.session import Desk
from helpdesk.store.ticket import queues, tickets

#: One transaction does no more than this, so that nobody waits long for their own.
_BATCH, _BATCH_S = 100, 0.25


def next_errand_at(desk: Desk) -> datetime | None:
    """Return when there is something to do next; None if there never is.

    It changes only with a commit, so that an idle app need not ask again.
    """
    with desk.database.read(as_desk=True) as session:
        return queues.next_act_at(session)


def catch_up(desk: Desk, patience_s: float = 5.0) -> int:
    """Do what was due by now; return how many errands that were.

    Asking costs one look at an index; nothing is written if nothing is due.

    :param patience_s: when to stop after a long time in which nobody looked; the rest is done, in
        order, by whoever looks next.
    """
    end = time.monotonic() + patience_s
    done = 0
    while time.monotonic() < end:
        now = desk.now()
        with desk.database.read(as_desk=True) as session:
            if not queues.to_act_on(session, now, limit=1):
                break
        done += _batch(desk, now)
    return done


def _batch(desk: Desk, now: datetime) -> int:
    # Imported when there is something to do: most commands only look.
    from helpdesk.desk.unit_of_work import act_due

    done = 0
    with desk.database.write(as_desk=True) as session:
        end = time.monotonic() + _BATCH_S  # waiting for the others does not count
        for _ in range(_BATCH):
            # Read anew each time: an act may bring the same ticket's next one.
            first = queues.to_act_on(session, now, limit=1)
            if not first or time.monotonic() > end:
                break
            done += act_due.act_once(session, tickets.load(session, first[0]), now)
            session.flush()
    return done
