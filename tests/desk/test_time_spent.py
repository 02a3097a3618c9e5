"""Time entries: typed, measured, cancelled, and reported per contract."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from helpdesk.desk.report.time_spent import time_report, working_days
from helpdesk.desk.session import Desk
from helpdesk.desk.ticket import log_query, show_ticket
from helpdesk.desk.ticket.resolving import Resolve
from helpdesk.desk.ticket.views import NewQuery
from helpdesk.desk.time_spent import entries
from helpdesk.domain.errors import NotFoundError, NotPermittedError, RefusedError
from tests.conftest import MONDAY, StillClock
from tests.policies import apply_more
from tests.verbs import do


@pytest.fixture
def number(desk: Desk) -> int:
    """The number of a ticket."""
    return log_query.log_query(desk, NewQuery("flurble")).number


def test_time_is_recorded_in_the_timeline_and_summed(desk: Desk, number: int) -> None:
    entries.record_time(desk, number, "1h 30m", "on the phone")
    do(desk, number, Resolve())
    ticket = entries.record_time(desk, number, "10", billable=False)
    assert (ticket.minutes, ticket.billable_minutes) == (100, 90)
    spent = [event for event in ticket.events if event.type == "spent"]
    assert [(one.text, one.data["minutes"], one.data["billable"]) for one in spent] == [
        ("on the phone", 90, True),
        ("", 10, False),
    ]
    assert not spent[0].public


def test_an_entry_is_cancelled_by_another_one_only_once(
    desk: Desk, desk_of: Callable[[str], Desk], number: int
) -> None:
    bob = desk_of("bob")
    entries.record_time(bob, number, "25m")
    entry = entries.entries(desk, number)[0].number
    ticket = entries.correct(bob, number, entry, "wrong ticket")
    assert (ticket.minutes, ticket.billable_minutes) == (0, 0)
    first, second = entries.entries(desk, number)
    assert (first.minutes, first.corrected) == (25, True)
    assert (second.minutes, second.corrects, second.agent) == (-25, entry, "bob")
    with pytest.raises(RefusedError, match="was taken back already"):
        entries.correct(bob, number, entry)
    with pytest.raises(RefusedError, match="takes another back"):
        entries.correct(bob, number, second.number)
    with pytest.raises(NotFoundError, match="has no entry 99"):
        entries.correct(bob, number, 99)
    entries.record_time(desk, number, "5m")
    with pytest.raises(NotPermittedError):
        entries.correct(bob, number, entries.entries(desk, number)[-1].number)


def test_the_timer_measures_one_ticket_and_outlives_the_program(
    desk: Desk, desk_of: Callable[[str], Desk], clock: StillClock, number: int
) -> None:
    other = log_query.log_query(desk, NewQuery("other")).number
    entries.start(desk, number)
    clock.advance(minutes=12, seconds=1)
    again = desk_of("ann")
    running = entries.start(again, number)
    assert (running.number, running.minutes) == (number, 13)
    with pytest.raises(RefusedError, match="your timer runs on HD-1 since 09:00"):
        entries.start(desk, other)
    assert entries.running(desk_of("bob")) is None
    ticket = entries.stop(desk, "worked")
    assert (ticket.number, ticket.minutes) == (number, 13)
    with pytest.raises(RefusedError, match="no timer of yours is running"):
        entries.stop(desk)
    entries.start(desk, other)
    entries.discard_timer(desk)
    assert show_ticket.show(desk, other).minutes == 0


CUSTOMERS = """
[customers.Contoso]
price_model = "bucket of hours"
bucket_hours = 10
[customers.Fab]
price_model = "per ticket"
team_size = 2
"""


def test_time_is_reported_by_the_terms_of_each_contract(desk: Desk, clock: StillClock) -> None:
    apply_more(desk, CUSTOMERS)
    contoso = log_query.log_query(desk, NewQuery("a", customer="Contoso")).number
    fab = log_query.log_query(desk, NewQuery("b", customer="Fab")).number
    nobody = log_query.log_query(desk, NewQuery("c")).number
    entries.record_time(desk, contoso, "6h")
    entries.record_time(desk, contoso, "30m", billable=False)
    clock.advance(days=1)
    entries.record_time(desk, contoso, "5h")
    entries.record_time(desk, fab, "16h")
    entries.record_time(desk, nobody, "5m")
    start = MONDAY.replace(hour=0)
    end = start + timedelta(days=2)
    rows = {one.customer: one for one in time_report(desk, start, end)}
    assert list(rows) == ["Contoso", "Fab", ""]
    one = rows["Contoso"]
    assert (one.tickets, one.worked_on, one.minutes, one.billable) == (1, 1, 690, 660)
    assert one.bucket is not None
    assert (one.bucket.label, one.bucket.used_m, one.bucket.left_m) == ("2026-11", 660, -60)
    assert one.agents == (("ann", 690),)
    two = rows["Fab"]
    # 16 hours are two working days of 8 hours for one agent.
    assert (two.tickets, two.fte, two.team_size, two.bucket) == (1, 1.0, 2, None)
    assert rows[""].minutes == 5
    only = time_report(desk, start, start + timedelta(days=1), "contoso")
    assert [(one.customer, one.minutes) for one in only] == [("Contoso", 390)]
    assert only[0].bucket is not None
    assert only[0].bucket.left_m == 4 * 60
    with pytest.raises(NotFoundError, match="no customer 'Nobody'"):
        time_report(desk, start, end, "Nobody")


def test_working_days_are_counted_from_monday_to_friday() -> None:
    monday = datetime(2026, 11, 23, tzinfo=UTC)
    assert working_days(monday, monday + timedelta(days=7)) == 5
    assert working_days(monday - timedelta(days=2), monday) == 0
    assert working_days(monday, monday + timedelta(days=31)) == 23
