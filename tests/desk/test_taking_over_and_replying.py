"""Taking tickets over is asked for and announced; replies say how they reached the requester."""

from collections.abc import Callable

import pytest

from helpdesk.desk.bulk import undo
from helpdesk.desk.inbox import inbox
from helpdesk.desk.session import Desk
from helpdesk.desk.ticket import log_query, show_ticket
from helpdesk.desk.ticket.handling import Assign, Claim, Reply
from helpdesk.desk.ticket.resolving import Resolve
from helpdesk.desk.ticket.taking_over import ANY_HOLDER
from helpdesk.desk.ticket.views import NewQuery
from helpdesk.desk.unit_of_work.action import Action
from helpdesk.domain.entry_type import EntryType
from helpdesk.domain.errors import HeldError, RefusedError
from helpdesk.domain.ticket import Channel, ReplyWay
from helpdesk.tui.text.notices import notice_sentence
from tests.verbs import do


@pytest.mark.parametrize("way", [Claim, lambda names=frozenset(): Assign("bob", names)])
def test_a_ticket_is_taken_over_only_if_asked_for_and_its_holder_is_told(
    desk: Desk,
    desk_of: Callable[[str], Desk],
    way: Callable[..., Action],
) -> None:
    log_query.log_query(desk, NewQuery("one"))
    do(desk, 1, Claim())
    bob = desk_of("bob")
    with pytest.raises(HeldError, match=r"already claimed by ann.*--take-over"):
        do(bob, 1, way())
    with pytest.raises(HeldError, match="already claimed by ann"):
        do(bob, 1, way(frozenset({"carl"})))
    taken = do(bob, 1, way(frozenset({"ann"})))
    assert taken.assignee == "bob"
    assert (taken.events[-1].type, taken.events[-1].data["from"]) == (EntryType.ASSIGNED, "ann")
    told = [notice_sentence(one) for one in inbox.listing(desk)]
    assert told == ["✉ HD-1 bob took it over from you: one"]
    undo.undo(bob, [1])
    assert show_ticket.show(desk, 1).assignee == "ann"
    assert do(bob, 1, way(frozenset({ANY_HOLDER}))).assignee == "bob"
    bob.close()


@pytest.mark.parametrize("by", [None, ReplyWay.MAIL])
def test_a_reply_that_can_reach_nobody_is_refused(desk: Desk, by: ReplyWay | None) -> None:
    log_query.log_query(desk, NewQuery("one"))
    with pytest.raises(RefusedError, match=r"no requester with an address.*--by phone.*Ctrl\+L"):
        do(desk, 1, Reply("hello", by))
    ticket = show_ticket.show(desk, 1)
    assert (ticket.assignee, ticket.clocks[0].met_at) == ("", None)


@pytest.mark.parametrize("by", [ReplyWay.PHONE, ReplyWay.PERSON])
def test_a_reply_that_was_said_meets_the_first_response(desk: Desk, by: ReplyWay) -> None:
    log_query.log_query(desk, NewQuery("one"))
    ticket = do(desk, 1, Reply("hello", by))
    assert ticket.clocks[0].met_at is not None
    assert ticket.events[-1].data["by"] == by


def test_the_requester_of_a_duplicate_has_an_address_too(desk: Desk) -> None:
    log_query.log_query(desk, NewQuery("one"))
    log_query.log_query(desk, NewQuery("two", requester="a@x.example"), duplicate_of=1)
    assert do(desk, 1, Reply("hello")).clocks[0].met_at is not None


@pytest.mark.parametrize(
    ("channel", "requester", "by"),
    [
        (Channel.PHONE, "", "phone"),
        (Channel.WALK_IN, "", "person"),
        (Channel.CHAT, "", None),
        (Channel.PHONE, "a@x.example", None),
    ],
)
def test_closing_words_without_an_address_were_said_as_the_query_came(
    desk: Desk, channel: Channel, requester: str, by: str | None
) -> None:
    log_query.log_query(desk, NewQuery("one", channel=channel, requester=requester))
    resolved = do(desk, 1, Resolve("it works"))
    (reply,) = [one for one in resolved.events if one.type is EntryType.REPLIED]
    assert reply.data.get("by") == by
