"""Transactions are atomic, isolated and durable; the change feed reports them."""

import multiprocessing
import os
import shutil
import signal
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy.exc import StatementError

from helpdesk.desk import change_feed
from helpdesk.desk.opening import open_desk
from helpdesk.desk.session import Desk
from helpdesk.desk.settings import Settings
from helpdesk.desk.ticket import log_query
from helpdesk.desk.ticket.handling import Note
from helpdesk.desk.ticket.views import NewQuery
from helpdesk.domain.errors import OutdatedProgramError, UnavailableError
from helpdesk.domain.roles import Role
from helpdesk.store.database.change_feed import ChangeFeed
from helpdesk.store.database.database import Database
from helpdesk.store.database.migrate import open_database
from helpdesk.store.database.url import parse_url
from helpdesk.store.models import DeskSetting, Requester
from helpdesk.store.people import people
from tests.conftest import MONDAY
from tests.verbs import do


@pytest.fixture
def database(new_desk_file: Path, tmp_path: Path) -> Iterator[Database]:
    """A desk's database."""
    opened = open_database(parse_url(str(shutil.copy(new_desk_file, tmp_path / "desk.db"))))
    yield opened
    opened.close()


def _set(database: Database, name: str, value: str) -> None:
    with database.write() as session:
        people.set_desk_setting(session, name, value)


def _get(database: Database, name: str) -> str:
    with database.read() as session:
        return people.desk_setting(session, name)


def _write_and_fail(database: Database) -> None:
    with database.write() as session:
        people.set_desk_setting(session, "colour", "red")
        session.flush()
        raise ZeroDivisionError


def test_a_write_that_fails_leaves_nothing(database: Database) -> None:
    with pytest.raises(ZeroDivisionError):
        _write_and_fail(database)
    assert _get(database, "colour") == ""


def test_a_reader_sees_one_state_whatever_others_commit(database: Database) -> None:
    _set(database, "colour", "red")
    with database.read() as session:
        assert people.desk_setting(session, "colour") == "red"
        _set(database, "colour", "blue")
        session.expire_all()
        assert people.desk_setting(session, "colour") == "red"
    assert _get(database, "colour") == "blue"


def test_instants_are_stored_to_the_second_and_need_a_time_zone(database: Database) -> None:
    late = datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)
    early = datetime(1901, 1, 1, tzinfo=UTC)
    with database.write() as session:
        for login, at in (("late", late), ("early", early), ("now", MONDAY)):
            people.add_agent(session, login, "", Role.AGENT, (), at)
    with database.read() as session:
        found = {agent.login: agent.created_at for agent in people.agents(session)}
    assert (found["late"], found["early"], found["now"]) == (late, early, MONDAY)
    naive = MONDAY.replace(tzinfo=None)
    with pytest.raises(StatementError, match="aware datetimes"), database.write() as session:
        people.add_agent(session, "naive", "", Role.AGENT, (), naive)


def test_the_feed_reports_changes_only_after_the_commit(
    new_desk_file: Path, tmp_path: Path
) -> None:
    file = str(shutil.copy(new_desk_file, tmp_path / "desk.db"))
    ours, theirs = (open_desk(Settings(file, tmp_path)) for _ in range(2))
    assert change_feed.mark(ours) == change_feed.mark(theirs) == 0
    log_query.log_query(theirs, NewQuery("x"))
    after_log = change_feed.mark(ours)
    assert after_log > 0
    assert change_feed.mark(ours) == after_log
    do(theirs, 1, Note("y"))
    assert change_feed.mark(ours) > after_log
    watcher = ChangeFeed(ours.database)
    with theirs.database.write() as session:
        session.add(DeskSetting(name="colour", value="red"))
        session.flush()
        assert watcher.mark() == change_feed.mark(ours)
    watcher.close()
    ours.close()
    theirs.close()


def _write_until_killed(file: str, acknowledged: object) -> None:
    database = open_database(parse_url(file))
    number = 0
    while True:
        number += 1
        with database.write() as session:
            mail = f"{number}@x.example"
            session.add(Requester(mail=mail, name="n" * 200, customer_id=None))
        acknowledged.send(number)  # type: ignore[attr-defined]


def test_what_was_acknowledged_survives_a_kill(new_desk_file: Path, tmp_path: Path) -> None:
    file = str(shutil.copy(new_desk_file, tmp_path / "desk.db"))
    context = multiprocessing.get_context("fork")
    reader, writer = context.Pipe(duplex=False)
    process = context.Process(target=_write_until_killed, args=(file, writer))
    process.start()
    writer.close()
    last = 0
    while last < 50:
        last = reader.recv()
    assert process.pid is not None
    os.kill(process.pid, signal.SIGKILL)
    process.join()
    try:
        while True:
            last = reader.recv()
    except EOFError:
        pass
    database = open_database(parse_url(file))
    with database.read() as session:
        connection = session.connection()
        kept = connection.exec_driver_sql("SELECT count(*) FROM requesters").scalar_one()
        assert connection.exec_driver_sql("PRAGMA integrity_check").scalar() == "ok"
    database.close()
    assert kept - last in (0, 1)


def _add_up(file: str, times: int) -> None:
    database = open_database(parse_url(file))
    for _ in range(times):
        with database.write() as session:
            count = int(people.desk_setting(session, "count") or 0)
            people.set_desk_setting(session, "count", str(count + 1))
    database.close()


@pytest.mark.slow
def test_many_writers_lose_nothing_and_see_no_lock(new_desk_file: Path, tmp_path: Path) -> None:
    file = str(shutil.copy(new_desk_file, tmp_path / "desk.db"))
    context = multiprocessing.get_context("fork")
    writers = [context.Process(target=_add_up, args=(file, 40)) for _ in range(6)]
    for process in writers:
        process.start()
    for process in writers:
        process.join()
    assert [process.exitcode for process in writers] == [0] * 6
    database = open_database(parse_url(file))
    assert _get(database, "count") == "240"
    database.close()


def _other_schema(desk: Desk, version: str) -> None:
    with desk.database.restructure() as connection:
        connection.exec_driver_sql(f"UPDATE alembic_version SET version_num = '{version}'")


def test_an_outdated_program_changes_nothing_more(desk: Desk, settings: Settings) -> None:
    ticket = log_query.log_query(desk, NewQuery("x"))
    change_feed.mark(desk)
    other = open_desk(settings)
    _other_schema(other, "9999")
    with pytest.raises(OutdatedProgramError, match="brought to schema 9999 while this program"):
        do(desk, ticket.number, Note("y"))
    with pytest.raises(OutdatedProgramError, match="start helpdesk again"):
        change_feed.mark(desk)
    with pytest.raises(UnavailableError, match="made by a newer helpdesk"):
        open_desk(settings)
    other.close()


def test_each_of_many_writes_checks_the_schema(desk: Desk) -> None:
    for number in range(12):  # more often than a driver needs to prepare a statement
        log_query.log_query(desk, NewQuery(f"{number}"))
    assert change_feed.mark(desk) > 0
