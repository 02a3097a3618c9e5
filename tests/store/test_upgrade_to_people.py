"""The upgrade to schema 0013: people without an address, and what is known of them."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import text

from helpdesk.desk.administration import integrity, schema_upgrade
from helpdesk.desk.opening import open_desk
from helpdesk.desk.settings import Settings
from helpdesk.store.database import schema_version
from tests import old_desk
from tests.postgres import Server

_KILL = """
import os, signal, sys
from pathlib import Path
from helpdesk.desk import session
from helpdesk.desk.administration import schema_upgrade
from helpdesk.desk.settings import Settings
from helpdesk.domain import person, person_search
session.system_login = lambda: "ann"
person_search.search_text = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
schema_upgrade.upgrade(Settings(sys.argv[1], Path(sys.argv[2])))
"""


@pytest.fixture
def empty(
    engine: str,
    kb: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    request: pytest.FixtureRequest,
) -> Settings:
    """The settings of a desk whose database is empty."""
    monkeypatch.setattr("helpdesk.desk.session.system_login", lambda: "ann")
    url = f"sqlite:///{tmp_path / 'desk.db'}"
    if engine == "postgresql":
        server: Server = request.getfixturevalue("postgres_server")
        url = server.make(tmp_path.name)
    return Settings(url, kb)


def _problems(settings: Settings) -> dict[str, tuple[str, ...]]:
    desk = open_desk(settings)
    found = {check.name: check.problems for check in integrity.check_all(desk) if check.problems}
    desk.close()
    return found


def test_people_are_found_and_nothing_is_lost(empty: Settings) -> None:
    old_desk.make_0012(str(empty.database))
    with old_desk.connected(str(empty.database)) as connection:
        before = connection.execute(
            text("SELECT id, mail, name, customer_id FROM requesters ORDER BY id")
        ).all()
        of_tickets = connection.execute(text("SELECT id, requester_id FROM tickets")).all()
    schema_upgrade.upgrade(empty)
    with old_desk.connected(str(empty.database)) as connection:
        rows = connection.execute(
            text("SELECT id, mail, name, customer_id FROM requesters ORDER BY id")
        ).all()
        assert rows == before
        assert connection.execute(text("SELECT id, requester_id FROM tickets")).all() == of_tickets
        words = connection.execute(
            text("SELECT search_text FROM requesters WHERE mail = 'm.ortiz@contoso.example'")
        ).scalar()
        assert words == " m ortiz mortiz m.ortiz@contoso.example "
    assert _problems(empty) == {}


@pytest.mark.parametrize("table", ["requesters", "customers"])
def test_the_new_columns_of_old_rows_are_proven(empty: Settings, table: str) -> None:
    old_desk.make_0012(str(empty.database))
    schema_upgrade.upgrade(empty)
    with old_desk.connected(str(empty.database)) as connection:
        connection.execute(text(f"UPDATE {table} SET note = 'is rich' WHERE id = 1"))
    [problem] = _problems(empty)["audit trail"]
    assert problem.startswith(table)
    assert ": note differs from what audit record" in problem


@pytest.mark.parametrize("make", [old_desk.make_0011, old_desk.make_0012])
def test_an_upgrade_that_is_killed_changes_nothing(
    empty: Settings, make: Callable[[str], None]
) -> None:
    url = str(empty.database)
    make(url)
    with old_desk.connected(url) as connection:
        before = schema_version.stored_version(connection)
        people = connection.execute(text("SELECT count(*) FROM requesters")).scalar()
    killed = subprocess.run(
        [sys.executable, "-c", _KILL, url, str(empty.kb)], check=False, timeout=120
    )
    assert killed.returncode == -9
    with old_desk.connected(url) as connection:
        assert schema_version.stored_version(connection) == before
        assert connection.execute(text("SELECT count(*) FROM requesters")).scalar() == people
    assert schema_upgrade.upgrade(empty).state == "current"
    assert _problems(empty) == {}
