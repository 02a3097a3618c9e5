"""The schema: migrations and mapped classes agree, and a new desk is created once."""

import multiprocessing
import sqlite3
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from helpdesk.desk.administration import schema_upgrade
from helpdesk.desk.opening import open_desk
from helpdesk.desk.session import Desk
from helpdesk.desk.settings import Settings
from helpdesk.domain.errors import UnavailableError
from helpdesk.store.database import schema_version
from helpdesk.store.database.database import Database
from helpdesk.store.models import Base

MIGRATIONS = Path(__file__).resolve().parents[2] / "migrations" / "versions"


def test_the_program_knows_the_newest_migration() -> None:
    assert (
        max(file.name.partition("_")[0] for file in MIGRATIONS.glob("*.py")) == schema_version.HEAD
    )


def test_migrations_create_the_mapped_tables(desk: Desk) -> None:
    with desk.database.read() as session:
        context = MigrationContext.configure(
            session.connection(), opts={"compare_type": False, "compare_server_default": False}
        )
        assert compare_metadata(context, Base.metadata) == []


@pytest.mark.parametrize("engine", ["sqlite"])
def test_the_file_is_in_wal_mode_with_foreign_keys_on(desk: Desk) -> None:
    with desk.database.read() as session:
        connection = session.connection()
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1


@pytest.mark.parametrize("engine", ["sqlite"])  # the server of the tests keeps its tables
@pytest.mark.parametrize(
    ("damage", "lacks"),
    [
        ("DELETE FROM alembic_version", "names no schema"),
        ("INSERT INTO alembic_version VALUES ('0009')", "names the schemas 0009 and 00"),
        ("DROP TABLE ticket_tags", "lacks ticket_tags;"),
        ("ALTER TABLE tickets DROP COLUMN csat", "lacks tickets.csat;"),
    ],
)
def test_a_half_migrated_database_is_reported(desk: Desk, damage: str, lacks: str) -> None:
    with desk.database.restructure() as connection:
        connection.exec_driver_sql(damage)
    with pytest.raises(UnavailableError, match="is half migrated: it") as caught:
        schema_upgrade.status(desk.settings)
    assert lacks in str(caught.value)
    assert str(caught.value).endswith("helpdesk db restore BACKUP --replace.")


def test_a_write_transaction_takes_its_turn_when_it_begins(desk: Desk) -> None:
    impatient = Database(desk.database.url.update_query_dict({"timeout": "0.05"}))
    with desk.database.write() as session:
        session.connection()
        with pytest.raises(UnavailableError, match="is busy"), impatient.write() as other:
            other.connection()
    with impatient.write() as other:
        other.connection()
    impatient.close()


def _open(file: str, kb: str, start: object, results: object) -> None:
    start.wait()  # type: ignore[attr-defined]
    desk = open_desk(Settings(file, Path(kb)))
    results.put(desk.login)  # type: ignore[attr-defined]
    desk.close()


def test_programs_that_open_a_new_desk_at_once_create_one_desk(tmp_path: Path, kb: Path) -> None:
    context = multiprocessing.get_context("fork")
    start, results = context.Event(), context.Queue()
    file = str(tmp_path / "new" / "desk.db")
    racers = [context.Process(target=_open, args=(file, str(kb), start, results)) for _ in range(4)]
    for racer in racers:
        racer.start()
    start.set()
    assert [results.get(timeout=60) for _ in racers] == ["ann"] * 4
    for racer in racers:
        racer.join()
    with sqlite3.connect(file) as connection:
        assert connection.execute("SELECT count(*) FROM agents").fetchone() == (1,)
        assert connection.execute("SELECT count(*) FROM sla_policies").fetchone()[0] >= 1
