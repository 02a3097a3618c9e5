"""How much hundreds of listening apps slow down writers on PostgreSQL.

Run with ``pytest tests/bench/bench_listeners.py -m bench -s``; ``HELPDESK_BENCH_LISTENERS`` (500)
is the number of listeners.
"""

import asyncio
import multiprocessing
import os
import random
import statistics
import time
from collections.abc import Iterator
from multiprocessing.synchronize import Event

import psycopg
import pytest

from helpdesk.desk.demo.fill import fill
from helpdesk.desk.opening import open_desk
from helpdesk.desk.settings import Settings
from helpdesk.desk.ticket.handling import Note
from tests.conftest import KB
from tests.postgres import Server
from tests.verbs import do

pytestmark = pytest.mark.bench

LISTENERS = int(os.environ.get("HELPDESK_BENCH_LISTENERS", "500"))
_WRITES = 200
_NEWEST = "SELECT max(id) FROM ticket_events"


@pytest.fixture
def wide_server() -> Iterator[Server]:
    """A server with durable commits and enough connections for all listeners."""
    server = Server(("synchronous_commit=on", f"max_connections={LISTENERS + 50}"))
    yield server
    server.stop()


async def _connected(connect: str) -> psycopg.AsyncConnection:
    connection = await psycopg.AsyncConnection.connect(connect, autocommit=True)
    await connection.execute("LISTEN helpdesk")
    return connection


async def _follow_commits(connection: psycopg.AsyncConnection) -> None:
    """After each commit read the newest number, at most twice a second, as an app does."""
    await asyncio.sleep(random.random() / 2)
    while True:
        async for _ in connection.notifies(stop_after=1):
            pass
        await connection.execute(_NEWEST)
        await asyncio.sleep(0.5)


async def _all(connect: str, ready: Event) -> None:
    connections = [await _connected(connect) for _ in range(LISTENERS)]
    ready.set()
    await asyncio.gather(*(_follow_commits(connection) for connection in connections))


def _listen(connect: str, ready: Event) -> None:
    asyncio.run(_all(connect, ready))


def test_a_write_while_hundreds_listen(wide_server: Server) -> None:
    url = wide_server.make("desk")
    desk = open_desk(Settings(url, KB))
    fill(desk, 500, 1, desk.now())

    def note() -> list[float]:
        milliseconds = []
        for number in range(_WRITES):
            time.sleep(0.1)
            begun = time.perf_counter()
            do(desk, 1 + number % 50, Note("looked at it"))
            milliseconds.append(1000 * (time.perf_counter() - begun))
        return statistics.quantiles(milliseconds, n=20)

    note()
    alone = note()
    context = multiprocessing.get_context("spawn")
    ready = context.Event()
    listeners = context.Process(target=_listen, args=(url, ready), daemon=True)
    listeners.start()
    assert ready.wait(120)
    with_listeners = note()
    with wide_server.connect("desk") as admin:
        last = admin.execute("SELECT count(*) FROM pg_stat_activity WHERE query = %s", [_NEWEST])
        assert last.fetchone() == (LISTENERS,)  # all of them have noticed the commits
    listeners.kill()
    print(
        f"\na note, ten a second: p50 {alone[9]:.1f}, p95 {alone[18]:.1f} ms alone; p50 "
        f"{with_listeners[9]:.1f} ({with_listeners[9] / alone[9]:.1f} ×), "
        f"p95 {with_listeners[18]:.1f} ms "
        f"while {LISTENERS} listen"
    )
    desk.close()
