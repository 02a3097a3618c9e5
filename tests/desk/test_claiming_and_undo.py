"""Claim the next ticket, change many tickets at once, and undo changes."""

import multiprocessing
from collections.abc import Callable
from pathlib import Path

import pytest

from helpdesk.desk.bulk import bulk, undo
from helpdesk.desk.escalation.hand_over import Escalate
from helpdesk.desk.opening import open_desk
from helpdesk.desk.session import Desk
from helpdesk.desk.settings import Settings
from helpdesk.desk.ticket import claiming, log_query, show_ticket
from helpdesk.desk.ticket.handling import Assign, Claim, Note, Pend, Release, Reply
from helpdesk.desk.ticket.resolving import Resolve, resolve_with
from helpdesk.desk.ticket.set_fields import SetFields, Tag
from helpdesk.desk.ticket.views import NewQuery, TicketView
from helpdesk.desk.unit_of_work.action import Action
from helpdesk.desk.unit_of_work.fields import FieldChanges
from helpdesk.domain.errors import ConflictError, NotFoundError, NotPermittedError, RefusedError
from helpdesk.domain.escalation import HandOver, Level
from helpdesk.domain.priority import Impact, Urgency
from helpdesk.domain.tags import read_change
from helpdesk.domain.ticket import ReplyWay, State, Waiting
from tests.conftest import StillClock
from tests.verbs import do


@pytest.fixture
def many(desk: Desk) -> list[int]:
    """Six tickets, of which the fourth is the most urgent."""
    subjects = ["one", "two", "three", "four: everybody, total outage", "five", "six"]
    return [log_query.log_query(desk, NewQuery(subject)).number for subject in subjects]


def types(ticket: TicketView) -> list[str]:
    """Return the types of a ticket's events."""
    return [event.type for event in ticket.events]


# Next.


def test_next_is_the_most_urgent_unassigned_ticket(desk: Desk, many: list[int]) -> None:
    first = claiming.claim_next(desk)
    assert (first.number, first.assignee, first.state) == (many[3], "ann", State.OPEN)
    assert types(first) == ["logged", "claimed"]
    assert claiming.claim_next(desk).number == many[0]


def test_next_looks_only_in_the_agents_queues_and_skips_pending_tickets(
    desk: Desk, desk_of: Callable[[str], Desk]
) -> None:
    bob = desk_of("bob")
    waiting = log_query.log_query(desk, NewQuery("waits")).number
    do(desk, waiting, Pend(Waiting.VENDOR))
    do(desk, waiting, Release())
    for level in (Level.L3, Level.L2):
        number = log_query.log_query(desk, NewQuery(f"for {level}")).number
        do(desk, number, Escalate(level, "defect", HandOver("a", "b", "c")))
    assert claiming.claim_next(bob).queue == Level.L2
    with pytest.raises(NotFoundError, match="no unclaimed ticket is waiting in L1, L2"):
        claiming.claim_next(bob)
    with pytest.raises(NotPermittedError, match="bob does not serve queue L3"):
        claiming.claim_next(bob, Level.L3)
    assert claiming.claim_next(desk, Level.L3).subject == "for L3"


def _claim_all(settings: Settings, login: str, start: object, results: object) -> None:
    desk = open_desk(Settings(settings.database, settings.kb, login), StillClock())
    start.wait()  # type: ignore[attr-defined]
    taken = []
    while True:
        try:
            taken.append(claiming.claim_next(desk).number)
        except NotFoundError:
            break
    results.put(taken)  # type: ignore[attr-defined]
    desk.close()


def test_agents_who_claim_at_once_never_get_the_same_ticket(
    desk: Desk, settings: Settings, kb: Path
) -> None:
    numbers = {log_query.log_query(desk, NewQuery(f"query {count}")).number for count in range(48)}
    context = multiprocessing.get_context("fork")
    start, results = context.Event(), context.Queue()
    racers = [
        context.Process(target=_claim_all, args=(settings, login, start, results))
        for login in ("ann", "bob") * 4
    ]
    for racer in racers:
        racer.start()
    start.set()
    taken = [results.get(timeout=60) for _ in racers]
    for racer in racers:
        racer.join(60)
    claimed = [number for some in taken for number in some]
    assert len(claimed) == len(set(claimed))
    assert set(claimed) == numbers
    for number in numbers:
        assert types(show_ticket.show(desk, number)) == ["logged", "claimed"]


# Many at once.


def test_actions_are_applied_to_all_tickets(desk: Desk, many: list[int]) -> None:
    done = bulk.apply(desk, many, [Assign("bob"), Tag(read_change("+vip,+Wave"))])
    assert (set(done.done), done.refused) == (set(many), ())
    for number in many:
        ticket = show_ticket.show(desk, number)
        assert (ticket.assignee, ticket.tags) == ("bob", ("vip", "wave"))
        assert ticket.version == done.done[number]


def test_one_refusal_rolls_back_all_unless_the_rest_is_wanted(desk: Desk, many: list[int]) -> None:
    do(desk, many[1], Resolve())
    before = [show_ticket.show(desk, number).events for number in many]
    found = bulk.apply(desk, [*many, 999], [Resolve("fixed")])
    assert [one.number for one in found.refused] == [many[1], 999]
    assert "is resolved" in found.refused[0].sentence
    assert (found.done, set(found.would)) == ({}, set(many) - {many[1]})
    assert [show_ticket.show(desk, number).events for number in many] == before
    with pytest.raises(RefusedError, match="2 of 7 tickets refused it, nothing was done: HD-2 is"):
        bulk.require_done(found)

    found = bulk.apply(desk, [*many, 999], [Resolve("fixed")], rest=True)
    assert set(found.done) == set(many) - {many[1]}
    states = {show_ticket.show(desk, number).state for number in many}
    assert states == {State.RESOLVED}
    with pytest.raises(RefusedError, match="the others are done: HD-2 is"):
        bulk.require_done(found)


def test_if_one_action_is_refused_none_is_applied_to_that_ticket(
    desk: Desk, many: list[int]
) -> None:
    steps: list[Action] = [Note("looked at it"), Assign("nobody-known")]
    found = bulk.apply(desk, many[:1], steps, rest=True)
    assert "nobody-known" in found.refused[0].sentence
    assert types(show_ticket.show(desk, many[0])) == ["logged"]


def test_a_stale_version_is_a_conflict(desk: Desk, many: list[int]) -> None:
    do(desk, many[0], Note("meanwhile"))
    found = bulk.apply(desk, many[:2], [Claim()], versions={many[0]: 1, many[1]: 1})
    assert isinstance(found.refused[0].error, ConflictError)
    with pytest.raises(ConflictError, match="1 of 2 tickets refused it"):
        bulk.require_done(found)


def test_too_many_or_none_are_refused(desk: Desk) -> None:
    with pytest.raises(RefusedError, match="at most 500"):
        bulk.apply(desk, range(1, 600), [Claim()])
    with pytest.raises(RefusedError, match="no ticket is named"):
        bulk.apply(desk, [], [Claim()])


# Undo.

UNDOABLE: list[tuple[str, list[Action]]] = [
    ("claim", [Claim()]),
    ("assign", [Assign("bob")]),
    ("escalate", [Escalate(Level.L2, "defect", HandOver("a", "b", "c"))]),
    ("pend", [Pend(Waiting.REQUESTER)]),
    ("resolve", [Resolve()]),
    ("tag", [Tag(read_change("+vip -old"))]),
    ("set", [SetFields(FieldChanges(impact=Impact.HIGH, urgency=Urgency.HIGH, service="new"))]),
    ("several", [Claim(), Tag(read_change("-old")), Resolve()]),
]


def _facts(ticket: TicketView) -> object:
    clocks = [(one.name, one.due_at, one.remaining_s, one.state) for one in ticket.clocks]
    names = (
        "state", "assignee", "queue", "priority", "impact", "service", "tags", "hand_overs",
        "resolved_at", "waiting_on", "policy", "hand_over",
    )  # fmt: skip
    return clocks, [getattr(ticket, name) for name in names], ticket.level_clock


@pytest.mark.parametrize(("name", "steps"), UNDOABLE)
def test_after_undo_a_ticket_is_as_if_the_change_had_never_been_made(
    desk: Desk, clock: StillClock, name: str, steps: list[Action]
) -> None:
    number = log_query.log_query(desk, NewQuery("flurble is stuck")).number
    untouched = log_query.log_query(desk, NewQuery("flurble is stuck")).number
    for one in (number, untouched):
        do(desk, one, Tag(read_change("+old")))
    clock.advance(minutes=10)
    bulk.apply(desk, [number], steps)
    clock.advance(minutes=20)
    assert undo.undo(desk, [number]).refused == ()
    ticket = show_ticket.show(desk, number)
    assert _facts(ticket) == _facts(show_ticket.show(desk, untouched))
    assert ticket.events[-1].type == "undone"
    clock.advance(minutes=30)
    assert _facts(show_ticket.show(desk, number)) == _facts(show_ticket.show(desk, untouched))


def test_undo_goes_back_step_by_step_until_a_reply_to_the_requester(desk: Desk) -> None:
    number = log_query.log_query(desk, NewQuery("flurble")).number
    do(desk, number, Reply("we look into it", ReplyWay.PHONE))
    do(desk, number, Tag(read_change("+vip")))
    do(desk, number, Pend(Waiting.VENDOR))
    undo.undo(desk, [number])
    assert show_ticket.show(desk, number).state is State.OPEN
    undo.undo(desk, [number])
    assert show_ticket.show(desk, number).tags == ()
    refused = undo.undo(desk, [number]).refused
    assert "HD-1 cannot be put back: the requester has been answered" in refused[0].sentence


def test_undo_is_refused_if_somebody_changed_the_ticket_since(
    desk: Desk, desk_of: Callable[[str], Desk]
) -> None:
    bob = desk_of("bob")
    one, two = (log_query.log_query(desk, NewQuery(subject)).number for subject in "ab")
    bulk.apply(desk, [one, two], [Assign("bob")])
    do(bob, one, Note("on it"))
    found = undo.undo(desk, [one, two])
    assert [refusal.number for refusal in found.refused] == [one]
    assert "HD-1 was changed since: bob noted at" in found.refused[0].sentence
    assert show_ticket.show(desk, two).assignee == "bob"
    assert undo.undo(desk, [one, two], rest=True).done
    assert show_ticket.show(desk, two).assignee == ""
    assert "nothing to undo" in undo.undo(desk, [two]).refused[0].sentence


def test_undoing_a_batch_does_not_touch_tickets_that_it_had_not_changed(
    desk: Desk, many: list[int]
) -> None:
    do(desk, many[0], Assign("bob"))
    done = bulk.apply(desk, many[:2], [Assign("bob")])
    assert (set(done.done), set(done.made)) == (set(many[:2]), {many[1]})
    undo.undo(desk, list(done.made), versions=done.made)
    assert show_ticket.show(desk, many[0]).assignee == "bob"
    assert show_ticket.show(desk, many[1]).assignee == ""
    more = bulk.apply(desk, many[1:3], [Claim()])
    do(desk, many[2], Tag(read_change("vip")))
    found = undo.undo(desk, list(more.made), versions=more.made)
    assert "HD-3 was changed since by yourself" in found.refused[0].sentence


def test_undoing_a_resolution_removes_its_article(desk: Desk, kb: Path) -> None:
    (kb / "quiet.md").write_text("---\ntitle: Quiet\n---\n# Quiet\n\nNo answer section.\n")
    number = log_query.log_query(desk, NewQuery("flurble")).number
    do(desk, number, resolve_with(desk, "", "quiet.md"))
    assert show_ticket.show(desk, number).articles == ("quiet.md",)
    assert undo.undo(desk, [number]).refused == ()
    assert show_ticket.show(desk, number).articles == ()
