"""What each action does to a ticket, its timeline and its clocks."""

import multiprocessing
import os
import pwd
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from helpdesk.desk.escalation.hand_over import Escalate, SendBack
from helpdesk.desk.opening import open_desk
from helpdesk.desk.people import agents
from helpdesk.desk.queue import lists
from helpdesk.desk.scheduler import catch_up
from helpdesk.desk.session import OWNER, Desk
from helpdesk.desk.settings import Settings
from helpdesk.desk.sla.views import ClockView
from helpdesk.desk.ticket import log_query, show_ticket
from helpdesk.desk.ticket.handling import Assign, Claim, Note, Pend, Release, Reply, Resume
from helpdesk.desk.ticket.links import Link, Merge
from helpdesk.desk.ticket.resolving import Close, Reopen, Resolve, resolve_with
from helpdesk.desk.ticket.set_fields import SetFields
from helpdesk.desk.ticket.views import NewQuery, TicketView
from helpdesk.desk.unit_of_work import fields
from helpdesk.domain.errors import (
    ConflictError,
    NotFoundError,
    NotPermittedError,
    RefusedError,
    UnavailableError,
)
from helpdesk.domain.escalation import HandOver, Level
from helpdesk.domain.priority import Impact, Priority, Urgency
from helpdesk.domain.roles import Role
from helpdesk.domain.sla.clock import ClockState
from helpdesk.domain.ticket import LinkKind, ReplyWay, State, Waiting
from helpdesk.store.people import people
from tests.conftest import MONDAY, StillClock
from tests.verbs import do


@pytest.fixture
def logged(desk: Desk) -> TicketView:
    """A P3 ticket, logged on Monday at 09:00."""
    return log_query.log_query(
        desk, NewQuery("flurble is stuck", requester="k.novak@contoso.example")
    )


def clock_of(ticket: TicketView, name: str) -> ClockView:
    """Return a clock of a ticket."""
    return next(clock for clock in ticket.clocks if clock.name == name)


def types(ticket: TicketView) -> list[str]:
    """Return the types of a ticket's timeline entries."""
    return [event.type for event in ticket.events]


def test_logging_fills_in_what_was_left_out(desk: Desk) -> None:
    ticket = log_query.log_query(
        desk, NewQuery("VPN is down for everybody", requester="Kai Novak <K.Novak@contoso.example>")
    )
    assert (ticket.service, ticket.kind, ticket.priority) == ("vpn", "incident", Priority.P1)
    assert ticket.requester is not None
    assert (ticket.requester.mail, ticket.requester.name) == (
        "k.novak@contoso.example",
        "Kai Novak",
    )
    again = log_query.log_query(
        desk, NewQuery("it happens again", requester="k.novak@contoso.example")
    )
    assert again.service == "vpn"


def test_a_preview_agrees_with_the_logged_ticket(desk: Desk) -> None:
    query = NewQuery("mail bounces", requester="x@contoso.example", urgency=Urgency.HIGH)
    seen = log_query.preview(desk, query)
    ticket = log_query.log_query(desk, query)
    assert (seen.priority, seen.service) == (ticket.priority, ticket.service)
    assert seen.respond_by == clock_of(ticket, "first_response").due_at
    assert seen.resolve_by == clock_of(ticket, "resolution").due_at


def test_first_response_is_met_by_a_public_answer_only(
    desk: Desk, clock: StillClock, logged: TicketView
) -> None:
    clock.advance(minutes=5)
    do(desk, logged.number, Claim())
    ticket = do(desk, logged.number, Note("internal"))
    assert clock_of(ticket, "first_response").state is ClockState.RUNNING
    ticket = do(desk, logged.number, Reply("we look into it", ReplyWay.PHONE))
    met = clock_of(ticket, "first_response")
    assert (met.state, met.met_at) == (ClockState.MET, MONDAY + timedelta(minutes=5))


def test_waiting_for_the_requester_pauses_resolution_and_a_vendor_does_not(
    desk: Desk, clock: StillClock, logged: TicketView
) -> None:
    before = clock_of(logged, "resolution").due_at
    assert before is not None
    ticket = do(desk, logged.number, Pend(Waiting.REQUESTER))
    assert clock_of(ticket, "resolution").state is ClockState.PAUSED
    assert clock_of(ticket, "first_response").state is ClockState.RUNNING
    clock.advance(hours=2)
    ticket = do(desk, logged.number, Resume())
    assert clock_of(ticket, "resolution").due_at == before + timedelta(hours=2)
    ticket = do(desk, logged.number, Pend(Waiting.VENDOR))
    assert clock_of(ticket, "resolution").due_at == before + timedelta(hours=2)


def test_a_hand_over_moves_no_clock(desk: Desk, clock: StillClock, logged: TicketView) -> None:
    clock.advance(hours=1)
    note = HandOver(tried="restart", known="since update", asked="logs?")
    up = do(desk, logged.number, Escalate(Level.L2, "suspected defect", note))
    down = do(desk, logged.number, SendBack(Level.L1, "not ours"))
    assert up.hand_over is not None
    assert up.hand_over.note == note
    assert (up.queue, up.assignee, down.queue, down.hand_overs) == ("L2", "", "L1", 2)
    for name in ("first_response", "resolution"):
        assert clock_of(down, name).due_at == clock_of(logged, name).due_at


def test_the_clock_of_a_level_goes_on_when_the_ticket_is_returned(
    desk: Desk, clock: StillClock, logged: TicketView
) -> None:
    clock.advance(hours=1)
    up = do(desk, logged.number, Escalate(Level.L2, "defect", HandOver(asked="?")))
    assert up.level_clock is not None
    assert (up.level_clock.target_s, up.level_clock.remaining_s) == (16 * 3600, 16 * 3600)
    clock.advance(hours=10)
    down = do(desk, logged.number, SendBack(Level.L1, "not ours"))
    assert down.level_clock is not None
    assert down.level_clock.remaining_s == 3 * 3600
    top = do(desk, logged.number, Escalate(Level.L4, "vendor", HandOver(asked="?")))
    assert top.level_clock is None


def test_a_higher_priority_is_counted_from_the_original_start(
    desk: Desk, clock: StillClock, logged: TicketView
) -> None:
    clock.advance(hours=3)
    wanted = fields.FieldChanges(impact=Impact.HIGH, urgency=Urgency.HIGH)
    ticket = do(desk, logged.number, SetFields(wanted))
    assert ticket.priority is Priority.P1
    assert clock_of(ticket, "resolution").due_at == MONDAY + timedelta(hours=4)
    clock.advance(seconds=1)
    late = clock_of(show_ticket.show(desk, logged.number), "first_response")
    assert (late.state, late.breached_at) == (ClockState.BREACHED, MONDAY + timedelta(hours=3))
    changes = ticket.events[-1].data["changes"]
    assert {"field": "priority", "from": "P3", "to": "P1"} in changes  # type: ignore[operator]


def test_reopening_goes_on_with_the_time_used(
    desk: Desk, clock: StillClock, logged: TicketView
) -> None:
    clock.advance(hours=1)
    ticket = do(desk, logged.number, resolve_with(desk, "try again", "vpn/keepalive.md"))
    assert clock_of(ticket, "resolution").state is ClockState.MET
    clock.advance(days=3)
    ticket = do(desk, logged.number, Reopen("still broken"))
    assert (ticket.state, ticket.reopenings) == (State.OPEN, 1)
    assert clock_of(ticket, "resolution").remaining_s == 23 * 3600


def test_a_breach_shows_without_any_change_to_the_ticket(
    desk: Desk, clock: StillClock, logged: TicketView
) -> None:
    clock.advance(hours=4)
    assert clock_of(show_ticket.show(desk, 1), "first_response").state is ClockState.RUNNING
    clock.advance(seconds=1)
    late = clock_of(show_ticket.show(desk, 1), "first_response")
    assert (late.state, late.remaining_s) == (ClockState.BREACHED, -1)
    assert lists.counts(desk).queues[Level.L1].breached == 1


def test_a_queue_is_sorted_by_what_is_due_next(desk: Desk, clock: StillClock) -> None:
    for subject, urgency in (("c", Urgency.LOW), ("b", Urgency.MEDIUM), ("a", Urgency.HIGH)):
        log_query.log_query(desk, NewQuery(subject, urgency=urgency))
    paused = log_query.log_query(desk, NewQuery("d", urgency=Urgency.HIGH))
    do(desk, paused.number, Reply("what do you see?", ReplyWay.PHONE))
    do(desk, paused.number, Pend(Waiting.REQUESTER))
    page = lists.page(desk, lists.Selection(queue=Level.L1))
    assert [row.subject for row in page.rows] == ["a", "b", "c", "d"]
    assert lists.position(desk, lists.Selection(queue=Level.L1), paused.number) == 3
    part = lists.page(desk, lists.Selection(), offset=1, limit=2)
    assert [row.subject for row in part.rows] == ["b", "c"]
    assert part.total == 4


def test_every_change_is_in_the_timeline_and_counts_one_version(
    desk: Desk, logged: TicketView
) -> None:
    number = logged.number
    views = (
        do(desk, number, Claim()),
        do(desk, number, Assign("bob")),
        do(desk, number, Release()),
        do(desk, number, Note("x")),
        do(desk, number, Pend(Waiting.DATE, "2h")),
        do(desk, number, Resume()),
        do(desk, number, Resolve()),
        do(desk, number, Close()),
    )
    seen = [logged.version, *(view.version for view in views)]
    assert seen == list(range(1, 10))
    assert types(show_ticket.show(desk, number)) == [
        *("logged", "claimed", "assigned", "released", "noted", "claimed", "pended"),
        *("resumed", "resolved", "closed"),
    ]


def test_a_stale_version_is_refused_with_what_changed(desk: Desk, logged: TicketView) -> None:
    do(desk, logged.number, Note("meanwhile"))
    with pytest.raises(ConflictError, match="was changed meanwhile") as caught:
        do(desk, logged.number, Reply("late", ReplyWay.PHONE), version=logged.version)
    assert len(caught.value.changes) == 1
    assert "replied" not in types(show_ticket.show(desk, logged.number))


def test_a_merge_ends_the_duplicate_and_is_seen_on_both(desk: Desk, logged: TicketView) -> None:
    log_query.log_query(desk, NewQuery("flurble stuck too", requester="b@x.example"))
    do(desk, 2, Merge(logged.number))
    other = show_ticket.show(desk, logged.number)
    assert [person.mail for person in other.further_requesters] == ["b@x.example"]
    assert other.number == logged.number
    assert "joined" in types(other)
    duplicate = show_ticket.show(desk, 2)
    assert duplicate.state is State.RESOLVED
    assert [(link.kind, link.outward) for link in duplicate.links] == [(LinkKind.DUPLICATE, True)]
    with pytest.raises(RefusedError, match="cannot be linked to itself"):
        do(desk, 1, Link(1, LinkKind.RELATED))


def test_the_answer_of_a_past_ticket_resolves_a_new_one(desk: Desk, logged: TicketView) -> None:
    do(desk, logged.number, Resolve("turn the flurble off and on"))
    again = log_query.log_query(desk, NewQuery("flurble again"), resolve_like=logged.number)
    assert again.state is State.RESOLVED
    assert again.events[-2].text == "turn the flurble off and on"
    open_one = log_query.log_query(desk, NewQuery("x"))
    with pytest.raises(RefusedError, match="has no answer yet"):
        log_query.log_query(desk, NewQuery("third"), resolve_like=open_one.number)


def test_setting_the_host_clock_back_keeps_the_order_of_entries(
    desk: Desk, clock: StillClock, logged: TicketView
) -> None:
    clock.advance(minutes=-50)
    ticket = do(desk, logged.number, Reply("answered in the past?", ReplyWay.PHONE))
    assert ticket.events[-1].at == ticket.events[0].at
    clock.advance(minutes=-250)
    with pytest.raises(UnavailableError, match="changes are refused until it is right"):
        do(desk, logged.number, Reply("answered long ago?", ReplyWay.PHONE))
    assert show_ticket.show(desk, logged.number).events == ticket.events


def test_every_action_checks_the_rights(
    desk: Desk, desk_of: Callable[[str], Desk], logged: TicketView
) -> None:
    agents.add(desk, "aud", [Level.L1], Role.AUDITOR)
    auditor = desk_of("aud")
    assert show_ticket.show(auditor, logged.number).ref == "HD-1"
    for verb in (
        lambda: log_query.log_query(auditor, NewQuery("x")),
        lambda: do(auditor, 1, Claim()),
        lambda: do(auditor, 1, Resolve()),
        lambda: do(auditor, 1, Escalate(Level.L2, "x", HandOver(asked="x"))),
    ):
        with pytest.raises(NotPermittedError, match="may not log, answer and change"):
            verb()  # type: ignore[no-untyped-call]


def test_assigning_needs_an_agent_of_that_queue(desk: Desk, logged: TicketView) -> None:
    with pytest.raises(NotFoundError, match="no agent 'zoe'"):
        do(desk, 1, Assign("zoe"))
    do(desk, 1, Escalate(Level.L3, "x", HandOver(asked="x")))
    with pytest.raises(RefusedError, match="does not serve"):
        do(desk, 1, Assign("bob"))


def test_a_ticket_that_waits_for_a_date_resumes_late_but_dated_on_time(
    desk: Desk, clock: StillClock, logged: TicketView
) -> None:
    do(desk, 1, Pend(Waiting.DATE, "2h"))
    clock.advance(hours=1, minutes=59)
    assert catch_up(desk) == 0
    clock.advance(minutes=50)  # nobody used the desk for a while
    assert [catch_up(desk), catch_up(desk)] == [1, 0]
    ticket = show_ticket.show(desk, 1)
    assert (ticket.state, ticket.waiting_until, ticket.version) == (State.OPEN, None, 3)
    woken = ticket.events[-1]
    assert (woken.type, woken.actor, woken.at) == (
        *("resumed", "helpdesk"),
        MONDAY + timedelta(hours=2),
    )


@pytest.mark.parametrize("until", ["yesterday", "2020-01-01", "3 weeks ago", "9" * 400])
def test_a_date_to_wait_for_must_make_sense(desk: Desk, logged: TicketView, until: str) -> None:
    with pytest.raises(RefusedError, match=r"neither a span|has passed already"):
        do(desk, 1, Pend(Waiting.DATE, until))


def _claim(file: str, kb: Path, login: str, start: object, results: object) -> None:
    desk = open_desk(Settings(file, kb, login))
    start.wait()  # type: ignore[attr-defined]
    won = []
    for number in range(1, 31):
        try:
            do(desk, number, Claim())
            won.append(number)
        except ConflictError:
            pass
    desk.close()
    results.put((login, won))  # type: ignore[attr-defined]


def test_of_two_processes_that_claim_at_once_exactly_one_wins(
    desk: Desk, settings: Settings, kb: Path
) -> None:
    for number in range(30):
        log_query.log_query(desk, NewQuery(f"query {number}"))
    desk.close()
    context = multiprocessing.get_context("spawn")
    start, results = context.Event(), context.Queue()
    # Both processes run under the account of the tests, which acts as either agent.
    with desk.database.write() as session:
        people.set_desk_setting(session, OWNER, pwd.getpwuid(os.getuid()).pw_name)
    processes = [
        context.Process(target=_claim, args=(settings.database, kb, login, start, results))
        for login in ("ann", "bob")
    ]
    for process in processes:
        process.start()
    start.set()
    won = dict(results.get(timeout=60) for _ in processes)
    assert sorted(won["ann"] + won["bob"]) == list(range(1, 31))
