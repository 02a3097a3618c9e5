"""Who else has a ticket open or is writing in it.

An app tells where its person is when that changes, and again every few seconds: a lease.  An app
that was killed is gone when its lease ends.  None of this is part of a ticket's record: it is no
change of the desk, and no screen reads its tickets anew for it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from helpdesk.desk.session import Desk
from helpdesk.domain.roles import Right
from helpdesk.store.people import presence

#: How often an app renews its lease while a ticket is open, and while none is.
BEAT_S, IDLE_BEAT_S = 10, 60
#: How much longer a lease lasts than the time until it is renewed.
_GRACE_S = 15


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """Where the person of an app is: on which ticket, and whether they write in it."""

    ticket: int | None = None
    writing: bool = False

    @property
    def beat_s(self) -> int:
        """After how many seconds it is told again."""
        return IDLE_BEAT_S if self.ticket is None else BEAT_S


@dataclass(frozen=True, slots=True)
class PresenceView:
    """Somebody who has a ticket open in another app."""

    login: str
    writing: bool


def tell(desk: Desk, process: str, where: Whereabouts) -> None:
    """Tell the others where the acting agent is; holds until the next beat and a little longer.

    :param process: names the app.
    """
    now = desk.now()
    with desk.database.write() as session:
        moved = presence.put(
            session,
            process,
            desk.agent_id,
            where.ticket,
            writing=where.writing,
            until=now + min(timedelta(seconds=where.beat_s + _GRACE_S), presence.LONGEST),
            now=now,
        )
        if moved:  # a lease that is only renewed is news for nobody
            desk.database.announce(session)


def leave(desk: Desk, process: str) -> None:
    """Tell the others that the app ends."""
    with desk.database.write() as session:
        presence.leave(session, process)
        desk.database.announce(session)


def sign_of_change(desk: Desk) -> int:
    """Return a number that stays while :func:`others` cannot have changed but by time.

    It costs nothing and is as of the last time when the feed was asked.
    """
    return desk.feed.sound


def others(desk: Desk, process: str = "") -> Mapping[int, tuple[PresenceView, ...]]:
    """Return who has which ticket open in the other apps; who is writing comes first."""
    desk.require(Right.READ)
    with desk.database.read() as session:
        found: dict[int, dict[str, PresenceView]] = {}
        for ticket, login, writing in presence.others(session, process, desk.now()):
            found.setdefault(ticket, {}).setdefault(login, PresenceView(login, writing))
    return {ticket: tuple(people.values()) for ticket, people in found.items()}
