"""Parents and children of major incidents, unlinking and splitting."""

import pytest

from helpdesk.desk.bulk import bulk
from helpdesk.desk.session import Desk
from helpdesk.desk.ticket import log_query, parents, show_ticket, splitting
from helpdesk.desk.ticket.handling import Claim
from helpdesk.desk.ticket.links import Link
from helpdesk.desk.ticket.parents import Unlink
from helpdesk.desk.ticket.resolving import resolve_with
from helpdesk.desk.ticket.views import NewQuery
from helpdesk.domain.errors import RefusedError
from helpdesk.domain.ticket import LinkKind, State
from tests.verbs import do


@pytest.fixture
def incident(desk: Desk) -> int:
    """A major incident, ticket 1, with the children 2, 3 and 4; ticket 5 is unrelated."""
    for subject in ("total outage", "a", "b", "c", "another"):
        log_query.log_query(desk, NewQuery(subject, requester=f"{subject[0]}@contoso.example"))
    bulk.apply(desk, [2, 3, 4], [Link(1, LinkKind.PARENT)])
    return 1


def test_children_are_listed_on_their_parent(desk: Desk, incident: int) -> None:
    parent = show_ticket.show(desk, incident)
    assert [(link.kind, link.outward, link.ref) for link in parent.links] == [
        (LinkKind.PARENT, False, f"HD-{number}") for number in (2, 3, 4)
    ]
    assert parents.open_children(desk, incident) == (2, 3, 4)


def test_a_parent_and_its_children_are_resolved_with_the_same_answer(
    desk: Desk, incident: int
) -> None:
    everyone = (incident, *parents.open_children(desk, incident))
    done = bulk.apply(desk, everyone, [resolve_with(desk, "it runs again", None)])
    assert set(done.done) == {1, 2, 3, 4}
    for number in everyone:
        ticket = show_ticket.show(desk, number)
        assert ticket.state is State.RESOLVED
        assert [one.text for one in ticket.events if one.type == "replied"] == ["it runs again"]
    assert parents.open_children(desk, incident) == ()
    assert show_ticket.show(desk, 5).state is State.NEW


def test_parents_and_children_form_a_tree(desk: Desk, incident: int) -> None:
    with pytest.raises(RefusedError, match="HD-2 is a child of HD-1 already"):
        do(desk, 2, Link(5, LinkKind.PARENT))
    with pytest.raises(RefusedError, match="HD-2 is below HD-1 already"):
        do(desk, 1, Link(2, LinkKind.PARENT))
    do(desk, 5, Link(2, LinkKind.PARENT))
    with pytest.raises(RefusedError, match="HD-5 is below HD-1 already"):
        do(desk, 1, Link(5, LinkKind.PARENT))
    do(desk, 2, Unlink(1, LinkKind.PARENT))
    assert parents.open_children(desk, incident) == (3, 4)
    assert show_ticket.show(desk, 2).events[-1].type == "unlinked"
    with pytest.raises(RefusedError, match="HD-2 is not linked to HD-1 as parent"):
        do(desk, 2, Unlink(1, LinkKind.PARENT))


def test_a_split_copies_the_fields_and_links_both_tickets(desk: Desk) -> None:
    whole = log_query.log_query(
        desk,
        NewQuery(
            "two things", requester="Kai <k@contoso.example>", customer="Contoso", service="vpn"
        ),
    )
    do(desk, whole.number, Claim())
    part = splitting.split(desk, whole.number, "the second thing", "details")
    assert (part.subject, part.body, part.state) == ("the second thing", "details", State.NEW)
    assert part.requester == whole.requester
    assert (part.customer, part.service, part.priority) == ("Contoso", "vpn", whole.priority)
    assert [(link.kind, link.outward, link.ref) for link in part.links] == [
        (LinkKind.SPLIT, True, "HD-1")
    ]
    after = show_ticket.show(desk, whole.number)
    assert [(link.outward, link.ref) for link in after.links] == [(False, "HD-2")]
    assert after.events[-1].data == {"into": "HD-2", "subject": "the second thing"}
    with pytest.raises(RefusedError, match="the subject is empty"):
        splitting.split(desk, whole.number, " ")
    assert show_ticket.show(desk, whole.number) == after
