"""A request over SSH from its sign-in to its end: listed, counted, bounded, and gone in time."""

import json
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.ssh.server import Server
from tests.ssh.test_door import connections, until

#: What waits for standard input, or opens no desk.
WAITING = ("ticket new -s x -b -", "policy check -", "sla simulate -", "search --batch -")
#: A case file that takes a minute of processor time.
LONG_CASES = json.dumps(
    {
        "cases": 200
        * [
            {
                "id": "x",
                "calendar": {
                    "timezone": "Europe/Berlin",
                    "hours": {day: [["09:00", "17:00"]] for day in ("mon", "wed", "fri")},
                },
                "targets": {"first_response_s": 3600, "resolution_s": 360_000},
                "events": [
                    {"at": "2024-01-01T08:00:00Z", "event": "received"},
                    *(
                        {
                            "at": f"2024-01-{1 + n // 24:02}T{n % 24:02}:30:00Z",
                            "event": "pending_requester" if n % 2 else "resumed",
                        }
                        for n in range(11, 700)
                    ),
                ],
                "now": "2024-03-01T10:00:00Z",
            }
        ]
    }
)
OPENS_NO_DESK = (*WAITING[1:3], "helpdesk --version", "helpdesk --help", "ticket --help")


def ended(process: "subprocess.Popen[str]") -> tuple[int, str, str]:
    """Wait for the end of a client whose input stays open; return its code and what it printed."""
    code = process.wait(60)
    out, err = process.communicate()
    return code, out, err


def processes(server: Server) -> list[str]:
    """Return the command lines of the processes that the forced command has started here."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            words = (folder / "cmdline").read_bytes().split(b"\0")
        except OSError:
            continue
        if b"door" in words and str(server.home).encode() in b"\0".join(words):
            found.append(b" ".join(words).decode())
    return found


@contextmanager
def policy(server: Server, before: str, after: str) -> Iterator[None]:
    """Change a line of the policy during the block."""
    text = server.done("policy", "show")
    assert before in text
    server.done("policy", "apply", "-", stdin=text.replace(before, after))
    try:
        yield
    finally:
        server.done("policy", "apply", "-", stdin=text)


@contextmanager
def door_toml(server: Server, text: str) -> Iterator[None]:
    """Set what the host allows during the block."""
    file = server.home / ".config" / "helpdesk" / "door.toml"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)
    try:
        yield
    finally:
        file.unlink()


@pytest.fixture(scope="module")
def tickets(server: Server) -> None:
    """Some tickets, whose export is larger than what pipes and SSH keep ready."""
    for _ in range(8):
        server.done("ticket", "new", "-s", "long", "-b", "-", stdin=90_000 * "ten bytes\n")


@pytest.mark.parametrize("command", WAITING)
def test_a_request_that_waits_for_input_is_a_connection(server: Server, command: str) -> None:
    with policy(server, "max_connections = 10", "max_connections = 1"):
        waiting = server.begin("bob", command)
        until(lambda: [each["login"] for each in connections(server)] == ["bob"])
        refused = server.ssh("bob", "ticket list")
        assert refused.returncode == 4
        assert "bob has 1 connections open" in refused.stderr
        server.done("agent", "disable", "bob")
        try:
            said = ended(waiting)
        finally:
            server.done("agent", "enable", "bob")
    assert said == (4, "", "helpdesk: the agent bob was disabled on this desk.\n")
    assert connections(server) == []


def test_a_request_that_waits_too_long_for_input_is_ended(server: Server) -> None:
    with policy(server, '# idle_timeout = "8h"', 'idle_timeout = "1s"'):
        waiting = server.begin("bob", "ticket new -s x -b -")
        code, out, err = ended(waiting)
    assert (code, out) == (4, "")
    assert "nothing came on standard input for 1 seconds" in err
    assert connections(server) == []


def test_on_a_standing_connection_a_disabled_agent_runs_nothing(server: Server) -> None:
    socket = str(server.root / "m")  # a short name: sockets have no long ones
    shared = ("-o", f"ControlPath={socket}")
    master = server.begin("bob", options=("-M", "-N", *shared))
    until(Path(socket).exists)
    assert server.ssh("bob", "helpdesk --version", options=shared).stdout.startswith("helpdesk ")
    server.done("agent", "disable", "bob")
    try:
        for command in OPENS_NO_DESK:
            done = server.ssh("bob", command, options=shared, stdin="{}")
            assert (done.returncode, done.stdout) == (4, ""), command
            assert "the agent bob is disabled on this desk" in done.stderr
    finally:
        server.done("agent", "enable", "bob")
        master.terminate()
        master.communicate()


def test_what_changed_while_a_request_waited_counts(server: Server) -> None:
    server.let_in("dan", "L1", "admin")
    waiting = server.begin("dan", "agent key add dan -")
    until(lambda: connections(server))
    server.done("agent", "set", "dan", "--role", "agent")
    out, err = waiting.communicate((server.root / "ann.pub").read_text(), timeout=60)
    assert (waiting.returncode, out) == (4, "")
    assert "dan (agent) may not add and change agents" in err


@pytest.mark.parametrize(
    "command",
    [
        "ticket new -s x -b -",  # waits
        "export tickets --format json",  # has an output that nobody takes
        "sla simulate -",  # computes
    ],
)
def test_a_request_ends_soon_after_its_client_is_gone(
    server: Server, command: str, tickets: None
) -> None:
    client = server.begin("ann", command)
    until(lambda: connections(server))
    if "simulate" in command:
        assert client.stdin is not None
        client.stdin.write(LONG_CASES)
        client.stdin.close()
        time.sleep(1)  # it computes for minutes
    assert processes(server)
    client.send_signal(signal.SIGKILL)
    client.wait()
    until(lambda: not processes(server), 20)
    assert connections(server) == []


@pytest.mark.parametrize("way", [signal.SIGKILL, signal.SIGTERM])
def test_what_a_lost_client_has_sent_of_a_text_is_not_saved(
    server: Server, way: signal.Signals
) -> None:
    client = server.begin("ann", "ticket new -s half -b -")
    until(lambda: connections(server))
    assert client.stdin is not None
    client.stdin.write("half a sent")
    client.stdin.flush()
    time.sleep(1)
    client.send_signal(way)
    client.wait()
    until(lambda: not processes(server), 20)
    assert "half" not in [ticket["subject"] for ticket in server.json("ticket", "list")]


def test_closed_input_does_not_end_a_request(server: Server, tickets: None) -> None:
    whole = server.ssh("ann", "export tickets --format json", options=("-n",))
    assert whole.returncode == 0
    assert whole.stdout.rstrip().endswith("]")


def test_too_much_memory_is_refused_with_a_sentence(server: Server) -> None:
    with door_toml(server, 'memory_limit = "256 MiB"\n'):
        assert server.ssh("ann", "search vpn").returncode == 0
        done = server.ssh("ann", "sla simulate -", stdin=f"[{'[],' * 5_000_000}[]]")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("helpdesk: the request needs more memory than 256 MiB")
    assert done.stderr.count("\n") == 1


def test_too_much_processor_time_is_refused_with_a_sentence(server: Server) -> None:
    with door_toml(server, 'processor_limit = "4s"\n'):
        assert server.ssh("ann", "ticket list").returncode == 0
        done = server.ssh("ann", "sla simulate -", stdin=LONG_CASES)
        opened = server.terminal("ann")  # the app has no such limit
        opened.wait_for("ann (L1)")
        opened.type("q")
        assert opened.wait_for_end() == 0
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("helpdesk: the request has used 4 seconds of processor time")
    assert done.stderr.count("\n") == 1
    assert connections(server) == []


def test_a_file_that_is_too_large_is_refused_with_a_sentence(server: Server, tickets: None) -> None:
    drop = server.home / "drop"
    drop.mkdir(mode=0o700, exist_ok=True)
    with door_toml(server, f'drop_folder = "{drop}"\nfile_limit = "64 KiB"\n'):
        done = server.ssh("ann", "export tickets --format json -o out.json")
    assert (done.returncode, done.stdout) == (1, "")
    assert "a file would become larger than a request over SSH may write" in done.stderr
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize(
    ("command", "code", "tried"),
    [
        ("ticket list --frobnicate", 2, "--frobnicate"),
        ("agent add -- -oProxyCommand=id --level L1", 2, "-oProxyCommand=id"),
        ("ticket", 2, "ticket"),
        ("kb show ../../etc/passwd", 1, "../../etc/passwd"),
        ("kb new .git/hooks/post-commit", 1, ".git/hooks/post-commit"),
        ("kb show /etc/passwd", 1, "/etc/passwd"),
        ("ticket 'list", 1, "ticket 'list"),
        ("ticket list \x1b]52;c;eA==\x07" + 300 * "y", 2, "ticket list ␛]52"),
    ],
)
def test_a_refused_command_line_is_in_the_audit_trail(
    server: Server, command: str, code: int, tried: str
) -> None:
    assert server.ssh("ann", command).returncode == code
    (record,) = server.json("report", "audit", "--refused", "--limit", "1")
    asked = record["what"]["refused"].partition("Asked for: ")[2]
    assert tried in asked
    assert "\x1b" not in record["what"]["refused"]
    assert len(asked) <= 201


def test_a_mistyped_article_is_no_refused_attempt(server: Server) -> None:
    before = server.json("report", "audit", "--refused")
    assert server.ssh("ann", "kb show vpn/no-such.md").returncode == 1
    assert server.json("report", "audit", "--refused") == before
