"""Repeat issues: duplicates that follow another ticket, problems that recur."""

from collections.abc import Callable

import pytest

from helpdesk.desk.library import Library
from helpdesk.desk.queue import lists
from helpdesk.desk.session import Desk
from helpdesk.desk.ticket import links, log_query, show_ticket
from helpdesk.desk.ticket.handling import Claim
from helpdesk.desk.ticket.links import Link
from helpdesk.desk.ticket.resolving import Reopen, Resolve, resolve_with
from helpdesk.desk.ticket.set_fields import SetFields
from helpdesk.desk.ticket.views import NewQuery, TicketView
from helpdesk.desk.unit_of_work import fields
from helpdesk.domain.errors import RefusedError
from helpdesk.domain.ticket import Kind, LinkKind, State
from helpdesk.search.hits import SearchHit
from tests.conftest import StillClock
from tests.verbs import do


def _types(ticket: TicketView) -> list[str]:
    return [event.type for event in ticket.events]


def _log(desk: Desk, subject: str, requester: str = "", **how: int) -> TicketView:
    return log_query.log_query(desk, NewQuery(subject, requester=requester), **how)  # type: ignore[arg-type]


def test_a_duplicate_is_resolved_together_with_the_ticket_it_follows(
    desk: Desk, clock: StillClock
) -> None:
    first = _log(desk, "flurble is stuck", "a@x.example")
    do(desk, first.number, Claim())
    followed = _log(desk, "flurble stuck too", "b@x.example", duplicate_of=first.number)
    assert followed.number == first.number
    assert [person.mail for person in followed.further_requesters] == ["b@x.example"]
    duplicate = show_ticket.show(desk, 2)
    assert (duplicate.state, duplicate.assignee) == (State.OPEN, "ann")
    assert _types(duplicate) == ["logged", "linked", "follows"]
    assert any(one.open for one in duplicate.clocks)
    rows = {row.ref: row.duplicate_of for row in lists.page(desk, lists.Selection()).rows}
    assert rows == {"HD-1": "", "HD-2": "HD-1"}

    clock.advance(minutes=5)
    do(desk, first.number, resolve_with(desk, "restart it", "vpn/keepalive.md"))
    duplicate = show_ticket.show(desk, 2)
    assert (duplicate.state, duplicate.articles) == (State.RESOLVED, ("vpn/keepalive.md",))
    assert [event.text for event in duplicate.events if event.public and event.text] == [
        "restart it"
    ]
    assert duplicate.events[-1].data["with"] == "HD-1"
    assert duplicate.resolved_at == clock.now
    assert not any(one.open for one in duplicate.clocks)


def test_a_duplicate_of_a_duplicate_follows_the_original(desk: Desk) -> None:
    _log(desk, "flurble", "a@x.example")
    _log(desk, "flurble again", "b@x.example", duplicate_of=1)
    _log(desk, "flurble once more", "c@x.example")
    do(desk, 3, Link(2, LinkKind.DUPLICATE))
    assert show_ticket.show(desk, 3).links[0].ref == "HD-1"
    assert [person.mail for person in show_ticket.show(desk, 1).further_requesters] == [
        "b@x.example",
        "c@x.example",
    ]
    for into, said in ((2, "a duplicate of it"), (1, "itself")):
        with pytest.raises(RefusedError, match=said):
            do(desk, 1, Link(into, LinkKind.DUPLICATE))
    do(desk, 1, Resolve("done"))
    assert {show_ticket.show(desk, number).state for number in (1, 2, 3)} == {State.RESOLVED}


def test_duplicates_of_a_ticket_that_becomes_a_duplicate_follow_the_original(desk: Desk) -> None:
    for subject, mail in (("one", "a@x.example"), ("two", "b@x.example"), ("three", "c@x.example")):
        _log(desk, subject, mail)
    do(desk, 3, Link(2, LinkKind.DUPLICATE))
    do(desk, 2, Link(1, LinkKind.DUPLICATE))
    assert {person.mail for person in show_ticket.show(desk, 1).further_requesters} == {
        "b@x.example",
        "c@x.example",
    }
    do(desk, 1, Resolve("done"))
    assert show_ticket.show(desk, 3).state is State.RESOLVED


def test_a_duplicate_that_was_resolved_or_reopened_by_itself_no_longer_follows(desk: Desk) -> None:
    _log(desk, "flurble")
    _log(desk, "flurble", duplicate_of=1)
    do(desk, 2, Resolve("by itself"))
    count = len(show_ticket.show(desk, 2).events)
    do(desk, 1, Resolve("done"))
    assert len(show_ticket.show(desk, 2).events) == count
    do(desk, 2, Reopen("not so"))
    assert show_ticket.show(desk, 1).state is State.RESOLVED
    with pytest.raises(RefusedError, match="HD-3 cannot follow HD-1, which is resolved"):
        _log(desk, "flurble", duplicate_of=1)
    assert lists.page(desk, lists.Selection()).total == 1


def _log_solved_problem(desk: Desk) -> None:
    """Log and resolve the incident HD-1 of the problem HD-2, which the change HD-3 fixed."""
    log, subject = log_query.log_query, "flurble gizmo loses its frobnication at midnight"
    log(desk, NewQuery(subject))
    log(desk, NewQuery(f"root cause: {subject}", kind=Kind.PROBLEM))
    log(desk, NewQuery("replace the frobnicator", kind=Kind.CHANGE))
    do(desk, 1, Link(2, LinkKind.PROBLEM))
    do(desk, 2, Link(3, LinkKind.CHANGE))
    for number in (3, 2, 1):
        do(desk, number, Resolve("the frobnicator was replaced"))


def test_a_recurrence_is_recorded_and_passed_to_the_lead(desk: Desk) -> None:
    for number in range(12):
        _log(desk, f"something else number {number}")
        do(desk, number + 1, Resolve("done"))
    offset = 12
    log, subject = log_query.log_query, "flurble gizmo loses its frobnication at midnight"
    log(desk, NewQuery(subject))
    log(desk, NewQuery(f"root cause: {subject}", kind=Kind.PROBLEM))
    log(desk, NewQuery("replace the frobnicator", kind=Kind.CHANGE))
    do(desk, offset + 1, Link(offset + 2, LinkKind.PROBLEM))
    do(desk, offset + 2, Link(offset + 3, LinkKind.CHANGE))
    for number in (3, 2, 1):
        do(desk, offset + number, Resolve("the frobnicator was replaced"))
    back = _log(desk, "gizmo loses frobnication at midnight")
    assert back.reappeared is not None
    assert back.reappeared.sentence == "reappeared: HD-14, fixed in change HD-15"
    assert back.with_lead_since is not None
    assert _types(back) == ["logged", "reappeared", "escalated_to_lead"]
    assert back.events[-1].data["reason"] == back.reappeared.sentence
    row = next(row for row in lists.page(desk, lists.Selection()).rows if row.number == 16)
    assert (row.reappeared, row.with_lead) == ("HD-14", True)
    other = _log(desk, "the coffee machine is empty")
    assert other.reappeared is None


def test_linking_to_a_solved_problem_records_a_recurrence(desk: Desk) -> None:
    _log_solved_problem(desk)
    _log(desk, "quite other words")
    assert links.problem_among(desk, [1]) == 2
    for no_problem in (1, 3):
        with pytest.raises(RefusedError, match=f"HD-{no_problem} is of kind"):
            do(desk, 4, Link(no_problem, LinkKind.PROBLEM))
    ticket = do(desk, 4, Link(2, LinkKind.PROBLEM))
    assert ticket.reappeared is not None
    assert ticket.reappeared.sentence == "reappeared: HD-2, fixed in change HD-3"
    again = do(desk, 4, Link(2, LinkKind.PROBLEM))
    assert _types(again).count("reappeared") == 1


def test_an_open_problem_does_not_recur(desk: Desk) -> None:
    log_query.log_query(desk, NewQuery("the cause of it", kind=Kind.PROBLEM))
    ticket = _log(desk, "flurble", problem=1)
    assert ticket.reappeared is None
    assert [(link.kind, link.ref) for link in ticket.links] == [(LinkKind.PROBLEM, "HD-1")]
    with pytest.raises(RefusedError, match="HD-3 belongs to no problem"):
        links.problem_among(desk, [_log(desk, "x").number])


def test_a_recurrence_that_is_resolved_at_once_is_not_passed_to_the_lead(desk: Desk) -> None:
    _log_solved_problem(desk)
    ticket = log_query.log_query(
        desk, NewQuery("x"), resolve_with="vpn/keepalive.md", problem=2, reply="in my own words"
    )
    assert ticket.state is State.RESOLVED
    assert ticket.with_lead_since is None
    assert ticket.reappeared is not None
    assert [(link.kind, link.ref) for link in ticket.links] == [(LinkKind.PROBLEM, "HD-2")]
    assert [event.text for event in ticket.events if event.type == "replied"] == ["in my own words"]


def test_a_desk_without_solved_problems_is_not_searched(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    searched = []

    def similar_tickets(library: Library, text: str, *_: object) -> tuple[SearchHit, ...]:
        searched.append(text)
        return ()

    monkeypatch.setattr(Library, "similar_tickets", similar_tickets)
    log_query.log_query(desk, NewQuery("the cause of it", kind=Kind.PROBLEM))
    _log(desk, "flurble")
    assert searched == []
    do(desk, 1, Resolve("found"))
    _log(desk, "gizmo")
    assert len(searched) == 1


def test_a_failing_search_does_not_prevent_logging_a_query(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    _log_solved_problem(desk)

    tries = []

    def similar_tickets(*_: object) -> tuple[SearchHit, ...]:
        tries.append("searched")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Library, "similar_tickets", similar_tickets)
    assert _log(desk, "flurble").reappeared is None
    assert tries == ["searched"]


def test_a_recurrence_is_shown_to_other_agents_and_after_changes(
    desk: Desk, desk_of: Callable[[str], Desk]
) -> None:
    _log_solved_problem(desk)
    _log(desk, "anything", problem=2)
    assert show_ticket.show(desk_of("bob"), 4).reappeared is not None
    do(desk, 4, SetFields(fields.FieldChanges(subject="else")))
    assert show_ticket.show(desk, 4).reappeared is not None
