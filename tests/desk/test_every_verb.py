"""Rules for every verb: rights, versions, states, timeline entries, all or nothing."""

from collections.abc import Callable, Mapping

import pytest

from helpdesk.desk.escalation import hand_over
from helpdesk.desk.escalation.hand_over import Escalate, SendBack, ToLead
from helpdesk.desk.people import agents
from helpdesk.desk.session import Desk
from helpdesk.desk.ticket import log_query, show_ticket, sop_steps, splitting
from helpdesk.desk.ticket.follow_ups import FollowUp
from helpdesk.desk.ticket.handling import Assign, Claim, Note, Pend, Receive, Release, Reply, Resume
from helpdesk.desk.ticket.links import Link, Merge
from helpdesk.desk.ticket.resolving import Close, Rate, Reopen, Resolve
from helpdesk.desk.ticket.set_fields import SetFields, Tag
from helpdesk.desk.ticket.views import NewQuery, TicketView
from helpdesk.desk.time_spent import entries
from helpdesk.desk.unit_of_work.action import Action
from helpdesk.desk.unit_of_work.fields import FieldChanges
from helpdesk.domain.errors import ConflictError, NotFoundError, NotPermittedError, RefusedError
from helpdesk.domain.escalation import HandOver, Level
from helpdesk.domain.priority import Impact
from helpdesk.domain.roles import Role
from helpdesk.domain.tags import TagChange
from helpdesk.domain.ticket import ALLOWED, LinkKind, ReplyWay, State, Verb, Waiting
from tests.conftest import StillClock
from tests.verbs import do

_NOTE = HandOver(tried="a", known="b", asked="c")

#: All verbs but undo, which has tests of its own.
VERBS = [verb for verb in Verb if verb is not Verb.UNDO]

#: An action for each verb on ticket 1; ticket 2 is another open one.
ACTIONS: Mapping[Verb, Action] = {
    Verb.CLAIM: Claim(),
    Verb.RELEASE: Release(),
    Verb.ASSIGN: Assign("bob"),
    Verb.REPLY: Reply("words", ReplyWay.PHONE),
    Verb.NOTE: Note("words"),
    Verb.ESCALATE: Escalate(Level.L3, "defect", _NOTE),
    Verb.RETURN: SendBack(Level.L1, "not ours"),
    Verb.PEND: Pend(Waiting.VENDOR),
    Verb.RESUME: Resume(),
    Verb.RESOLVE: Resolve(),
    Verb.REOPEN: Reopen("again"),
    Verb.CLOSE: Close(),
    Verb.MERGE: Merge(2),
    Verb.LINK: Link(2, LinkKind.RELATED),
    Verb.RATE: Rate(4),
    Verb.SET: SetFields(FieldChanges(impact=Impact.HIGH)),
    Verb.TAG: Tag(TagChange(("vip",))),
    Verb.RECEIVE: Receive("thanks"),
    Verb.FOLLOW_UP: FollowUp("3d"),
    Verb.LEAD: ToLead("stuck"),
}


def act(desk: Desk, verb: Verb, number: int, seen: int | None) -> None:
    """Apply a verb to a ticket."""
    match verb:
        case Verb.TICK:
            sop_steps.tick(desk, number, "procedures/close-ticket.md", 1, version=seen)
        case Verb.SPLIT:
            splitting.split(desk, number, "a part", "", seen)
        case Verb.SPEND:
            entries.record_time(desk, number, "5m", version=seen)
        case _:
            do(desk, number, ACTIONS[verb], version=seen)


#: The entries that each verb adds to the timeline of a ticket in L2 that is assigned to its agent.
ENTRIES: Mapping[Verb, list[str]] = {
    Verb.CLAIM: [],
    Verb.RELEASE: ["released"],
    Verb.ASSIGN: ["assigned"],
    Verb.REPLY: ["replied"],
    Verb.NOTE: ["noted"],
    Verb.ESCALATE: ["escalated"],
    Verb.RETURN: ["returned"],
    Verb.PEND: ["pended"],
    Verb.RESUME: ["resumed"],
    Verb.RESOLVE: ["resolved"],
    Verb.REOPEN: ["reopened"],
    Verb.CLOSE: ["closed"],
    Verb.MERGE: ["linked", "merged"],
    Verb.LINK: ["linked"],
    Verb.TICK: ["ticked"],
    Verb.RATE: ["rated"],
    Verb.SET: ["changed"],
    Verb.TAG: ["tagged"],
    Verb.SPEND: ["spent"],
    Verb.SPLIT: ["split"],
    Verb.RECEIVE: ["requester_wrote"],
    Verb.FOLLOW_UP: ["follow_up"],
    Verb.LEAD: ["escalated_to_lead"],
}

#: The state that each verb leads to, if it changes the state.
LEADS_TO: Mapping[Verb, State] = {
    Verb.PEND: State.PENDING,
    Verb.RESUME: State.OPEN,
    Verb.ESCALATE: State.OPEN,
    Verb.RETURN: State.OPEN,
    Verb.RESOLVE: State.RESOLVED,
    Verb.REOPEN: State.OPEN,
    Verb.CLOSE: State.CLOSED,
    Verb.MERGE: State.RESOLVED,
    Verb.RECEIVE: State.OPEN,
}
#: The additional entry of a verb in some states.
_SIDE_EFFECTS: Mapping[tuple[Verb, State], str] = {
    (Verb.RECEIVE, State.PENDING): "resumed",
    (Verb.RECEIVE, State.RESOLVED): "reopened",
    (Verb.RECEIVE, State.CLOSED): "reopened",
}


@pytest.fixture
def ticket(desk: Desk) -> TicketView:
    """Ticket 1, open in L2 with ann; ticket 2 is new in L1."""
    log_query.log_query(desk, NewQuery("one"))
    log_query.log_query(desk, NewQuery("two"))
    do(desk, 1, Escalate(Level.L2, "defect", _NOTE))
    return do(desk, 1, Claim())


def _in_state(desk: Desk, state: State) -> TicketView:
    """Put ticket 1 into a state."""
    if state is State.PENDING:
        return do(desk, 1, Pend(Waiting.REQUESTER))
    if state in (State.RESOLVED, State.CLOSED):
        do(desk, 1, Resolve())
    if state is State.CLOSED:
        do(desk, 1, Close())
    return show_ticket.show(desk, 1)


@pytest.mark.parametrize("state", list(State)[1:])
@pytest.mark.parametrize("verb", VERBS)
def test_a_verb_is_recorded_in_the_states_that_allow_it_and_refused_in_others(
    desk: Desk, clock: StillClock, ticket: TicketView, verb: Verb, state: State
) -> None:
    before = _in_state(desk, state)
    clock.advance(minutes=1)
    if state not in ALLOWED[verb]:
        with pytest.raises(RefusedError, match=f"HD-1 is {state}: it cannot be changed by"):
            act(desk, verb, 1, None)
        assert show_ticket.show(desk, 1).events == before.events
        assert show_ticket.show(desk, 1).version == before.version
        return
    act(desk, verb, 1, before.version)
    after = show_ticket.show(desk, 1)
    added = after.events[len(before.events) :]
    assert after.events[: len(before.events)] == before.events
    wakes = ["resumed"] if state is State.PENDING and verb in (Verb.ESCALATE, Verb.RETURN) else []
    assert [event.type for event in added] == [
        *wakes,
        *ENTRIES[verb],
        *filter(None, [_SIDE_EFFECTS.get((verb, state))]),
    ]
    assert {event.actor for event in added} <= {"ann"}
    assert all(event.at == desk.now() for event in added)
    assert after.state is LEADS_TO.get(verb, state)
    assert after.version == before.version + bool(added)
    assert after.updated_at == (desk.now() if added else before.updated_at)
    assert (after.waiting_on is None) == (after.state is not State.PENDING)


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_refuses_a_stale_version(
    desk: Desk, desk_of: Callable[[str], Desk], ticket: TicketView, verb: Verb
) -> None:
    bob = desk_of("bob")
    do(bob, 1, Note("meanwhile"))
    do(bob, 1, Reply("and more", ReplyWay.PHONE))
    now = show_ticket.show(desk, 1)
    with pytest.raises(ConflictError) as caught:
        act(desk, verb, 1, ticket.version)
    assert [change.split(" at ")[0] for change in caught.value.changes] == [
        *("bob noted", "bob replied")
    ]
    assert show_ticket.show(desk, 1) == now
    with pytest.raises(ConflictError) as caught:
        act(desk, verb, 1, now.version - 1)
    assert len(caught.value.changes) == 1
    bob.close()


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("role", [Role.AUDITOR, Role.EDITOR])
def test_a_role_that_may_not_work_on_tickets_changes_nothing(
    desk: Desk, desk_of: Callable[[str], Desk], ticket: TicketView, verb: Verb, role: Role
) -> None:
    agents.add(desk, "aud", list(Level), role)
    other = desk_of("aud")
    with pytest.raises(NotPermittedError, match=rf"aud \({role}\) may not log, answer"):
        act(other, verb, 1, None)
    assert show_ticket.show(other, 1) == show_ticket.show(desk, 1) == ticket
    other.close()


@pytest.mark.parametrize("verb", VERBS)
def test_a_missing_ticket_is_named(desk: Desk, ticket: TicketView, verb: Verb) -> None:
    with pytest.raises(NotFoundError, match="there is no ticket HD-77"):
        act(desk, verb, 77, None)


@pytest.mark.parametrize("verb", [Verb.REPLY, Verb.PEND, Verb.RESOLVE, Verb.MERGE])
def test_working_on_an_unassigned_ticket_claims_it(desk: Desk, verb: Verb) -> None:
    for subject in ("one", "two"):
        log_query.log_query(desk, NewQuery(subject))
    act(desk, verb, 1, None)
    after = show_ticket.show(desk, 1)
    assert after.assignee == "ann"
    assert "claimed" in [event.type for event in after.events]
    assert after.version == 2


def test_required_texts_and_fields_must_be_given(desk: Desk, ticket: TicketView) -> None:
    with pytest.raises(RefusedError, match="the reply is empty"):
        do(desk, 1, Reply(" \n", ReplyWay.PHONE))
    with pytest.raises(RefusedError, match="the note is empty"):
        do(desk, 1, Note(""))
    do(desk, 2, Resolve())
    with pytest.raises(RefusedError, match="the reason to reopen is empty"):
        do(desk, 2, Reopen(" "))
    with pytest.raises(RefusedError, match="at most 1,048,576"):
        do(desk, 1, Note("x" * 1_048_577))
    with pytest.raises(RefusedError, match="name a field"):
        do(desk, 1, SetFields(FieldChanges()))
    assert show_ticket.show(desk, 1) == ticket


def test_an_action_without_effect_records_nothing(desk: Desk, ticket: TicketView) -> None:
    do(desk, 1, Assign("ann"))
    do(desk, 1, SetFields(FieldChanges(impact=ticket.impact, subject=" one ")))
    assert show_ticket.show(desk, 1) == ticket
    linked = do(desk, 1, Link(2, LinkKind.RELATED))
    assert do(desk, 1, Link(2, LinkKind.RELATED)) == linked


def test_a_ticket_is_merged_only_into_an_active_one(desk: Desk, ticket: TicketView) -> None:
    do(desk, 2, Resolve())
    with pytest.raises(RefusedError, match="HD-2 is resolved; reopen that one first"):
        do(desk, 1, Merge(2))
    with pytest.raises(NotFoundError, match="HD-9"):
        do(desk, 1, Merge(9))
    with pytest.raises(RefusedError, match="cannot be linked to itself"):
        do(desk, 1, Merge(1))
    assert show_ticket.show(desk, 1) == ticket


def test_a_return_goes_one_level_down_by_default(desk: Desk, ticket: TicketView) -> None:
    assert do(desk, 1, SendBack(None, "not ours")).queue is Level.L1
    with pytest.raises(RefusedError, match="there is no level below"):
        do(desk, 1, SendBack(None, "further"))


def test_a_hand_over_draft_contains_earlier_attempts_and_notes(
    desk: Desk, ticket: TicketView
) -> None:
    do(desk, 1, Reply("try\n  again " + "x" * 300, ReplyWay.PHONE))
    do(desk, 1, Note("seen\x1b[31m before"))
    drafted = hand_over.draft(desk, 1)
    assert [(one.level.level, one.skipped) for one in drafted.targets] == [
        (Level.L3, ()),
        (Level.L4, (Level.L3,)),
    ]
    before, tried = drafted.note.tried.split("\n")  # first the text of the hand-over to L2
    assert before == "a"
    assert tried.startswith("try again x")
    assert tried.endswith("…")
    assert drafted.note.known == "b\nseen\x1b[31m before"
    assert [one.level.open for one in drafted.targets] == [0, 0]


def test_a_claimed_ticket_cannot_be_claimed_by_another_agent(
    desk: Desk, desk_of: Callable[[str], Desk], ticket: TicketView
) -> None:
    bob = desk_of("bob")
    with pytest.raises(ConflictError, match="already claimed by ann"):
        do(bob, 1, Claim())
    assert do(bob, 1, Release()).assignee == ""
    with pytest.raises(RefusedError, match="not claimed by anybody"):
        do(bob, 1, Release())
    assert do(bob, 1, Claim()).assignee == "bob"
    bob.close()


@pytest.mark.parametrize(
    "actions",
    [
        (Note("seen before"), Escalate(Level.L2, "defect", _NOTE)),
        (Reply("we look into it", ReplyWay.PHONE), Pend(Waiting.REQUESTER)),
        (Tag(TagChange(("vip",))), Note("vip"), SetFields(FieldChanges(impact=Impact.HIGH))),
    ],
)
def test_every_verb_of_a_change_needs_the_level_not_only_the_first(
    desk: Desk, desk_of: Callable[[str], Desk], actions: tuple[Action, ...]
) -> None:
    agents.add(desk, "cid", [Level.L2])
    before = log_query.log_query(desk, NewQuery("one"))
    cid = desk_of("cid")
    with pytest.raises(NotPermittedError, match="HD-1 is in queue L1, which cid does not serve"):
        do(cid, 1, *actions)
    cid.close()
    assert show_ticket.show(desk, 1) == before


def test_a_change_may_hand_a_ticket_to_a_level_that_its_agent_does_not_serve_and_go_on(
    desk: Desk, desk_of: Callable[[str], Desk]
) -> None:
    log_query.log_query(desk, NewQuery("one"))
    bob = desk_of("bob")
    after = do(bob, 1, Escalate(Level.L3, "defect", _NOTE), FollowUp("2h"), Note("call me"))
    bob.close()
    assert after.queue is Level.L3
    assert [event.type for event in after.events[1:]] == ["escalated", "follow_up", "noted"]
