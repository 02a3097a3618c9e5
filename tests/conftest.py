"""What most tests stand on: a real desk on a temporary SQLite file."""

import shutil
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from helpdesk.desk import agents
from helpdesk.desk.session import Desk, open_desk
from helpdesk.desk.settings import Settings
from helpdesk.domain.escalation import Level

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
def settings(tmp_path: Path, kb: Path) -> Settings:
    """A desk of its own for each test."""
    return Settings(database=f"sqlite:///{tmp_path / 'desk.db'}", kb=kb)


@pytest.fixture(scope="session")
def new_desk_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A desk that ann has just opened: setting one up takes longer than most tests."""
    file = tmp_path_factory.mktemp("new") / "desk.db"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TZ", "UTC")
        patch.setattr("helpdesk.desk.session.system_login", lambda: "ann")
        opened = open_desk(Settings(str(file), KB), StillClock())
        agents.add(opened, "bob", [Level.L1, Level.L2], name="Bob Lee")
        opened.close()
    return file


@pytest.fixture
def desk(
    settings: Settings, clock: StillClock, new_desk_file: Path, tmp_path: Path
) -> Iterator[Desk]:
    """The desk as its owner, ann, sees it; bob serves L1 and L2."""
    shutil.copy(new_desk_file, tmp_path / "desk.db")
    opened = open_desk(settings, clock)
    yield opened
    opened.close()


@pytest.fixture
def desk_of(settings: Settings, clock: StillClock, desk: Desk) -> Callable[[str], Desk]:
    """The same desk as another agent sees it."""
    return lambda login: open_desk(Settings(settings.database, settings.kb, login), clock)
