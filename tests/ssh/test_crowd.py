"""Many sessions over SSH that are opened and dropped at once: nothing of them is left."""

import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import cycle, islice
from pathlib import Path

import pytest

from tests.ssh.conftest import require_sshd
from tests.ssh.server import ACCOUNT, Server
from tests.ssh.test_door import connections, until
from tests.ssh.test_requests import policy, processes

#: sshd takes the crowd, and ends within minutes what a client does not answer: clients that start
#: beside a crowd on a busy machine need time for their answers.
_SSHD = "MaxStartups 1000\nLoginGraceTime 600\nClientAliveInterval 10\nClientAliveCountMax 6"
#: What the sessions do in turn: an app, a command that waits for input, one amid its output.
_KINDS: tuple[tuple[tuple[str, ...], tuple[str, ...]], ...] = (
    (("-tt",), ()),
    ((), ("ticket new -s x -b -",)),
    ((), ("export tickets --format json",)),
    ((), ("search --batch -",)),
)
#: sshd asks a silent client for an answer only while nothing is sent to it; the countdowns of an
#: app are sent each second, so that its session ends by the desk's own rule.
_IDLE = ('# idle_timeout = "8h"', 'idle_timeout = "5s"')
SIZES = (
    pytest.param(20, marks=pytest.mark.timeout(600)),
    pytest.param(200, marks=(pytest.mark.long, pytest.mark.timeout(3600))),
)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A desk with agents and some long tickets, which has been used before."""
    require_sshd()
    host = Server(tmp_path_factory.mktemp("crowd"))
    host.let_in("ann", "L1")
    host.let_in("bob", "L2")
    for _ in range(8):
        host.done("ticket", "new", "-s", "long", "-b", "-", stdin=90_000 * "ten bytes\n")
    with host.serving(_SSHD):
        for login, level in (("ann", "L1"), ("bob", "L2")):
            opened = host.terminal(login)
            opened.wait_for(f"{login} ({level})")
            opened.type("q")
            assert opened.wait_for_end() == 0
        # The search fills its index and keeps the files of its locks.
        assert host.ssh("bob", "search long").returncode == 0
        yield host


def files(server: Server) -> set[str]:
    """Return the files of the account, and the named semaphores and shared memory of Python."""
    return {
        *(str(path) for path in server.home.rglob("*") if not path.name.endswith(("-wal", "-shm"))),
        *(str(path) for pattern in ("sem.*", "psm_*") for path in Path("/dev/shm").glob(pattern)),
    }


@contextmanager
def crowd(server: Server, count: int) -> Iterator["list[subprocess.Popen[bytes]]"]:
    """Begin many sessions of bob at once, whose output nobody reads; kill those left at the end."""
    env = {"PATH": os.environ["PATH"], "HOME": str(server.root), "TERM": "xterm-256color"}
    begun = [
        subprocess.Popen(
            ["ssh", *server.client("bob", *options), f"{ACCOUNT}@127.0.0.1", *words],
            env=env,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        for options, words in islice(cycle(_KINDS), count)
    ]
    try:
        yield begun
    finally:
        for client in begun:
            client.kill()
        for client in begun:
            client.communicate()


def drop(clients: "list[subprocess.Popen[bytes]]") -> None:
    """Drop all clients at once: a third is killed, a third hangs up, a third falls silent."""
    ways = (signal.SIGKILL, signal.SIGTERM, signal.SIGSTOP)
    for number, client in enumerate(clients):
        client.send_signal(ways[number // len(_KINDS) % len(ways)])


def assert_nothing_is_left(server: Server, before: set[str]) -> None:
    """Check that no process, no connection and no file is left, and that others get in."""
    assert connections(server) == []
    assert files(server) == before
    assert not [each for each in server.json("ticket", "list") if each["subject"] == "x"]
    assert server.ssh("ann", "ticket list").returncode == 0
    assert server.ssh("bob", "ticket new -s after").returncode == 0
    server.done("db", "check")


@pytest.mark.parametrize("count", SIZES)
def test_nothing_is_left_of_a_crowd_within_the_limit(server: Server, count: int) -> None:
    before = files(server)
    with policy(server, "max_connections = 10", "max_connections = 1000"):
        with crowd(server, count) as clients:
            until(lambda: len(connections(server)) == count, 20 * count)
            drop(clients)
            with policy(server, *_IDLE):
                until(lambda: not processes(server), 180 + count)
        assert_nothing_is_left(server, before)


@pytest.mark.parametrize("count", SIZES)
def test_nothing_is_left_of_a_crowd_beyond_the_limit(server: Server, count: int) -> None:
    before = files(server)
    with policy(server, "max_connections = 10", "max_connections = 5"):
        with crowd(server, count) as clients:
            until(lambda: sum(each.poll() is not None for each in clients) == count - 5, 20 * count)
            assert len(connections(server)) == 5
            for client in clients:
                if client.poll() is not None:
                    assert_refused_with_a_sentence(client)
            assert server.ssh("ann", "ticket list").returncode == 0  # she has a limit of her own
            drop([client for client in clients if client.poll() is None])
            with policy(server, *_IDLE):
                until(lambda: not processes(server), 180 + count)
        assert_nothing_is_left(server, before)


def assert_refused_with_a_sentence(client: "subprocess.Popen[bytes]") -> None:
    """Check what a session has said that was refused because of the limit."""
    assert client.stdout is not None
    assert client.stderr is not None
    said = client.stdout.read() + client.stderr.read()
    assert client.returncode == 4, said
    assert said.count(b"connections open, and the policy allows 5") == 1
    assert b"Traceback" not in said
