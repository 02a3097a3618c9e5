"""Fixtures of the benchmarks: the desk's owner, and empty databases on both engines."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from helpdesk.desk.session import system_login
from tests.postgres import Server


@pytest.fixture(autouse=True)
def _owner(_home: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Make the person who runs this the desk's owner, as all apps are their processes."""
    monkeypatch.setattr("helpdesk.desk.session.system_login", system_login)


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    """A PostgreSQL server with durable commits, as in production."""
    opened = Server(("synchronous_commit=on", "max_connections=300", "shared_buffers=256MB"))
    yield opened
    opened.stop()


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of an empty database, on each engine."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'desk.db'}"
    name = re.sub(r"\W", "_", request.node.name)
    created: str = request.getfixturevalue("server").make(name)
    return created
