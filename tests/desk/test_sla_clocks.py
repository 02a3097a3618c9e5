"""The rules of the SLA clocks on tickets, in queues and in the header."""

import shutil
import tempfile
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk.desk import scheduler
from helpdesk.desk.escalation.hand_over import Escalate, SendBack
from helpdesk.desk.opening import open_desk
from helpdesk.desk.queue import lists
from helpdesk.desk.queue.views import QueueCount
from helpdesk.desk.session import Desk
from helpdesk.desk.settings import Settings
from helpdesk.desk.sla import explain, ticket_clocks
from helpdesk.desk.sla.views import ClockView
from helpdesk.desk.ticket import log_query, show_ticket
from helpdesk.desk.ticket.handling import Claim, Note, Pend, Reply, Resume
from helpdesk.desk.ticket.resolving import Close, Reopen, Resolve
from helpdesk.desk.ticket.set_fields import SetFields
from helpdesk.desk.ticket.views import NewQuery, TicketView
from helpdesk.desk.time_input import read_until
from helpdesk.desk.unit_of_work.fields import FieldChanges
from helpdesk.domain.errors import DeskError, RefusedError
from helpdesk.domain.escalation import HandOver, Level
from helpdesk.domain.priority import Impact, Urgency
from helpdesk.domain.sla.clock import ClockState
from helpdesk.domain.ticket import ReplyWay, State, Waiting
from helpdesk.store.models import Ticket
from tests.conftest import KB, MONDAY, StillClock
from tests.examples import examples
from tests.policies import apply_more, sla
from tests.verbs import do

_HOUR = timedelta(hours=1)
_URGENT = NewQuery("one", impact=Impact.HIGH, urgency=Urgency.HIGH)


def clocks(ticket: TicketView) -> dict[str, ClockView]:
    """Return a ticket's clocks by name."""
    return {clock.name: clock for clock in ticket.clocks}


def _office_policy(desk: Desk) -> None:
    """Give the service ``office`` 8/5 support: 2 h to answer, 4 h between answers, 12 h in all."""
    office = sla(
        "Office",
        'calendar = "8/5"\nservices = ["office"]',
        'first_response = "2h", next_update = "4h", resolution = "12h"',
    )
    apply_more(desk, f"[services.office]\n{office}")


@pytest.fixture
def office(desk: Desk) -> TicketView:
    """A ticket under the 8/5 policy, logged on Monday at 09:00 when support hours begin."""
    _office_policy(desk)
    return log_query.log_query(desk, NewQuery("one", service="office"))


def test_only_support_time_counts(desk: Desk, clock: StillClock, office: TicketView) -> None:
    due = {name: one.due_at for name, one in clocks(office).items()}
    assert due == {
        "first_response": MONDAY + 2 * _HOUR,
        "next_update": None,  # it starts with the first answer
        "resolution": MONDAY + timedelta(days=1, hours=4),
    }
    clock.advance(hours=9)  # the support hours ended an hour ago
    resolution = clocks(show_ticket.show(desk, 1))["resolution"]
    clock.advance(hours=14)
    assert clocks(show_ticket.show(desk, 1))["resolution"].remaining_s == resolution.remaining_s
    assert resolution.remaining_s == 4 * 3600


def test_a_public_answer_restarts_the_update_clock(
    desk: Desk, clock: StillClock, office: TicketView
) -> None:
    clock.advance(hours=1)
    answered = clocks(do(desk, 1, Reply("we look into it", ReplyWay.PHONE)))
    assert answered["first_response"].met_at == MONDAY + _HOUR
    assert answered["next_update"].due_at == MONDAY + 5 * _HOUR
    clock.advance(hours=1)
    noted = clocks(do(desk, 1, Note("nobody sees it")))
    assert noted["next_update"].due_at == MONDAY + 5 * _HOUR
    again = clocks(do(desk, 1, Reply("still at it", ReplyWay.PHONE)))
    assert again["first_response"].met_at == MONDAY + _HOUR
    assert again["next_update"].due_at == MONDAY + 6 * _HOUR


def test_resolving_meets_the_first_response(desk: Desk, office: TicketView) -> None:
    done = clocks(do(desk, 1, Resolve()))
    assert done["first_response"].state is done["resolution"].state is ClockState.MET


def test_clocks_pause_by_whom_the_ticket_waits_for_now(
    desk: Desk, clock: StillClock, office: TicketView
) -> None:
    do(desk, 1, Pend(Waiting.REQUESTER))
    clock.advance(hours=1)
    vendor = clocks(do(desk, 1, Pend(Waiting.VENDOR)))
    assert vendor["resolution"].due_at == MONDAY + timedelta(days=1, hours=5)
    assert vendor["first_response"].due_at == MONDAY + 2 * _HOUR
    clock.advance(hours=1)
    paused = clocks(do(desk, 1, Pend(Waiting.REQUESTER)))
    assert (paused["resolution"].due_at, paused["resolution"].remaining_s) == (None, 11 * 3600)


def test_a_ticket_resolved_while_pending_keeps_a_due_time(
    desk: Desk, clock: StillClock, office: TicketView
) -> None:
    do(desk, 1, Reply("we look into it", ReplyWay.PHONE))
    clock.advance(hours=1)
    do(desk, 1, Pend(Waiting.REQUESTER))
    clock.advance(hours=2)
    resolved = clocks(do(desk, 1, Resolve()))
    # 11 of 12 support hours were left at 12:00 on Monday.
    assert resolved["resolution"].due_at == MONDAY + timedelta(days=1, hours=6)
    assert resolved["resolution"].state is ClockState.MET
    assert resolved["resolution"].remaining_s == 11 * 3600
    assert resolved["next_update"].due_at is not None


@pytest.mark.parametrize(
    "wanted",
    [
        FieldChanges(subject="other words"),
        FieldChanges(requester="a@b.example"),
        FieldChanges(customer="Somebody"),
    ],
)
def test_fields_that_do_not_affect_the_sla_move_no_clock(
    desk: Desk, clock: StillClock, office: TicketView, wanted: FieldChanges
) -> None:
    clock.advance(minutes=30)
    do(desk, 1, Reply("hello", ReplyWay.PHONE))
    clock.advance(minutes=30)
    before = show_ticket.show(desk, 1).clocks
    assert do(desk, 1, SetFields(wanted)).clocks == before


def test_another_service_brings_its_sla_and_the_time_used_stays(
    desk: Desk, clock: StillClock, office: TicketView
) -> None:
    clock.advance(hours=1)
    do(desk, 1, Pend(Waiting.REQUESTER))
    clock.advance(hours=2)
    do(desk, 1, Resume())
    other = do(desk, 1, SetFields(FieldChanges(service="vpn")))
    assert other.policy == "Standard 24/7"
    assert set(clocks(other)) >= {"first_response", "resolution"}
    assert clocks(other)["first_response"].due_at == MONDAY + 4 * _HOUR
    assert clocks(other)["resolution"].due_at == MONDAY + 26 * _HOUR
    back = do(desk, 1, SetFields(FieldChanges(service="office")))
    # The target of two hours has passed under this SLA, so the breach is recorded and stays.
    assert clocks(back)["first_response"].state is ClockState.BREACHED
    assert clocks(back)["resolution"].due_at == MONDAY + timedelta(days=1, hours=6)


def test_a_breach_stays_whatever_comes_later(
    desk: Desk, clock: StillClock, office: TicketView
) -> None:
    clock.advance(hours=3)
    do(desk, 1, Reply("late", ReplyWay.PHONE))
    do(desk, 1, SetFields(FieldChanges(service="vpn", impact=Impact.LOW, urgency=Urgency.LOW)))
    do(desk, 1, Resolve())
    do(desk, 1, Close())
    late = clocks(do(desk, 1, Reopen("again")))["first_response"]
    assert late.state is ClockState.BREACHED
    assert late.breached_at == MONDAY + 2 * _HOUR
    assert late.met_at == MONDAY + 3 * _HOUR


def test_time_while_resolved_does_not_count(
    desk: Desk, clock: StillClock, office: TicketView
) -> None:
    clock.advance(hours=2)
    do(desk, 1, Resolve())
    clock.advance(days=7)
    again = clocks(do(desk, 1, Reopen("it is back")))["resolution"]
    assert (again.state, again.remaining_s) == (ClockState.RUNNING, 10 * 3600)
    assert again.met_at is None


def test_a_level_counts_its_own_time(desk: Desk, clock: StillClock) -> None:
    log_query.log_query(desk, NewQuery("one"))
    clock.advance(hours=1)
    up = do(desk, 1, Escalate(Level.L2, "defect", HandOver(asked="x")))
    assert up.level_clock is not None
    assert up.level_clock.remaining_s == 16 * 3600
    clock.advance(hours=2)
    down = do(desk, 1, SendBack(Level.L1, "not ours"))
    assert down.level_clock is not None
    assert down.level_clock.remaining_s == 3 * 3600  # its own first hour, not L2's two
    assert do(desk, 1, Escalate(Level.L4, "vendor", HandOver(asked="x"))).level_clock is None


def test_a_breach_of_a_paused_clock_is_still_counted_and_shown(
    desk: Desk, clock: StillClock
) -> None:
    log_query.log_query(desk, _URGENT)
    do(desk, 1, Reply("hello", ReplyWay.PHONE))
    clock.advance(hours=5)
    assert lists.counts(desk).queues[Level.L1] == QueueCount(1, 0, 0, 1)
    do(desk, 1, Pend(Waiting.REQUESTER))
    row = lists.page(desk, lists.Selection()).rows[0]
    assert row.clock is not None
    assert (row.clock.state, row.clock.due_at) == (ClockState.BREACHED, None)
    assert lists.counts(desk).queues[Level.L1] == QueueCount(1, 0, 0, 1)
    assert lists.counts(desk).mine == QueueCount(1, 0, 0, 1)


def test_a_pause_at_the_due_second_is_no_breach(desk: Desk, clock: StillClock) -> None:
    log_query.log_query(desk, _URGENT)
    do(desk, 1, Reply("hello", ReplyWay.PHONE))
    clock.advance(hours=1)
    paused = clocks(do(desk, 1, Pend(Waiting.REQUESTER)))["next_update"]
    assert (paused.state, paused.remaining_s) == (ClockState.PAUSED, 0)
    assert lists.counts(desk).queues[Level.L1].breached == 0


def test_warnings_come_after_three_quarters(desk: Desk, clock: StillClock) -> None:
    log_query.log_query(desk, NewQuery("one"))  # four hours to answer
    assert lists.counts(desk).next_breach_at == MONDAY + 4 * _HOUR
    for span, warning, breached in ((10799, 0, 0), (1, 1, 0), (3600, 1, 0), (1, 0, 1)):
        clock.advance(seconds=span)
        counted = lists.counts(desk).queues[Level.L1]
        assert (counted.open, counted.warning, counted.breached) == (1, warning, breached)
    assert lists.counts(desk).next_breach_at is None


def test_a_pending_ticket_resumes_at_its_date(desk: Desk, clock: StillClock) -> None:
    log_query.log_query(desk, NewQuery("one"))
    pended = do(desk, 1, Pend(Waiting.REQUESTER, "2h"))
    clock.advance(hours=2, seconds=-1)
    assert scheduler.catch_up(desk) == 0
    assert show_ticket.show(desk, 1).version == pended.version
    clock.advance(minutes=30)
    assert scheduler.catch_up(desk) == 1
    assert scheduler.catch_up(desk) == 0
    woken = show_ticket.show(desk, 1)
    assert (woken.state, woken.waiting_on, woken.waiting_until) == (State.OPEN, None, None)
    assert (woken.events[-1].actor, woken.events[-1].at) == ("helpdesk", MONDAY + 2 * _HOUR)
    assert clocks(woken)["resolution"].due_at == MONDAY + 26 * _HOUR


def test_due_actions_are_done_before_an_agent_changes_a_ticket(
    desk: Desk, clock: StillClock
) -> None:
    log_query.log_query(desk, NewQuery("one"))
    pended = do(desk, 1, Pend(Waiting.REQUESTER, "2h"))
    clock.advance(hours=2, minutes=30)
    noted = do(desk, 1, Note("before anybody looked"), version=pended.version)
    assert [(one.type, one.at) for one in noted.events[-2:]] == [
        ("resumed", MONDAY + 2 * _HOUR),
        ("noted", MONDAY + 2.5 * _HOUR),
    ]
    assert scheduler.catch_up(desk) == 0


def test_setting_the_host_clock_back_dates_no_entry_into_the_past(
    desk: Desk, clock: StillClock
) -> None:
    log_query.log_query(desk, NewQuery("one"))
    clock.advance(hours=2, minutes=45)
    do(desk, 1, Pend(Waiting.DATE, "1m"))
    clock.advance(minutes=20)
    scheduler.catch_up(desk)
    resumed, warned = show_ticket.show(desk, 1).events[-2:]
    assert (resumed.type, resumed.at) == ("resumed", MONDAY + timedelta(hours=2, minutes=46))
    assert (warned.type, warned.at) == ("warned", MONDAY + timedelta(hours=3))
    newest = clock()
    clock.advance(minutes=-30)
    assert scheduler.catch_up(desk) == 0
    assert do(desk, 1, Note("back")).events[-1].at == newest
    assert set(explain.explain_clocks(desk, 1)) == {"first_response", "resolution"}


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("", None),
        ("30m", MONDAY + timedelta(minutes=30)),
        (" 2 H ", MONDAY + 2 * _HOUR),
        ("3d", MONDAY + timedelta(days=3)),
        ("1w", MONDAY + timedelta(weeks=1)),
        ("tomorrow", MONDAY + timedelta(days=1)),
        ("Tomorrow 7:30", datetime(2026, 11, 24, 7, 30, tzinfo=MONDAY.tzinfo)),
        ("fri", datetime(2026, 11, 27, 9, tzinfo=MONDAY.tzinfo)),
        ("monday", MONDAY + timedelta(weeks=1)),
        ("mon 10:00", MONDAY + timedelta(hours=1)),
        ("today 18:00", MONDAY + timedelta(hours=9)),
        ("14:00", MONDAY + timedelta(hours=5)),
        ("08:59", MONDAY + timedelta(hours=23, minutes=59)),
        ("2026-12-01", datetime(2026, 12, 1, tzinfo=MONDAY.tzinfo)),
        ("2026-12-01 09:00", datetime(2026, 12, 1, 9, tzinfo=MONDAY.tzinfo)),
        ("2026-12-01T09:00:30.9+02:00", datetime(2026, 12, 1, 7, 0, 30, tzinfo=MONDAY.tzinfo)),
    ],
)
def test_until_is_a_span_or_a_time(text: str, at: datetime | None) -> None:
    assert read_until(text, MONDAY) == at


@given(st.text(max_size=30) | st.from_regex(r"\d{1,5} ?[mhdw]|\d{4}-\d\d-\d\d.*", fullmatch=True))
def test_until_is_later_than_now_or_refused(text: str) -> None:
    try:
        at = read_until(text, MONDAY)
    except RefusedError:
        return
    assert at is None if not text.strip() else at is not None and at > MONDAY


# Random courses of a ticket ------------------------------------------------------------------

_STEPS: dict[str, Callable[[Desk], object]] = {
    "claim": lambda desk: do(desk, 1, Claim()),
    "reply": lambda desk: do(desk, 1, Reply("words", ReplyWay.PHONE)),
    "note": lambda desk: do(desk, 1, Note("words")),
    "escalate": lambda desk: do(desk, 1, Escalate(Level.L3, "r", HandOver(asked="x"))),
    "return": lambda desk: do(desk, 1, SendBack(None, "r")),
    "ask": lambda desk: do(desk, 1, Pend(Waiting.REQUESTER, "90m")),
    "vendor": lambda desk: do(desk, 1, Pend(Waiting.VENDOR)),
    "date": lambda desk: do(desk, 1, Pend(Waiting.DATE, "5h")),
    "resume": lambda desk: do(desk, 1, Resume()),
    "wake": scheduler.catch_up,
    "resolve": lambda desk: do(desk, 1, Resolve("done")),
    "close": lambda desk: do(desk, 1, Close()),
    "reopen": lambda desk: do(desk, 1, Reopen("again")),
    "urgent": lambda desk: do(
        desk, 1, SetFields(FieldChanges(impact=Impact.HIGH, urgency=Urgency.HIGH))
    ),
    "calm": lambda desk: do(
        desk, 1, SetFields(FieldChanges(impact=Impact.LOW, urgency=Urgency.LOW))
    ),
    "office": lambda desk: do(desk, 1, SetFields(FieldChanges(service="office"))),
    "vpn": lambda desk: do(desk, 1, SetFields(FieldChanges(service="vpn"))),
}


@pytest.fixture(scope="module")
def office_file(new_desk_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A desk with an 8/5 SLA and the default 24/7 one."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("helpdesk.desk.session.system_login", lambda: "ann")
        file = shutil.copy(new_desk_file, tmp_path_factory.mktemp("office") / "desk.db")
        desk = open_desk(Settings(str(file), KB), StillClock())
        _office_policy(desk)
        desk.close()
    return Path(file)


@examples(25)
@given(
    course=st.lists(
        st.tuples(st.sampled_from(sorted(_STEPS)), st.integers(0, 26 * 3600)),
        min_size=3,
        max_size=12,
    )
)
def test_stored_clocks_always_agree_with_the_timeline(
    office_file: Path, course: list[tuple[str, int]]
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        clock = StillClock()
        desk = open_desk(
            Settings(str(shutil.copy(office_file, Path(folder) / "desk.db")), KB), clock
        )
        log_query.log_query(desk, NewQuery("one"))
        for name, seconds in course:
            clock.advance(seconds=seconds)
            before = show_ticket.show(desk, 1)
            try:
                _STEPS[name](desk)
            except DeskError:
                assert show_ticket.show(desk, 1) == before
            _check_against_timeline(desk)
            clock.advance(seconds=seconds // 3)
            _check_against_timeline(desk)
        desk.close()


def _check_against_timeline(desk: Desk) -> None:
    """Compare what is stored and shown with a replay of the timeline until now."""
    shown = show_ticket.show(desk, 1)
    with desk.database.read() as session:
        replayed = ticket_clocks.readings(ticket_clocks.history_of(session, 1), desk.now())
        ticket = session.get_one(Ticket, 1)
    by_name = clocks(shown)
    assert set(by_name) == {name.value for name in replayed}
    for name, reading in replayed.items():
        clock = by_name[name]
        assert (clock.state, clock.remaining_s) == (reading.state, reading.remaining_s)
        assert (clock.due_at, clock.met_at) == (reading.due_at, reading.met_at)
        assert clock.breached_at == reading.breached_at
    running = [one.due_at for one in shown.clocks if one.open and one.due_at is not None]
    expected = int(min(running).timestamp()) if running else None
    assert expected is None or ticket.due_rank == expected
    overdue = shown.state.is_active and any(
        one.open and one.remaining_s < 0 for one in shown.clocks
    )
    counted = lists.counts(desk).queues[shown.queue]
    assert counted.open == shown.state.is_active
    assert counted.breached == overdue
