"""Links that make sense, read the right way round, can be searched for, and tell the agents."""

from collections.abc import Callable

import pytest

from helpdesk.desk.exchange.ticket_text import ticket_text
from helpdesk.desk.inbox import inbox
from helpdesk.desk.queue import lists
from helpdesk.desk.session import Desk
from helpdesk.desk.ticket import log_query, show_ticket
from helpdesk.desk.ticket.handling import Claim
from helpdesk.desk.ticket.links import Link
from helpdesk.desk.ticket.parents import Unlink
from helpdesk.desk.ticket.resolving import Resolve
from helpdesk.desk.ticket.set_fields import SetFields
from helpdesk.desk.ticket.views import NewQuery
from helpdesk.desk.unit_of_work.fields import FieldChanges
from helpdesk.domain.errors import RefusedError
from helpdesk.domain.query import parse
from helpdesk.domain.ticket import Kind, LinkKind
from tests.verbs import do

KINDS = (Kind.PROBLEM, Kind.CHANGE, Kind.INCIDENT, Kind.INCIDENT, Kind.REQUEST)


@pytest.fixture
def five(desk: Desk) -> Desk:
    """A desk with a problem (1), a change (2), two incidents (3, 4) and a request (5)."""
    for number, kind in enumerate(KINDS, 1):
        log_query.log_query(desk, NewQuery(f"number {number}", kind=kind))
    return desk


@pytest.mark.parametrize("kind", [LinkKind.PROBLEM, LinkKind.CHANGE])
def test_only_a_ticket_of_that_kind_is_a_problem_or_change(five: Desk, kind: LinkKind) -> None:
    for number, own in enumerate(KINDS, 1):
        for other, its in enumerate(KINDS, 1):
            if number == other:
                continue
            if str(its) == str(kind) != str(own):
                do(five, number, Link(other, kind))
                continue
            with pytest.raises(RefusedError, match="--kind related"):
                do(five, number, Link(other, kind))


def test_a_problem_with_incidents_keeps_its_kind(five: Desk) -> None:
    do(five, 3, Link(1, LinkKind.PROBLEM))
    with pytest.raises(RefusedError, match="'problem:HD-1'"):
        do(five, 1, SetFields(FieldChanges(kind=Kind.INCIDENT)))
    do(five, 3, Unlink(1, LinkKind.PROBLEM))
    do(five, 1, SetFields(FieldChanges(kind=Kind.INCIDENT)))


def test_a_related_link_is_the_same_from_both_sides(five: Desk) -> None:
    do(five, 3, Link(4, LinkKind.RELATED))
    do(five, 4, Link(3, LinkKind.RELATED))
    assert len(show_ticket.show(five, 3).links) == 1
    do(five, 4, Unlink(3, LinkKind.RELATED))
    assert show_ticket.show(five, 3).links == ()


def test_each_ticket_reads_the_link_from_its_own_side(five: Desk) -> None:
    do(five, 3, Link(1, LinkKind.PROBLEM))
    do(five, 4, Link(2, LinkKind.CHANGE))
    texts = [ticket_text(show_ticket.show(five, number)) for number in (1, 2, 3, 4)]
    for text, line in zip(
        texts,
        ("causes: HD-3", "is the change for: HD-4", "problem: HD-1", "change: HD-2"),
        strict=True,
    ):
        assert f"  {line} (new)" in text


@pytest.mark.parametrize("kind", [LinkKind.PROBLEM, LinkKind.CHANGE])
def test_a_query_lists_what_a_problem_causes_also_when_it_is_done(
    five: Desk, kind: LinkKind
) -> None:
    other = 1 if kind is LinkKind.PROBLEM else 2
    for number in (3, 4):
        do(five, number, Link(other, kind))
    do(five, 4, Resolve("done"))
    found = lists.page(five, lists.Selection(query=parse(f"{kind}:HD-{other}")))
    assert {row.number for row in found.rows} == {3, 4}


def test_resolving_a_problem_tells_the_agents_of_its_incidents(
    five: Desk, desk_of: Callable[[str], Desk]
) -> None:
    bob = desk_of("bob")
    do(bob, 3, Claim())
    for number in (3, 4):
        do(five, number, Link(1, LinkKind.PROBLEM))
    inbox.mark_all_read(bob)
    before = show_ticket.show(five, 3)
    do(five, 1, Resolve("patched"))
    after = show_ticket.show(five, 3)
    assert (after.version, after.state) == (before.version, before.state)
    assert after.events[-1].data == {"kind": "problem", "ticket": "HD-1"}
    assert inbox.listing(five) == ()  # nobody is told of what they did
    told = inbox.listing(bob, only_unread=True)
    assert {(notice.ref, notice.data["ticket"]) for notice in told} == {
        ("HD-3", "HD-1"),
        ("HD-4", "HD-1"),
    }
    bob.close()
