"""Who is told of what, once, and how it is read."""

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
from helpdesk.desk.ticket.views import Query
from helpdesk.domain.errors import NotFoundError, RefusedError
from helpdesk.domain.escalation import HandOver, Level
from helpdesk.domain.notices import mentions
from helpdesk.domain.roles import Role
from helpdesk.domain.ticket import State, Waiting
from helpdesk.store.people import notices
from tests.conftest import StillClock
from tests.verbs import do


@pytest.fixture
def bob(desk: Desk, desk_of: Callable[[str], Desk]) -> Iterator[Desk]:
    """The desk as bob sees it; he serves L1 and L2."""
    opened = desk_of("bob")
    yield opened
    opened.close()


@pytest.fixture
def cat(desk: Desk, desk_of: Callable[[str], Desk]) -> Iterator[Desk]:
    """The desk as cat sees it; she serves L2."""
    agents.add(desk, "cat", [Level.L2])
    opened = desk_of("cat")
    yield opened
    opened.close()


def told(desk: Desk) -> list[str]:
    """Return the kinds of an agent's unread notices, oldest first."""
    return [str(one.kind) for one in reversed(inbox.listing(desk, only_unread=True))]


def newest(desk: Desk) -> NoticeView:
    """Return an agent's newest notice."""
    return inbox.listing(desk)[0]


def test_nobody_is_told_of_a_query_that_is_logged_nor_of_what_they_did(desk: Desk) -> None:
    log_query.log_query(desk, Query("one"))
    do(desk, 1, Claim())
    do(desk, 1, Note("for @ann"))
    assert told(desk) == []


def test_who_gets_and_who_loses_a_ticket_are_told(desk: Desk, bob: Desk, cat: Desk) -> None:
    log_query.log_query(desk, Query("one"))
    do(desk, 1, Escalate(Level.L2, "r", HandOver(asked="a")))
    inbox.mark_all_read(bob)
    inbox.mark_all_read(cat)
    do(bob, 1, Claim())
    do(desk, 1, Assign("cat"))
    assert (told(bob), told(cat)) == (["unassigned"], ["assigned"])
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


def test_who_is_named_in_a_note_or_reply_is_told(desk: Desk, bob: Desk, cat: Desk) -> None:
    log_query.log_query(desk, Query("one"))
    do(desk, 1, Note("@bob @zoe please look, @bob"))
    do(desk, 1, Reply("dear customer, @cat will call"))
    assert (told(bob), told(cat)) == (["mentioned"], ["mentioned"])
    assert newest(bob).data["text"] == "@bob @zoe please look, @bob"
    do(desk, 1, Escalate(Level.L2, "r", HandOver(asked="@bob, you know it")))
    assert told(bob) == ["mentioned", "mentioned"]


def test_the_queue_that_gets_a_ticket_is_told_and_the_one_that_is_passed_over(
    desk: Desk, bob: Desk, cat: Desk
) -> None:
    for subject in ("one", "two"):
        log_query.log_query(desk, Query(subject))
    do(desk, 1, Escalate(Level.L2, "r", HandOver(asked="a")))
    do(desk, 2, Escalate(Level.L3, "r", HandOver(asked="a")))
    assert told(cat) == told(bob) == ["handed_over", "skipped"]
    assert told(desk) == []
    do(cat, 1, SendBack(None, "yours"))
    assert told(bob) == ["skipped", "handed_over"]  # of one ticket's ways the newest
    assert told(desk) == ["handed_over"]  # it is back where she serves, and she sent it up
    assert newest(desk).data == {"from": "L2", "to": "L1", "reason": "yours"}


def test_the_lead_is_told_of_what_is_left_to_them(
    desk: Desk, bob: Desk, desk_of: Callable[[str], Desk]
) -> None:
    agents.add(desk, "lea", [], Role.LEAD)
    lea = desk_of("lea")
    log_query.log_query(desk, Query("one"))
    do(bob, 1, ToLead("help"))
    assert told(lea) == told(desk) == ["to_lead"]
    assert told(bob) == []
    lea.close()


def test_warnings_and_breaches_go_to_whom_the_policy_names(
    desk: Desk, bob: Desk, cat: Desk, clock: StillClock
) -> None:
    log_query.log_query(desk, Query("one"))
    do(bob, 1, Claim())
    clock.advance(hours=4, seconds=1)
    scheduler.catch_up(desk)
    assert told(bob) == ["warned", "warned", "breached"]
    assert told(desk) == ["warned", "breached"]  # at 90 % and at the breach the lead, too
    assert told(cat) == []
    assert [one.at for one in inbox.listing(bob)] == sorted(
        (one.at for one in inbox.listing(bob)), reverse=True
    )


def test_the_requesters_words_reach_the_assignee_and_wake_the_ticket(
    desk: Desk, bob: Desk, cat: Desk
) -> None:
    log_query.log_query(desk, Query("one"))
    do(bob, 1, Claim())
    do(bob, 1, Pend(Waiting.REQUESTER))
    after = do(desk, 1, Receive("it still fails"))
    assert after.state is State.OPEN
    assert told(bob) == ["requester"]
    do(bob, 1, Resolve("fixed"))
    assert do(desk, 1, Receive("thank you", reopen=False)).state is State.RESOLVED
    reopened = do(desk, 1, Receive("no, it fails"))
    assert (reopened.state, reopened.reopenings) == (State.OPEN, 1)
    do(bob, 1, Resolve())
    do(bob, 1, Close())
    with pytest.raises(RefusedError, match="HD-1 is closed"):
        do(desk, 1, Receive("hello?"))
    assert told(cat) == []


def test_watchers_are_told_of_changes_once_until_they_have_read(
    desk: Desk, bob: Desk, cat: Desk
) -> None:
    log_query.log_query(desk, Query("one"))
    follow_ups.watch(cat, 1)
    assert follow_ups.watch(cat, 1).watchers == ("cat",)
    do(bob, 1, Claim())
    do(bob, 1, Note("one"))
    do(bob, 1, Reply("two"))
    assert told(cat) == ["changed"]
    assert newest(cat).data["entry"] == "replied"
    inbox.mark_all_read(cat)
    do(bob, 1, Note("three"))
    assert told(cat) == ["changed"]
    follow_ups.watch(cat, 1, wanted=False)
    inbox.mark_all_read(cat)
    do(bob, 1, Note("four"))
    assert told(cat) == []


def test_a_follow_up_is_told_once_to_whoever_has_the_ticket_then(
    desk: Desk, bob: Desk, clock: StillClock
) -> None:
    log_query.log_query(desk, Query("one"))
    do(bob, 1, Claim())
    before = do(desk, 1, FollowUp("2h"))
    inbox.mark_all_read(bob)
    clock.advance(hours=1, minutes=59)
    scheduler.catch_up(desk)
    assert told(bob) == []
    clock.advance(minutes=2)
    assert [scheduler.catch_up(desk), scheduler.catch_up(desk)] == [1, 0]
    assert told(bob) == ["follow_up"]
    due = show_ticket.show(desk, 1)
    assert (due.follow_up_due, due.version) == (True, before.version)
    assert lists.page(desk, lists.Selection(Level.L1)).rows[0].follow_up_due
    # Who had begun to write before is not told of a conflict, and has looked at it then.
    assert do(bob, 1, Note("looked"), version=before.version).follow_up_at is None


def test_a_follow_up_without_an_assignee_reaches_who_wanted_it(
    desk: Desk, bob: Desk, clock: StillClock
) -> None:
    log_query.log_query(desk, Query("one"))
    do(bob, 1, FollowUp("tomorrow"))
    do(bob, 1, FollowUp(""))
    with pytest.raises(RefusedError, match="has no follow-up date: name one"):
        do(bob, 1, FollowUp(" "))
    do(bob, 1, FollowUp("10m"))
    clock.advance(minutes=11)
    scheduler.catch_up(desk)
    assert told(bob) == ["follow_up"]
    do(bob, 1, Resolve())
    assert show_ticket.show(desk, 1).follow_up_at is None


def test_each_agent_reads_for_themselves(desk: Desk, bob: Desk, cat: Desk) -> None:
    for subject in ("one", "two"):
        log_query.log_query(desk, Query(subject))
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


def test_an_inbox_does_not_grow_without_end(
    desk: Desk, bob: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(notices, "KEPT_PER_AGENT", 5)
    monkeypatch.setattr(notices, "SWEEP_EVERY", 1)
    log_query.log_query(desk, Query("one"))
    for number in range(23):
        do(desk, 1, Note(f"@bob {number}"))
    found = inbox.listing(bob)
    assert len(found) == 5
    assert found[0].data["text"] == "@bob 22"


def test_a_merged_ticket_tells_who_watches_it(desk: Desk, bob: Desk, cat: Desk) -> None:
    for subject in ("one", "two"):
        log_query.log_query(desk, Query(subject))
    follow_ups.watch(cat, 1)
    follow_ups.watch(bob, 2)
    do(desk, 1, Merge(2))
    assert (told(cat), told(bob)) == (["changed"], ["changed"])
    assert (newest(cat).data["entry"], newest(bob).data["entry"]) == ("merged", "joined")


def test_what_was_undone_is_withdrawn_from_those_who_have_not_read_it(
    desk: Desk, bob: Desk, cat: Desk
) -> None:
    log_query.log_query(desk, Query("one"))
    do(desk, 1, Note("@cat, look"))
    do(desk, 1, Escalate(Level.L2, "r", HandOver(asked="a")))
    assert told(cat) == ["mentioned", "handed_over"]
    undo.undo(desk, [1])
    assert told(cat) == ["mentioned"]
    assert show_ticket.show(desk, 1).hand_overs == 0
    do(desk, 1, ToLead("help"))
    undo.undo(desk, [1])
    assert show_ticket.show(desk, 1).with_lead_since is None
