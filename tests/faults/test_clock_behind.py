"""A desk is opened while the host's clock is behind its newest record, or was once ahead."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest

from helpdesk.desk import scheduler
from helpdesk.desk.administration import doctor, integrity
from helpdesk.desk.audit import trail
from helpdesk.desk.hazards import hazards
from helpdesk.desk.opening import open_desk
from helpdesk.desk.queue import lists
from helpdesk.desk.session import Desk
from helpdesk.desk.settings import Settings
from helpdesk.desk.ticket import log_query, show_ticket
from helpdesk.desk.ticket.handling import Note
from helpdesk.desk.ticket.views import NewQuery
from helpdesk.domain.errors import NotPermittedError, UnavailableError
from helpdesk.domain.priority import Impact, Urgency
from tests.conftest import StillClock
from tests.verbs import do

_URGENT = NewQuery("down", impact=Impact.HIGH, urgency=Urgency.HIGH)


@pytest.fixture
def started(
    desk: Desk, settings: Settings, clock: StillClock
) -> Iterator[Callable[[timedelta], Desk]]:
    """A function that sets the clock by a span and starts the program, after a query was logged."""
    log_query.log_query(desk, NewQuery("before"))
    opened: list[Desk] = []

    def start(by: timedelta) -> Desk:
        clock.now += by
        opened.append(open_desk(settings, clock))
        return opened[-1]

    yield start
    for each in opened:
        each.close()


def _words(desk: Desk) -> list[str]:
    return [hazard.word for hazard in hazards(desk)]


@pytest.mark.parametrize("behind", [{"seconds": 59}, {"minutes": 1}])
def test_hosts_that_differ_by_seconds_are_no_matter(
    started: Callable[[timedelta], Desk], behind: dict[str, float]
) -> None:
    desk = started(-timedelta(**behind))
    assert _words(desk) == []
    assert log_query.log_query(desk, NewQuery("x")).number == 2


@pytest.mark.parametrize("behind", [{"minutes": 2}, {"minutes": 60}])
def test_up_to_an_hour_the_time_stands_still(
    started: Callable[[timedelta], Desk], clock: StillClock, behind: dict[str, float]
) -> None:
    newest = clock.now
    desk = started(-timedelta(**behind))
    assert _words(desk) == ["clock behind"]
    assert "times stand still until it has caught up" in hazards(desk)[0].sentence
    number = log_query.log_query(desk, _URGENT).number
    assert show_ticket.show(desk, number).created_at == newest
    right = started(timedelta(**behind))
    scheduler.catch_up(right)
    assert [clock.breached_at for clock in show_ticket.show(right, number).clocks] == [None] * 3
    times = [record.at for record in trail(right, 100)]
    assert times == sorted(times, reverse=True)


@pytest.mark.parametrize("behind", [{"minutes": 61}, {"days": 1}, {"days": 400}])
def test_further_behind_it_is_read_only_and_nothing_is_late_afterwards(
    started: Callable[[timedelta], Desk], behind: dict[str, float]
) -> None:
    desk = started(-timedelta(**behind))
    assert _words(desk) == ["clock behind"]
    sentence = hazards(desk)[0].sentence
    assert "behind the newest record of the desk (2026-11-23 09:00), changes are ref" in sentence
    with pytest.raises(UnavailableError, match=r"the host's clock .* is .* behind the newest"):
        log_query.log_query(desk, _URGENT)
    with pytest.raises(UnavailableError, match="changes are refused until it is right"):
        do(desk, 1, Note("x"))
    assert scheduler.catch_up(desk) == 0
    assert lists.page(desk, lists.Selection()).total == 1
    # A refused attempt is recorded, but does not count as the newest record of a right clock.
    desk.database.record_refusal("tried")
    again = started(timedelta())
    with pytest.raises(UnavailableError, match="the host's clock"):
        log_query.log_query(again, _URGENT)
    right = started(timedelta(**behind))
    assert _words(right) == []
    log_query.log_query(right, _URGENT)
    assert scheduler.catch_up(right) == 0
    # The program that was open all the time goes on as well.
    log_query.log_query(desk, _URGENT)
    assert lists.page(desk, lists.Selection()).total == 3


def test_a_clock_that_once_ran_ahead_is_confirmed_by_an_administrator(
    started: Callable[[timedelta], Desk],
    desk_of: Callable[[str], Desk],
    clock: StillClock,
) -> None:
    year = timedelta(days=365)
    ahead = started(year)
    log_query.log_query(ahead, NewQuery("in a year"))
    desk = started(-year)
    with pytest.raises(UnavailableError, match="or if it is right, run 'helpdesk doctor --clock"):
        log_query.log_query(desk, NewQuery("x"))
    bob = desk_of("bob")
    with pytest.raises(NotPermittedError):
        doctor.confirm_clock(bob)
    bob.close()
    assert doctor.confirm_clock(desk) == clock.now
    after = started(timedelta())
    assert _words(after) == []
    number = log_query.log_query(after, NewQuery("now")).number
    assert show_ticket.show(after, number).created_at == clock.now
    assert [one.problems for one in integrity.check_all(after) if one.problems] == []
