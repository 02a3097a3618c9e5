"""Fill a new desk with generated tickets; the same seed and ``now`` give the same desk."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from importlib.resources import files
from random import Random
from typing import Any

from sqlalchemy.orm import Session

from helpdesk.desk.demo.alarms import add_alarms, ran_short
from helpdesk.desk.demo.contracts import CustomerTerms, add_customers
from helpdesk.desk.demo.issues import Issues, load_issues
from helpdesk.desk.demo.past import past_plans
from helpdesk.desk.demo.people import add_requesters, add_staff
from helpdesk.desk.demo.plan import Plan, Planner
from helpdesk.desk.demo.present import active_count, present_duplicates, present_plans
from helpdesk.desk.demo.story import Story
from helpdesk.desk.demo.timeline import DemoTicket
from helpdesk.desk.macro import macros
from helpdesk.desk.session import Desk
from helpdesk.desk.sla import agreement, ticket_clocks
from helpdesk.desk.sla.agreement import PolicyArchive, SlaAgreement, StoredPolicyLookup
from helpdesk.desk.sla.history import UnsavedEntry, read_history
from helpdesk.domain.errors import RefusedError
from helpdesk.domain.roles import Right
from helpdesk.domain.ticket import LinkKind
from helpdesk.store.database.many_rows import insert_rows
from helpdesk.store.database.sequences import advance_sequences
from helpdesk.store.models import (
    Ticket,
    TicketArticle,
    TicketClock,
    TicketEvent,
    TicketLink,
)
from helpdesk.store.people import people
from helpdesk.store.ticket import tickets

#: How many tickets are written in one statement.
_CHUNK = 2_000
#: After how many tickets progress is reported.
_REPORTED = 20
#: One ticket in 60 has unusual text. Active tickets count apart, so that queues show some as well.
_ODD_ONE_IN = 60
_ODD = ("hostile", "hostile", "long", "signs")

#: Called with the number of tickets written and the number wanted.
FillProgress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class FillResult:
    """How many tickets, active tickets and timeline entries were generated."""

    tickets: int
    active: int
    events: int


def fill(
    desk: Desk,
    count: int,
    seed: int,
    now: datetime,
    progress: FillProgress = lambda done, of: None,
) -> FillResult:
    """Fill a new desk with ``count`` generated tickets, and with some macros and canned replies.

    :param seed: the seed of the random generator.
    :param now: the time, in UTC, at which the active tickets are being worked on.
    :param progress: called now and then with the number of tickets written and ``count``.
    :raises NotPermittedError: if the role does not allow it.
    :raises RefusedError: if the desk holds tickets already.
    """
    desk.require(Right.MANAGE_DATABASE)
    rng = Random(seed)  # noqa: S311  (sample data, not secrets)
    with desk.database.write() as session:
        if tickets.count(session):
            raise RefusedError(
                f"the desk {desk.database.name} holds tickets already: name a new file with --db."
            )
        customers = add_customers(session, now)
        staff = add_staff(desk, session, now)
        callers = add_requesters(session, rng, customers, count)
        session.flush()
        agreements = _Agreements(session, customers, now)
        planner = Planner(rng, callers, Issues(load_issues()))
        plans = _plans(rng, planner, agreements, count, now)
        timelines = _timelines(lambda plan: Story(rng, staff, plan, agreements), plans, now)
        result = _write(session, timelines, agreements, count, now, progress)
    macros.save(
        desk, files("helpdesk.desk.demo.texts").joinpath("macros.toml").read_text(), shared=True
    )
    return result


def is_empty(desk: Desk) -> bool:
    """Whether the desk holds no ticket yet."""
    with desk.database.read() as session:
        return tickets.count(session) == 0


class _Agreements:
    """The SLA agreement of each plan, looked up once for each combination of facts."""

    def __init__(self, session: Session, customers: CustomerTerms, now: datetime) -> None:
        self._stored = StoredPolicyLookup(session)
        self.customers = customers
        self._now = now
        self._services = {row.name: row.id for row in people.services(session)}
        self._cache: dict[tuple[Any, ...], SlaAgreement] = {}

    def __call__(self, plan: Plan) -> SlaAgreement:
        facts = (
            self.customer_id(plan), self.service_id(plan), plan.issue.kind, plan.priority
        )  # fmt: skip
        if facts not in self._cache:
            self._cache[facts] = agreement.for_facts(self._stored, *facts, self._now)
        named = plan.caller is not None
        return self._cache[facts].for_asked(plan.issue.kind, plan.channel, named=named)

    def customer_id(self, plan: Plan) -> int | None:
        """The customer's row number; None for strangers."""
        return self.customers.number(plan.contract)

    def service_id(self, plan: Plan) -> int | None:
        """The service's row number."""
        return self._services.get(plan.issue.service)


def _plans(
    rng: Random, planner: Planner, agreements: _Agreements, count: int, now: datetime
) -> list[Plan]:
    """Return the plans of all tickets, sorted by time and numbered."""
    present = present_plans(rng, planner, agreements, active_count(count), now)
    present += present_duplicates(rng, planner, present, now)[: max(0, count - len(present))]
    past = past_plans(rng, planner, agreements.customers, count - len(present), now)
    for group in (present, past):
        for plan in rng.sample(group, min(len(group), len(group) // _ODD_ONE_IN + 1)):
            plan.odd = rng.choice(_ODD)
    plans = present + past
    plans.sort(key=lambda plan: plan.at)
    included = {id(plan) for plan in plans}
    for number, plan in enumerate(plans, 1):
        plan.number = number
        if plan.duplicate is not None and id(plan.duplicate) not in included:
            plan.duplicate = None
    return plans


def _timelines(
    story_of: Callable[[Plan], Story], plans: list[Plan], now: datetime
) -> Iterator[tuple[Plan, DemoTicket]]:
    """Yield each plan with its timeline; a duplicate follows the ticket it is merged into."""
    for plan in plans:
        if plan.is_duplicate:
            continue
        story = story_of(plan)
        story.tell(now)
        yield plan, story.ticket
        duplicate = story.duplicate()
        if duplicate is not None and plan.duplicate is not None:
            yield plan.duplicate, duplicate


def _write(
    session: Session,
    timelines: Iterator[tuple[Plan, DemoTicket]],
    agreements: _Agreements,
    count: int,
    now: datetime,
    progress: FillProgress,
) -> FillResult:
    rows = _Rows(agreements, PolicyArchive(session), now)
    written = active = 0
    events: list[dict[str, Any]] = []
    for plan, timeline in timelines:
        rows.add(plan, timeline)
        # Entries are written at the end, because their numbers follow time over the whole desk.
        events += timeline.events
        written += 1
        active += timeline.state.is_active
        if written % _CHUNK == 0:
            rows.write(session)
        if written % _REPORTED == 0:
            progress(written, count)
    rows.write(session)
    events.sort(key=lambda event: (event["at"], event["ticket_id"]))
    for start in range(0, len(events), _CHUNK * 4):
        insert_rows(session, TicketEvent, events[start : start + _CHUNK * 4])
    insert_rows(session, TicketLink, rows.links)
    advance_sequences(session)
    return FillResult(written, active, len(events))


class _Rows:
    """Rows that are waiting to be written."""

    def __init__(self, agreements: _Agreements, archive: PolicyArchive, now: datetime) -> None:
        self._agreements = agreements
        self._archive = archive
        self._now = now
        self._tickets: list[dict[str, Any]] = []
        self._clocks: list[dict[str, Any]] = []
        self._articles: list[dict[str, Any]] = []
        self.links: list[dict[str, Any]] = []

    def add(self, plan: Plan, story: DemoTicket) -> None:
        """Add a ticket, with its clocks computed by the desk's own rules."""
        ticket = self._ticket(plan, story)
        entries = [
            UnsavedEntry(event["at"], event["type"], event["data"]) for event in story.events
        ]
        history = read_history(entries, self._archive)
        clocks = ticket_clocks.update_queue_order(ticket, history, story.updated_at)
        if ran_short(ticket, clocks, self._now):
            add_alarms(story, ticket, self._archive, self._now)
            entries = [
                UnsavedEntry(event["at"], event["type"], event["data"]) for event in story.events
            ]
            history = read_history(entries, self._archive)
            clocks = ticket_clocks.update_queue_order(ticket, history, story.updated_at)
        self._tickets.append(_columns(ticket))
        self._clocks += [_columns(clock) for clock in clocks]
        self._articles += [
            {"ticket_id": story.number, "path": path, "at": at}
            for path, at in story.articles.items()
        ]
        if story.duplicate_of is not None:
            link = {"ticket_id": story.number, "other_id": story.duplicate_of}
            self.links.append({**link, "kind": LinkKind.DUPLICATE})

    def _ticket(self, plan: Plan, story: DemoTicket) -> Ticket:
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
            service_id=self._agreements.service_id(plan),
            customer_id=self._agreements.customer_id(plan),
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
            callback="",
        )

    def write(self, session: Session) -> None:
        """Write the rows added since the last call."""
        for table, rows in (
            (Ticket, self._tickets),
            (TicketClock, self._clocks),
            (TicketArticle, self._articles),
        ):
            insert_rows(session, table, rows)
            rows.clear()


def _columns(row: Ticket | TicketClock) -> dict[str, Any]:
    return {column.name: getattr(row, column.name) for column in row.__table__.columns}
