"""What the desk does by itself: once, on time, in order, however late somebody looks."""

import multiprocessing
import shutil
import tempfile
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from helpdesk.desk import (
    agents,
    alarms,
    fields,
    intake,
    keeper,
    queues,
    tickets,
)
from helpdesk.desk.handover import Escalate, SendBack
from helpdesk.desk.outcome import Reopen, Resolve
from helpdesk.desk.policy.files import starter_text
from helpdesk.desk.session import Desk, open_desk
from helpdesk.desk.set_fields import SetFields
from helpdesk.desk.settings import Settings
from helpdesk.desk.views import Query, TicketView
from helpdesk.desk.work import Assign, Claim, Pend, Reply, Resume
from helpdesk.domain.errors import DeskError
from helpdesk.domain.escalation import HandOver, Level
from helpdesk.domain.priority import Impact, Priority, Urgency
from helpdesk.domain.roles import Role
from helpdesk.domain.ticket import State, Waiting
from tests.conftest import KB, MONDAY, StillClock
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
    """Return the starter with these actions at a breach."""
    listed = ", ".join(f'"{action}"' for action in actions)
    before = 'at = "breach"\ndo = ["notify assignee", "notify lead"]'
    assert before in starter_text()
    return starter_text().replace(before, f'at = "breach"\ndo = [{listed}]')


def test_a_breach_while_nothing_runs_is_recorded_with_the_time_at_which_it_was_due(
    desk: Desk, clock: StillClock
) -> None:
    intake.log_query(desk, Query("one"))  # four hours to answer, 24 to resolve
    clock.advance(days=3)
    assert keeper.catch_up(desk) == 6
    shown = tickets.show(desk, 1)
    assert recorded(shown) == [
        ("warned", "first_response", 75, MONDAY + 3 * _HOUR),
        ("warned", "first_response", 90, MONDAY + 3.6 * _HOUR),
        ("breached", "first_response", 100, MONDAY + 4 * _HOUR),
        ("warned", "resolution", 75, MONDAY + 18 * _HOUR),
        ("warned", "resolution", 90, MONDAY + 21.6 * _HOUR),
        ("breached", "resolution", 100, MONDAY + 24 * _HOUR),
    ]
    assert {event.actor for event in shown.events[1:]} == {"helpdesk"}
    assert keeper.catch_up(desk) == 0
    assert tickets.show(desk, 1) == shown


def test_what_was_missed_on_many_tickets_is_caught_up_in_the_order_of_time(
    desk: Desk, clock: StillClock
) -> None:
    for number in range(8):
        urgency = (Urgency.LOW, Urgency.HIGH)[number % 2]
        intake.log_query(desk, Query(f"number {number}", urgency=urgency))
        clock.advance(minutes=7)
    clock.advance(days=10)
    keeper.catch_up(desk)
    seen = alarms.recent(desk)[::-1]
    assert len(seen) > 40
    assert [one.at for one in seen] == sorted(one.at for one in seen)


def test_answering_in_the_second_in_which_it_is_due_is_no_breach(
    desk: Desk, clock: StillClock
) -> None:
    intake.log_query(desk, Query("one"))
    clock.advance(hours=4)
    keeper.catch_up(desk)
    assert [one[0] for one in recorded(tickets.show(desk, 1))] == ["warned", "warned"]
    do(desk, 1, Reply("in time"))
    clock.advance(hours=1)
    keeper.catch_up(desk)
    assert [one[0] for one in recorded(tickets.show(desk, 1))] == ["warned", "warned"]


def test_an_alarm_is_no_change_that_a_late_writer_must_look_at(
    desk: Desk, clock: StillClock
) -> None:
    seen = intake.log_query(desk, Query("one"))
    clock.advance(hours=5)
    keeper.catch_up(desk)
    replied = do(desk, 1, Reply("late"), version=seen.version)
    assert replied.version == seen.version + 1
    assert [event.type for event in replied.events][-2:] == ["claimed", "replied"]


def test_a_rest_or_an_answer_brings_no_warning_again(desk: Desk, clock: StillClock) -> None:
    intake.log_query(desk, Query("one"))
    do(desk, 1, Reply("first"))
    clock.advance(hours=20)
    keeper.catch_up(desk)
    assert [one[2] for one in recorded(tickets.show(desk, 1))] == [75]
    do(desk, 1, Pend(Waiting.REQUESTER))
    clock.advance(days=2)
    assert keeper.catch_up(desk) == 0
    do(desk, 1, Resume())
    clock.advance(minutes=90)
    assert keeper.catch_up(desk) == 0
    clock.advance(minutes=7)
    assert keeper.catch_up(desk) == 1
    assert recorded(tickets.show(desk, 1))[-1][2] == 90


def test_each_round_of_updates_warns_anew(desk: Desk, clock: StillClock) -> None:
    intake.log_query(desk, Query("one", impact=Impact.HIGH, urgency=Urgency.HIGH))  # 1 h
    for _ in range(3):
        do(desk, 1, Reply("still at it"))
        clock.advance(minutes=50)
        keeper.catch_up(desk)
    updates = [one for one in recorded(tickets.show(desk, 1)) if one[1] == "next_update"]
    assert [(one[2], one[3]) for one in updates] == [
        (75, MONDAY + timedelta(minutes=50 * turn + 45)) for turn in range(3)
    ]


def test_a_breach_can_raise_escalate_and_call_the_lead(desk: Desk, clock: StillClock) -> None:
    apply_text(desk, with_actions("raise priority", "escalate one level", "escalate to lead"))
    logged = intake.log_query(desk, Query("one"))
    do(desk, 1, Claim())
    clock.advance(hours=4, seconds=1)
    keeper.catch_up(desk)
    shown = tickets.show(desk, 1)
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


def test_what_an_action_cannot_do_is_said_and_nothing_else_fails(
    desk: Desk, clock: StillClock
) -> None:
    apply_text(
        desk,
        with_actions("raise priority", "escalate one level")
        + '[customers.Small]\nlevels = ["L1"]\nsupport_hours = "24/7"\n',
    )
    high = Query("one", customer="Small", impact=Impact.HIGH, urgency=Urgency.HIGH)
    intake.log_query(desk, high)
    intake.log_query(desk, Query("two"))
    do(desk, 2, Escalate(Level.L4, "r", HandOver(asked="x")))
    clock.advance(hours=5)
    keeper.catch_up(desk)
    first = next(event for event in tickets.show(desk, 1).events if event.type == "breached")
    assert first.data["left_undone"] == [
        "P1 cannot be raised",
        "L2 is not in the customer's contract",
    ]
    second = next(event for event in tickets.show(desk, 2).events if event.type == "breached")
    assert second.data["left_undone"] == ["nothing is above L4"]


def test_a_level_can_have_alarms_of_its_own(desk: Desk, clock: StillClock) -> None:
    apply_more(
        desk,
        '[[alarms]]\nat = "50%"\nclocks = ["ola"]\ndo = ["notify lead"]\n'
        '[[alarms]]\nat = "breach"\nclocks = ["ola"]\ndo = ["escalate one level"]\n',
    )
    intake.log_query(desk, Query("one"))
    do(desk, 1, Reply("on it"))
    clock.advance(hours=4, minutes=1)
    keeper.catch_up(desk)
    shown = tickets.show(desk, 1)
    assert recorded(shown) == [
        ("warned", "ola", 50, MONDAY + 2 * _HOUR),
        ("breached", "ola", 100, MONDAY + 4 * _HOUR),
    ]
    assert shown.queue is Level.L2
    clock.advance(hours=8)
    keeper.catch_up(desk)  # half of the sixteen hours of L2
    assert recorded(tickets.show(desk, 1))[2] == (
        *("warned", "ola", 50),
        MONDAY + timedelta(hours=12, seconds=1),
    )


def test_a_resolved_ticket_is_closed_after_its_time(desk: Desk, clock: StillClock) -> None:
    intake.log_query(desk, Query("one"))
    do(desk, 1, Resolve("done"))
    clock.advance(days=7, seconds=-1)
    assert keeper.catch_up(desk) == 0
    clock.advance(days=30)
    assert keeper.catch_up(desk) == 1
    shown = tickets.show(desk, 1)
    assert (shown.state, shown.closed_at) == (State.CLOSED, MONDAY + timedelta(days=7))
    apply_text(desk, starter_text().replace('after_resolved = "7d"', ""))
    intake.log_query(desk, Query("two"))
    do(desk, 2, Resolve("done"))
    clock.advance(days=400)
    assert keeper.catch_up(desk) == 0


def test_alarms_are_told_to_those_whom_the_policy_names(
    desk: Desk, clock: StillClock, settings: Settings
) -> None:
    agents.add(desk, "lea", [Level.L2], Role.LEAD)
    agents.add(desk, "kim", [Level.L2])
    intake.log_query(desk, Query("one"))
    intake.log_query(desk, Query("two"))
    do(desk, 2, Assign("bob"))
    clock.advance(hours=3, minutes=40)
    keeper.catch_up(desk)
    told = {}
    for login in ("ann", "bob", "kim", "lea"):
        other = open_desk(
            Settings(settings.database, settings.kb, login if login != "ann" else None), clock
        )
        told[login] = [(one.ticket, one.percent) for one in alarms.recent(other)[::-1] if one.mine]
        other.close()
    assert told == {
        "ann": [(1, 75), (1, 90), (2, 90)],  # she serves L1, and is an administrator
        "bob": [(1, 75), (2, 75), (1, 90), (2, 90)],
        "kim": [],
        "lea": [(1, 90), (2, 90)],
    }


def _look(file: str, at: datetime, start: object, results: object) -> None:
    clock = StillClock()
    clock.now = at
    desk = open_desk(Settings(file, KB), clock)
    start.wait()  # type: ignore[attr-defined]
    results.put(keeper.catch_up(desk, patience_s=60))  # type: ignore[attr-defined]
    desk.close()


def test_of_many_who_look_at_once_one_records(desk: Desk, clock: StillClock) -> None:
    for number in range(20):
        intake.log_query(desk, Query(f"number {number}"))
    context = multiprocessing.get_context("fork")
    start, results = context.Event(), context.Queue()
    at = MONDAY + timedelta(hours=5)
    url = desk.database.url.render_as_string(hide_password=False)
    lookers = [context.Process(target=_look, args=(url, at, start, results)) for _ in range(6)]
    for looker in lookers:
        looker.start()
    start.set()
    assert sum(results.get(timeout=60) for _ in lookers) == 60
    for looker in lookers:
        looker.join()
    assert len(alarms.recent(desk)) == 60


def test_the_next_errand_is_known_beforehand(desk: Desk, clock: StillClock) -> None:
    assert keeper.next_errand_at(desk) is None
    intake.log_query(desk, Query("one"))
    assert keeper.next_errand_at(desk) == MONDAY + 3 * _HOUR
    do(desk, 1, Pend(Waiting.DATE, "30m"))
    assert keeper.next_errand_at(desk) == MONDAY + 30 * _MINUTE


# Looking often or seldom comes to the same ----------------------------------------------------

_OFFICE = sla(
    "Office",
    'calendar = "8/5"\nservices = ["office"]',
    'first_response = "2h", next_update = "3h", resolution = "12h"',
)
_STEPS: dict[str, Callable[[Desk], object]] = {
    "reply": lambda desk: do(desk, 1, Reply("words")),
    "ask": lambda desk: do(desk, 1, Pend(Waiting.REQUESTER)),
    "date": lambda desk: do(desk, 1, Pend(Waiting.DATE, "5h")),
    "resume": lambda desk: do(desk, 1, Resume()),
    "resolve": lambda desk: do(desk, 1, Resolve("done")),
    "reopen": lambda desk: do(desk, 1, Reopen("again")),
    "escalate": lambda desk: do(desk, 1, Escalate(Level.L3, "r", HandOver(asked="x"))),
    "return": lambda desk: do(desk, 1, SendBack(None, "r")),
    "urgent": lambda desk: do(desk, 1, SetFields(fields.Wanted(urgency=Urgency.HIGH))),
    "calm": lambda desk: do(desk, 1, SetFields(fields.Wanted(urgency=Urgency.LOW))),
    "office": lambda desk: do(desk, 1, SetFields(fields.Wanted(service="office"))),
    "vpn": lambda desk: do(desk, 1, SetFields(fields.Wanted(service="vpn"))),
}


@pytest.fixture(scope="module")
def acting_file(new_desk_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A desk whose policy does all that a policy can at a breach."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("helpdesk.desk.session.system_login", lambda: "ann")
        file = shutil.copy(new_desk_file, tmp_path_factory.mktemp("acting") / "desk.db")
        desk = open_desk(Settings(str(file), KB), StillClock())
        text = with_actions("raise priority", "escalate one level", "escalate to lead")
        levels = '[[alarms]]\nat = "80%"\nclocks = ["ola"]\ndo = ["raise priority"]\n'
        apply_text(desk, f"{text}\n[services.office]\n{_OFFICE}{levels}")
        desk.close()
    return Path(file)


@examples(max_examples=25, deadline=None)
@given(
    course=st.lists(
        st.tuples(st.sampled_from(sorted(_STEPS)), st.integers(1, 3 * 86_400)), max_size=7
    ),
    often=st.integers(600, 40_000),
)
def test_looking_often_or_seldom_comes_to_the_same(
    acting_file: Path, course: list[tuple[str, int]], often: int
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        told = [
            _tell(Path(shutil.copy(acting_file, Path(folder) / name)), course, every)
            for name, every in (("often.db", often), ("seldom.db", None))
        ]
    assert told[0] == told[1]


def _tell(file: Path, course: list[tuple[str, int]], every: int | None) -> object:
    clock = StillClock()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("helpdesk.desk.session.system_login", lambda: "ann")
        desk = open_desk(Settings(str(file), KB), clock)
    intake.log_query(desk, Query("one"))
    for name, seconds in (*course, ("", 9 * 86_400)):
        end = clock.now + timedelta(seconds=seconds)
        while every is not None and clock.now + timedelta(seconds=every) < end:
            clock.advance(seconds=every)
            keeper.catch_up(desk)
        clock.now = end
        if name:
            with suppress(DeskError):  # not every step is allowed in every state
                _STEPS[name](desk)
    keeper.catch_up(desk)
    shown = tickets.show(desk, 1)
    page = queues.counts(desk)
    desk.close()
    events = [(one.at, one.type, dict(one.data)) for one in shown.events]
    return events, shown.state, shown.queue, shown.priority, shown.clocks, page
