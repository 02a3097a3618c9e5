"""What holds for every verb: rights, versions, states, the timeline, nothing by halves."""

from collections.abc import Callable, Mapping

import pytest

from helpdesk.desk import (
    agents,
    attention,
    fields,
    handover,
    intake,
    links,
    outcome,
    procedures,
    spending,
    splitting,
    tickets,
    work,
)
from helpdesk.desk.session import Desk
from helpdesk.desk.ticket.views import Query, TicketView
from helpdesk.domain.errors import ConflictError, NotFoundError, NotPermittedError, RefusedError
from helpdesk.domain.escalation import HandOver, Level
from helpdesk.domain.priority import Impact
from helpdesk.domain.roles import Role
from helpdesk.domain.tags import TagChange
from helpdesk.domain.ticket import ALLOWED, LinkKind, State, Verb, Waiting
from tests.conftest import StillClock

_NOTE = HandOver(tried="a", known="b", asked="c")

#: Undoing has no effect of its own: it has tests of its own.
VERBS = [verb for verb in Verb if verb is not Verb.UNDO]

Act = Callable[[Desk, int, int | None], TicketView]

#: Each verb on ticket 1; ticket 2 is another one that is open.
ACTS: Mapping[Verb, Act] = {
    Verb.CLAIM: work.claim,
    Verb.RELEASE: work.release,
    Verb.ASSIGN: lambda desk, number, seen: work.assign(desk, number, "bob", seen),
    Verb.REPLY: lambda desk, number, seen: work.reply(desk, number, "words", seen),
    Verb.NOTE: lambda desk, number, seen: work.note(desk, number, "words", seen),
    Verb.ESCALATE: lambda desk, number, seen: handover.escalate(
        desk, number, Level.L3, "defect", _NOTE, seen
    ),
    Verb.RETURN: lambda desk, number, seen: handover.send_back(
        desk, number, Level.L1, "not ours", seen
    ),
    Verb.PEND: lambda desk, number, seen: work.pend(desk, number, Waiting.VENDOR, "", seen),
    Verb.RESUME: work.resume,
    Verb.RESOLVE: lambda desk, number, seen: outcome.resolve(desk, number, "", None, seen),
    Verb.REOPEN: lambda desk, number, seen: outcome.reopen(desk, number, "again", seen),
    Verb.CLOSE: outcome.close,
    Verb.MERGE: lambda desk, number, seen: links.merge(desk, number, 2, seen),
    Verb.TICK: lambda desk, number, seen: procedures.tick(
        desk, number, "procedures/close-ticket.md", 1, version=seen
    ),
    Verb.LINK: lambda desk, number, seen: links.link(desk, number, 2, LinkKind.RELATED, seen),
    Verb.RATE: lambda desk, number, seen: outcome.rate(desk, number, 4, seen),
    Verb.SET: lambda desk, number, seen: work.set_fields(
        desk, number, fields.Wanted(impact=Impact.HIGH), seen
    ),
    Verb.SPLIT: lambda desk, number, seen: splitting.split(desk, number, "a part", "", seen),
    Verb.SPEND: lambda desk, number, seen: spending.spend(desk, number, "5m", version=seen),
    Verb.TAG: lambda desk, number, seen: work.tag(desk, number, TagChange(("vip",)), seen),
    Verb.RECEIVE: lambda desk, number, seen: work.receive(desk, number, "thanks", seen),
    Verb.FOLLOW_UP: lambda desk, number, seen: attention.follow_up(desk, number, "3d", seen),
    Verb.LEAD: lambda desk, number, seen: handover.to_lead(desk, number, "stuck", seen),
}

#: What each verb puts into the timeline of a ticket that its agent holds in L2.
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

#: The state that each verb leads to; None: the one in which the ticket was.
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
#: What a verb brings about besides, in some states.
_SIDE_EFFECTS: Mapping[tuple[Verb, State], str] = {
    (Verb.RECEIVE, State.PENDING): "resumed",
    (Verb.RECEIVE, State.RESOLVED): "reopened",
}


@pytest.fixture
def ticket(desk: Desk) -> TicketView:
    """Ticket 1, open in L2 with ann; ticket 2 is new in L1."""
    intake.log_query(desk, Query("one"))
    intake.log_query(desk, Query("two"))
    handover.escalate(desk, 1, Level.L2, "defect", _NOTE)
    return work.claim(desk, 1)


def _in_state(desk: Desk, state: State) -> TicketView:
    """Bring ticket 1 into a state."""
    if state is State.PENDING:
        return work.pend(desk, 1, Waiting.REQUESTER)
    if state in (State.RESOLVED, State.CLOSED):
        outcome.resolve(desk, 1)
    if state is State.CLOSED:
        outcome.close(desk, 1)
    return tickets.show(desk, 1)


@pytest.mark.parametrize("state", list(State)[1:])
@pytest.mark.parametrize("verb", VERBS)
def test_a_verb_acts_where_it_may_and_is_recorded(
    desk: Desk, clock: StillClock, ticket: TicketView, verb: Verb, state: State
) -> None:
    before = _in_state(desk, state)
    clock.advance(minutes=1)
    if state not in ALLOWED[verb]:
        with pytest.raises(RefusedError, match=f"HD-1 is {state}: it cannot be changed by"):
            ACTS[verb](desk, 1, None)
        assert tickets.show(desk, 1).events == before.events
        assert tickets.show(desk, 1).version == before.version
        return
    ACTS[verb](desk, 1, before.version)
    after = tickets.show(desk, 1)
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
def test_a_stale_version_is_refused_whatever_the_verb(
    desk: Desk, desk_of: Callable[[str], Desk], ticket: TicketView, verb: Verb
) -> None:
    bob = desk_of("bob")
    work.note(bob, 1, "meanwhile")
    work.reply(bob, 1, "and more")
    now = tickets.show(desk, 1)
    with pytest.raises(ConflictError) as caught:
        ACTS[verb](desk, 1, ticket.version)
    assert [change.split(" at ")[0] for change in caught.value.changes] == [
        *("bob noted", "bob replied")
    ]
    assert tickets.show(desk, 1) == now
    with pytest.raises(ConflictError) as caught:
        ACTS[verb](desk, 1, now.version - 1)
    assert len(caught.value.changes) == 1
    bob.close()


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("role", [Role.AUDITOR, Role.EDITOR])
def test_who_may_not_work_changes_nothing(
    desk: Desk, desk_of: Callable[[str], Desk], ticket: TicketView, verb: Verb, role: Role
) -> None:
    agents.add(desk, "aud", list(Level), role)
    other = desk_of("aud")
    with pytest.raises(NotPermittedError, match=rf"aud \({role}\) may not log, answer"):
        ACTS[verb](other, 1, None)
    assert tickets.show(other, 1) == tickets.show(desk, 1) == ticket
    other.close()


@pytest.mark.parametrize("verb", VERBS)
def test_a_ticket_that_is_not_there_is_named(desk: Desk, ticket: TicketView, verb: Verb) -> None:
    with pytest.raises(NotFoundError, match="there is no ticket HD-77"):
        ACTS[verb](desk, 77, None)


@pytest.mark.parametrize("verb", [Verb.REPLY, Verb.PEND, Verb.RESOLVE, Verb.MERGE])
def test_who_works_on_an_unclaimed_ticket_has_it(desk: Desk, verb: Verb) -> None:
    for subject in ("one", "two"):
        intake.log_query(desk, Query(subject))
    ACTS[verb](desk, 1, None)
    after = tickets.show(desk, 1)
    assert after.assignee == "ann"
    assert "claimed" in [event.type for event in after.events]
    assert after.version == 2


def test_texts_are_asked_for(desk: Desk, ticket: TicketView) -> None:
    with pytest.raises(RefusedError, match="the reply is empty"):
        work.reply(desk, 1, " \n")
    with pytest.raises(RefusedError, match="the note is empty"):
        work.note(desk, 1, "")
    with pytest.raises(RefusedError, match="the reason to reopen is empty"):
        outcome.reopen(desk, 1, " ")
    with pytest.raises(RefusedError, match="at most 1,048,576"):
        work.note(desk, 1, "x" * 1_048_577)
    with pytest.raises(RefusedError, match="name a field"):
        work.set_fields(desk, 1, fields.Wanted())
    assert tickets.show(desk, 1) == ticket


def test_what_changes_nothing_is_no_change(desk: Desk, ticket: TicketView) -> None:
    work.assign(desk, 1, "ann")
    work.set_fields(desk, 1, fields.Wanted(impact=ticket.impact, subject=" one "))
    assert tickets.show(desk, 1) == ticket
    linked = links.link(desk, 1, 2, LinkKind.RELATED)
    assert links.link(desk, 1, 2, LinkKind.RELATED) == linked


def test_only_what_goes_on_can_be_merged_into(desk: Desk, ticket: TicketView) -> None:
    outcome.resolve(desk, 2)
    with pytest.raises(RefusedError, match="HD-2 is resolved; reopen that one first"):
        links.merge(desk, 1, 2)
    with pytest.raises(NotFoundError, match="HD-9"):
        links.merge(desk, 1, 9)
    with pytest.raises(RefusedError, match="cannot be linked to itself"):
        links.merge(desk, 1, 1)
    assert tickets.show(desk, 1) == ticket


def test_a_return_goes_one_level_down_unless_told(desk: Desk, ticket: TicketView) -> None:
    assert handover.send_back(desk, 1, None, "not ours").queue is Level.L1
    with pytest.raises(RefusedError, match="there is no level below"):
        handover.send_back(desk, 1, None, "further")


def test_a_hand_over_begins_with_what_was_tried_and_noted(desk: Desk, ticket: TicketView) -> None:
    work.reply(desk, 1, "try\n  again " + "x" * 300)
    work.note(desk, 1, "seen\x1b[31m before")
    drafted = handover.draft(desk, 1)
    assert [(one.level.level, one.skipped) for one in drafted.targets] == [
        (Level.L3, ()),
        (Level.L4, (Level.L3,)),
    ]
    before, tried = drafted.note.tried.split("\n")  # what the hand-over to L2 said comes first
    assert before == "a"
    assert tried.startswith("try again x")
    assert tried.endswith("…")
    assert drafted.note.known == "b\nseen\x1b[31m before"
    assert [one.level.open for one in drafted.targets] == [0, 0]


def test_one_agents_ticket_is_not_claimed_away(
    desk: Desk, desk_of: Callable[[str], Desk], ticket: TicketView
) -> None:
    bob = desk_of("bob")
    with pytest.raises(ConflictError, match="already claimed by ann"):
        work.claim(bob, 1)
    assert work.release(bob, 1).assignee == ""
    with pytest.raises(RefusedError, match="not claimed by anybody"):
        work.release(bob, 1)
    assert work.claim(bob, 1).assignee == "bob"
    bob.close()
