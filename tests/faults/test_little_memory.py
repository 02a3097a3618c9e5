"""The program in little address space, as ``ulimit -v`` gives it."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.shell import Done, Shell
from tests.pty.terminal import Terminal

_SHORTAGE = "there is too little memory to compare meanings, so the search compared words only"


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    """A shell whose desk has a ticket."""
    shell = Shell(tmp_path)
    assert shell.run("ticket", "new", "-s", "printer prints nothing").returncode == 0
    return shell


def limited(shell: Shell, megabytes: int, *arguments: str) -> Done:
    """Run a command in so much address space."""
    done = subprocess.run(
        [*_limit(megabytes), sys.executable, "-m", "helpdesk", *arguments],
        env=shell.env,
        cwd=shell.folder,
        capture_output=True,
        check=False,
    )
    return Done(done.returncode, done.stdout, done.stderr)


def _limit(megabytes: int) -> list[str]:
    return ["/bin/sh", "-c", f'ulimit -v {megabytes * 1000}; exec "$@"', "limited"]


@pytest.mark.parametrize("megabytes", [130, 150, 180, 200, 220, 240])
def test_a_search_compares_words_and_says_so(shell: Shell, megabytes: int) -> None:
    done = limited(shell, megabytes, "search", "vpn does not connect")
    assert done.returncode == 0, done.stderr
    assert "vpn/cannot-connect.md" in done.stdout.decode().split("\n")[0]
    said = done.stderr.decode()
    assert _SHORTAGE in said
    assert said.count("\n") == 1


def test_enough_memory_is_not_talked_about(shell: Shell) -> None:
    done = limited(shell, 600, "search", "vpn does not connect")
    assert (done.returncode, done.stderr) == (0, b"")


def test_a_batch_and_a_ticket_that_may_be_a_repeat_work_with_words(shell: Shell) -> None:
    queries = shell.folder / "queries.jsonl"
    queries.write_text('{"q": "vpn does not connect"}\n' * 3)
    done = limited(shell, 200, "search", "--batch", str(queries))
    assert (done.returncode, done.stdout.count(b"cannot-connect.md")) == (0, 3)
    assert _SHORTAGE in done.stderr.decode()
    done = limited(shell, 200, "ticket", "new", "-s", "printer prints nothing")
    assert done.returncode == 0, done.stderr
    assert b"HD-2 logged" in done.stdout


@pytest.mark.parametrize("megabytes", [45, 55, 65])
def test_too_little_to_run_at_all_is_one_sentence(shell: Shell, megabytes: int) -> None:
    done = limited(shell, megabytes, "search", "vpn does not connect")
    assert done.returncode == 1
    assert done.stderr.count(b"\n") == 1
    assert b"Traceback" not in done.stderr
    assert b"something went wrong" not in done.stderr


@pytest.mark.parametrize("megabytes", [130, 200, 280])
def test_the_app_searches_by_words_and_notes_it(shell: Shell, megabytes: int) -> None:
    command = [*_limit(megabytes), sys.executable, "-m", "helpdesk"]
    env = {**shell.env, "TERM": "xterm-256color"}
    terminal = Terminal(*command[1:], program=command[0], module=None, env=env)
    try:
        terminal.wait_for("printer prints nothing")
        terminal.type("/")
        terminal.wait_for("words, an error code")
        terminal.type("vpn does not connect")
        terminal.wait_for("vpn/cannot-connect.md")
        assert _SHORTAGE[:60] in terminal.text
    finally:
        terminal.end()
