"""What hundreds of listening apps cost those who write on PostgreSQL.

``pytest tests/bench/bench_listeners.py -m bench -s``; ``HELPDESK_BENCH_LISTENERS`` (500).
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
    """A server that keeps what it acknowledged, for all listeners."""
    made = Server(("synchronous_commit=on", f"max_connections={LISTENERS + 50}"))
    yield made
    made.stop()


async def _connected(connect: str) -> psycopg.AsyncConnection:
    connection = await psycopg.AsyncConnection.connect(connect, autocommit=True)
    await connection.execute("LISTEN helpdesk")
    return connection


async def _hear(connection: psycopg.AsyncConnection) -> None:
    """Hear of commits and read the newest number, at most twice a second, as an app does."""
    await asyncio.sleep(random.random() / 2)
    while True:
        async for _ in connection.notifies(stop_after=1):
            pass
        await connection.execute(_NEWEST)
        await asyncio.sleep(0.5)


async def _all(connect: str, ready: Event) -> None:
    connections = [await _connected(connect) for _ in range(LISTENERS)]
    ready.set()
    await asyncio.gather(*(_hear(connection) for connection in connections))


def _listen(connect: str, ready: Event) -> None:
    asyncio.run(_all(connect, ready))


def test_a_write_while_hundreds_listen(wide_server: Server) -> None:
    url = wide_server.make("desk")
    desk = open_desk(Settings(url, KB))
    fill(desk, 500, 1, desk.now())

    def note() -> list[float]:
        taken = []
        for number in range(_WRITES):
            time.sleep(0.1)
            begun = time.perf_counter()
            do(desk, 1 + number % 50, Note("looked at it"))
            taken.append(1000 * (time.perf_counter() - begun))
        return statistics.quantiles(taken, n=20)

    note()
    alone = note()
    starts = multiprocessing.get_context("spawn")
    ready = starts.Event()
    crowd = starts.Process(target=_listen, args=(url, ready), daemon=True)
    crowd.start()
    assert ready.wait(120)
    heard = note()
    with wide_server.connect("desk") as admin:
        last = admin.execute("SELECT count(*) FROM pg_stat_activity WHERE query = %s", [_NEWEST])
        assert last.fetchone() == (LISTENERS,)  # all of them have heard
    crowd.kill()
    print(
        f"\na note, ten a second: p50 {alone[9]:.1f}, p95 {alone[18]:.1f} ms alone; p50 "
        f"{heard[9]:.1f} ({heard[9] / alone[9]:.1f} ×), p95 {heard[18]:.1f} ms "
        f"while {LISTENERS} listen"
    )
    desk.close()
