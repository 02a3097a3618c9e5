"""Fixtures of most tests: a real desk, on a temporary SQLite file or a private PostgreSQL server.

The tests of ``tests/desk``, ``tests/store`` and ``tests/faults`` run on both engines (see their
``conftest.py``), the others on SQLite.  A test that uses the fixture ``postgres`` runs only on
PostgreSQL.  ``tests/targets.py`` says which tests the targets ``quick`` and ``long`` run.
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
from helpdesk.domain import desk_zone
from helpdesk.domain.escalation import Level
from helpdesk.search.embeddings import EmbeddingModel
from tests.postgres import NoServerError, ResettableDatabase, Server
from tests.targets import (  # noqa: F401  (hooks)
    pytest_addoption,
    pytest_collection_modifyitems,
    pytest_configure,
    pytest_runtest_makereport,
)

# The program does the same before it loads NumPy: an OpenBLAS with threads of its own hangs if the
# process is forked (as some tests do) while another thread multiplies.
os.environ["OPENBLAS_NUM_THREADS"] = "1"

KB = Path(__file__).resolve().parents[1] / "kb"
MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


class StillClock:
    """A clock that only moves when a test advances it."""

    def __init__(self) -> None:
        self.now = MONDAY

    def __call__(self) -> datetime:
        """Return the clock's time."""
        return self.now

    def advance(self, **span: float) -> None:
        """Move the clock forward (or back) by a span such as ``hours=1``."""
        self.now += timedelta(**span)


@pytest.fixture(scope="session", autouse=True)
def _titles_are_encoded_once() -> Iterator[None]:
    """Cache embeddings: most desks have the same titles, those of the starter knowledge base."""
    cached: dict[tuple[str, ...], list[bytes]] = {}
    encode = EmbeddingModel.documents

    def documents(self: EmbeddingModel, titles: Sequence[Sequence[str]]) -> list[list[bytes]]:
        keys = [(self.name, *some) for some in titles]
        missing = {key: some for key, some in zip(keys, titles, strict=True) if key not in cached}
        cached.update(zip(missing, encode(self, list(missing.values())), strict=True))
        return [cached[key] for key in keys]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(EmbeddingModel, "documents", documents)
        yield


@pytest.fixture(autouse=True)
def _home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DATA", "STATE", "CONFIG", "CACHE"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(tmp_path / name.lower()))
    monkeypatch.setenv("TZ", "UTC")
    time.tzset()
    desk_zone.use("")
    monkeypatch.setattr("helpdesk.desk.session.system_login", lambda: "ann")


@pytest.fixture
def clock() -> StillClock:
    """A clock at Monday, 09:00 UTC."""
    return StillClock()


@pytest.fixture
def kb(tmp_path: Path) -> Path:
    """A copy of the starter knowledge base."""
    return Path(shutil.copytree(KB, tmp_path / "kb"))


@pytest.fixture
def engine() -> str:
    """The database engine of the desk; some folders' conftest runs each test on both."""
    return "sqlite"


@pytest.fixture
def database_url(engine: str, request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of the database of this test's desk."""
    if engine == "postgresql":
        pristine: ResettableDatabase = request.getfixturevalue("postgres")
        return pristine.url
    return f"sqlite:///{tmp_path / 'desk.db'}"


@pytest.fixture
def settings(database_url: str, kb: Path) -> Settings:
    """The settings of this test's desk."""
    return Settings(database=database_url, kb=kb)


def _set_up(url: str) -> None:
    """Create a desk that ann owns, and add the agent bob."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TZ", "UTC")
        patch.setattr("helpdesk.desk.session.system_login", lambda: "ann")
        opened = open_desk(Settings(url, KB, throw_away=True), StillClock())
        agents.add(opened, "bob", [Level.L1, Level.L2], name="Bob Lee")
        opened.close()


@pytest.fixture(scope="session")
def new_desk_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of a new desk, which tests copy: creating one takes longer than most tests."""
    file = tmp_path_factory.mktemp("new") / "desk.db"
    _set_up(str(file))
    return file


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[Server]:
    """A private PostgreSQL server, one for each pytest worker."""
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
    """The database of a new desk on PostgreSQL."""
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
    """A new desk, opened by its owner ann; its other agent bob serves L1 and L2."""
    if engine == "sqlite":
        shutil.copy(request.getfixturevalue("new_desk_file"), tmp_path / "desk.db")
    opened = open_desk(settings, clock)
    yield opened
    opened.close()


@pytest.fixture
def desk_of(settings: Settings, clock: StillClock, desk: Desk) -> Callable[[str], Desk]:
    """A function that opens the same desk as another agent."""
    return lambda login: open_desk(Settings(settings.database, settings.kb, login), clock)
