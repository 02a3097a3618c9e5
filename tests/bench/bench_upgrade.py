"""How long the schema upgrade of a large desk takes, and the estimate that it prints first.

Beside it stands how long a plain copy of the same database took.  The upgrade of a desk of schema
0012 is killed halfway first.

Run with ``pytest tests/bench/bench_upgrade.py -m bench -s``; ``HELPDESK_BENCH_TICKETS`` (100000) is
the number of tickets.
"""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import make_url

from helpdesk.desk.administration import schema_upgrade
from helpdesk.desk.opening import open_desk
from helpdesk.desk.queue import lists
from helpdesk.desk.settings import Settings
from helpdesk.store.database import schema_version
from tests import old_desk
from tests.conftest import KB
from tests.postgres import Server

pytestmark = pytest.mark.bench

TICKETS = int(os.environ.get("HELPDESK_BENCH_TICKETS", "100000"))
#: How many people a desk of schema 0012 has besides, and when its upgrade is killed.
PEOPLE = TICKETS // 5
KILL_AFTER_S = float(os.environ.get("HELPDESK_BENCH_KILL_AFTER", "2.5"))


_UPGRADE = """
import sys
from pathlib import Path
from helpdesk.desk.administration import schema_upgrade
from helpdesk.desk.settings import Settings
schema_upgrade.system_login = lambda: "ann"
schema_upgrade.desk_session.system_login = lambda: "ann"
schema_upgrade.upgrade(Settings(sys.argv[1], Path(sys.argv[2])), take_backup=False)
"""


def _copied_in(url: str, request: pytest.FixtureRequest, folder: Path) -> float:
    """Return how many seconds a plain copy of the database takes: the yardstick of this machine."""
    file = make_url(url).database or ""
    if url.startswith("sqlite"):
        begun = time.monotonic()
        with (folder / "copy").open("wb") as out, Path(file).open("rb") as source:
            shutil.copyfileobj(source, out)
            out.flush()
            os.fsync(out.fileno())
        (folder / "copy").unlink()
        return time.monotonic() - begun
    server: Server = request.getfixturevalue("server")
    begun = time.monotonic()
    server.make(f"{file}_copy", file)
    return time.monotonic() - begun


@pytest.mark.parametrize("make", ["0001", "0012"])
def test_a_large_desk(
    url: str,
    make: str,
    request: pytest.FixtureRequest,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("helpdesk.desk.session.system_login", lambda: "ann")
    makers: dict[str, Callable[[str], None]] = {
        "0001": lambda url: old_desk.make(url, TICKETS),
        "0012": lambda url: old_desk.make_0012(url, TICKETS, PEOPLE),
    }
    makers[make](url)
    print(f"\n  {_copied_in(url, request, tmp_path):6.1f} s  a plain copy of the database")
    settings = Settings(url, KB)
    begun = time.monotonic()
    with old_desk.connected(url) as connection:
        before = schema_version.stored_version(connection)
    process = subprocess.Popen([sys.executable, "-c", _UPGRADE, url, str(KB)])
    try:
        process.wait(KILL_AFTER_S)
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGKILL)
    assert process.wait() == -signal.SIGKILL
    with old_desk.connected(url) as connection:
        assert schema_version.stored_version(connection) == before
    print(f"  {time.monotonic() - begun:6.1f} s  killed: still schema {before}")
    begun = time.monotonic()
    schema_upgrade.upgrade(
        settings, told=lambda words: print(f"  {time.monotonic() - begun:6.1f} s  {words}")
    )
    print(f"  {time.monotonic() - begun:6.1f} s  in all")
    desk = open_desk(settings)
    assert lists.page(desk, lists.Selection()).total
    desk.close()
