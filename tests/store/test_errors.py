"""Every error of a database file is reported in one sentence."""

import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from helpdesk.domain.errors import DeskError, RefusedError, UnavailableError
from helpdesk.store.database.database import Database
from helpdesk.store.database.errors import translated_errors
from helpdesk.store.database.migrate import open_database
from helpdesk.store.database.url import parse_url


def _forbid(path: Path, mode: int) -> None:
    path.chmod(mode)
    if os.access(path, os.W_OK):
        pytest.skip("permission bits do not bind root")


@pytest.fixture
def file(new_desk_file: Path, tmp_path: Path) -> Path:
    """A desk's file."""
    return Path(shutil.copy(new_desk_file, tmp_path / "desk.db"))


@pytest.fixture
def held(file: Path) -> Iterator[Callable[[str], None]]:
    """A function that executes a statement on the file as another program does."""
    other = sqlite3.connect(file, isolation_level=None)
    yield other.execute  # type: ignore[misc]
    other.close()


def _refused(url: str) -> str:
    with pytest.raises(UnavailableError) as caught:
        open_database(parse_url(url))
    message = str(caught.value)
    assert message.endswith(".")
    assert "\n" not in message
    return message


def test_a_file_that_another_program_holds(file: Path, held: Callable[[str], None]) -> None:
    database = open_database(parse_url(f"sqlite:///{file}?timeout=0.05"))
    held("BEGIN IMMEDIATE")
    with database.read() as session:
        session.connection()  # readers do not wait for a writer
    with (
        pytest.raises(UnavailableError, match=r"desk\.db is busy: .* try again"),
        database.write() as session,
    ):
        session.connection()
    held("COMMIT")
    with database.write() as session:
        session.connection()
    database.close()


def test_a_file_of_another_kind(tmp_path: Path) -> None:
    file = tmp_path / "notes.db"
    file.write_text("no database at all\n" * 300)
    assert f"{file} is not a helpdesk database; name another" in _refused(str(file))
    assert "cannot be opened" in _refused(str(tmp_path))


def test_a_database_of_another_program(tmp_path: Path) -> None:
    file = tmp_path / "songs.db"
    with sqlite3.connect(file) as connection:
        connection.execute("CREATE TABLE songs (name TEXT)")
    before = file.read_bytes()
    assert "belongs to another program" in _refused(str(file))
    assert file.read_bytes() == before


@pytest.mark.parametrize(
    ("version", "message"), [("9999", "made by a newer"), ("0000", "db upgrade")]
)
def test_a_database_of_another_version(file: Path, version: str, message: str) -> None:
    with sqlite3.connect(file) as connection:
        connection.execute("UPDATE alembic_version SET version_num = ?", (version,))
    assert message in _refused(str(file))


def test_a_damaged_file(file: Path) -> None:
    with file.open("r+b") as raw:
        raw.seek(4096)
        raw.write(b"\xa5" * (file.stat().st_size - 4096))
    assert "is damaged; restore it from a backup" in _refused(str(file))


def test_a_file_that_was_cut_short_while_open(file: Path) -> None:
    database = open_database(parse_url(str(file)))
    database.close()
    os.truncate(file, 100)
    with pytest.raises(UnavailableError), database.read() as session:
        session.connection().exec_driver_sql("SELECT * FROM tickets")


def test_a_file_that_may_only_be_read(file: Path) -> None:
    _forbid(file, 0o400)
    database = open_database(parse_url(str(file)))
    with pytest.raises(UnavailableError, match="is read-only for you"), database.write() as session:
        session.connection().exec_driver_sql("DELETE FROM agents")


def test_a_folder_that_may_not_be_written(tmp_path: Path) -> None:
    _forbid(tmp_path, 0o500)
    assert "cannot be" in _refused(str(tmp_path / "desk.db"))
    tmp_path.chmod(0o700)


def test_an_sqlite_error_about_a_read_only_file(file: Path) -> None:
    connection = sqlite3.connect(f"file:{file}?mode=ro", uri=True)
    read_only = pytest.raises(UnavailableError, match="desk is read-only for you: nothing was")
    with read_only, translated_errors("desk"):
        connection.execute("DELETE FROM agents")
    connection.close()


@pytest.mark.parametrize(
    ("error", "message"),
    [
        ("database or disk is full", "has no room left on its disk"),
        ("disk I/O error", "cannot be read or written"),
        ("no such table: tickets", "half set up"),
        ("a thing that nobody\nforesaw.", "refused: a thing that nobody."),
    ],
)
def test_errors_that_a_test_cannot_cause(error: str, message: str) -> None:
    with pytest.raises(UnavailableError, match=message) as caught, translated_errors("desk"):
        raise sqlite3.OperationalError(error)
    assert str(caught.value).startswith("the database desk ")


def test_half_characters_are_refused(file: Path) -> None:
    database = open_database(parse_url(str(file)))
    text = "before it " * 99 + "\ud83d" + " and after it" * 99
    message = r"^'before it before it \ufffd and after it and af' holds half a character .* 991 "
    with pytest.raises(RefusedError, match=message), database.read() as session:
        session.connection().exec_driver_sql("SELECT ?", (text,))
    database.close()


def test_errors_of_the_desk_pass_unchanged() -> None:
    error = RefusedError("the original sentence.")
    with pytest.raises(DeskError) as caught, translated_errors("desk"):
        raise error
    assert caught.value is error


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("mysql://me:secret@host/desk", "mysql databases are not supported"),
        ("postgresql+psycopg2://me:secret@host/desk", "psycopg2 databases are not supported"),
        ("postgresql://me:secret@host/desk?colour=red", "libpq's parameters may follow"),
        ("postgresql://me:secret@host:port/desk", "the port in .* is not a number"),
        ("sqlite://", "needs a database file"),
        ("sqlite:///:memory:", "needs a database file"),
        ("nosuch://x", "nosuch databases are not supported"),
        ("://", "is not a database URL that works here"),
        ("sqlite:///x.db?timeout=soon", r"only \?timeout=SECONDS"),
        ("sqlite:///x.db?timeout=nan", r"only \?timeout=SECONDS"),
        ("sqlite:///x.db?timeout=1&timeout=2", r"only \?timeout=SECONDS"),
        ("sqlite:///x.db?mode=ro", r"only \?timeout=SECONDS"),
        ("~no-such-login/x.db", "give the full path"),
    ],
)
def test_an_invalid_url(url: str, message: str) -> None:
    with pytest.raises(UnavailableError, match=message) as caught:
        parse_url(url)
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize("name", ["a?b.db", "a%20b.db", "a#b.db", "a\udcff.db", "ü.db"])
def test_a_path_is_taken_literally(tmp_path: Path, name: str) -> None:
    database = Database(parse_url(str(tmp_path / name)))
    with database.read() as session:
        session.connection()
    database.close()
    assert [file.name for file in tmp_path.iterdir() if file.suffix == ".db"] == [name]
