"""Who has which ticket open: leases, apart from the record of the desk."""

import time
from collections.abc import Callable, Iterator

import pytest

from helpdesk.desk import change_feed
from helpdesk.desk.people import levels, presence
from helpdesk.desk.people.presence import PresenceView, Whereabouts
from helpdesk.desk.session import Desk
from helpdesk.desk.ticket import log_query, show_ticket
from helpdesk.desk.ticket.views import Query
from tests.conftest import StillClock


@pytest.fixture
def bob(desk: Desk, desk_of: Callable[[str], Desk]) -> Iterator[Desk]:
    """The desk as bob sees it."""
    opened = desk_of("bob")
    yield opened
    opened.close()


def test_the_others_see_where_somebody_is_until_they_leave(desk: Desk, bob: Desk) -> None:
    presence.tell(bob, "b1", Whereabouts(7, writing=False))
    presence.tell(desk, "a1", Whereabouts(7, writing=True))
    assert presence.others(desk, "a1") == {7: (PresenceView("bob", False),)}
    presence.tell(bob, "b2", Whereabouts(7, writing=True))  # a second window of the same person
    assert presence.others(desk, "a1") == {7: (PresenceView("bob", True),)}
    assert presence.others(bob, "b1")[7] == (PresenceView("ann", True), PresenceView("bob", True))
    presence.tell(bob, "b1", Whereabouts(8, writing=False))
    presence.leave(bob, "b2")
    assert presence.others(desk, "a1") == {8: (PresenceView("bob", False),)}
    presence.tell(bob, "b1", Whereabouts())
    assert presence.others(desk, "a1") == {}
    assert levels.levels(desk)[0].online == ("ann", "bob")


def test_the_lease_of_an_app_that_was_killed_ends(desk: Desk, bob: Desk, clock: StillClock) -> None:
    presence.tell(bob, "b1", Whereabouts(7, writing=True))
    clock.advance(seconds=presence.BEAT_S)
    assert 7 in presence.others(desk)
    clock.advance(seconds=20)
    assert presence.others(desk) == {}
    assert levels.levels(desk)[0].online == ()
    presence.tell(desk, "a1", Whereabouts(9, writing=False))
    clock.advance(seconds=-20)  # what has ended was swept away, not only passed over
    assert presence.others(desk) == {9: (PresenceView("ann", False),)}


def test_presence_is_no_change_of_the_desk(desk: Desk, bob: Desk) -> None:
    log_query.log_query(desk, Query("one"))
    before, mark = show_ticket.show(desk, 1), change_feed.mark(desk)
    before_sign = presence.sign_of_change(desk)
    presence.tell(bob, "b1", Whereabouts(1, writing=True))
    _heard(desk, before_sign)
    assert change_feed.mark(desk) == mark
    assert show_ticket.show(desk, 1) == before


def test_who_stays_where_they_are_gives_no_sign(desk: Desk, bob: Desk) -> None:
    change_feed.mark(desk)
    start = presence.sign_of_change(desk)
    presence.tell(bob, "b1", Whereabouts(1))
    there = _heard(desk, start)
    presence.tell(bob, "b1", Whereabouts(1))
    presence.tell(bob, "b1", Whereabouts(1, writing=True))
    moved = _heard(desk, there)
    assert desk.database.file or moved == there + 1  # SQLite gives one for every commit
    presence.leave(bob, "b1")
    _heard(desk, moved)


def _heard(desk: Desk, before: int) -> int:
    """Wait for a sign of change, which a server gives a moment after the commit; return it."""
    end = time.monotonic() + 60
    while True:
        change_feed.mark(desk)
        sign = presence.sign_of_change(desk)
        if sign != before:
            return sign
        assert time.monotonic() < end
        time.sleep(0.01)
