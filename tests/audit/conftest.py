"""Fixtures: a well-filled desk on both engines, of which each test gets a copy of its own."""

import copy
import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.audit.attack import AttackedDesk, Tampering
from tests.audit.filled_desk import fill
from tests.cli.shell import Shell
from tests.postgres import ResettableDatabase, Server

_TEMPLATE, _COPY = "filled", "attacked"


def _owner_shell(folder: Path) -> Shell:
    shell = Shell(folder)
    shell.login = "ann"
    return shell


@pytest.fixture(scope="session")
def filled_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Shell:
    """A shell on a well-filled desk in an SQLite file; it is only copied."""
    shell = _owner_shell(tmp_path_factory.mktemp("filled"))
    fill(shell.env["HELPDESK_DATABASE_URL"], shell.kb, shell.folder)
    shell.run("db", "check")  # builds the search index
    return shell


class FilledServer:
    """A server with a well-filled desk as a template, and one copy of it that tests attack."""

    def __init__(self, server: Server, folder: Path) -> None:
        self._server = server
        self._shell = _owner_shell(folder)
        fill(server.make(_TEMPLATE), self._shell.kb, folder)
        self._resettable = self._new(_COPY)
        self._cache = self._shell.folder / ".cache"
        self._indexed = self._shell.folder / "indexed"
        self._attacked(_COPY).check()  # builds the search index
        shutil.copytree(self._cache, self._indexed)

    def _new(self, name: str) -> ResettableDatabase:
        self._server.make(name, _TEMPLATE)
        return ResettableDatabase(self._server, name)

    def copy(self) -> AttackedDesk:
        """Return the copy with the rows of the template and their search index, which is quick."""
        self._resettable.reset()
        shutil.rmtree(self._cache)
        shutil.copytree(self._indexed, self._cache)
        return self._attacked(_COPY)

    def new_copy(self, name: str) -> AttackedDesk:
        """Return a new copy, whose schema may be changed; an earlier one of that name is gone."""
        with self._server.connect() as connection:
            connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        self._server.make(name, _TEMPLATE)
        return self._attacked(name)

    def _attacked(self, name: str) -> AttackedDesk:
        shell = _shell_on(self._shell, self._server.url(name))
        return AttackedDesk(shell, lambda: self._server.connect(name))

    def close(self) -> None:
        """Close the connection to the copy."""
        self._resettable.close()


@pytest.fixture(scope="session")
def filled_postgresql(
    tmp_path_factory: pytest.TempPathFactory, postgres_server: Server
) -> Iterator[FilledServer]:
    """A server with a well-filled desk."""
    filled = FilledServer(postgres_server, tmp_path_factory.mktemp("filled-postgresql"))
    yield filled
    filled.close()


def sqlite_copy(filled: Shell, folder: Path) -> AttackedDesk:
    """Return a copy of the well-filled desk in an SQLite file, with its search index."""
    shell = _shell_on(filled, f"sqlite:///{folder / 'attacked.db'}")
    for file in filled.folder.glob(f"{filled.db.name}*"):
        shutil.copy(file, folder / file.name.replace(filled.db.name, "attacked.db"))
    return AttackedDesk(
        shell, lambda: sqlite3.connect(folder / "attacked.db", isolation_level=None)
    )


def _shell_on(filled: Shell, url: str) -> Shell:
    """Return a shell with the knowledge base of another one, on another database."""
    shell = copy.copy(filled)
    shell.env = {**filled.env, "HELPDESK_DATABASE_URL": url}
    return shell


@pytest.fixture
def empty_url(engine: str, request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of a new database."""
    if engine == "sqlite":
        return f"sqlite:///{tmp_path / 'empty.db'}"
    server: Server = request.getfixturevalue("postgres_server")
    return server.make(f"empty-{tmp_path.name}")


@pytest.fixture
def owner_shell(tmp_path: Path) -> Shell:
    """A shell of ann, with a folder and a knowledge base of its own."""
    return _owner_shell(tmp_path)


@pytest.fixture(params=["sqlite", "postgresql"])
def attacked(request: pytest.FixtureRequest, tmp_path: Path) -> AttackedDesk:
    """A copy of the well-filled desk, on each engine."""
    if request.param == "sqlite":
        return sqlite_copy(request.getfixturevalue("filled_sqlite"), tmp_path)
    filled: FilledServer = request.getfixturevalue("filled_postgresql")
    return filled.new_copy("altered") if _alters_schema(request) else filled.copy()


def _alters_schema(request: pytest.FixtureRequest) -> bool:
    tampering = request.node.callspec.params.get("tampering")
    return isinstance(tampering, Tampering) and tampering.guards
