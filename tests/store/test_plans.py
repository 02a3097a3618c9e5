"""Nothing that is drawn or done often reads a large table from end to end, on either engine."""

from collections.abc import Callable
from functools import partial

import pytest
from sqlalchemy import text

from helpdesk.desk import (
    alarms,
    claiming,
    feed,
    intake,
    keeper,
    queues,
    tickets,
)
from helpdesk.desk.handover import Escalate
from helpdesk.desk.outcome import Resolve
from helpdesk.desk.session import Desk
from helpdesk.desk.views import Query
from helpdesk.desk.work import Claim, Reply
from helpdesk.domain.escalation import HandOver, Level
from helpdesk.domain.ticket import State
from tests.plans import whole_tables, whole_tables_of
from tests.verbs import do

_NOTE = HandOver(asked="look at it")


@pytest.fixture
def worked(desk: Desk) -> Desk:
    """A desk with some tickets."""
    for number in range(4):
        intake.log_query(desk, Query(f"number {number}", requester="x@contoso.example"))
    do(desk, 1, Escalate(Level.L2, "hard", _NOTE))
    return desk


_HOT: dict[str, Callable[[Desk], object]] = {
    "a queue": lambda desk: queues.page(desk, queues.Selection(queue=Level.L1)),
    "a queue further down": lambda desk: queues.page(desk, queues.Selection(), offset=2),
    "my tickets": lambda desk: queues.page(desk, queues.Selection(assignee="ann")),
    "nobody's tickets": lambda desk: queues.page(desk, queues.Selection(assignee="-")),
    "the place in a queue": lambda desk: queues.position(desk, queues.Selection(), 3),
    "figures of the header": queues.counts,
    "a ticket": lambda desk: tickets.show(desk, 1),
    "log": lambda desk: intake.log_query(desk, Query("one more", requester="x@contoso.example")),
    "claim": lambda desk: do(desk, 2, Claim()),
    "claim next": claiming.claim_next,
    "reply": lambda desk: do(desk, 2, Reply("words")),
    "escalate": lambda desk: do(desk, 3, Escalate(Level.L2, "hard", _NOTE)),
    "resolve": lambda desk: do(desk, 2, Resolve("done")),
    "errands": keeper.next_errand_at,
    "keep": keeper.catch_up,
    "look": lambda desk: feed.mark(desk),
    "alarms": alarms.recent,
}


@pytest.mark.parametrize("name", _HOT)
def test_what_is_done_often_goes_by_indexes(worked: Desk, name: str) -> None:
    assert whole_tables_of(worked, lambda: _HOT[name](worked)) == []


def test_a_list_of_one_state_goes_by_an_index(worked: Desk) -> None:
    for state in (State.OPEN, State.NEW):
        page = partial(queues.page, worked, queues.Selection(state=state))
        assert whole_tables_of(worked, page) == []


def test_a_whole_table_is_noticed(worked: Desk) -> None:
    with worked.database.read() as session:
        assert whole_tables(session, text("SELECT id FROM tickets WHERE subject = 'x'")) != []


@pytest.mark.parametrize("engine", ["postgresql"])  # SQLite's driver keeps statements by itself
def test_what_is_asked_often_is_planned_once(worked: Desk) -> None:
    for _ in range(16):  # the driver has it prepared at the sixth, the server plans it five times
        queues.page(worked, queues.Selection(queue=Level.L1))
    with worked.database.read() as session:
        statement = text("SELECT count(*) FROM pg_prepared_statements WHERE generic_plans > 0")
        assert session.scalar(statement) != 0
