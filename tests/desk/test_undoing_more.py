"""Undo what a change did outside the ticket's own row: ticks, recorded time, recurrences."""

from collections.abc import Callable
from pathlib import Path

import pytest

from helpdesk.desk.bulk import undo
from helpdesk.desk.session import Desk
from helpdesk.desk.ticket import log_query, show_ticket, sop_steps
from helpdesk.desk.ticket.handling import Claim, Reply
from helpdesk.desk.ticket.links import Link
from helpdesk.desk.ticket.resolving import Resolve
from helpdesk.desk.ticket.views import NewQuery
from helpdesk.desk.time_spent import entries
from helpdesk.domain.ticket import Kind, LinkKind, ReplyWay
from tests.verbs import do

_SOP = (
    "---\ntitle: Flurble by the book\nkind: sop\nowner: x\n---\n## Steps\n- [ ] look\n- [ ] push\n"
)


@pytest.mark.parametrize("before", [False, True])
def test_a_tick_is_undone(desk: Desk, kb: Path, before: bool) -> None:
    (kb / "flurble.md").write_text(_SOP)
    log_query.log_query(desk, NewQuery("one"))
    sop_steps.tick(desk, 1, "flurble.md", 2)
    if before:
        sop_steps.tick(desk, 1, "flurble.md", 1)
    sop_steps.tick(desk, 1, "flurble.md", 1, done=not before)
    [change] = undo.last_changes(desk, [1])
    assert change.words == ("unticking a step" if before else "ticking a step")
    assert undo.undo(desk, [1]).refused == ()
    steps = sop_steps.procedure(desk, 1, "flurble.md").steps
    assert [step.done for step in steps] == [before, True]
    sop_steps.tick(desk, 1, "flurble.md", 1, done=not before)  # and it can be done again
    steps = sop_steps.procedure(desk, 1, "flurble.md").steps
    assert [step.done for step in steps] == [not before, True]


def test_recorded_time_is_undone_by_an_entry_that_cancels_it(desk: Desk) -> None:
    log_query.log_query(desk, NewQuery("one"))
    entries.record_time(desk, 1, "10m")
    entries.record_time(desk, 1, "25m", "typed on the wrong ticket")
    assert [change.words for change in undo.last_changes(desk, [1])] == ["recording time"]
    assert undo.undo(desk, [1]).refused == ()
    recorded = entries.entries(desk, 1)
    assert [(entry.minutes, entry.corrected) for entry in recorded] == [
        (10, False), (25, True), (-25, False),
    ]  # fmt: skip


def test_a_link_to_a_solved_problem_is_undone_with_the_mark_of_a_recurrence(desk: Desk) -> None:
    problem = log_query.log_query(desk, NewQuery("cause", kind=Kind.PROBLEM)).number
    do(desk, problem, Resolve("removed"))
    number = log_query.log_query(desk, NewQuery("quite another text")).number
    linked = do(desk, number, Link(problem, LinkKind.PROBLEM))
    assert linked.reappeared is not None
    assert linked.with_lead_since is not None
    assert undo.undo(desk, [number]).refused == ()
    after = show_ticket.show(desk, number)
    assert (after.reappeared, after.links, after.with_lead_since) == (None, (), None)
    assert do(desk, number, Link(problem, LinkKind.PROBLEM)).reappeared is not None


def test_what_cannot_be_undone_is_known_before(desk: Desk, desk_of: Callable[[str], Desk]) -> None:
    log_query.log_query(desk, NewQuery("one"))
    assert [change.possible for change in undo.last_changes(desk, [1])] == [False]
    do(desk, 1, Claim())
    assert [change.possible for change in undo.last_changes(desk, [1])] == [True]
    assert [change.possible for change in undo.last_changes(desk_of("bob"), [1])] == [False]
    do(desk, 1, Reply("it is done", ReplyWay.PHONE))
    assert [change.possible for change in undo.last_changes(desk, [1])] == [False]
