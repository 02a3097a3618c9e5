"""Filling a new desk with made tickets: the same seed and the same ``now``, the same desk."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from random import Random
from typing import Any

from sqlalchemy.orm import Session

from helpdesk.desk.demo.alarms import add_alarms, ran_short
from helpdesk.desk.demo.contracts import Customers, add_contracts
from helpdesk.desk.demo.issues import Issues, load_issues
from helpdesk.desk.demo.past import past_plans
from helpdesk.desk.demo.people import add_callers, add_staff
from helpdesk.desk.demo.plan import Plan, Planner
from helpdesk.desk.demo.present import active_count, present_echoes, present_plans
from helpdesk.desk.demo.story import Story
from helpdesk.desk.demo.timeline import Chronicle
from helpdesk.desk.session import Desk
from helpdesk.desk.sla import agreement, ticket_clocks
from helpdesk.desk.sla.agreement import Archive, Promise, Stored
from helpdesk.desk.sla.history import Past, read_history
from helpdesk.domain.errors import RefusedError
from helpdesk.domain.roles import Right
from helpdesk.domain.ticket import LinkKind
from helpdesk.store.database.many_rows import insert_rows
from helpdesk.store.database.sequences import count_on
from helpdesk.store.models import (
    Ticket,
    TicketArticle,
    TicketClock,
    TicketEvent,
    TicketLink,
)
from helpdesk.store.people import people
from helpdesk.store.ticket import tickets

#: How many tickets are written at once.
_CHUNK = 2_000
#: One ticket in so many has odd text; of the active ones as well, so that every queue shows some.
_ODD_ONE_IN = 60
_ODD = ("hostile", "hostile", "long", "signs")

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Filled:
    """What was made."""

    tickets: int
    active: int
    events: int


def fill(
    desk: Desk,
    count: int,
    seed: int,
    now: datetime,
    progress: Progress = lambda done, of: None,
) -> Filled:
    """Fill a new desk with ``count`` made tickets, in one transaction.

    :param progress: is told from time to time how many of how many are made.
    :raises RefusedError: if the desk holds tickets already.
    """
    desk.require(Right.MANAGE_DATABASE)
    rng = Random(seed)  # noqa: S311  (made data, not secrets)
    with desk.database.write() as session:
        if tickets.count(session):
            raise RefusedError(
                f"the desk {desk.database.name} holds tickets already: name a new file with --db."
            )
        customers = add_contracts(session, now)
        staff = add_staff(desk, session, now)
        callers = add_callers(session, rng, customers, count)
        session.flush()
        terms = _Terms(session, customers, now)
        planner = Planner(rng, callers, Issues(load_issues()))
        plans = _plans(rng, planner, terms, count, now)
        told = _tell(lambda plan: Story(rng, staff, plan, terms), plans, now)
        return _write(session, told, terms, count, now, progress)


def is_empty(desk: Desk) -> bool:
    """Whether the desk holds no ticket yet."""
    with desk.database.read() as session:
        return tickets.count(session) == 0


class _Terms:
    """What each plan is promised, asked once for each kind of ticket."""

    def __init__(self, session: Session, customers: Customers, now: datetime) -> None:
        self._agreed = Stored(session)
        self.customers = customers
        self._now = now
        self._services = {one.name: one.id for one in people.services(session)}
        self._known: dict[tuple[Any, ...], Promise] = {}

    def __call__(self, plan: Plan) -> Promise:
        facts = (
            self.customer_id(plan), self.service_id(plan), plan.issue.kind, plan.priority
        )  # fmt: skip
        if facts not in self._known:
            self._known[facts] = agreement.for_facts(self._agreed, *facts, self._now)
        return self._known[facts]

    def customer_id(self, plan: Plan) -> int | None:
        """The customer's row number; None for strangers."""
        return self.customers.number(plan.contract)

    def service_id(self, plan: Plan) -> int | None:
        """The service's row number."""
        return self._services.get(plan.issue.service)


def _plans(rng: Random, planner: Planner, terms: _Terms, count: int, now: datetime) -> list[Plan]:
    """Return the plans in the order of time, numbered."""
    present = present_plans(rng, planner, terms, active_count(count), now)
    present += present_echoes(rng, planner, present, now)[: max(0, count - len(present))]
    past = past_plans(rng, planner, terms.customers, count - len(present), now)
    for some in (present, past):
        for plan in rng.sample(some, min(len(some), len(some) // _ODD_ONE_IN + 1)):
            plan.odd = rng.choice(_ODD)
    plans = present + past
    plans.sort(key=lambda plan: plan.at)
    kept = {id(plan) for plan in plans}
    for number, plan in enumerate(plans, 1):
        plan.number = number
        if plan.echo is not None and id(plan.echo) not in kept:
            plan.echo = None
    return plans


def _tell(
    story_of: Callable[[Plan], Story], plans: list[Plan], now: datetime
) -> Iterator[tuple[Plan, Chronicle]]:
    """Yield each plan with its told story; a duplicate right after the ticket that it joined."""
    for plan in plans:
        if plan.is_echo:
            continue
        story = story_of(plan)
        story.tell(now)
        yield plan, story.ticket
        echo = story.echo()
        if echo is not None and plan.echo is not None:
            yield plan.echo, echo


def _write(
    session: Session,
    told: Iterator[tuple[Plan, Chronicle]],
    terms: _Terms,
    count: int,
    now: datetime,
    progress: Progress,
) -> Filled:
    rows = _Rows(terms, Archive(session), now)
    written = active = 0
    events: list[dict[str, Any]] = []
    for plan, story in told:
        rows.add(plan, story)
        # Entries are numbered in the order of time over the whole desk: written at the end.
        events += story.events
        written += 1
        active += story.state.is_active
        if written % _CHUNK == 0:
            rows.write(session)
            progress(written, count)
    rows.write(session)
    events.sort(key=lambda event: (event["at"], event["ticket_id"]))
    for start in range(0, len(events), _CHUNK * 4):
        insert_rows(session, TicketEvent, events[start : start + _CHUNK * 4])
    insert_rows(session, TicketLink, rows.links)
    count_on(session)
    return Filled(written, active, len(events))


class _Rows:
    """Rows that are ready to be written."""

    def __init__(self, terms: _Terms, archive: Archive, now: datetime) -> None:
        self._terms = terms
        self._archive = archive
        self._now = now
        self._tickets: list[dict[str, Any]] = []
        self._clocks: list[dict[str, Any]] = []
        self._articles: list[dict[str, Any]] = []
        self.links: list[dict[str, Any]] = []

    def add(self, plan: Plan, story: Chronicle) -> None:
        """Add a ticket, with its clocks computed by the desk's own rules."""
        ticket = self._ticket(plan, story)
        entries = [Past(event["at"], event["type"], event["data"]) for event in story.events]
        history = read_history(entries, self._archive)
        clocks = ticket_clocks.put_in_order(ticket, history, story.updated_at)
        if ran_short(ticket, clocks, self._now):
            add_alarms(story, ticket, self._archive, self._now)
            entries = [Past(event["at"], event["type"], event["data"]) for event in story.events]
            history = read_history(entries, self._archive)
            clocks = ticket_clocks.put_in_order(ticket, history, story.updated_at)
        self._tickets.append(_columns(ticket))
        self._clocks += [_columns(clock) for clock in clocks]
        self._articles += [
            {"ticket_id": story.number, "path": path, "at": at}
            for path, at in story.articles.items()
        ]
        if story.duplicate_of is not None:
            link = {"ticket_id": story.number, "other_id": story.duplicate_of}
            self.links.append({**link, "kind": LinkKind.DUPLICATE})

    def _ticket(self, plan: Plan, story: Chronicle) -> Ticket:
        return Ticket(
            id=story.number,
            version=story.version,
            subject=story.subject,
            body=story.body,
            kind=plan.issue.kind,
            state=story.state,
            waiting_on=story.waiting_on,
            waiting_until=story.waiting_until,
            queue=story.queue,
            impact=story.impact,
            urgency=story.urgency,
            priority=story.priority,
            channel=plan.channel,
            service_id=self._terms.service_id(plan),
            customer_id=self._terms.customer_id(plan),
            requester_id=plan.caller.id if plan.caller else None,
            assignee_id=story.assignee.id if story.assignee else None,
            policy_id=story.promise.policy_id if story.promise else 0,
            calendar_id=story.promise.calendar_id if story.promise else 0,
            created_at=story.created_at,
            updated_at=story.updated_at,
            resolved_at=story.resolved_at,
            closed_at=story.closed_at,
            hand_overs=story.hand_overs,
            reopenings=story.reopenings,
            csat=story.csat,
            follow_up_due=False,
        )

    def write(self, session: Session) -> None:
        """Write what has been added since the last time."""
        for table, rows in (
            (Ticket, self._tickets),
            (TicketClock, self._clocks),
            (TicketArticle, self._articles),
        ):
            insert_rows(session, table, rows)
            rows.clear()


def _columns(row: Ticket | TicketClock) -> dict[str, Any]:
    return {column.name: getattr(row, column.name) for column in row.__table__.columns}
