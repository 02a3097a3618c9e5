"""Filling a new desk with made data."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from random import Random

from sqlalchemy import select
from sqlalchemy.orm import Session

from helpdesk.desk.demo.agreed import Agreed
from helpdesk.desk.demo.contracts import CONTRACTS, add_contracts
from helpdesk.desk.demo.courses import tell
from helpdesk.desk.demo.issues import Issues, load_issues
from helpdesk.desk.demo.past import past_plans
from helpdesk.desk.demo.people import Callers, add_callers, add_staff
from helpdesk.desk.demo.plan import Plan, Planner
from helpdesk.desk.demo.present import active_count, present_echoes, present_plans
from helpdesk.desk.demo.rows import Rows
from helpdesk.desk.session import Desk
from helpdesk.domain.errors import RefusedError
from helpdesk.domain.roles import Right
from helpdesk.store import people
from helpdesk.store.models import Customer, Requester, Ticket

_CHUNK = 2_000
#: Of so many tickets one is odd: hostile, endless, or full of signs.
_ONE_ODD_IN = 60
_ODD = ("hostile", "hostile", "long", "signs")


@dataclass(frozen=True, slots=True)
class Filled:
    """What the desk holds now.

    :ivar states: how many tickets are in each state.
    :ivar queues: how many active tickets are in each queue.
    """

    tickets: int
    events: int
    agents: int
    customers: int
    requesters: int
    states: dict[str, int]
    queues: dict[str, int]


def is_new(desk: Desk) -> bool:
    """Whether the desk holds no tickets, customers or requesters yet."""
    with desk.database.read() as session:
        return _is_new(session)


def _is_new(session: Session) -> bool:
    holds = (Ticket.id, Customer.id, Requester.id)
    return all(session.scalar(select(column).limit(1)) is None for column in holds)


def fill(
    desk: Desk,
    tickets: int,
    seed: int,
    now: datetime,
    progress: Callable[[int], None] = lambda _: None,
) -> Filled:
    """Fill a new desk with ``tickets`` made tickets, all or nothing.

    The same seed and the same ``now`` (aware UTC) make the same desk.

    :param progress: called now and then with the number of tickets made so far.
    :raises RefusedError: if the desk holds tickets, customers or requesters already.
    """
    desk.require(Right.MANAGE_AGENTS)
    now = now.replace(microsecond=0)
    rng = Random(seed)  # noqa: S311  (made data, no secret)
    with desk.database.write() as session:
        if not _is_new(session):
            raise RefusedError(
                f"the desk {desk.database.name} already holds tickets or customers: made data is "
                "only put into a new one; name another file with --db."
            )
        staff = add_staff(desk, session, now)
        customers = add_contracts(session, now)
        agreed = Agreed(session, customers)
        callers = add_callers(session, rng, customers, tickets)
        plans = _plans(rng, callers, agreed, tickets, now)
        by_number = {plan.number: plan for plan in plans}
        rows = Rows(session, agreed)
        states: Counter[str] = Counter()
        queues: Counter[str] = Counter()
        events = 0
        for plan in plans:
            if plan.is_echo:
                continue  # told with the ticket into which it is merged
            for told in tell(rng, staff, agreed, plan, now):
                rows.add(by_number[told.number], told)
                states[told.state] += 1
                queues[told.queue] += told.state.is_active
                events += len(told.events)
            if len(rows) >= _CHUNK:
                rows.write()
                progress(states.total())
        rows.write()
        agents = len(people.agents(session))
    return Filled(
        tickets=states.total(),
        events=events,
        agents=agents,
        customers=len(CONTRACTS),
        requesters=len(callers),
        states={str(state): count for state, count in sorted(states.items())},
        queues={str(queue): count for queue, count in sorted(queues.items())},
    )


def _plans(rng: Random, callers: Callers, agreed: Agreed, count: int, now: datetime) -> list[Plan]:
    """Return the plans of all tickets in the order of time, numbered."""
    planner = Planner(rng, callers, Issues(load_issues()))
    present = present_plans(rng, planner, agreed, active_count(count), now)
    echoes = present_echoes(rng, planner, present, now, count - len(present))
    past = past_plans(rng, planner, count - len(present) - len(echoes), now)
    for plans in (present, past):
        for plan in rng.sample(plans, len(plans) // _ONE_ODD_IN + bool(plans)):
            plan.odd = rng.choice(_ODD)
    plans = sorted([*present, *echoes, *past], key=lambda plan: plan.at)
    for number, plan in enumerate(plans, 1):
        plan.number = number
    return plans
