"""What the clocks tell is so: what starts and ends them, and whose hours they count."""

from dataclasses import replace
from datetime import timedelta

from helpdesk.desk import scheduler
from helpdesk.desk.escalation.hand_over import Escalate
from helpdesk.desk.policy import apply_policy
from helpdesk.desk.policy.apply_policy import PolicyPreview
from helpdesk.desk.policy.files import PolicyText, starter_text
from helpdesk.desk.queue import lists
from helpdesk.desk.session import Desk
from helpdesk.desk.sla import explain
from helpdesk.desk.sla.views import ClockView
from helpdesk.desk.ticket import log_query, show_ticket
from helpdesk.desk.ticket.handling import Claim, Reply
from helpdesk.desk.ticket.resolving import Resolve
from helpdesk.desk.ticket.set_fields import SetFields
from helpdesk.desk.ticket.views import NewQuery
from helpdesk.desk.unit_of_work.fields import FieldChanges
from helpdesk.domain.entry_type import EntryType
from helpdesk.domain.escalation import HandOver, Level
from helpdesk.domain.priority import Impact, Urgency
from helpdesk.domain.sla.clock import ClockName, ClockStanding, ClockState
from helpdesk.domain.sla.explain import explanation_text
from helpdesk.domain.ticket import Channel, Kind, ReplyWay
from helpdesk.store.ticket import tickets
from tests.conftest import MONDAY, StillClock
from tests.policies import apply_text
from tests.verbs import do

_HOUR = timedelta(hours=1)
_URGENT = NewQuery("one", impact=Impact.HIGH, urgency=Urgency.HIGH)
_ASKED = replace(_URGENT, requester="ann@x.example")
_PROBLEM = replace(_URGENT, kind=Kind.PROBLEM)
_P1 = 'P1 = { first_response = "15m", next_update = "1h", resolution = "4h" }'


def _clock(desk: Desk, name: str, number: int = 1) -> ClockView:
    return next(one for one in show_ticket.show(desk, number).clocks if one.name == name)


def _due_clock(desk: Desk) -> str:
    [row] = lists.page(desk, lists.Selection()).rows
    return row.clock.name if row.clock else ""


def _without(clock: str) -> str:
    """Return the starter policy without one target of P1."""
    row = _P1.replace(f'{clock} = "15m", ', "").replace(f'{clock} = "1h", ', "")
    return starter_text().replace(_P1, row)


def _preview(desk: Desk, text: str) -> PolicyPreview:
    return apply_policy.preview(desk, PolicyText(text, "policy.toml"))


def test_the_next_update_starts_with_the_first_answer(desk: Desk, clock: StillClock) -> None:
    log_query.log_query(desk, _ASKED)
    waiting = _clock(desk, "next_update")
    assert (waiting.due_at, waiting.standing) == (None, ClockStanding.NOT_STARTED)
    clock.advance(hours=3)
    scheduler.catch_up(desk)
    events = show_ticket.show(desk, 1).events
    assert "next_update" not in {event.data.get("clock") for event in events}
    assert _clock(desk, "next_update").breached_at is None
    do(desk, 1, Reply("we look", ReplyWay.PHONE))
    assert _clock(desk, "next_update").due_at == MONDAY + 4 * _HOUR
    clock.advance(hours=2)
    assert _clock(desk, "next_update").breached_at == MONDAY + 4 * _HOUR


def test_a_ticket_resolved_without_an_answer_had_no_next_update(desk: Desk) -> None:
    log_query.log_query(desk, _ASKED)
    names = {one.name for one in do(desk, 1, Resolve()).clocks}
    assert names == {"first_response", "resolution"}


def test_a_policy_may_let_the_next_update_start_with_the_ticket(desk: Desk) -> None:
    apply_text(desk, f'next_update_from = "received"\n{starter_text()}')
    log_query.log_query(desk, _ASKED)
    assert _clock(desk, "next_update").due_at == MONDAY + _HOUR
    sla = '[sla."Standard 24/7"]\n'
    apply_text(desk, starter_text().replace(sla, f'{sla}next_update_from = "received"\n'))
    assert _clock(desk, "next_update").due_at == MONDAY + _HOUR
    moved = apply_text(desk, starter_text())
    assert [one.clock for one in moved.changes[0].clocks] == ["next_update"]
    assert _clock(desk, "next_update").due_at is None


def test_a_breached_target_that_a_policy_takes_away_is_withdrawn(
    desk: Desk, clock: StillClock
) -> None:
    log_query.log_query(desk, _ASKED)
    clock.advance(hours=1)
    assert _due_clock(desk) == "first_response"
    less = _without("first_response")
    told = _preview(desk, less)
    assert (told.clocks, told.changes[0].clocks[0].withdrawn) == (1, True)
    assert apply_text(desk, less).clocks == 1
    gone = _clock(desk, "first_response")
    assert (gone.state, gone.standing) == (ClockState.BREACHED, ClockStanding.WITHDRAWN)
    assert (gone.open, gone.breached_at) == (False, MONDAY + timedelta(minutes=15))
    assert _due_clock(desk) == "resolution"
    assert _preview(desk, less).clocks == 0
    clock.advance(hours=1)
    used = gone.remaining_s
    assert _clock(desk, "first_response").remaining_s == used  # its figures are final
    apply_text(desk, starter_text())
    assert _clock(desk, "first_response").open
    assert do(desk, 1, Reply("late", ReplyWay.PHONE)).clocks[0].met_at == clock.now


def test_the_breach_of_a_withdrawn_clock_is_still_recorded(desk: Desk, clock: StillClock) -> None:
    log_query.log_query(desk, _ASKED)
    clock.advance(hours=1)
    apply_text(desk, _without("first_response"))
    clock.advance(seconds=1)
    scheduler.catch_up(desk)
    breaches = [
        event.data["clock"]
        for event in show_ticket.show(desk, 1).events
        if event.type == "breached"
    ]
    assert breaches == ["first_response"]


def _with_vendor_hours(desk: Desk) -> None:
    level = '[levels.L4]\nname = "Vendors"\n'
    text = starter_text().replace(level, f'{level}ola = "4h"\nhours = "8/5"\n')
    text = f'{text}\n[[alarms]]\nat = "breach"\nclocks = ["ola"]\ndo = ["notify lead"]\n'
    apply_text(desk, text)


def test_an_ola_counts_the_hours_of_its_level(desk: Desk, clock: StillClock) -> None:
    _with_vendor_hours(desk)
    clock.advance(days=5)  # Saturday 09:00
    log_query.log_query(desk, _ASKED)
    at_vendor = do(desk, 1, Escalate(Level.L4, "vendor", HandOver(asked="x"))).level_clock
    assert at_vendor is not None
    assert at_vendor.due_at == MONDAY + timedelta(days=7, hours=4)
    clock.advance(days=1)
    scheduler.catch_up(desk)
    sunday = show_ticket.show(desk, 1)
    assert sunday.level_clock is not None
    assert sunday.level_clock.remaining_s == 4 * 3600
    assert not [one for one in sunday.events if one.data.get("clock") == "ola"]
    clock.advance(days=1, hours=5)
    scheduler.catch_up(desk)
    late = [one for one in show_ticket.show(desk, 1).events if one.data.get("clock") == "ola"]
    assert [(one.type, one.at) for one in late] == [
        ("breached", MONDAY + timedelta(days=7, hours=4))
    ]


def test_the_olas_are_explained_level_by_level(desk: Desk, clock: StillClock) -> None:
    _with_vendor_hours(desk)
    log_query.log_query(desk, _ASKED)
    clock.advance(hours=1)
    do(desk, 1, Escalate(Level.L4, "vendor", HandOver(asked="x")))
    found = explain.explain_levels(desk, 1)
    assert set(found) == {"ola L1", "ola L4"}
    first, vendor = (explanation_text(lines) for lines in found.values())
    assert "reached L1: 4h 00m of support time allowed (24/7, UTC)" in first
    assert "left for L4: met, with 1h 00m used" in first
    assert "reached L4: 4h 00m of support time allowed (mon-fri 09:00-17:00, UTC)" in vendor
    assert "now: running; 0s of 4h 00m used, 4h 00m left" in vendor


def test_changed_hours_of_a_level_count_for_open_tickets_at_once(
    desk: Desk, clock: StillClock
) -> None:
    log_query.log_query(desk, _ASKED)
    clock.advance(days=5)
    do(desk, 1, Escalate(Level.L4, "vendor", HandOver(asked="x")))
    assert show_ticket.show(desk, 1).level_clock is None
    _with_vendor_hours(desk)
    ola = show_ticket.show(desk, 1).level_clock
    assert ola is not None
    assert ola.due_at == MONDAY + timedelta(days=7, hours=4)


def test_a_claim_responds_to_a_problem_that_nobody_asked_for(desk: Desk, clock: StillClock) -> None:
    log_query.log_query(desk, _PROBLEM)
    clock.advance(minutes=5)
    response = do(desk, 1, Claim()).clocks[0]
    assert (response.state, response.met_at) == (ClockState.MET, clock.now)
    assert "taken: met, with 5m used" in explanation_text(
        explain.explain_clocks(desk, 1)[response.name]  # type: ignore[index]
    )


def test_a_claim_answers_nobody_who_asked(desk: Desk, clock: StillClock) -> None:
    for query in (_ASKED, _URGENT):
        number = log_query.log_query(desk, query).number
        assert do(desk, number, Claim()).clocks[0].state is ClockState.RUNNING


def test_an_alert_is_responded_to_by_taking_it(desk: Desk) -> None:
    log_query.log_query(desk, replace(_URGENT, channel=Channel.MONITOR))
    assert do(desk, 1, Claim()).clocks[0].state is ClockState.MET


def test_a_requester_who_is_named_later_waits_for_an_answer(desk: Desk, clock: StillClock) -> None:
    log_query.log_query(desk, _PROBLEM)
    do(desk, 1, Claim())
    clock.advance(hours=2)
    do(desk, 1, SetFields(FieldChanges(requester="ann@x.example")))
    response = _clock(desk, "first_response")
    assert (response.state, response.met_at) == (ClockState.RUNNING, None)
    assert response.due_at == clock.now + timedelta(minutes=15)


def test_nothing_is_recorded_as_said_to_nobody(desk: Desk) -> None:
    log_query.log_query(desk, _PROBLEM)
    types = [event.type for event in do(desk, 1, Resolve("disk replaced")).events]
    assert "replied" not in types
    assert "noted" in types  # what was typed is kept
    log_query.log_query(desk, _URGENT)
    assert "replied" in [event.type for event in do(desk, 2, Resolve("done")).events]


def test_an_article_resolves_a_problem_without_a_reply(desk: Desk) -> None:
    from helpdesk.desk.ticket.resolving import resolve_with

    article = next(file.path for file in desk.library.folder.files() if file.path.endswith(".md"))
    log_query.log_query(desk, _PROBLEM)
    done = do(desk, 1, resolve_with(desk, "", article))
    assert {"replied", "noted"}.isdisjoint(event.type for event in done.events)
    assert done.articles == (article,)


def test_the_verdict_of_another_program_is_told(desk: Desk) -> None:
    log_query.log_query(desk, _ASKED)
    with desk.database.write() as session:
        [logged] = tickets.events_of_types(session, 1, (EntryType.LOGGED,))
        logged.data = {**logged.data, "imported": True, "sla_met": False}
    told = explanation_text(explain.explain_clocks(desk, 1)[ClockName.RESOLUTION])
    assert "imported: the other program counts the SLA of this ticket as missed" in told
