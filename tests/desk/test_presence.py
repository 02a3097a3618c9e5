"""Presence: who has which ticket open, held by leases and kept out of the tickets' history."""

import time
from collections.abc import Callable, Iterator

import pytest

from helpdesk.desk import change_feed
from helpdesk.desk.people import levels, presence
from helpdesk.desk.people.presence import OpenTicket, PresenceView
from helpdesk.desk.session import Desk
from helpdesk.desk.ticket import log_query, show_ticket
from helpdesk.desk.ticket.views import NewQuery
from tests.conftest import StillClock


@pytest.fixture
def bob(desk: Desk, desk_of: Callable[[str], Desk]) -> Iterator[Desk]:
    """The desk opened by the agent bob."""
    opened = desk_of("bob")
    yield opened
    opened.close()


def test_others_see_which_ticket_is_open_until_it_is_left(desk: Desk, bob: Desk) -> None:
    presence.announce(bob, "b1", OpenTicket(7, writing=False))
    presence.announce(desk, "a1", OpenTicket(7, writing=True))
    assert presence.others(desk, "a1") == {7: (PresenceView("bob", False),)}
    presence.announce(bob, "b2", OpenTicket(7, writing=True))  # a second window of the same agent
    assert presence.others(desk, "a1") == {7: (PresenceView("bob", True),)}
    assert presence.others(bob, "b1")[7] == (PresenceView("ann", True), PresenceView("bob", True))
    presence.announce(bob, "b1", OpenTicket(8, writing=False))
    presence.leave(bob, "b2")
    assert presence.others(desk, "a1") == {8: (PresenceView("bob", False),)}
    presence.announce(bob, "b1", OpenTicket())
    assert presence.others(desk, "a1") == {}
    assert levels.levels(desk)[0].online == ("ann", "bob")


def test_the_lease_of_an_app_that_was_killed_ends(desk: Desk, bob: Desk, clock: StillClock) -> None:
    presence.announce(bob, "b1", OpenTicket(7, writing=True))
    clock.advance(seconds=presence.BEAT_S)
    assert 7 in presence.others(desk)
    clock.advance(seconds=20)
    assert presence.others(desk) == {}
    assert levels.levels(desk)[0].online == ()
    presence.announce(desk, "a1", OpenTicket(9, writing=False))
    clock.advance(seconds=-20)  # the expired lease was deleted, not only ignored
    assert presence.others(desk) == {9: (PresenceView("ann", False),)}


def test_presence_does_not_count_as_a_change(desk: Desk, bob: Desk) -> None:
    log_query.log_query(desk, NewQuery("one"))
    before, mark = show_ticket.show(desk, 1), change_feed.mark(desk)
    before_change = presence.change_counter(desk)
    presence.announce(bob, "b1", OpenTicket(1, writing=True))
    _wait_for_change(desk, before_change)
    assert change_feed.mark(desk) == mark
    assert show_ticket.show(desk, 1) == before


def test_a_renewed_lease_is_not_announced(desk: Desk, bob: Desk) -> None:
    change_feed.mark(desk)
    start = presence.change_counter(desk)
    presence.announce(bob, "b1", OpenTicket(1))
    announced = _wait_for_change(desk, start)
    presence.announce(bob, "b1", OpenTicket(1))
    presence.announce(bob, "b1", OpenTicket(1, writing=True))
    moved = _wait_for_change(desk, announced)
    assert desk.database.file or moved == announced + 1  # SQLite counts every commit
    presence.leave(bob, "b1")
    _wait_for_change(desk, moved)


def _wait_for_change(desk: Desk, before: int) -> int:
    """Wait for the change counter to change, which takes a moment on a server; return it."""
    end = time.monotonic() + 60
    while True:
        change_feed.mark(desk)
        counter = presence.change_counter(desk)
        if counter != before:
            return counter
        assert time.monotonic() < end
        time.sleep(0.01)
