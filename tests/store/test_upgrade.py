"""A desk of an earlier schema, brought to this program's."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, MetaData, create_engine, insert, inspect

from helpdesk.desk import alarms, checkup, intake, keeper, queues, tickets, upkeep, work
from helpdesk.desk.policy import verbs
from helpdesk.desk.session import open_desk
from helpdesk.desk.settings import Settings
from helpdesk.desk.views import Query
from helpdesk.domain.errors import UnavailableError
from helpdesk.domain.escalation import Level
from helpdesk.domain.sla.clock import ClockState
from helpdesk.domain.ticket import State
from helpdesk.store import schema_version
from helpdesk.store.engine import parse_url
from tests.conftest import MONDAY, StillClock
from tests.postgres import Server

_MIGRATIONS = Path(__file__).resolve().parents[2] / "migrations"
_AT = int(MONDAY.timestamp())
_DAY = 24 * 3600
_PROMISE = {
    "policy": "Standard 24/7",
    "calendar": "24/7",
    "first_response_s": 4 * 3600,
    "next_update_s": None,
    "resolution_s": _DAY,
}


@pytest.fixture
def old_desk(
    engine: str,
    kb: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    request: pytest.FixtureRequest,
) -> Settings:
    """A desk of schema 0001: one ticket open, one resolved a month ago, one closed."""
    monkeypatch.setattr("helpdesk.desk.upkeep.system_login", lambda: "ann")
    url = f"sqlite:///{tmp_path / 'desk.db'}"
    if engine == "postgresql":
        server: Server = request.getfixturevalue("postgres_server")
        url = server.make(tmp_path.name)
    with _connected(url) as connection:
        if engine == "sqlite":
            connection.exec_driver_sql("PRAGMA journal_mode=WAL")
        config = Config()
        config.set_main_option("script_location", str(_MIGRATIONS))
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
        _fill(connection)
    return Settings(url, kb)


@contextmanager
def _connected(url: str) -> Iterator[Connection]:
    engine = create_engine(parse_url(url))
    with engine.begin() as connection:
        yield connection
    engine.dispose()


def _fill(connection: Connection) -> None:
    known = MetaData()
    known.reflect(connection)

    def add(table: str, **values: object) -> None:
        connection.execute(insert(known.tables[table]).values(values))

    add("desk_facts", name="owner", value="ann")
    add("agents", login="ann", name="Ann", role="admin", active=True, created_at=_AT)
    for level in Level:
        add("levels", level=level, name=f"Level {level}", ola_s=3600 if level == "L1" else None)
        add("agent_levels", agent_id=1, level=level)
    hours = {"timezone": "UTC", "hours": "24/7"}
    add("calendars", id=3, name="24/7", hours=hours)
    add("services", name="mail", keywords="outlook")
    add("sla_policies", id=5, name="Standard 24/7", calendar_id=3)
    for priority in ("P1", "P2", "P3", "P4"):
        add("sla_targets", policy_id=5, priority=priority, first_response_s=4 * 3600,
            resolution_s=_DAY)  # fmt: skip
    for number, state, age in ((1, "new", 0), (2, "resolved", 30 * _DAY), (3, "closed", 0)):
        at = _AT - age
        add("tickets", version=1, subject=f"number {number}", body="", kind="incident",
            state=state, queue="L1", impact="medium", urgency="medium", priority="P3",
            channel="phone", service_id=1, policy_id=5, created_at=at, updated_at=at,
            resolved_at=None if state == "new" else at, hand_overs=0, reopenings=0,
            due_rank=at + 4 * 3600, due_clock="first_response")  # fmt: skip
        data = {"channel": "phone", "promise": _PROMISE, "version": 1}
        add("ticket_events", ticket_id=number, at=at, actor_id=1, type="logged", public=True,
            text="", data=data)  # fmt: skip
        if state != "new":
            add("ticket_events", ticket_id=number, at=at, actor_id=1, type="resolved",
                public=False, text="", data={"version": 1})  # fmt: skip
        for name, span in (("first_response", 4 * 3600), ("resolution", _DAY)):
            add("ticket_clocks", ticket_id=number, name=name, target_s=span, elapsed_s=0,
                state="running" if state == "new" else "met", due_at=at + span,
                met_at=None if state == "new" else at, as_of=at)  # fmt: skip


def test_a_desk_of_an_earlier_schema_goes_on(old_desk: Settings, clock: StillClock) -> None:
    with pytest.raises(UnavailableError, match="db upgrade"):
        open_desk(old_desk, clock)
    assert upkeep.upgrade(old_desk).state == "current"
    desk = open_desk(old_desk, clock)
    shown = verbs.show(desk)
    assert (shown.number, shown.label) == (1, "Starter")
    assert queues.page(desk, queues.Selection()).total == 1
    clock.advance(hours=5)
    keeper.catch_up(desk)
    assert [(one.ticket, one.clock, one.percent, one.at) for one in alarms.since(desk, 0)] == [
        (1, "first_response", 75, MONDAY + timedelta(hours=3)),
        (1, "first_response", 100, MONDAY + timedelta(hours=4)),
    ]
    ticket = tickets.show(desk, 1)
    assert (ticket.policy_version, ticket.support_hours) == (1, "24/7 UTC")
    assert [clock.state for clock in ticket.clocks] == [ClockState.BREACHED, ClockState.RUNNING]
    assert ticket.level_clock is not None
    assert ticket.level_clock.target_s == 3600
    assert tickets.show(desk, 2).state is State.CLOSED
    assert work.reply(desk, 1, "late").clocks[0].met_at == clock.now
    assert intake.log_query(desk, Query("outlook")).service == "mail"
    desk.close()


def test_it_is_found_sound_after_it(old_desk: Settings, clock: StillClock) -> None:
    upkeep.upgrade(old_desk)
    desk = open_desk(old_desk, clock)
    assert {one.name: one.problems for one in checkup.check_all(desk) if not one.is_well} == {}
    desk.close()


@pytest.mark.parametrize("engine", ["sqlite"])  # PostgreSQL never lets one in
def test_a_reference_to_nothing_stops_it_and_nothing_is_changed(old_desk: Settings) -> None:
    with _connected(str(old_desk.database)) as connection:
        connection.exec_driver_sql("UPDATE tickets SET service_id = 99 WHERE id = 1")
    with pytest.raises(UnavailableError, match="references to nothing"):
        upkeep.upgrade(old_desk)
    with _connected(str(old_desk.database)) as connection:
        tables = inspect(connection).get_table_names()
        assert "levels" in tables
        assert "policy_versions" not in tables
        assert schema_version.found(connection) == "0001"
