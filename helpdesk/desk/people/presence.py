"""Show agents who else has a ticket open or is writing in it.

An app announces which ticket its agent has open when that changes, and repeats it every few
seconds to renew a lease.  The entry of an app that was killed ends with its lease.  Presence is
not part of a ticket's history: it does not count as a change, and screens do not reload tickets
because of it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from helpdesk.desk.session import Desk
from helpdesk.domain.roles import Right
from helpdesk.store.people import presence

#: How often an app renews its lease while a ticket is open, and while none is, in seconds.
BEAT_S, IDLE_BEAT_S = 10, 60
#: How much longer than that a lease lasts, in seconds.
_GRACE_S = 15


@dataclass(frozen=True, slots=True)
class OpenTicket:
    """The ticket that an app has open, or None, and whether its agent is writing in it."""

    ticket: int | None = None
    writing: bool = False

    @property
    def beat_s(self) -> int:
        """After how many seconds the lease must be renewed."""
        return IDLE_BEAT_S if self.ticket is None else BEAT_S


@dataclass(frozen=True, slots=True)
class PresenceView:
    """An agent who has a ticket open in another app."""

    login: str
    writing: bool


def announce(desk: Desk, process: str, where: OpenTicket) -> None:
    """Announce which ticket the acting agent has open; it is valid a little beyond the next beat.

    :param process: the identifier of the app.
    """
    now = desk.host_now()
    with desk.database.write() as session:
        moved = presence.put(
            session,
            process,
            desk.agent_id,
            where.ticket,
            writing=where.writing,
            until=now + min(timedelta(seconds=where.beat_s + _GRACE_S), presence.MAX_LEASE),
            now=now,
        )
        if moved:  # Other apps need not know that a lease was only renewed.
            desk.database.announce(session)


def leave(desk: Desk, process: str) -> None:
    """Announce that the app ends.

    :param process: the identifier of the app.
    """
    with desk.database.write() as session:
        presence.leave(session, process)
        desk.database.announce(session)


def change_counter(desk: Desk) -> int:
    """Return a number that changes when :func:`others` may have changed.

    Leases that expire do not change it. It is as old as the last poll of the change feed, and
    needs no query.
    """
    return desk.feed.commit_marker


def others(desk: Desk, process: str = "") -> Mapping[int, tuple[PresenceView, ...]]:
    """Return by ticket number who has a ticket open in other apps; who is writing comes first.

    :param process: the identifier of this app, which is left out.
    """
    desk.require(Right.READ)
    with desk.database.read() as session:
        found: dict[int, dict[str, PresenceView]] = {}
        for ticket, login, writing in presence.others(session, process, desk.host_now()):
            found.setdefault(ticket, {}).setdefault(login, PresenceView(login, writing))
    return {ticket: tuple(people.values()) for ticket, people in found.items()}
