"""Draw the tickets of the past two years that are finished: when they came, how they went."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import accumulate
from random import Random

from helpdesk.desk.demo.contracts import CustomerTerms, DemoCustomer
from helpdesk.desk.demo.plan import Course, Plan, Planner

_DAYS = 730
#: A ticket received less than this ago cannot be finished yet.
_SETTLED = timedelta(minutes=50)
_MINUTES_A_DAY = 24 * 60

#: Weights of the days from Monday to Sunday; what broke at the weekend is reported on Monday.
_WEEKDAYS = (1.4, 1.1, 1.0, 0.98, 0.85, 0.07, 0.05)
#: Weights of the 24 hours of a day: a peak in the morning, a dip at lunch, one more peak.
_HOURS = (
    *(0.02, 0.02, 0.01, 0.01, 0.03, 0.08, 0.4, 2.2, 6.0, 8.5, 8.0, 6.5),
    *(3.8, 5.8, 6.6, 5.4, 3.9, 2.2, 0.9, 0.4, 0.25, 0.15, 0.08, 0.04),
)
#: The share of tickets at any hour of the day, from customers who are supported around the clock.
_AROUND_THE_CLOCK = 0.25

_COURSES = {
    Course.FIRST_CONTACT: 37,
    Course.WORKED: 31,
    Course.TO_L2: 19,
    Course.TO_L3: 5,
    Course.TO_L4: 1.5,
    Course.BACK_AND_FORTH: 3,
    Course.CAME_BACK: 3.5,
}
#: The share of past tickets of which a duplicate is merged.
_DUPLICATED = 0.04


class Arrivals:
    """Draw when tickets were received: mostly office hours in the customer's zone, rising."""

    def __init__(self, rng: Random, customers: CustomerTerms, now: datetime) -> None:
        self._rng = rng
        self._customers = customers
        self._now = now
        self._today = now.date()
        days = [self._today - timedelta(days=ago) for ago in range(_DAYS + 1)]
        self._days = days
        self._weights = list(accumulate(self._weight(day) for day in days))
        self._hours = list(accumulate(_HOURS))

    def draw(self, contract: DemoCustomer) -> datetime:
        """Return a time (UTC) in the last two years, long enough ago to be finished."""
        zone = self._customers.calendar(contract).zone
        while True:
            day = self._rng.choices(self._days, cum_weights=self._weights)[0]
            at = datetime.combine(day, self._time(contract), zone).astimezone(UTC)
            if at < self._now - _SETTLED:
                return at

    def _weight(self, day: date) -> float:
        growth = 1 - 0.4 * (self._today - day).days / _DAYS
        return _WEEKDAYS[day.weekday()] * growth

    def _time(self, contract: DemoCustomer) -> time:
        rng = self._rng
        if self._customers.around_the_clock(contract) and rng.random() < _AROUND_THE_CLOCK:
            minute = rng.randrange(_MINUTES_A_DAY)
        else:
            hour = rng.choices(range(24), cum_weights=self._hours)[0]
            minute = hour * 60 + rng.randrange(60)
        return time(minute // 60, minute % 60, rng.randrange(60))


def past_plans(
    rng: Random, planner: Planner, customers: CustomerTerms, count: int, now: datetime
) -> list[Plan]:
    """Return ``count`` plans of finished tickets."""
    arrivals = Arrivals(rng, customers, now)
    courses, weights = list(_COURSES), list(accumulate(_COURSES.values()))
    plans: list[Plan] = []
    while len(plans) < count:
        plan = planner.draw(rng.choices(courses, cum_weights=weights)[0], now)
        plan.at = arrivals.draw(plan.contract)
        plans.append(plan)
        if plan.course is not Course.FIRST_CONTACT and rng.random() < _DUPLICATED:
            plans.extend(_duplicate(rng, planner, plan, now, count - len(plans)))
    return plans


def _duplicate(rng: Random, planner: Planner, plan: Plan, now: datetime, room: int) -> list[Plan]:
    """Plan a duplicate of ``plan``; return it in a list, which is empty if there is no room."""
    at = plan.at + timedelta(seconds=rng.randrange(300, 5400))
    if not room or at > now - _SETTLED:
        return []
    plan.duplicate = planner.plan_duplicate(plan, at)
    return [plan.duplicate]
