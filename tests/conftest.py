"""What most tests stand on: a real desk, on a temporary SQLite file or a private PostgreSQL.

The tests of ``tests/desk`` and ``tests/store`` run on both engines (see their ``conftest.py``), the
others on SQLite.  A test that asks for the fixture ``postgres`` runs on PostgreSQL alone.
Which tests the targets ``quick`` and ``long`` run: ``tests/targets.py``.
"""

import os
import shutil
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from helpdesk.desk.opening import open_desk
from helpdesk.desk.people import agents
from helpdesk.desk.session import Desk
from helpdesk.desk.settings import Settings
from helpdesk.domain.escalation import Level
from helpdesk.search.embeddings import Meaning
from tests.postgres import NoServerError, ResettableDatabase, Server
from tests.targets import (  # noqa: F401  (hooks)
    pytest_addoption,
    pytest_collection_modifyitems,
    pytest_configure,
    pytest_runtest_makereport,
)

# As the program does before it loads NumPy: with threads of its own, OpenBLAS waits for ever if the
# process is forked (as a test does) while another thread multiplies.
os.environ["OPENBLAS_NUM_THREADS"] = "1"

KB = Path(__file__).resolve().parents[1] / "kb"
MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


class StillClock:
    """A clock that moves when it is told to."""

    def __init__(self) -> None:
        self.now = MONDAY

    def __call__(self) -> datetime:
        """Return the time that it was set to."""
        return self.now

    def advance(self, **span: float) -> None:
        """Move on."""
        self.now += timedelta(**span)


@pytest.fixture(scope="session", autouse=True)
def _titles_are_encoded_once() -> Iterator[None]:
    """Most desks have the starter knowledge base: its titles mean the same in every test."""
    known: dict[tuple[str, ...], list[bytes]] = {}
    encode = Meaning.documents

    def documents(self: Meaning, titles: Sequence[Sequence[str]]) -> list[list[bytes]]:
        lacking = [some for some in titles if tuple(some) not in known]
        known.update(zip(map(tuple, lacking), encode(self, lacking), strict=True))
        return [known[tuple(some)] for some in titles]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Meaning, "documents", documents)
        yield


@pytest.fixture(autouse=True)
def _home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DATA", "STATE", "CONFIG", "CACHE"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(tmp_path / name.lower()))
    monkeypatch.setenv("TZ", "UTC")
    time.tzset()
    monkeypatch.setattr("helpdesk.desk.session.system_login", lambda: "ann")


@pytest.fixture
def clock() -> StillClock:
    """Monday, 09:00 UTC."""
    return StillClock()


@pytest.fixture
def kb(tmp_path: Path) -> Path:
    """A copy of the starter knowledge base."""
    return Path(shutil.copytree(KB, tmp_path / "kb"))


@pytest.fixture
def engine() -> str:
    """The kind of database that the desk is kept in; both, where a conftest says so."""
    return "sqlite"


@pytest.fixture
def database_url(engine: str, request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of this test's own database, in which the desk fixture has a desk."""
    if engine == "postgresql":
        pristine: ResettableDatabase = request.getfixturevalue("postgres")
        return pristine.url
    return f"sqlite:///{tmp_path / 'desk.db'}"


@pytest.fixture
def settings(database_url: str, kb: Path) -> Settings:
    """A desk of its own for each test."""
    return Settings(database=database_url, kb=kb)


def _set_up(url: str) -> None:
    """Let ann open a new desk, and add bob."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TZ", "UTC")
        patch.setattr("helpdesk.desk.session.system_login", lambda: "ann")
        opened = open_desk(Settings(url, KB), StillClock())
        agents.add(opened, "bob", [Level.L1, Level.L2], name="Bob Lee")
        opened.close()


@pytest.fixture(scope="session")
def new_desk_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A desk that ann has just opened: setting one up takes longer than most tests."""
    file = tmp_path_factory.mktemp("new") / "desk.db"
    _set_up(str(file))
    return file


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[Server]:
    """A PostgreSQL server of the tests' own, one a worker."""
    try:
        server = Server()
    except NoServerError as error:
        if os.environ.get("CI", "").lower() in ("1", "true"):
            pytest.fail(f"PostgreSQL is not tested: {error}")
        pytest.skip(f"PostgreSQL is not tested: {error}")
    yield server
    server.stop()


@pytest.fixture(scope="session")
def _resettable_database(postgres_server: Server) -> Iterator[ResettableDatabase]:
    _set_up(postgres_server.make("desk"))
    pristine = ResettableDatabase(postgres_server, "desk")
    yield pristine
    pristine.close()


@pytest.fixture
def postgres(_resettable_database: ResettableDatabase) -> ResettableDatabase:
    """The desk on PostgreSQL, as new."""
    _resettable_database.reset()
    return _resettable_database


@pytest.fixture
def desk(
    settings: Settings,
    engine: str,
    clock: StillClock,
    tmp_path: Path,
    request: pytest.FixtureRequest,
) -> Iterator[Desk]:
    """The desk as its owner, ann, sees it; bob serves L1 and L2."""
    if engine == "sqlite":
        shutil.copy(request.getfixturevalue("new_desk_file"), tmp_path / "desk.db")
    opened = open_desk(settings, clock)
    yield opened
    opened.close()


@pytest.fixture
def desk_of(settings: Settings, clock: StillClock, desk: Desk) -> Callable[[str], Desk]:
    """The same desk as another agent sees it."""
    return lambda login: open_desk(Settings(settings.database, settings.kb, login), clock)
