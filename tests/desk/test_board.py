"""The lead's board, compared with figures that were counted by hand."""

from collections.abc import Callable

from helpdesk.desk.escalation.hand_over import Escalate, SendBack
from helpdesk.desk.people import presence
from helpdesk.desk.queue import board
from helpdesk.desk.session import Desk
from helpdesk.desk.ticket import log_query
from helpdesk.desk.ticket.handling import Claim
from helpdesk.desk.ticket.resolving import Reopen, Resolve
from helpdesk.desk.ticket.views import NewQuery
from helpdesk.domain.escalation import HandOver, Level
from helpdesk.domain.priority import Impact, Urgency
from helpdesk.domain.roles import Role
from tests.conftest import StillClock
from tests.verbs import do

_NOTE = HandOver(tried="a", known="b", asked="c")


def _line(desk: Desk, level: Level) -> board.QueueLine:
    return next(line for line in board.read(desk).queues if line.level is level)


def test_arrivals_and_departures_count_for_the_queue_at_that_time(
    desk: Desk, clock: StillClock
) -> None:
    one = log_query.log_query(desk, NewQuery("one"))  # at 09:00
    two = log_query.log_query(desk, NewQuery("two"))
    clock.advance(hours=1)
    do(desk, one.number, Escalate(Level.L2, "defect", _NOTE))  # 10:00
    clock.advance(hours=1)
    do(desk, one.number, Resolve("done"))  # 11:00, in L2
    do(desk, one.number, Reopen("no"))
    do(desk, one.number, SendBack(Level.L1, "ask"))
    do(desk, two.number, Resolve("done"))  # in L1
    clock.advance(minutes=30)
    first, second = _line(desk, Level.L1), _line(desk, Level.L2)
    # The last hour is 10:30 to 11:30, the one before 09:30 to 10:30, the one before that has 09:00.
    assert first.came == (0, 0, 0, 0, 0, 2, 0, 1)
    assert first.left == (0, 0, 0, 0, 0, 0, 1, 1)
    assert second.came == (0, 0, 0, 0, 0, 0, 1, 1)
    assert second.left == (0, 0, 0, 0, 0, 0, 0, 2)
    clock.advance(hours=7)
    assert sum(_line(desk, Level.L1).came) == 1


def test_figures_of_queues_and_agents_are_those_of_their_tickets(
    desk: Desk, clock: StillClock, desk_of: Callable[[str], Desk]
) -> None:
    urgent = NewQuery("late", urgency=Urgency.HIGH, impact=Impact.HIGH)  # a P1: 15 min, 4 h
    late = log_query.log_query(desk, urgent)
    began = clock.now
    clock.advance(hours=3)
    do(desk_of("bob"), late.number, Claim())
    clock.advance(hours=2)
    free = log_query.log_query(desk, NewQuery("free"))
    found = board.read(desk)
    queue = found.queues[0]
    assert (queue.count.open, queue.count.unassigned, queue.count.breached) == (2, 1, 1)
    assert queue.oldest == began
    assert found.attained == 0  # the open ticket that is breached
    assert [row.number for row in found.at_risk] == [free.number]
    agents = {line.login: line for line in found.agents}
    assert list(agents) == ["bob", "ann"]
    assert (agents["bob"].open, agents["bob"].due_today, agents["bob"].breached) == (1, 1, 1)
    assert agents["bob"].seen == began.replace(hour=12)
    assert (agents["ann"].open, agents["ann"].seen) == (0, clock.now)
    assert (agents["ann"].on_duty, agents["ann"].online) == (True, False)
    presence.announce(desk, "app", presence.OpenTicket())
    assert {line.login for line in board.read(desk).agents if line.online} == {"ann"}
    assert found.queues[1].count.open == 0


def test_attainment_counts_the_resolutions_due_since_monday(desk: Desk, clock: StillClock) -> None:
    urgent = NewQuery("late", urgency=Urgency.HIGH, impact=Impact.HIGH)
    late = log_query.log_query(desk, urgent)
    in_time = log_query.log_query(desk, NewQuery("in time"))
    clock.advance(hours=5)
    for ticket in (late, in_time):
        do(desk, ticket.number, Resolve("done"))
    assert board.read(desk).attained == 0  # the other one is due later
    clock.advance(hours=20)
    found = board.read(desk)
    assert found.attained == found.queues[0].attained == 1 / 2
    clock.advance(days=7)
    assert board.read(desk).attained is None


def test_everybody_who_may_read_tickets_sees_it(desk: Desk, desk_of: Callable[[str], Desk]) -> None:
    from helpdesk.desk.people import agents

    agents.add(desk, "eve", [Level.L1], role=Role.AUDITOR)
    assert board.read(desk_of("eve")).queues
