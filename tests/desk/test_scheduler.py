"""Due actions of the desk: done once, in order, dated when they were due, even if done late."""

import multiprocessing
import shutil
import tempfile
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk.desk import scheduler
from helpdesk.desk.escalation.hand_over import Escalate, SendBack
from helpdesk.desk.inbox import alarms
from helpdesk.desk.opening import open_desk
from helpdesk.desk.people import agents
from helpdesk.desk.policy.files import starter_text
from helpdesk.desk.queue import lists
from helpdesk.desk.session import Desk
from helpdesk.desk.settings import Settings
from helpdesk.desk.ticket import log_query, show_ticket
from helpdesk.desk.ticket.handling import Assign, Claim, Pend, Reply, Resume
from helpdesk.desk.ticket.resolving import Reopen, Resolve
from helpdesk.desk.ticket.set_fields import SetFields
from helpdesk.desk.ticket.views import NewQuery, TicketView
from helpdesk.desk.unit_of_work import fields
from helpdesk.domain.errors import DeskError
from helpdesk.domain.escalation import HandOver, Level
from helpdesk.domain.priority import Impact, Priority, Urgency
from helpdesk.domain.roles import Role
from helpdesk.domain.ticket import ReplyWay, State, Waiting
from tests.conftest import KB, MONDAY, StillClock
from tests.examples import examples
from tests.policies import apply_more, apply_text, sla
from tests.verbs import do

_MINUTE, _HOUR = timedelta(minutes=1), timedelta(hours=1)


def recorded(ticket: TicketView) -> list[tuple[str, str, int, datetime]]:
    """Return (type, clock, percent, at) of a ticket's alarms."""
    return [
        (event.type, str(event.data["clock"]), int(str(event.data["percent"])), event.at)
        for event in ticket.events
        if event.type in ("warned", "breached")
    ]


def with_actions(*actions: str) -> str:
    """Return the starter policy with these actions at a breach."""
    quoted = ", ".join(f'"{action}"' for action in actions)
    before = 'at = "breach"\ndo = ["notify assignee", "notify lead"]'
    assert before in starter_text()
    return starter_text().replace(before, f'at = "breach"\ndo = [{quoted}]')


def test_a_breach_while_nothing_runs_is_recorded_with_the_time_at_which_it_was_due(
    desk: Desk, clock: StillClock
) -> None:
    log_query.log_query(desk, NewQuery("one"))  # four hours to answer, 24 to resolve
    clock.advance(days=3)
    assert scheduler.catch_up(desk) == 6
    shown = show_ticket.show(desk, 1)
    assert recorded(shown) == [
        ("warned", "first_response", 75, MONDAY + 3 * _HOUR),
        ("warned", "first_response", 90, MONDAY + 3.6 * _HOUR),
        ("breached", "first_response", 100, MONDAY + 4 * _HOUR),
        ("warned", "resolution", 75, MONDAY + 18 * _HOUR),
        ("warned", "resolution", 90, MONDAY + 21.6 * _HOUR),
        ("breached", "resolution", 100, MONDAY + 24 * _HOUR),
    ]
    assert {event.actor for event in shown.events[1:]} == {"helpdesk"}
    assert scheduler.catch_up(desk) == 0
    assert show_ticket.show(desk, 1) == shown


def test_missed_alarms_of_many_tickets_are_recorded_in_the_order_of_time(
    desk: Desk, clock: StillClock
) -> None:
    for number in range(8):
        urgency = (Urgency.LOW, Urgency.HIGH)[number % 2]
        log_query.log_query(desk, NewQuery(f"number {number}", urgency=urgency))
        clock.advance(minutes=7)
    clock.advance(days=10)
    scheduler.catch_up(desk)
    seen = alarms.recent(desk)[::-1]
    assert len(seen) > 40
    assert [one.at for one in seen] == sorted(one.at for one in seen)


def test_answering_in_the_second_in_which_it_is_due_is_no_breach(
    desk: Desk, clock: StillClock
) -> None:
    log_query.log_query(desk, NewQuery("one"))
    clock.advance(hours=4)
    scheduler.catch_up(desk)
    assert [one[0] for one in recorded(show_ticket.show(desk, 1))] == ["warned", "warned"]
    do(desk, 1, Reply("in time", ReplyWay.PHONE))
    clock.advance(hours=1)
    scheduler.catch_up(desk)
    assert [one[0] for one in recorded(show_ticket.show(desk, 1))] == ["warned", "warned"]


def test_an_alarm_does_not_make_a_ticket_version_stale(desk: Desk, clock: StillClock) -> None:
    seen = log_query.log_query(desk, NewQuery("one"))
    clock.advance(hours=5)
    scheduler.catch_up(desk)
    replied = do(desk, 1, Reply("late", ReplyWay.PHONE), version=seen.version)
    assert replied.version == seen.version + 1
    assert [event.type for event in replied.events][-2:] == ["claimed", "replied"]


def test_a_pause_or_an_answer_does_not_repeat_a_warning(desk: Desk, clock: StillClock) -> None:
    log_query.log_query(desk, NewQuery("one"))
    do(desk, 1, Reply("first", ReplyWay.PHONE))
    clock.advance(hours=20)
    scheduler.catch_up(desk)
    assert [one[2] for one in recorded(show_ticket.show(desk, 1))] == [75]
    do(desk, 1, Pend(Waiting.REQUESTER))
    clock.advance(days=2)
    assert scheduler.catch_up(desk) == 0
    do(desk, 1, Resume())
    clock.advance(minutes=90)
    assert scheduler.catch_up(desk) == 0
    clock.advance(minutes=7)
    assert scheduler.catch_up(desk) == 1
    assert recorded(show_ticket.show(desk, 1))[-1][2] == 90


def test_each_round_of_updates_has_its_own_warning(desk: Desk, clock: StillClock) -> None:
    log_query.log_query(desk, NewQuery("one", impact=Impact.HIGH, urgency=Urgency.HIGH))  # 1 h
    for _ in range(3):
        do(desk, 1, Reply("still at it", ReplyWay.PHONE))
        clock.advance(minutes=50)
        scheduler.catch_up(desk)
    updates = [one for one in recorded(show_ticket.show(desk, 1)) if one[1] == "next_update"]
    assert [(one[2], one[3]) for one in updates] == [
        (75, MONDAY + timedelta(minutes=50 * turn + 45)) for turn in range(3)
    ]


def test_a_breach_can_raise_the_priority_escalate_and_go_to_the_lead(
    desk: Desk, clock: StillClock
) -> None:
    apply_text(desk, with_actions("raise priority", "escalate one level", "escalate to lead"))
    logged = log_query.log_query(desk, NewQuery("one"))
    do(desk, 1, Claim())
    clock.advance(hours=4, seconds=1)
    scheduler.catch_up(desk)
    shown = show_ticket.show(desk, 1)
    assert (shown.queue, shown.assignee, shown.hand_overs) == (Level.L2, "", 1)
    assert (logged.priority, shown.priority) == (Priority.P3, Priority.P2)
    assert shown.with_lead_since == MONDAY + timedelta(hours=4, seconds=1)
    assert [event.type for event in shown.events][-4:] == [
        *("breached", "changed", "escalated_to_lead", "escalated"),
    ]
    assert shown.hand_over is not None
    assert shown.hand_over.reason == "first response breached"
    assert shown.events[-4].data["assignee"] == "ann"
    assert do(desk, 1, Resolve()).with_lead_since is None


def test_an_action_that_is_impossible_is_recorded_and_the_others_are_done(
    desk: Desk, clock: StillClock
) -> None:
    apply_text(
        desk,
        with_actions("raise priority", "escalate one level")
        + '[customers.Small]\nlevels = ["L1"]\nsupport_hours = "24/7"\n',
    )
    high = NewQuery("one", customer="Small", impact=Impact.HIGH, urgency=Urgency.HIGH)
    log_query.log_query(desk, high)
    log_query.log_query(desk, NewQuery("two"))
    do(desk, 2, Escalate(Level.L4, "r", HandOver(asked="x")))
    clock.advance(hours=5)
    scheduler.catch_up(desk)
    first = next(event for event in show_ticket.show(desk, 1).events if event.type == "breached")
    assert first.data["left_undone"] == [
        "P1 cannot be raised",
        "L2 is not in the customer's contract",
    ]
    second = next(event for event in show_ticket.show(desk, 2).events if event.type == "breached")
    assert second.data["left_undone"] == ["nothing is above L4"]


def test_a_level_can_have_alarms_of_its_own(desk: Desk, clock: StillClock) -> None:
    apply_more(
        desk,
        '[[alarms]]\nat = "50%"\nclocks = ["ola"]\ndo = ["notify lead"]\n'
        '[[alarms]]\nat = "breach"\nclocks = ["ola"]\ndo = ["escalate one level"]\n',
    )
    log_query.log_query(desk, NewQuery("one"))
    do(desk, 1, Reply("on it", ReplyWay.PHONE))
    clock.advance(hours=4, minutes=1)
    scheduler.catch_up(desk)
    shown = show_ticket.show(desk, 1)
    assert recorded(shown) == [
        ("warned", "ola", 50, MONDAY + 2 * _HOUR),
        ("breached", "ola", 100, MONDAY + 4 * _HOUR),
    ]
    assert shown.queue is Level.L2
    clock.advance(hours=8)
    scheduler.catch_up(desk)  # half of the sixteen hours of L2
    assert recorded(show_ticket.show(desk, 1))[2] == (
        *("warned", "ola", 50),
        MONDAY + timedelta(hours=12, seconds=1),
    )


def test_a_resolved_ticket_is_closed_after_the_time_in_the_policy(
    desk: Desk, clock: StillClock
) -> None:
    log_query.log_query(desk, NewQuery("one"))
    do(desk, 1, Resolve("done"))
    clock.advance(days=7, seconds=-1)
    assert scheduler.catch_up(desk) == 0
    clock.advance(days=30)
    assert scheduler.catch_up(desk) == 1
    shown = show_ticket.show(desk, 1)
    assert (shown.state, shown.closed_at) == (State.CLOSED, MONDAY + timedelta(days=7))
    apply_text(desk, starter_text().replace('after_resolved = "7d"', ""))
    log_query.log_query(desk, NewQuery("two"))
    do(desk, 2, Resolve("done"))
    clock.advance(days=400)
    assert scheduler.catch_up(desk) == 0


def test_alarms_concern_the_agents_whom_the_policy_names(
    desk: Desk, clock: StillClock, settings: Settings
) -> None:
    agents.add(desk, "lea", [Level.L2], Role.LEAD)
    agents.add(desk, "kim", [Level.L2])
    log_query.log_query(desk, NewQuery("one"))
    log_query.log_query(desk, NewQuery("two"))
    do(desk, 2, Assign("bob"))
    clock.advance(hours=3, minutes=40)
    scheduler.catch_up(desk)
    alarms_by_login = {}
    for login in ("ann", "bob", "kim", "lea"):
        other = open_desk(
            Settings(settings.database, settings.kb, login if login != "ann" else None), clock
        )
        alarms_by_login[login] = [
            (one.ticket, one.percent) for one in alarms.recent(other)[::-1] if one.mine
        ]
        other.close()
    assert alarms_by_login == {
        "ann": [(1, 75), (1, 90), (2, 90)],  # she serves L1, and is an administrator
        "bob": [(1, 75), (2, 75), (1, 90), (2, 90)],
        "kim": [],
        "lea": [(1, 90), (2, 90)],
    }


def _catch_up(file: str, at: datetime, start: object, results: object) -> None:
    clock = StillClock()
    clock.now = at
    desk = open_desk(Settings(file, KB), clock)
    start.wait()  # type: ignore[attr-defined]
    results.put(scheduler.catch_up(desk, patience_s=60))  # type: ignore[attr-defined]
    desk.close()


def test_many_processes_that_catch_up_at_once_record_each_alarm_once(
    desk: Desk, clock: StillClock
) -> None:
    for number in range(20):
        log_query.log_query(desk, NewQuery(f"number {number}"))
    context = multiprocessing.get_context("fork")
    start, results = context.Event(), context.Queue()
    at = MONDAY + timedelta(hours=5)
    url = desk.database.url.render_as_string(hide_password=False)
    processes = [
        context.Process(target=_catch_up, args=(url, at, start, results)) for _ in range(6)
    ]
    for process in processes:
        process.start()
    start.set()
    assert sum(results.get(timeout=60) for _ in processes) == 60
    for process in processes:
        process.join()
    assert len(alarms.recent(desk)) == 60


def test_the_time_of_the_next_due_action_is_known(desk: Desk, clock: StillClock) -> None:
    assert scheduler.next_due_at(desk) is None
    log_query.log_query(desk, NewQuery("one"))
    assert scheduler.next_due_at(desk) == MONDAY + 3 * _HOUR
    do(desk, 1, Pend(Waiting.DATE, "30m"))
    assert scheduler.next_due_at(desk) == MONDAY + 30 * _MINUTE


# Catching up often or seldom gives the same result -------------------------------------------

_OFFICE = sla(
    "Office",
    'calendar = "8/5"\nservices = ["office"]',
    'first_response = "2h", next_update = "3h", resolution = "12h"',
)
_STEPS: dict[str, Callable[[Desk], object]] = {
    "reply": lambda desk: do(desk, 1, Reply("words", ReplyWay.PHONE)),
    "ask": lambda desk: do(desk, 1, Pend(Waiting.REQUESTER)),
    "date": lambda desk: do(desk, 1, Pend(Waiting.DATE, "5h")),
    "resume": lambda desk: do(desk, 1, Resume()),
    "resolve": lambda desk: do(desk, 1, Resolve("done")),
    "reopen": lambda desk: do(desk, 1, Reopen("again")),
    "escalate": lambda desk: do(desk, 1, Escalate(Level.L3, "r", HandOver(asked="x"))),
    "return": lambda desk: do(desk, 1, SendBack(None, "r")),
    "urgent": lambda desk: do(desk, 1, SetFields(fields.FieldChanges(urgency=Urgency.HIGH))),
    "calm": lambda desk: do(desk, 1, SetFields(fields.FieldChanges(urgency=Urgency.LOW))),
    "office": lambda desk: do(desk, 1, SetFields(fields.FieldChanges(service="office"))),
    "vpn": lambda desk: do(desk, 1, SetFields(fields.FieldChanges(service="vpn"))),
}


@pytest.fixture(scope="module")
def acting_file(new_desk_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A desk whose policy has every possible action at a breach."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("helpdesk.desk.session.system_login", lambda: "ann")
        file = shutil.copy(new_desk_file, tmp_path_factory.mktemp("acting") / "desk.db")
        desk = open_desk(Settings(str(file), KB), StillClock())
        text = with_actions("raise priority", "escalate one level", "escalate to lead")
        levels = '[[alarms]]\nat = "80%"\nclocks = ["ola"]\ndo = ["raise priority"]\n'
        apply_text(desk, f"{text}\n[services.office]\n{_OFFICE}{levels}")
        desk.close()
    return Path(file)


@examples(25)
@given(
    course=st.lists(
        st.tuples(st.sampled_from(sorted(_STEPS)), st.integers(1, 3 * 86_400)), max_size=7
    ),
    often=st.integers(600, 40_000),
)
def test_catching_up_often_or_seldom_gives_the_same_result(
    acting_file: Path, course: list[tuple[str, int]], often: int
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        results = [
            _run(Path(shutil.copy(acting_file, Path(folder) / name)), course, every)
            for name, every in (("often.db", often), ("seldom.db", None))
        ]
    assert results[0] == results[1]


def _run(file: Path, course: list[tuple[str, int]], every: int | None) -> object:
    """Do the steps of a course, catching up every so many seconds; return the resulting ticket."""
    clock = StillClock()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("helpdesk.desk.session.system_login", lambda: "ann")
        desk = open_desk(Settings(str(file), KB), clock)
    log_query.log_query(desk, NewQuery("one"))
    for name, seconds in (*course, ("", 9 * 86_400)):
        end = clock.now + timedelta(seconds=seconds)
        while every is not None and clock.now + timedelta(seconds=every) < end:
            clock.advance(seconds=every)
            scheduler.catch_up(desk)
        clock.now = end
        if name:
            with suppress(DeskError):  # not every step is allowed in every state
                _STEPS[name](desk)
    scheduler.catch_up(desk)
    shown = show_ticket.show(desk, 1)
    page = lists.counts(desk)
    desk.close()
    events = [(one.at, one.type, dict(one.data)) for one in shown.events]
    return events, shown.state, shown.queue, shown.priority, shown.clocks, page
