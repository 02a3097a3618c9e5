"""Many sessions over SSH that are opened and dropped at once: nothing of them is left."""

import os
import signal
import subprocess
from collections.abc import Iterator
from itertools import cycle, islice
from pathlib import Path

import pytest

from tests.ssh.conftest import require_sshd
from tests.ssh.server import ACCOUNT, Server
from tests.ssh.test_door import connections, until
from tests.ssh.test_requests import policy, processes

#: sshd takes the crowd, and notices within seconds that a client does not answer any more.
_SSHD = "MaxStartups 1000\nLoginGraceTime 600\nClientAliveInterval 1\nClientAliveCountMax 3"
#: What the sessions do in turn: an app, a command that waits for input, one amid its output.
_KINDS: tuple[tuple[tuple[str, ...], tuple[str, ...]], ...] = (
    (("-tt",), ()),
    ((), ("ticket new -s x -b -",)),
    ((), ("export tickets --format json",)),
    ((), ("search --batch -",)),
)
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
        opened = host.terminal("ann")
        opened.wait_for("ann (L1)")
        opened.type("q")
        assert opened.wait_for_end() == 0
        yield host


def files(server: Server) -> set[str]:
    """Return the files of the account, and the named semaphores and shared memory of Python."""
    return {
        *(str(path) for path in server.home.rglob("*") if not path.name.endswith(("-wal", "-shm"))),
        *(str(path) for pattern in ("sem.*", "psm_*") for path in Path("/dev/shm").glob(pattern)),
    }


def begin(server: Server, count: int) -> "list[subprocess.Popen[bytes]]":
    """Begin so many sessions of bob at once; nobody reads what they print."""
    env = {"PATH": os.environ["PATH"], "HOME": str(server.root), "TERM": "xterm-256color"}
    return [
        subprocess.Popen(
            ["ssh", *server.client("bob", *options), f"{ACCOUNT}@127.0.0.1", *words],
            env=env,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        for options, words in islice(cycle(_KINDS), count)
    ]


def drop(clients: "list[subprocess.Popen[bytes]]") -> None:
    """Drop all clients at once: a third is killed, a third hangs up, a third falls silent."""
    ways = (signal.SIGKILL, signal.SIGTERM, signal.SIGSTOP)
    for number, client in enumerate(clients):
        client.send_signal(ways[number // len(_KINDS) % len(ways)])


def clear(clients: "list[subprocess.Popen[bytes]]") -> None:
    """End the clients that have only fallen silent, once sshd has given them up."""
    for client in clients:
        client.kill()
        client.communicate()


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
        clients = begin(server, count)
        until(lambda: len(connections(server)) == count, 20 * count)
        drop(clients)
        until(lambda: not processes(server), 60 + count)
        clear(clients)
        assert_nothing_is_left(server, before)


@pytest.mark.parametrize("count", SIZES)
def test_nothing_is_left_of_a_crowd_beyond_the_limit(server: Server, count: int) -> None:
    before = files(server)
    with policy(server, "max_connections = 10", "max_connections = 5"):
        clients = begin(server, count)
        until(lambda: sum(client.poll() is not None for client in clients) == count - 5, 20 * count)
        assert len(connections(server)) == 5
        for client in clients:
            if client.poll() is not None:
                out, err = client.communicate()
                assert client.returncode == 4
                assert (out + err).count(b"connections open, and the policy allows 5") == 1
                assert b"Traceback" not in out + err
        assert server.ssh("ann", "ticket list").returncode == 0  # the limit is each agent's own
        inside = [client for client in clients if client.poll() is None]
        drop(inside)
        until(lambda: not processes(server), 60 + count)
        clear(inside)
        assert_nothing_is_left(server, before)
