"""Upgrading a desk of the first schema."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import inspect, text

from helpdesk.desk import scheduler
from helpdesk.desk.administration import integrity, schema_upgrade
from helpdesk.desk.inbox import alarms
from helpdesk.desk.opening import open_desk
from helpdesk.desk.policy import apply_policy
from helpdesk.desk.queue import lists
from helpdesk.desk.settings import Settings
from helpdesk.desk.ticket import log_query, show_ticket
from helpdesk.desk.ticket.handling import Reply
from helpdesk.desk.ticket.views import NewQuery
from helpdesk.domain.errors import UnavailableError
from helpdesk.domain.sla.clock import ClockState
from helpdesk.domain.ticket import ReplyWay, State
from helpdesk.store.database import schema_version
from tests.conftest import MONDAY, StillClock
from tests.old_desk import connected
from tests.old_desk import make as old_desk_at
from tests.postgres import Server
from tests.verbs import do


@pytest.fixture
def old_desk(
    engine: str,
    kb: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    request: pytest.FixtureRequest,
) -> Settings:
    """A desk of schema 0001: one ticket open, one resolved a month ago, one closed."""
    monkeypatch.setattr("helpdesk.desk.session.system_login", lambda: "ann")
    url = f"sqlite:///{tmp_path / 'desk.db'}"
    if engine == "postgresql":
        server: Server = request.getfixturevalue("postgres_server")
        url = server.make(tmp_path.name)
    old_desk_at(url)
    return Settings(url, kb)


def test_an_upgraded_desk_works(old_desk: Settings, clock: StillClock) -> None:
    with pytest.raises(UnavailableError, match="db upgrade"):
        open_desk(old_desk, clock)
    assert schema_upgrade.upgrade(old_desk, clock=clock).state == "current"
    desk = open_desk(old_desk, clock)
    shown = apply_policy.show(desk)
    assert (shown.number, shown.label) == (1, "Starter")
    assert lists.page(desk, lists.Selection()).total == 1
    clock.advance(hours=5)
    scheduler.catch_up(desk)
    assert [(one.ticket, one.clock, one.percent, one.at) for one in alarms.recent(desk)[::-1]] == [
        (1, "first_response", 75, MONDAY + timedelta(hours=3)),
        (1, "first_response", 100, MONDAY + timedelta(hours=4)),
    ]
    ticket = show_ticket.show(desk, 1)
    assert (ticket.policy_version, ticket.support_hours) == (1, "24/7 UTC")
    assert [clock.state for clock in ticket.clocks] == [ClockState.BREACHED, ClockState.RUNNING]
    assert ticket.level_clock is not None
    assert ticket.level_clock.target_s == 3600
    assert show_ticket.show(desk, 2).state is State.CLOSED
    assert do(desk, 1, Reply("late", ReplyWay.PHONE)).clocks[0].met_at == clock.now
    assert log_query.log_query(desk, NewQuery("outlook")).service == "mail"
    desk.close()


def test_an_upgraded_desk_passes_all_checks(old_desk: Settings, clock: StillClock) -> None:
    schema_upgrade.upgrade(old_desk, clock=clock)
    desk = open_desk(old_desk, clock)
    assert {
        check.name: check.problems for check in integrity.check_all(desk) if not check.is_well
    } == {}
    desk.close()


def test_the_upgrade_puts_down_a_baseline_from_which_on_rows_are_proven(
    old_desk: Settings, clock: StillClock
) -> None:
    schema_upgrade.upgrade(old_desk, clock=clock)
    desk = open_desk(old_desk, clock)
    do(desk, 1, Reply("new", ReplyWay.PHONE))
    with desk.database.write() as session:
        session.connection().execute(text("UPDATE tickets SET subject = 'x' WHERE id = 2"))
    [trail] = [check for check in integrity.check_all(desk) if check.name == "audit trail"]
    assert [problem.partition(" differs")[0] for problem in trail.problems] == [
        "tickets HD-2: subject"
    ]
    desk.close()


def test_an_upgrade_that_stops_in_the_baseline_changes_nothing(
    old_desk: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr("helpdesk.store.database.audit_baseline.DID", None)  # not a record
        with pytest.raises(UnavailableError):
            schema_upgrade.upgrade(old_desk)
    assert schema_upgrade.status(old_desk).schema == "0001"
    assert schema_upgrade.upgrade(old_desk).state == "current"


@pytest.mark.parametrize("engine", ["sqlite"])  # PostgreSQL never allows one
def test_a_reference_to_a_missing_row_stops_the_upgrade(old_desk: Settings) -> None:
    with connected(str(old_desk.database)) as connection:
        connection.exec_driver_sql("UPDATE tickets SET service_id = 99 WHERE id = 1")
    with pytest.raises(UnavailableError, match="refers to rows that do not exist"):
        schema_upgrade.upgrade(old_desk)
    with connected(str(old_desk.database)) as connection:
        tables = inspect(connection).get_table_names()
        assert "levels" in tables
        assert "policy_versions" not in tables
        assert schema_version.stored_version(connection) == "0001"
