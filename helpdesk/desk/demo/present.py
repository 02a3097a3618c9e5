"""Draw the active tickets: the course of each, and how close it is to its SLA targets."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from enum import Enum, auto
from random import Random

from helpdesk.desk.demo.plan import Course, Plan, Planner
from helpdesk.desk.sla.agreement import SlaAgreement

_HOUR = 3600
#: 60 of 500 tickets are active, and 2,000 of 100,000: a bigger desk has a smaller share.
_ACTIVE_OF_500, _GROWTH = 60, 0.66
#: The share of active tickets of which a duplicate is merged.
_DUPLICATED = 0.05


class Timing(Enum):
    """How close a ticket is to its targets."""

    FRESH = auto()
    """Received in the last minutes."""
    ANSWER_SOON = auto()
    """The first response is due within the hour."""
    ANSWER_LATE = auto()
    """The first response is overdue."""
    CALM = auto()
    """Less than two thirds of the resolution target are used."""
    WARNING = auto()
    """More than three quarters of the resolution target are used."""
    DUE_SOON = auto()
    """The resolution is due within the hour."""
    LATE = auto()
    """The resolution is overdue."""


#: How many of sixty active tickets have each combination of timing and course.
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
    """Return how many tickets are active on a desk with that many tickets in all."""
    wanted: float = _ACTIVE_OF_500 * (tickets / 500) ** _GROWTH
    return min(tickets, max(1, round(wanted)))


def present_plans(
    rng: Random,
    planner: Planner,
    agreement_of: Callable[[Plan], SlaAgreement],
    count: int,
    now: datetime,
) -> list[Plan]:
    """Return ``count`` plans of tickets that are active at ``now``."""
    cards = _cards(rng)
    plans = []
    for timing, course in (next(cards) for _ in range(count)):
        while True:
            plan = planner.draw(course, now)
            received = _received(rng, timing, agreement_of(plan), now)
            if received is not None:
                break
        plan.at = received
        plans.append(plan)
    return plans


def present_duplicates(
    rng: Random, planner: Planner, plans: list[Plan], now: datetime
) -> list[Plan]:
    """Plan duplicates of some active tickets, which are merged before ``now``; return them."""
    duplicates = []
    for plan in plans:
        span = int((now - plan.at).total_seconds()) - _HOUR // 2
        if plan.course is not Course.UNTOUCHED and span > _HOUR and rng.random() < _DUPLICATED:
            plan.duplicate = planner.plan_duplicate(
                plan, plan.at + timedelta(seconds=rng.randrange(60, span))
            )
            duplicates.append(plan.duplicate)
    return duplicates


def _cards(rng: Random) -> Iterator[tuple[Timing, Course]]:
    """Yield the cards of a deck that is shuffled again whenever it is used up.

    So every sixty tickets hold each combination as often as ``_DECK`` says.
    """
    deck = [card for card, times in _DECK.items() for _ in range(times)]
    while True:
        rng.shuffle(deck)
        yield from deck


def _received(
    rng: Random, timing: Timing, agreement: SlaAgreement, now: datetime
) -> datetime | None:
    """Return when a ticket must have been received to have that timing now; None: impossible."""
    if timing is Timing.FRESH:
        return now - timedelta(seconds=rng.randrange(10, 1500))
    first_response = timing in (Timing.ANSWER_SOON, Timing.ANSWER_LATE)
    targets = agreement.targets
    target_s = targets.first_response_s if first_response else targets.resolution_s
    if target_s is None:
        return None
    match timing:
        case Timing.ANSWER_SOON | Timing.DUE_SOON:
            left_s = rng.randrange(200, min(_HOUR - 60, target_s * 4 // 5))
            if agreement.calendar.add(now, left_s) != now + timedelta(seconds=left_s):
                return None  # The support hours end before the target is due.
            used_s = target_s - left_s
        case Timing.WARNING:
            used_s = int(target_s * rng.uniform(0.77, 0.96))
        case Timing.ANSWER_LATE | Timing.LATE:
            used_s = int(target_s * rng.uniform(1.03, 1.7))
        case _:
            used_s = int(target_s * rng.uniform(0.08, 0.6))
    return agreement.calendar.subtract(now, used_s)
