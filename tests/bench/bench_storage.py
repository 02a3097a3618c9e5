"""Fifty agents on one desk: ``pytest tests/bench/bench_storage.py -m bench -s``.

On both engines, in one run with the floor: the same statements through the driver alone.
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
    """A desk of made data on each engine; its open tickets are those of a desk of 500.

    Its search index is complete, as that of a desk that has been at work is.
    """
    opened = open_desk(Settings(url, KB))
    fill(opened, 500, 1, opened.now())
    multiply(opened, TICKETS, 500)
    opened.library.refresh()
    _settle(opened)
    yield opened
    opened.close()


def _settle(desk: Desk) -> None:
    """Do what a server's housekeeping would do after such a load, in the middle of the minute."""
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


def _floor(desk: Desk, folder: Path) -> Outcome:
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
    _report(desk, "full tilt", outcome)
    gone = lost(desk, outcome)
    print(f"  {len(outcome.acknowledged):,} acknowledged, lost or double: {len(gone)} {gone[:3]}")
    if desk.database.file:
        wal = Path(f"{desk.database.file}-wal")
        print(f"  log of SQLite: {wal.stat().st_size / 1e6:.0f} MB")
    floor = _floor(desk, tmp_path)
    _report(desk, "raw driver, same statements", floor)
    print(f"  desk : floor = 1 : {floor.writes_a_second / outcome.writes_a_second:.1f}")
    assert gone == []
    assert damage(desk) == []
    assert [one for one in outcome.errors if "no unclaimed" not in one] == []


def test_at_a_desks_pace(desk: Desk, tmp_path: Path) -> None:
    outcome = _run(desk, tmp_path, 10.0)
    _report(desk, "a write every 10 s", outcome)
    gone = lost(desk, outcome)
    print(f"  {len(outcome.acknowledged):,} acknowledged, lost or double: {len(gone)}")
    assert gone == []
    assert [one for one in outcome.errors if "no unclaimed" not in one] == []
