"""From told stories to rows, written many at a time."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session

from helpdesk.desk import clockwork, promises
from helpdesk.desk.demo.agreed import Agreed
from helpdesk.desk.demo.chronicle import Chronicle
from helpdesk.desk.demo.plan import Plan
from helpdesk.domain.ticket import LinkKind
from helpdesk.store.models import (
    Ticket,
    TicketArticle,
    TicketClock,
    TicketEvent,
    TicketLink,
)

_CLOCK_COLUMNS = tuple(column.name for column in TicketClock.__table__.columns)


class Rows:
    """Collects the rows of some tickets; :meth:`write` puts them into the desk."""

    def __init__(self, session: Session, agreed: Agreed) -> None:
        self._session = session
        self._agreed = agreed
        self._calendars = promises.calendars(session)
        self._start()

    def _start(self) -> None:
        self._tickets: list[dict[str, Any]] = []
        self._events: list[dict[str, Any]] = []
        self._clocks: list[dict[str, Any]] = []
        self._links: list[dict[str, Any]] = []
        self._articles: list[dict[str, Any]] = []

    def __len__(self) -> int:
        return len(self._tickets)

    def add(self, plan: Plan, told: Chronicle) -> None:
        """Take up a ticket; its clocks and its place in the queue come from the desk's rules."""
        settled = Ticket(id=told.number, state=told.state)
        timeline = [
            TicketEvent(at=event["at"], type=event["type"], data=event["data"])
            for event in told.events
            if event["type"] in clockwork.CLOCK_TYPES
        ]
        clocks = clockwork.put_in_order(settled, timeline, self._calendars, told.updated_at)
        self._tickets.append(self._ticket(plan, told, settled))
        self._events += told.events
        self._clocks += (
            {name: getattr(clock, name) for name in _CLOCK_COLUMNS} for clock in clocks
        )
        self._articles += (
            {"ticket_id": told.number, "path": path, "at": at}
            for path, at in told.articles.items()
        )
        if told.duplicate_of is not None:
            link = {"ticket_id": told.number, "other_id": told.duplicate_of}
            self._links.append({**link, "kind": LinkKind.DUPLICATE})

    def write(self) -> None:
        """Write all that was collected, and begin anew."""
        for table, rows in self._by_table():
            if rows:
                self._session.execute(insert(table), rows)
        self._start()

    def _by_table(self) -> Iterable[tuple[Any, list[dict[str, Any]]]]:
        # Core inserts: a mapped object for each row would take four times as long.
        yield Ticket.__table__, self._tickets
        yield TicketEvent.__table__, self._events
        yield TicketClock.__table__, self._clocks
        yield TicketLink.__table__, self._links
        yield TicketArticle.__table__, self._articles

    def _ticket(self, plan: Plan, told: Chronicle, settled: Ticket) -> dict[str, Any]:
        return {
            "id": told.number,
            "version": told.version,
            "subject": told.subject,
            "body": told.body,
            "kind": plan.issue.kind,
            "state": told.state,
            "waiting_on": told.waiting_on,
            "waiting_until": told.waiting_until,
            "queue": told.queue,
            "impact": told.impact,
            "urgency": told.urgency,
            "priority": told.priority,
            "channel": plan.channel,
            "service_id": self._agreed.service_id(plan.issue),
            "customer_id": self._agreed.customer_id(plan.contract),
            "requester_id": plan.caller.id if plan.caller else None,
            "assignee_id": told.assignee.id if told.assignee else None,
            "policy_id": told.policy_id,
            "created_at": told.created_at,
            "updated_at": told.updated_at,
            "resolved_at": told.resolved_at,
            "closed_at": told.closed_at,
            "hand_overs": told.hand_overs,
            "reopenings": told.reopenings,
            "due_rank": settled.due_rank,
            "warn_at": settled.warn_at,
            "due_clock": settled.due_clock,
        }
