"""Which tickets are suggested to merge or link with, how they differ, and taking it back."""

from collections.abc import Callable

import pytest

from helpdesk.desk.bulk import undo
from helpdesk.desk.session import Desk
from helpdesk.desk.ticket import log_query, show_ticket
from helpdesk.desk.ticket.candidates import candidates
from helpdesk.desk.ticket.handling import Note, Reply
from helpdesk.desk.ticket.links import Link, Merge
from helpdesk.desk.ticket.merge_check import merge_check, query_check
from helpdesk.desk.ticket.resolving import Resolve
from helpdesk.desk.ticket.views import NewQuery, TicketView
from helpdesk.desk.unit_of_work.action import Action
from helpdesk.domain.ticket import LinkKind, State
from tests.verbs import do

_MARA = "mara@contoso.example"


def _log(desk: Desk, subject: str, requester: str = "", customer: str = "") -> int:
    return log_query.log_query(desk, NewQuery(subject, "", requester, customer)).number


@pytest.fixture
def related(desk: Desk) -> Desk:
    """A desk whose tickets 2 to 4 have to do with ticket 1, and of which the others do not."""
    _log(desk, "flurble gizmo hums at midnight", _MARA, "Contoso")
    _log(desk, "the chair squeaks", "jo@contoso.example", "Contoso")
    _log(desk, "flurble gizmo hums", "al@fabrikam.example", "Fabrikam")
    _log(desk, "new badge please", _MARA, "Contoso")
    finished = _log(desk, "flurble gizmo hums at midnight", _MARA, "Contoso")
    do(desk, finished, Resolve("oiled"))
    _log(desk, "unlike anything else", "zo@other.example", "Other")
    return desk


def test_open_tickets_of_requester_issue_and_customer_are_suggested(related: Desk) -> None:
    found = candidates(related, 1)
    assert [one.ref for one in found] == ["HD-4", "HD-3", "HD-2"]
    assert (found[0].same_requester, found[0].requester) == (True, _MARA)
    assert found[1].likeness > 0
    assert (found[2].same_customer, found[2].likeness) == (True, 0.0)
    do(related, 1, Link(4, LinkKind.RELATED))
    assert "HD-4" not in [one.ref for one in candidates(related, 1)]


def test_a_merge_across_customers_and_requesters_is_told_apart(related: Desk) -> None:
    across = merge_check(related, [1], 3)
    assert (across.customers, across.requesters) == (("Contoso",), (_MARA,))
    within = merge_check(related, [1], 4)
    assert (within.customers, within.requesters) == ((), ())
    assert within.warnings == ()


def test_a_query_that_would_join_another_customers_ticket_is_told_apart(related: Desk) -> None:
    query = NewQuery("it hums", "", "jo@contoso.example", "Contoso")
    assert query_check(related, query, 3).customer_warning == (
        "another customer: Contoso would receive the answers to Fabrikam"
    )
    assert query_check(related, query, 1).customer_warning == ""
    unknown = query_check(related, NewQuery("it hums", requester="al@home.example"), 3)
    assert "a requester without a customer would receive" in unknown.customer_warning
    assert query_check(related, NewQuery("it hums"), 3).warnings == ()  # nobody is answered


def _facts(ticket: TicketView) -> tuple[object, ...]:
    clocks = [(clock.name, clock.state, clock.due_at) for clock in ticket.clocks]
    return ticket.state, ticket.assignee, ticket.links, ticket.further_requesters, clocks


@pytest.mark.parametrize(
    "action",
    [Merge(2), Link(2, LinkKind.DUPLICATE), Link(2, LinkKind.RELATED), Link(2, LinkKind.PARENT)],
)
def test_a_merge_or_link_is_taken_back_on_both_tickets(related: Desk, action: Action) -> None:
    before = [_facts(show_ticket.show(related, number)) for number in (1, 2)]
    do(related, 1, action)
    assert [_facts(show_ticket.show(related, number)) for number in (1, 2)] != before
    assert undo.undo(related, [1]).refused == ()
    assert [_facts(show_ticket.show(related, number)) for number in (1, 2)] == before
    do(related, 1, action)  # and it can be done again


@pytest.mark.parametrize("answer", [Reply("we know"), Resolve("oiled")])
def test_a_merge_is_not_taken_back_once_the_other_ticket_was_answered(
    related: Desk, answer: Action
) -> None:
    do(related, 1, Merge(2))
    do(related, 2, Note("not sent"))
    do(related, 2, answer)
    [refusal] = undo.undo(related, [1]).refused
    assert "HD-2 was answered since" in refusal.sentence
    assert show_ticket.show(related, 1).state is State.RESOLVED


def test_what_would_be_undone_is_named(related: Desk, desk_of: Callable[[str], Desk]) -> None:
    do(related, 1, Merge(2))
    [change] = undo.last_changes(related, [1])
    assert (change.number, change.subject) == (1, "flurble gizmo hums at midnight")
    assert change.words == "linking, claiming, merging"
