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

from helpdesk.desk import work
from helpdesk.desk.demo.fill import fill
from helpdesk.desk.session import open_desk
from helpdesk.desk.settings import Settings
from tests.conftest import KB
from tests.postgres import Server

pytestmark = pytest.mark.bench

LISTENERS = int(os.environ.get("HELPDESK_BENCH_LISTENERS", "500"))
_WRITES = 200


@pytest.fixture
def wide_server() -> Iterator[Server]:
    """A server that keeps what it acknowledged, for all listeners."""
    made = Server(("synchronous_commit=on", f"max_connections={LISTENERS + 50}"))
    yield made
    made.stop()


async def _one(connect: str) -> None:
    """Hear of commits and read the newest number, at most twice a second, as an app does."""
    connection = await psycopg.AsyncConnection.connect(connect, autocommit=True)
    await connection.execute("LISTEN helpdesk")
    heard = connection.notifies()
    await asyncio.sleep(random.random() / 2)
    while True:
        await anext(heard)
        async for _ in connection.notifies(timeout=0, stop_after=1_000):
            pass
        await connection.execute("SELECT max(id) FROM ticket_events")
        await asyncio.sleep(0.5)


async def _all(connect: str, ready: Event) -> None:
    listeners = [asyncio.create_task(_one(connect)) for _ in range(LISTENERS)]
    await asyncio.sleep(LISTENERS / 50)
    ready.set()
    await asyncio.gather(*listeners)


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
            work.note(desk, 1 + number % 50, "looked at it")
            taken.append(1000 * (time.perf_counter() - begun))
        return statistics.quantiles(taken, n=20)

    note()
    alone = note()
    starts = multiprocessing.get_context("spawn")
    ready = starts.Event()
    crowd = starts.Process(target=_listen, args=(url, ready), daemon=True)
    crowd.start()
    assert ready.wait(120)
    with wide_server.connect("desk") as admin:
        found = admin.execute("SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'LISTEN%'")
        assert found.fetchone() == (LISTENERS,)
    heard = note()
    assert crowd.is_alive()
    crowd.kill()
    print(
        f"\na note, ten a second: p50 {alone[9]:.1f}, p95 {alone[18]:.1f} ms alone; p50 "
        f"{heard[9]:.1f} ({heard[9] / alone[9]:.1f} ×), p95 {heard[18]:.1f} ms "
        f"while {LISTENERS} listen"
    )
    desk.close()
