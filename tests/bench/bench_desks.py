"""The load of several apps on one desk, and how times grow with the number of tickets.

Run with ``pytest tests/bench/bench_desks.py -m bench -s``.  Environment variables:
``HELPDESK_BENCH_APPS`` (10), the number of apps; ``HELPDESK_BENCH_SIZES`` (1000,100000), numbers of
tickets, up to 1000000.
"""

import os
import random
import re
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from helpdesk.desk.demo.fill import fill
from helpdesk.desk.opening import open_desk
from helpdesk.desk.queue import board, lists
from helpdesk.desk.session import Desk
from helpdesk.desk.settings import Settings
from helpdesk.desk.ticket import claiming, log_query, show_ticket
from helpdesk.desk.ticket.set_fields import SetFields
from helpdesk.desk.ticket.views import NewQuery
from helpdesk.desk.unit_of_work import fields
from helpdesk.domain.escalation import Level
from tests.bench.multiply import multiply
from tests.conftest import KB
from tests.pty.terminal import Terminal
from tests.verbs import do

pytestmark = pytest.mark.bench

APPS = int(os.environ.get("HELPDESK_BENCH_APPS", "10"))
SIZES = [int(size) for size in os.environ.get("HELPDESK_BENCH_SIZES", "1000,100000").split(",")]
_TICKS = os.sysconf("SC_CLK_TCK")


@pytest.fixture
def empty(url: str) -> Iterator[Desk]:
    """A new desk on each engine."""
    opened = open_desk(Settings(url, KB))
    yield opened
    opened.close()


def _engine(desk: Desk) -> str:
    return "SQLite" if desk.database.file else "PostgreSQL"


def _app(desk: Desk) -> Terminal:
    env = {
        # Compiled files are allowed, as in an installed program.
        **{name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"},
        "TERM": "xterm-256color",
        "HELPDESK_DATABASE_URL": desk.database.url.render_as_string(hide_password=False),
        "HELPDESK_KB": str(KB),
    }
    terminal = Terminal(env=env, columns=160, rows=50, program=sys.executable)
    terminal.wait_for("HD-", 60)
    return terminal


def test_a_commit_until_it_is_on_another_screen(empty: Desk) -> None:
    fill(empty, 500, 1, empty.now())
    terminal = _app(empty)
    terminal.read(3)
    shown = lists.page(empty, lists.Selection(queue=Level.L1), limit=5).rows
    latencies_ms = []
    for number in range(40):
        terminal.read(random.uniform(0.3, 1.3))
        word = f"px{number}q"
        do(
            empty,
            shown[number % 5].number,
            SetFields(fields.FieldChanges(subject=f"{word} printer")),
        )
        begun = time.perf_counter()
        while word not in terminal.text:
            terminal.read(0.005)
            assert time.perf_counter() - begun < 60
        latencies_ms.append(1000 * (time.perf_counter() - begun))
    terminal.end()
    quantiles = statistics.quantiles(latencies_ms, n=20)
    print(
        f"\n{_engine(empty)}: commit to another screen p50 {quantiles[9]:.0f} ms, "
        f"p95 {quantiles[18]:.0f} ms"
    )


def _cpu_s(terminal: Terminal) -> float:
    words = Path(f"/proc/{terminal.child.pid}/stat").read_text().rpartition(")")[2].split()
    return (int(words[11]) + int(words[12])) / _TICKS


def _pss_mb(terminal: Terminal) -> float:
    rollup = Path(f"/proc/{terminal.child.pid}/smaps_rollup").read_text()
    found = re.search(r"^Pss:\s+(\d+) kB", rollup, re.MULTILINE)
    assert found is not None
    return int(found[1]) / 1024


def test_many_apps_at_once(empty: Desk) -> None:
    fill(empty, 500, 1, empty.now())
    apps = [_app(empty) for _ in range(APPS)]
    for app in apps:
        app.read(0.5)

    def load(seconds: float, between: Callable[[], object]) -> float:
        before = sum(_cpu_s(app) for app in apps)
        begun = time.monotonic()
        while time.monotonic() - begun < seconds:
            between()
            for app in apps:
                app.read(0.002)
        return 100 * (sum(_cpu_s(app) for app in apps) - before) / (seconds * len(apps))

    load(5, lambda: time.sleep(0.5))
    idle = load(20, lambda: time.sleep(0.5))

    def write() -> None:
        log_query.log_query(empty, NewQuery("something new"))
        time.sleep(1)

    busy = load(20, write)
    sizes = [_pss_mb(app) for app in apps]
    for app in apps:
        app.end()
    print(
        f"\n{_engine(empty)}: {APPS} apps: PSS {statistics.mean(sizes):.1f} MB each, idle "
        f"{idle:.2f} % of a core each, {busy:.2f} % while somebody logs a query a second"
    )


def _median_ms(action: Callable[[], object], times: int = 15) -> float:
    action()
    milliseconds = []
    for _ in range(times):
        begun = time.perf_counter()
        action()
        milliseconds.append(1000 * (time.perf_counter() - begun))
    return statistics.median(milliseconds)


def test_times_by_the_number_of_tickets(empty: Desk) -> None:
    fill(empty, 1_000, 1, empty.now())
    first: dict[str, float] = {}
    for size in SIZES:
        count = multiply(empty, size, 1_000) if size > 1_000 else size
        empty.library.refresh()
        number = lists.page(empty, lists.Selection(), limit=1).rows[0].number
        actions: dict[str, Callable[[], object]] = {
            "queue page": lambda: lists.page(empty, lists.Selection(queue=Level.L1), limit=45),
            "header": lambda: lists.counts(empty),
            "ticket": lambda number=number: show_ticket.show(empty, number),  # type: ignore[misc]
            "claim next": lambda: claiming.claim_next(empty),
            "log": lambda: log_query.log_query(empty, NewQuery("printer is slow", body="very")),
            "board": lambda: board.read(empty),
        }
        print(f"\n{_engine(empty)}, {count:,} tickets:", end="")
        for name, action in actions.items():
            ms = _median_ms(action)
            first.setdefault(name, ms)
            print(f"  {name} {ms:.1f} ms ({ms / first[name]:.2f} ×)", end="")
    print()
