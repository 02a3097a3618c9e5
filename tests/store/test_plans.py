"""No frequent use case reads a large table from end to end, on either engine."""

from collections.abc import Callable
from functools import partial

import pytest
from sqlalchemy import text

from helpdesk.desk import change_feed, scheduler
from helpdesk.desk.escalation.hand_over import Escalate
from helpdesk.desk.inbox import alarms
from helpdesk.desk.queue import lists
from helpdesk.desk.session import Desk
from helpdesk.desk.ticket import claiming, log_query, show_ticket
from helpdesk.desk.ticket.handling import Claim, Reply
from helpdesk.desk.ticket.resolving import Resolve
from helpdesk.desk.ticket.views import NewQuery
from helpdesk.domain.escalation import HandOver, Level
from helpdesk.domain.ticket import ReplyWay, State
from tests.plans import full_scans, full_scans_of
from tests.verbs import do

_NOTE = HandOver(asked="look at it")


@pytest.fixture
def worked(desk: Desk) -> Desk:
    """A desk with some tickets."""
    for number in range(4):
        log_query.log_query(desk, NewQuery(f"number {number}", requester="x@contoso.example"))
    do(desk, 1, Escalate(Level.L2, "hard", _NOTE))
    return desk


_FREQUENT: dict[str, Callable[[Desk], object]] = {
    "a queue": lambda desk: lists.page(desk, lists.Selection(queue=Level.L1)),
    "a queue further down": lambda desk: lists.page(desk, lists.Selection(), offset=2),
    "my tickets": lambda desk: lists.page(desk, lists.Selection(assignee="ann")),
    "nobody's tickets": lambda desk: lists.page(desk, lists.Selection(assignee="-")),
    "the place in a queue": lambda desk: lists.position(desk, lists.Selection(), 3),
    "figures of the header": lists.counts,
    "a ticket": lambda desk: show_ticket.show(desk, 1),
    "log": lambda desk: log_query.log_query(
        desk, NewQuery("one more", requester="x@contoso.example")
    ),
    "claim": lambda desk: do(desk, 2, Claim()),
    "claim next": claiming.claim_next,
    "reply": lambda desk: do(desk, 2, Reply("words", ReplyWay.PHONE)),
    "escalate": lambda desk: do(desk, 3, Escalate(Level.L2, "hard", _NOTE)),
    "resolve": lambda desk: do(desk, 2, Resolve("done")),
    "next due action": scheduler.next_due_at,
    "act on what is due": scheduler.catch_up,
    "poll for changes": lambda desk: change_feed.mark(desk),
    "alarms": lambda desk: alarms.recent(desk),
}


@pytest.mark.parametrize("name", _FREQUENT)
def test_frequent_use_cases_use_indexes(worked: Desk, name: str) -> None:
    assert full_scans_of(worked, lambda: _FREQUENT[name](worked)) == []


def test_a_list_of_one_state_uses_an_index(worked: Desk) -> None:
    for state in (State.OPEN, State.NEW):
        page = partial(lists.page, worked, lists.Selection(state=state))
        assert full_scans_of(worked, page) == []


def test_the_check_notices_a_full_scan(worked: Desk) -> None:
    with worked.database.read() as session:
        assert full_scans(session, text("SELECT id FROM tickets WHERE subject = 'x'")) != []


@pytest.mark.parametrize("engine", ["postgresql"])  # SQLite's driver caches statements by itself
def test_frequent_statements_are_planned_once(worked: Desk) -> None:
    for _ in range(16):  # prepared at the sixth execution, then planned five more times
        lists.page(worked, lists.Selection(queue=Level.L1))
    with worked.database.read() as session:
        statement = text("SELECT count(*) FROM pg_prepared_statements WHERE generic_plans > 0")
        assert session.scalar(statement) != 0
