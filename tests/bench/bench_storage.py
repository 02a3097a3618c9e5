"""Fifty agents who write to one desk, on both engines.

Run with ``pytest tests/bench/bench_storage.py -m bench -s``.  The comparison is the same statements
executed by the database driver alone, in the same run.  Environment variables:
``HELPDESK_BENCH_AGENTS`` (50), ``HELPDESK_BENCH_SECONDS`` (60), ``HELPDESK_BENCH_TICKETS`` (20000).
"""

import os
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from helpdesk.desk.demo.fill import fill
from helpdesk.desk.opening import open_desk
from helpdesk.desk.session import Desk
from helpdesk.desk.settings import Settings
from tests.bench.crowd import Crowd, Outcome, add_agents, damage, lost, statements
from tests.bench.multiply import multiply
from tests.conftest import KB

pytestmark = pytest.mark.bench

AGENTS = int(os.environ.get("HELPDESK_BENCH_AGENTS", "50"))
SECONDS = float(os.environ.get("HELPDESK_BENCH_SECONDS", "60"))
TICKETS = int(os.environ.get("HELPDESK_BENCH_TICKETS", "20000"))


@pytest.fixture
def desk(url: str) -> Iterator[Desk]:
    """A desk with demo data on each engine, with the open tickets of a desk of 500 tickets.

    Its search index is complete, as on a desk in use.
    """
    opened = open_desk(Settings(url, KB))
    fill(opened, 500, 1, opened.now())
    multiply(opened, TICKETS, 500)
    opened.library.refresh()
    _vacuum(opened)
    yield opened
    opened.close()


def _vacuum(desk: Desk) -> None:
    """Vacuum now, or the server would do it during the measurement after so many inserts."""
    if desk.database.file is None:
        connect = desk.database.url.set(drivername="postgresql")
        with psycopg.connect(
            connect.render_as_string(hide_password=False), autocommit=True
        ) as connection:
            connection.execute("VACUUM ANALYZE")
            connection.execute("CHECKPOINT")


def _run(desk: Desk, folder: Path, every_s: float) -> Outcome:
    url = desk.database.url.render_as_string(hide_password=False)
    crowd = Crowd(url, KB, add_agents(desk, AGENTS), folder, seconds=SECONDS, every_s=every_s)
    crowd.go()
    return crowd.outcome()


def _run_driver_alone(desk: Desk, folder: Path) -> Outcome:
    logins = add_agents(desk, AGENTS)
    script = statements(desk, KB, logins[0], folder)
    connect = str(
        desk.database.file
        or desk.database.url.set(drivername="postgresql").render_as_string(hide_password=False)
    )
    crowd = Crowd("", KB, logins, folder, seconds=SECONDS, script=script, connect=connect)
    crowd.go()
    return crowd.outcome()


def _report(desk: Desk, title: str, outcome: Outcome) -> None:
    engine = "SQLite" if desk.database.file else "PostgreSQL"
    print(
        f"\n{engine}, {title}, {AGENTS} agents, {SECONDS:.0f} s: {outcome.writes_a_second:,.0f} "
        f"writes/s, {len(outcome.errors)} errors seen"
    )
    print("\n".join(outcome.lines()))
    for error in sorted(set(outcome.errors))[:5]:
        print(f"  ! {error}")


def test_without_a_pause(desk: Desk, tmp_path: Path) -> None:
    outcome = _run(desk, tmp_path, 0.0)
    _report(desk, "without a pause", outcome)
    missing = lost(desk, outcome)
    acknowledged = len(outcome.acknowledged)
    print(f"  {acknowledged:,} acknowledged, lost or double: {len(missing)} {missing[:3]}")
    if desk.database.file:
        wal = Path(f"{desk.database.file}-wal")
        print(f"  log of SQLite: {wal.stat().st_size / 1e6:.0f} MB")
    driver = _run_driver_alone(desk, tmp_path)
    _report(desk, "driver alone, same statements", driver)
    print(f"  desk : driver alone = 1 : {driver.writes_a_second / outcome.writes_a_second:.1f}")
    assert missing == []
    assert damage(desk) == []
    assert [error for error in outcome.errors if "no unclaimed" not in error] == []


def test_a_write_every_ten_seconds(desk: Desk, tmp_path: Path) -> None:
    outcome = _run(desk, tmp_path, 10.0)
    _report(desk, "a write every 10 s", outcome)
    missing = lost(desk, outcome)
    print(f"  {len(outcome.acknowledged):,} acknowledged, lost or double: {len(missing)}")
    assert missing == []
    assert [error for error in outcome.errors if "no unclaimed" not in error] == []
