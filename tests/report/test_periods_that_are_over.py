"""Figures of a period that is over stay, whatever happens to its tickets later."""

from collections.abc import Callable
from datetime import datetime
from random import Random

import pytest

from helpdesk.desk.bulk import undo
from helpdesk.desk.demo.fill import fill
from helpdesk.desk.escalation.hand_over import Escalate, SendBack
from helpdesk.desk.queue import board, lists
from helpdesk.desk.queue.lists import Selection
from helpdesk.desk.report import kpi_report
from helpdesk.desk.session import Desk
from helpdesk.desk.ticket import log_query, show_ticket
from helpdesk.desk.ticket.handling import Assign, Claim, Pend, Reply
from helpdesk.desk.ticket.resolving import Rate, Reopen, Resolve
from helpdesk.desk.ticket.set_fields import SetFields
from helpdesk.desk.ticket.views import NewQuery
from helpdesk.desk.unit_of_work.action import Action
from helpdesk.desk.unit_of_work.fields import FieldChanges
from helpdesk.domain.errors import DeskError
from helpdesk.domain.escalation import HandOver, Level
from helpdesk.domain.priority import Impact
from helpdesk.domain.ticket import Kind, ReplyWay, Waiting
from helpdesk.report import period
from helpdesk.report.by import GroupBy
from helpdesk.report.facts import LeftOut
from helpdesk.report.kpi import Figure
from helpdesk.report.period import ReportPeriod
from tests.conftest import StillClock
from tests.verbs import do

_NOTE = HandOver(tried="a", known="b", asked="c")


def _figures(desk: Desk, span: ReportPeriod, by: GroupBy | None = None) -> dict[str, Figure]:
    return {one.kpi.name: one for one in kpi_report.kpis(desk, span, by).total.figures}


def _values(desk: Desk, span: ReportPeriod, group: str, by: GroupBy) -> dict[str, float | None]:
    report = kpi_report.kpis(desk, span, by)
    found = {each.name: each.figures for each in report.groups}
    return {one.kpi.name: one.value for one in found.get(group, ())}


def _span(start: datetime, end: datetime) -> ReportPeriod:
    return ReportPeriod(start, end, "it")


def test_open_tickets_that_are_breached_count_against_the_target(
    desk: Desk, clock: StillClock
) -> None:
    start = clock.now
    for number in range(1, 5):
        log_query.log_query(desk, NewQuery(f"query {number}"))
    do(desk, 1, Reply("we look", ReplyWay.PHONE))
    do(desk, 2, Resolve("done"))
    clock.advance(hours=30)  # both targets of a P3 are over: 4 h and 24 h
    log_query.log_query(desk, NewQuery("too early to say"))
    clock.advance(minutes=1)
    do(desk, 3, Pend(Waiting.REQUESTER))
    found = _figures(desk, _span(start, clock.now))
    assert (found["sla_first_response"].value, found["sla_first_response"].of) == (2 / 4, 4)
    assert (found["sla_resolution"].value, found["sla_resolution"].of) == (1 / 4, 4)
    assert found["sla_resolution"].left_out == {LeftOut.LATER: 1}
    assert found["breaches_resolution"].value == 3
    assert found["first_response_median"].of == 2  # 1 and 2, resolved or not
    assert board.read(desk).attained == 1 / 4
    behind = kpi_report.tickets_behind(desk, "sla_resolution", _span(start, clock.now))
    assert sorted(behind[:3]) == [1, 3, 4]


def test_a_paused_clock_and_one_that_is_due_later_are_counted_apart(
    desk: Desk, clock: StillClock
) -> None:
    start = clock.now
    for number in (1, 2, 3):
        log_query.log_query(desk, NewQuery(f"query {number}"))
    do(desk, 1, Pend(Waiting.REQUESTER))
    clock.advance(hours=1)
    do(desk, 2, Resolve("in time, and due tomorrow"))
    found = _figures(desk, _span(start, clock.now))["sla_resolution"]
    assert (found.value, found.of) == (None, 0)
    assert found.left_out == {LeftOut.PAUSED: 1, LeftOut.LATER: 2}


def test_a_reopening_changes_no_earlier_period(desk: Desk, clock: StillClock) -> None:
    start = clock.now
    log_query.log_query(desk, NewQuery("one"))
    clock.advance(minutes=5)
    do(desk, 1, Resolve("done"))
    clock.advance(days=2)
    first = _span(start, clock.now)
    clock.advance(days=2)
    before = kpi_report.kpis(desk, first)
    do(desk, 1, Reopen("not done"))
    do(desk, 1, Escalate(Level.L2, "defect", _NOTE))
    clock.advance(days=9)
    after = kpi_report.kpis(desk, first)
    assert after.total == before.total
    values = {one.kpi.name: one.value for one in after.total.figures}
    assert (values["resolved"], values["backlog"], values["fcr"]) == (1, 0, 1)
    assert (values["sla_resolution"], values["escalation_rate_l1"]) == (1, 0)
    later = _figures(desk, _span(first.end, clock.now))
    assert (later["backlog"].value, later["breaches_resolution"].value) == (1, 1)


def test_each_figure_says_whose_it_was_at_its_moment(desk: Desk, clock: StillClock) -> None:
    start = clock.now
    log_query.log_query(desk, NewQuery("one", service="vpn", kind=Kind.INCIDENT))
    clock.advance(minutes=5)
    do(desk, 1, Claim())
    clock.advance(minutes=5)
    do(desk, 1, Reply("we look", ReplyWay.PHONE))
    clock.advance(minutes=5)
    do(desk, 1, Escalate(Level.L2, "defect", _NOTE))
    do(desk, 1, SetFields(FieldChanges(service="mail", kind=Kind.REQUEST)))
    clock.advance(minutes=5)
    do(desk, 1, Assign("bob"))
    clock.advance(minutes=5)
    do(desk, 1, Resolve("done"))
    clock.advance(days=3)
    span = _span(start, clock.now)
    ann = _values(desk, span, "ann", GroupBy.AGENT)
    bob = _values(desk, span, "bob", GroupBy.AGENT)
    assert (ann["logged"], ann["sla_first_response"], ann["first_response_median"]) == (1, 1, 600)
    assert (ann["resolved"], bob["resolved"], bob["logged"]) == (0, 1, 0)
    assert bob["sla_resolution"] == 1
    by_level = [_values(desk, span, level, GroupBy.LEVEL) for level in ("L1", "L2")]
    assert [each["logged"] for each in by_level] == [1, 0]
    assert [each["sla_first_response"] for each in by_level] == [1, None]
    assert [each["resolved"] for each in by_level] == [0, 1]
    by_service = [_values(desk, span, each, GroupBy.SERVICE) for each in ("vpn", "mail")]
    assert [each["logged"] for each in by_service] == [1, 0]
    assert [each["resolved"] for each in by_service] == [0, 1]
    volumes = {each.by: dict(each.counts) for each in kpi_report.kpis(desk, span).volumes}
    assert volumes[GroupBy.SERVICE] == {"vpn": 1}
    assert volumes[GroupBy.KIND] == {"incident": 1}
    assert volumes[GroupBy.LEVEL] == {"L1": 1}


def _reports(desk: Desk, spans: list[ReportPeriod]) -> dict[tuple[object, ...], object]:
    """Return every figure of every report of these periods."""
    found: dict[tuple[object, ...], object] = {}
    for place, span in enumerate(spans):
        for by in (None, *GroupBy):
            report = kpi_report.kpis(desk, span, by)
            for group in (report.total, *report.groups):
                for one in group.figures:
                    if one.value or one.of or one.left_out:
                        key = (place, by, group.name, one.kpi.name)
                        found[key] = (one.value, one.of, one.left_out)
            found[place, by] = report.volumes
    return found


def _act_at_random(desk: Desk, clock: StillClock, rng: Random, count: int) -> int:
    verbs: list[Callable[[], Action]] = [
        lambda: Reopen("again"),
        lambda: Resolve("done"),
        lambda: Reply("we look", ReplyWay.PHONE),
        lambda: Escalate(Level.L2, "defect", _NOTE),
        lambda: SendBack(Level.L1, "ask"),
        lambda: Claim(),
        lambda: Assign("bob"),
        lambda: Pend(Waiting.REQUESTER),
        lambda: Rate(rng.randint(1, 5)),
        lambda: SetFields(
            FieldChanges(service=rng.choice(("vpn", "mail")), impact=rng.choice(list(Impact)))
        ),
    ]
    done = 0
    for _ in range(count * 3):
        clock.advance(minutes=rng.choice((0, 1, 45, 600)))
        number = rng.randint(1, count)
        try:
            if rng.random() < 0.2:
                undo.undo(desk, [number])
            else:
                do(desk, number, rng.choice(verbs)())
            done += 1
        except DeskError:
            continue
    return done


@pytest.mark.parametrize("seed", [1, 2])
def test_nothing_that_happens_later_changes_a_figure(
    desk: Desk, clock: StillClock, seed: int
) -> None:
    rng = Random(seed)
    count = 40
    fill(desk, count, seed, desk.now())
    begin = clock.now
    ends = []
    for _ in range(3):
        _act_at_random(desk, clock, rng, count)
        clock.advance(seconds=1)
        ends.append(clock.now)
    spans = [_span(begin, ends[0]), _span(ends[0], ends[1]), _span(begin, ends[2])]
    before = _reports(desk, spans)
    assert _act_at_random(desk, clock, rng, count) > count / 2
    clock.advance(days=40)
    after = _reports(desk, spans)
    changed = {key for key in {*before, *after} if before.get(key) != after.get(key)}
    assert {key: (before.get(key), after.get(key)) for key in changed} == {}


def test_reading_changes_no_figure(desk: Desk, clock: StillClock) -> None:
    fill(desk, 60, 5, desk.now())
    spans = [period.last(span, desk.now()) for span in ("7d", "3m")]
    before = _reports(desk, spans)
    lists.page(desk, Selection(), 0, 100)
    board.read(desk)
    for number in range(1, 61):
        show_ticket.show(desk, number)
    assert _reports(desk, spans) == before
