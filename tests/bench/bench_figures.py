"""The time of board, KPIs and import.

Run with ``pytest tests/bench/bench_figures.py -m bench -s``.  It compares the board and the KPIs of
a small desk with those of a large one (``HELPDESK_BENCH_TICKETS``), and imports many rows to show
the speed, and that memory does not grow with the file.
"""

import os
import pwd
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import Engine, event

from helpdesk.desk.opening import open_desk
from helpdesk.desk.queue import board
from helpdesk.desk.report import kpi_report
from helpdesk.desk.session import Desk
from helpdesk.desk.settings import Settings
from helpdesk.report import period
from tests.bench.bench_app import ROOT, TICKETS, desk_env

SMALL = "1000"
ROWS = int(os.environ.get("HELPDESK_BENCH_ROWS", "20000"))
pytestmark = pytest.mark.bench


@pytest.fixture(scope="module")
def desks(tmp_path_factory: pytest.TempPathFactory) -> list[Desk]:
    """A small desk and a large one with the same kind of history."""
    opened = []
    for count in (SMALL, TICKETS):
        env = desk_env(tmp_path_factory.mktemp(f"figures{count}"), count)
        owner = pwd.getpwuid(os.getuid()).pw_name
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("helpdesk.desk.session.system_login", lambda login=owner: login)
            opened.append(open_desk(Settings(env["HELPDESK_DATABASE_URL"], ROOT / "kb")))
    return opened


def timed(desk: Desk, job: Callable[[Desk], object], times: int = 7) -> tuple[float, float]:
    """Return the median time of a job and the part of it that SQL took, in milliseconds."""
    spent: list[float] = []
    wall, sql = [], []

    def before(*_: object) -> None:
        spent.append(-time.perf_counter())

    def after(*_: object) -> None:
        spent[-1] += time.perf_counter()

    event.listen(Engine, "before_cursor_execute", before)
    event.listen(Engine, "after_cursor_execute", after)
    try:
        for _ in range(times):
            spent.clear()
            begun = time.perf_counter()
            job(desk)
            wall.append((time.perf_counter() - begun) * 1000)
            sql.append(sum(spent) * 1000)
    finally:
        event.remove(Engine, "before_cursor_execute", before)
        event.remove(Engine, "after_cursor_execute", after)
    return statistics.median(wall), statistics.median(sql)


def compare(desks: list[Desk], name: str, job: Callable[[Desk], object], times: int = 7) -> None:
    """Print the time of a job on both desks."""
    (small, small_sql), (large, large_sql) = (timed(desk, job, times) for desk in desks)
    print(
        f"\n{name}: {SMALL} tickets {small:.0f} ms (SQL {small_sql:.1f}), {TICKETS} tickets "
        f"{large:.0f} ms (SQL {large_sql:.1f}) = {large / small:.2f} ×"
    )


def test_the_board(desks: list[Desk]) -> None:
    compare(desks, "board", board.read)


@pytest.mark.parametrize("span", ["7d", "30d", "24m"])
def test_the_kpis_of_a_period(desks: list[Desk], span: str) -> None:
    compare(
        desks, f"KPIs {span}", lambda desk: kpi_report.kpis(desk, period.last(span, desk.now())), 2
    )


_HEADS = (
    "Ticket ID,Subject,Status,Priority,Source,Agent,Created time,Last update time,Resolved time,"
    "Closed time,Email,Company Name"
)


def test_importing_many_rows(tmp_path: Path) -> None:
    file = tmp_path / "rows.csv"
    with file.open("w") as out:
        print(_HEADS, file=out)
        for number in range(ROWS):
            day = 1 + number % 28
            print(
                f"{number},Query number {number},Closed,High,Email,,2024-03-{day:02} 10:00:00,"
                f"2024-03-{day:02} 12:00:00,2024-03-{day:02} 12:00:00,2024-03-{day:02} 12:00:00,"
                f"user{number % 500}@contoso.example,Contoso",
                file=out,
            )
    peaks = []
    for share in (10, 1):
        short = tmp_path / f"rows{share}.csv"
        with file.open() as rows:
            short.write_text("".join(line for at, line in enumerate(rows) if at <= ROWS // share))
        command = [sys.executable, "-m", "helpdesk", "import", str(short), "--map", "freshdesk"]
        begun = time.perf_counter()
        subprocess.run(
            [*command, "--db", str(tmp_path / f"{share}.db")], cwd=ROOT, check=True,
            capture_output=True, env={**os.environ, "XDG_DATA_HOME": str(tmp_path)},
        )  # fmt: skip
        taken = time.perf_counter() - begun
        peaks.append(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024)
        print(
            f"\nimport of {ROWS // share:,} rows: {ROWS / share / taken:.0f} a second, "
            f"peak {peaks[-1]:.0f} MB"
        )
    print(f"peak of ten times the rows: {peaks[1] / peaks[0]:.2f} ×")
