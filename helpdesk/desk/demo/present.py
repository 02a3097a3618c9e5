"""The active tickets: where each stands, and how near to what was promised."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from enum import Enum, auto
from random import Random

from helpdesk.desk.demo.plan import Course, Plan, Planner
from helpdesk.desk.sla.agreement import Promise

_HOUR = 3600
#: Of 500 tickets 60 are active; of 100,000, 2,000: a desk that is asked more clears more.
_ACTIVE_OF_500, _GROWTH = 60, 0.66
_ECHOED = 0.05


class Timing(Enum):
    """How a ticket stands to its targets."""

    FRESH = auto()
    """received in the last minutes"""
    ANSWER_SOON = auto()
    """its first response falls due within the hour"""
    ANSWER_LATE = auto()
    CALM = auto()
    WARNING = auto()
    DUE_SOON = auto()
    """its resolution falls due within the hour"""
    LATE = auto()


#: How many of sixty active tickets stand so.
_DECK: dict[tuple[Timing, Course], int] = {
    (Timing.FRESH, Course.UNTOUCHED): 5,
    (Timing.ANSWER_SOON, Course.UNTOUCHED): 4,
    (Timing.ANSWER_SOON, Course.CLAIMED): 1,
    (Timing.ANSWER_LATE, Course.UNTOUCHED): 1,
    (Timing.CALM, Course.CLAIMED): 2,
    (Timing.CALM, Course.IN_WORK_L1): 6,
    (Timing.DUE_SOON, Course.IN_WORK_L1): 3,
    (Timing.WARNING, Course.IN_WORK_L1): 2,
    (Timing.LATE, Course.IN_WORK_L1): 1,
    (Timing.CALM, Course.RETURNED): 1,
    (Timing.CALM, Course.REOPENED): 2,
    (Timing.CALM, Course.ASKED_REQUESTER): 4,
    (Timing.CALM, Course.ARRIVED_L2): 4,
    (Timing.WARNING, Course.ARRIVED_L2): 1,
    (Timing.CALM, Course.IN_WORK_L2): 4,
    (Timing.DUE_SOON, Course.IN_WORK_L2): 2,
    (Timing.WARNING, Course.IN_WORK_L2): 1,
    (Timing.LATE, Course.IN_WORK_L2): 1,
    (Timing.CALM, Course.ASKED_REQUESTER_L2): 1,
    (Timing.CALM, Course.SCHEDULED): 1,
    (Timing.CALM, Course.PING_PONG): 1,
    (Timing.WARNING, Course.PING_PONG): 1,
    (Timing.LATE, Course.PING_PONG): 1,
    (Timing.CALM, Course.ARRIVED_L3): 1,
    (Timing.CALM, Course.IN_WORK_L3): 3,
    (Timing.DUE_SOON, Course.IN_WORK_L3): 1,
    (Timing.WARNING, Course.IN_WORK_L3): 1,
    (Timing.LATE, Course.IN_WORK_L3): 1,
    (Timing.CALM, Course.IN_WORK_L4): 1,
    (Timing.CALM, Course.AT_VENDOR): 1,
    (Timing.LATE, Course.AT_VENDOR): 1,
}


def active_count(tickets: int) -> int:
    """Return how many of so many tickets are active."""
    wanted: float = _ACTIVE_OF_500 * (tickets / 500) ** _GROWTH
    return min(tickets, max(1, round(wanted)))


def present_plans(
    rng: Random,
    planner: Planner,
    promise_of: Callable[[Plan], Promise],
    count: int,
    now: datetime,
) -> list[Plan]:
    """Return ``count`` plans of tickets that are active at ``now``."""
    dealt = _deal(rng)
    plans = []
    for timing, course in (next(dealt) for _ in range(count)):
        while True:
            plan = planner.draw(course, now)
            received = _received(rng, timing, promise_of(plan), now)
            if received is not None:
                break
        plan.at = received
        plans.append(plan)
    return plans


def present_echoes(rng: Random, planner: Planner, plans: list[Plan], now: datetime) -> list[Plan]:
    """Return second tickets about the issue of some that are worked on; they are merged by now."""
    echoes = []
    for plan in plans:
        span = int((now - plan.at).total_seconds()) - _HOUR // 2
        if plan.course is not Course.UNTOUCHED and span > _HOUR and rng.random() < _ECHOED:
            plan.echo = planner.echo_of(plan, plan.at + timedelta(seconds=rng.randrange(60, span)))
            echoes.append(plan.echo)
    return echoes


def _deal(rng: Random) -> Iterator[tuple[Timing, Course]]:
    """Yield cards of a shuffled deck, again and again: every sixty tickets hold each of them."""
    deck = [card for card, times in _DECK.items() for _ in range(times)]
    while True:
        rng.shuffle(deck)
        yield from deck


def _received(rng: Random, timing: Timing, promise: Promise, now: datetime) -> datetime | None:
    """Return when a ticket must have come to stand so at ``now``; None if it cannot."""
    if timing is Timing.FRESH:
        return now - timedelta(seconds=rng.randrange(10, 1500))
    first_response = timing in (Timing.ANSWER_SOON, Timing.ANSWER_LATE)
    targets = promise.targets
    target_s = targets.first_response_s if first_response else targets.resolution_s
    if target_s is None:
        return None
    match timing:
        case Timing.ANSWER_SOON | Timing.DUE_SOON:
            left_s = rng.randrange(200, min(_HOUR - 60, target_s * 4 // 5))
            if promise.calendar.add(now, left_s) != now + timedelta(seconds=left_s):
                return None  # the support hours end before
            used_s = target_s - left_s
        case Timing.WARNING:
            used_s = int(target_s * rng.uniform(0.77, 0.96))
        case Timing.ANSWER_LATE | Timing.LATE:
            used_s = int(target_s * rng.uniform(1.03, 1.7))
        case _:
            used_s = int(target_s * rng.uniform(0.08, 0.6))
    return promise.calendar.subtract(now, used_s)
