"""What a requester says about a closed ticket is kept: there, or in a new ticket."""

import pytest

from helpdesk.desk.policy import apply_policy
from helpdesk.desk.session import Desk
from helpdesk.desk.ticket import log_query, show_ticket
from helpdesk.desk.ticket.handling import Receive
from helpdesk.desk.ticket.links import Merge
from helpdesk.desk.ticket.resolving import Close, Resolve
from helpdesk.desk.ticket.views import NewQuery
from helpdesk.domain.errors import RefusedError
from helpdesk.domain.ticket import LinkKind, State
from tests.conftest import StillClock
from tests.policies import apply_text
from tests.verbs import do


def set_after_close(desk: Desk, value: str) -> None:
    text = apply_policy.show(desk).text
    apply_text(desk, text.replace('after_close = "reopen"', f'after_close = "{value}"'))


@pytest.fixture
def closed(desk: Desk) -> Desk:
    """A desk with the closed ticket 1."""
    query = NewQuery("no sound", requester="mara@contoso.example", service="print")
    log_query.log_query(desk, query)
    do(desk, 1, Resolve("plug it in"))
    do(desk, 1, Close())
    return desk


def test_by_default_the_message_opens_the_ticket_again(closed: Desk) -> None:
    do(closed, 1, Receive("it is gone again"))
    ticket = show_ticket.show(closed, 1)
    assert (ticket.state, ticket.reopenings) == (State.OPEN, 1)
    assert [event.text for event in ticket.events if event.type == "requester_wrote"] == [
        "it is gone again"
    ]


def test_a_mere_thank_you_leaves_it_closed(closed: Desk) -> None:
    do(closed, 1, Receive("thanks", reopen=False))
    ticket = show_ticket.show(closed, 1)
    assert (ticket.state, ticket.events[-1].text) == (State.CLOSED, "thanks")


def test_the_policy_may_want_a_new_ticket(closed: Desk) -> None:
    set_after_close(closed, "new")
    do(closed, 1, Receive("it is gone again"))
    old, new = show_ticket.show(closed, 1), show_ticket.show(closed, 2)
    assert (old.state, old.reopenings) == (State.CLOSED, 0)
    assert (old.events[-1].type, old.events[-1].data["in"]) == ("continued", "HD-2")
    assert (new.subject, new.body, new.state) == ("no sound", "it is gone again", State.NEW)
    assert (new.requester, new.service) == (old.requester, old.service)
    assert [(link.kind, link.ref) for link in new.links] == [(LinkKind.RELATED, "HD-1")]


@pytest.mark.parametrize(("days", "state"), [(29, State.OPEN), (30, State.CLOSED)])
def test_a_new_ticket_only_after_some_time(
    closed: Desk, clock: StillClock, days: int, state: State
) -> None:
    set_after_close(closed, "new after 30d")
    clock.advance(days=days)
    do(closed, 1, Receive("it is gone again"))
    assert show_ticket.show(closed, 1).state is state


def test_the_message_about_a_ticket_merged_into_a_closed_one_is_kept(closed: Desk) -> None:
    for subject in ("first", "second"):
        log_query.log_query(closed, NewQuery(subject))
    do(closed, 2, Merge(3))
    do(closed, 3, Resolve("done"))
    do(closed, 3, Close())
    do(closed, 2, Receive("again"))
    assert show_ticket.show(closed, 3).state is State.OPEN
    assert show_ticket.show(closed, 2).state is State.RESOLVED


@pytest.mark.parametrize("value", ["never", "new after", "new after soon", "reopen after 3d"])
def test_other_words_in_the_policy_are_refused(desk: Desk, value: str) -> None:
    with pytest.raises(RefusedError, match="after_close"):
        set_after_close(desk, value)
