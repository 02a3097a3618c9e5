"""What the benches of a whole desk stand on: an owner, and both engines."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from helpdesk.desk.session import system_login
from tests.postgres import Server


@pytest.fixture(autouse=True)
def _owner(_home: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """The desk's owner is whoever runs this: the agents and their apps are processes of theirs."""
    monkeypatch.setattr("helpdesk.desk.session.system_login", system_login)


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    """A server that keeps what it acknowledged, as a real one."""
    made = Server(("synchronous_commit=on", "max_connections=300", "shared_buffers=256MB"))
    yield made
    made.stop()


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Return the address of an empty database, on each engine."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'desk.db'}"
    name = re.sub(r"\W", "_", request.node.name)
    made: str = request.getfixturevalue("server").make(name)
    return made
