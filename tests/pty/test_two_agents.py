"""Two agents in two windows on the same desk."""

import os
import signal
from collections.abc import Iterator

import pytest

from tests.pty.terminal import CTRL_S, ENTER, Terminal
from tests.pty.test_program_in_a_terminal import run, ticket


@pytest.fixture
def windows(env: dict[str, str]) -> Iterator[tuple[Terminal, Terminal]]:
    """The windows of the owner and of bob, with one ticket in L1."""
    new = ("ticket", "new", "-s", "printer is out", "--requester", "kim@example.com")
    assert run(env, *new).returncode == 0
    assert run(env, "agent", "add", "bob", "--level", "L1").returncode == 0
    opened = Terminal(env=env), Terminal("--as", "bob", env=env)
    for window in opened:
        window.wait_for("HD-1")
    yield opened
    for window in opened:
        window.end()


def test_the_other_agent_sees_the_writing_and_a_conflict_loses_no_text(
    env: dict[str, str], windows: tuple[Terminal, Terminal]
) -> None:
    owner, bob = windows
    owner.type(ENTER)
    bob.wait_for("•HD-1")
    owner.type("r")
    bob.wait_for("✎HD-1")
    owner.type("from the owner")
    bob.type("r")
    owner.wait_for("✎ bob is writing")
    bob.type("from bob" + CTRL_S)
    bob.wait_for("HD-1 answered")
    owner.type(CTRL_S)
    owner.wait_for("CHANGED MEANWHILE by bob")
    owner.wait_for("from bob")
    owner.type(CTRL_S)
    owner.wait_for("HD-1 answered")
    replies = [event["text"] for event in ticket(env, 1)["events"] if event["type"] == "replied"]
    assert replies == ["from bob", "from the owner"]
    os.kill(bob.child.pid, signal.SIGKILL)  # a killed app must not block others
    assert run(env, "ticket", "note", "1", "--text", "@bob see you").returncode == 0
    assert "mentioned" in run(env, "--as", "bob", "inbox").stdout
