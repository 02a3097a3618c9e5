"""The first line of the app says what endangers the work."""

import shutil
from collections.abc import Callable
from pathlib import Path

from helpdesk.desk.form_drafts import Drafts
from helpdesk.desk.opening import open_desk
from helpdesk.desk.session import Desk
from helpdesk.desk.settings import Settings
from helpdesk.tui.app.app import HelpdeskApp
from tests.conftest import StillClock
from tests.faults.conftest import small_disk  # noqa: F401  (a fixture)
from tests.tui.conftest import notifications, screen_text, settled, until


async def test_an_app_on_a_read_only_disk_shows_the_queue_and_says_so(
    busy_desk: Desk,
    small_disk: Callable[[str], Path],  # noqa: F811
    clock: StillClock,
    tmp_path: Path,
) -> None:
    busy_desk.close()
    disk = small_disk("size=8m")
    shutil.copy(tmp_path / "desk.db", disk / "desk.db")
    small_disk("ro")
    settings = Settings(f"sqlite:///{disk}/desk.db", tmp_path / "kb")
    app = HelpdeskApp(lambda: open_desk(settings, clock), Drafts(tmp_path / "drafts", "ann"))
    async with app.run_test(size=(100, 24), notifications=True) as pilot:
        await until(pilot, lambda: app.counts is not None)
        await settled(pilot)
        assert screen_text(pilot).splitlines()[0].startswith(" ▲ read-only  helpdesk")
        assert "VPN drops" in screen_text(pilot)
        assert any("mounted read-only: changes are refused" in one for one in notifications(pilot))
        await pilot.press("n")
        await settled(pilot)
        await pilot.press(*"typed words", "ctrl+s")
        await settled(pilot)
        assert any("read-only" in one or "only be read" in one for one in notifications(pilot)[1:])
        assert "typed words" in screen_text(pilot)
