"""Notices: who gets which, only once for each change, and how they are marked as read."""

from collections.abc import Callable, Iterator

import pytest

from helpdesk.desk import scheduler
from helpdesk.desk.bulk import undo
from helpdesk.desk.escalation.hand_over import Escalate, SendBack, ToLead
from helpdesk.desk.inbox import inbox
from helpdesk.desk.inbox.inbox import NoticeView
from helpdesk.desk.people import agents
from helpdesk.desk.queue import lists
from helpdesk.desk.session import Desk
from helpdesk.desk.ticket import follow_ups, log_query, show_ticket
from helpdesk.desk.ticket.follow_ups import FollowUp
from helpdesk.desk.ticket.handling import Assign, Claim, Note, Pend, Receive, Reply
from helpdesk.desk.ticket.links import Merge
from helpdesk.desk.ticket.resolving import Close, Resolve
from helpdesk.desk.ticket.views import NewQuery
from helpdesk.domain.errors import NotFoundError, RefusedError
from helpdesk.domain.escalation import HandOver, Level
from helpdesk.domain.notices import mentions
from helpdesk.domain.roles import Role
from helpdesk.domain.ticket import ReplyWay, State, Waiting
from helpdesk.store.people import notices
from tests.conftest import StillClock
from tests.verbs import do


@pytest.fixture
def bob(desk: Desk, desk_of: Callable[[str], Desk]) -> Iterator[Desk]:
    """The desk of bob, who serves L1 and L2."""
    opened = desk_of("bob")
    yield opened
    opened.close()


@pytest.fixture
def cat(desk: Desk, desk_of: Callable[[str], Desk]) -> Iterator[Desk]:
    """The desk of cat, who serves L2."""
    agents.add(desk, "cat", [Level.L2])
    opened = desk_of("cat")
    yield opened
    opened.close()


def unread(desk: Desk) -> list[str]:
    """Return the kinds of an agent's unread notices, oldest first."""
    return [str(one.kind) for one in reversed(inbox.listing(desk, only_unread=True))]


def newest(desk: Desk) -> NoticeView:
    """Return an agent's newest notice."""
    return inbox.listing(desk)[0]


def test_no_notice_for_a_new_ticket_and_for_ones_own_changes(desk: Desk) -> None:
    log_query.log_query(desk, NewQuery("one"))
    do(desk, 1, Claim())
    do(desk, 1, Note("for @ann"))
    assert unread(desk) == []


def test_the_new_and_the_former_assignee_are_notified(desk: Desk, bob: Desk, cat: Desk) -> None:
    log_query.log_query(desk, NewQuery("one"))
    do(desk, 1, Escalate(Level.L2, "r", HandOver(asked="a")))
    inbox.mark_all_read(bob)
    inbox.mark_all_read(cat)
    do(bob, 1, Claim())
    do(desk, 1, Assign("cat"))
    assert (unread(bob), unread(cat)) == (["unassigned"], ["assigned"])
    assert (newest(cat).actor, newest(bob).data["to"]) == ("ann", "cat")
    assert newest(cat).subject == "one"


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("ask @bob, or @cat.", {"bob", "cat"}),
        ("@Bob: look", {"bob"}),
        ("mail bob@cat.example and http://x/@cat", set()),
        ("@bob.lee and @_x-y", {"bob.lee", "_x-y"}),
        ("@@bob @ bob @1bob", set()),
    ],
)
def test_a_mention_is_an_at_sign_and_a_login(text: str, names: set[str]) -> None:
    assert names <= set(mentions(text))
    assert {name for name in mentions(text) if name in ("bob", "cat")} == names & {"bob", "cat"}


def test_an_agent_who_is_mentioned_is_notified(desk: Desk, bob: Desk, cat: Desk) -> None:
    log_query.log_query(desk, NewQuery("one"))
    do(desk, 1, Note("@bob @zoe please look, @bob"))
    do(desk, 1, Reply("dear customer, @cat will call", ReplyWay.PHONE))
    assert (unread(bob), unread(cat)) == (["mentioned"], ["mentioned"])
    assert newest(bob).data["text"] == "@bob @zoe please look, @bob"
    do(desk, 1, Escalate(Level.L2, "r", HandOver(asked="@bob, you know it")))
    assert unread(bob) == ["mentioned", "mentioned"]


def test_the_members_of_the_target_level_and_of_skipped_levels_are_notified(
    desk: Desk, bob: Desk, cat: Desk
) -> None:
    for subject in ("one", "two"):
        log_query.log_query(desk, NewQuery(subject))
    do(desk, 1, Escalate(Level.L2, "r", HandOver(asked="a")))
    do(desk, 2, Escalate(Level.L3, "r", HandOver(asked="a")))
    assert unread(cat) == unread(bob) == ["handed_over", "skipped"]
    assert unread(desk) == []
    do(cat, 1, SendBack(None, "yours"))
    assert unread(bob) == ["skipped", "handed_over"]  # for one ticket only the newest hand-over
    assert unread(desk) == ["handed_over"]  # ann serves L1 and had escalated the ticket
    assert newest(desk).data == {"from": "L2", "to": "L1", "reason": "yours"}


def test_leads_are_notified_of_an_escalation_to_the_lead(
    desk: Desk, bob: Desk, desk_of: Callable[[str], Desk]
) -> None:
    agents.add(desk, "lea", [], Role.LEAD)
    lea = desk_of("lea")
    log_query.log_query(desk, NewQuery("one"))
    do(bob, 1, ToLead("help"))
    assert unread(lea) == unread(desk) == ["to_lead"]
    assert unread(bob) == []
    lea.close()


def test_warnings_and_breaches_go_to_the_agents_whom_the_policy_names(
    desk: Desk, bob: Desk, cat: Desk, clock: StillClock
) -> None:
    log_query.log_query(desk, NewQuery("one"))
    do(bob, 1, Claim())
    clock.advance(hours=4, seconds=1)
    scheduler.catch_up(desk)
    assert unread(bob) == ["warned", "warned", "breached"]
    assert unread(desk) == ["warned", "breached"]  # at 90 % and at the breach the lead, too
    assert unread(cat) == []
    assert [one.at for one in inbox.listing(bob)] == sorted(
        (one.at for one in inbox.listing(bob)), reverse=True
    )


def test_a_message_of_the_requester_notifies_the_assignee_and_resumes_the_ticket(
    desk: Desk, bob: Desk, cat: Desk
) -> None:
    log_query.log_query(desk, NewQuery("one"))
    do(bob, 1, Claim())
    do(bob, 1, Pend(Waiting.REQUESTER))
    after = do(desk, 1, Receive("it still fails"))
    assert after.state is State.OPEN
    assert unread(bob) == ["requester"]
    do(bob, 1, Resolve("fixed"))
    assert do(desk, 1, Receive("thank you", reopen=False)).state is State.RESOLVED
    reopened = do(desk, 1, Receive("no, it fails"))
    assert (reopened.state, reopened.reopenings) == (State.OPEN, 1)
    do(bob, 1, Resolve())
    do(bob, 1, Close())
    assert do(desk, 1, Receive("hello?")).state is State.OPEN
    assert unread(cat) == []


def test_watchers_get_no_further_notice_before_they_have_read_the_last_one(
    desk: Desk, bob: Desk, cat: Desk
) -> None:
    log_query.log_query(desk, NewQuery("one"))
    follow_ups.watch(cat, 1)
    assert follow_ups.watch(cat, 1).watchers == ("cat",)
    do(bob, 1, Claim())
    do(bob, 1, Note("one"))
    do(bob, 1, Reply("two", ReplyWay.PHONE))
    assert unread(cat) == ["changed"]
    assert newest(cat).data["entry"] == "replied"
    inbox.mark_all_read(cat)
    do(bob, 1, Note("three"))
    assert unread(cat) == ["changed"]
    follow_ups.watch(cat, 1, wanted=False)
    inbox.mark_all_read(cat)
    do(bob, 1, Note("four"))
    assert unread(cat) == []


def test_a_follow_up_notifies_the_current_assignee_once(
    desk: Desk, bob: Desk, clock: StillClock
) -> None:
    log_query.log_query(desk, NewQuery("one"))
    do(bob, 1, Claim())
    before = do(desk, 1, FollowUp("2h"))
    inbox.mark_all_read(bob)
    clock.advance(hours=1, minutes=59)
    scheduler.catch_up(desk)
    assert unread(bob) == []
    clock.advance(minutes=2)
    assert [scheduler.catch_up(desk), scheduler.catch_up(desk)] == [1, 0]
    assert unread(bob) == ["follow_up"]
    due = show_ticket.show(desk, 1)
    assert (due.follow_up_due, due.version) == (True, before.version)
    assert lists.page(desk, lists.Selection(Level.L1)).rows[0].follow_up_due
    # The due follow-up causes no conflict for an agent who is writing, and their note ends it.
    assert do(bob, 1, Note("looked"), version=before.version).follow_up_at is None


def test_a_follow_up_without_an_assignee_notifies_the_agent_who_set_it(
    desk: Desk, bob: Desk, clock: StillClock
) -> None:
    log_query.log_query(desk, NewQuery("one"))
    do(bob, 1, FollowUp("tomorrow"))
    do(bob, 1, FollowUp(""))
    with pytest.raises(RefusedError, match="has no follow-up date: name one"):
        do(bob, 1, FollowUp(" "))
    do(bob, 1, FollowUp("10m"))
    clock.advance(minutes=11)
    scheduler.catch_up(desk)
    assert unread(bob) == ["follow_up"]
    do(bob, 1, Resolve())
    assert show_ticket.show(desk, 1).follow_up_at is None


def test_notices_are_marked_as_read_for_each_agent_separately(
    desk: Desk, bob: Desk, cat: Desk
) -> None:
    for subject in ("one", "two"):
        log_query.log_query(desk, NewQuery(subject))
    for number in (1, 2):
        do(desk, number, Escalate(Level.L2, "r", HandOver(asked="a")))
    assert lists.counts(bob).unread == lists.counts(cat).unread == 2
    inbox.mark_read(bob, newest(bob).number)
    assert (lists.counts(bob).unread, lists.counts(cat).unread) == (1, 2)
    inbox.mark_read(bob, newest(bob).number, read=False)
    assert lists.counts(bob).unread == 2
    assert inbox.mark_ticket_read(bob, 1) == 1
    assert [one.ticket for one in inbox.listing(bob, only_unread=True)] == [2]
    assert inbox.mark_all_read(bob) == 1
    with pytest.raises(NotFoundError, match="no notice"):
        inbox.mark_read(bob, newest(cat).number)
    assert [one.number for one in inbox.since(cat, inbox.listing(cat)[1].number)] == [
        newest(cat).number
    ]


def test_the_number_of_notices_is_limited(
    desk: Desk, bob: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(notices, "KEPT_PER_AGENT", 5)
    monkeypatch.setattr(notices, "SWEEP_EVERY", 1)
    log_query.log_query(desk, NewQuery("one"))
    for number in range(23):
        do(desk, 1, Note(f"@bob {number}"))
    found = inbox.listing(bob)
    assert len(found) == 5
    assert found[0].data["text"] == "@bob 22"


def test_watchers_of_both_tickets_are_notified_of_a_merge(desk: Desk, bob: Desk, cat: Desk) -> None:
    for subject in ("one", "two"):
        log_query.log_query(desk, NewQuery(subject))
    follow_ups.watch(cat, 1)
    follow_ups.watch(bob, 2)
    do(desk, 1, Merge(2))
    assert (unread(cat), unread(bob)) == (["changed"], ["changed"])
    assert (newest(cat).data["entry"], newest(bob).data["entry"]) == ("merged", "joined")


def test_undo_withdraws_unread_notices(desk: Desk, bob: Desk, cat: Desk) -> None:
    log_query.log_query(desk, NewQuery("one"))
    do(desk, 1, Note("@cat, look"))
    do(desk, 1, Escalate(Level.L2, "r", HandOver(asked="a")))
    assert unread(cat) == ["mentioned", "handed_over"]
    undo.undo(desk, [1])
    assert unread(cat) == ["mentioned"]
    assert show_ticket.show(desk, 1).hand_overs == 0
    do(desk, 1, ToLead("help"))
    undo.undo(desk, [1])
    assert show_ticket.show(desk, 1).with_lead_since is None
