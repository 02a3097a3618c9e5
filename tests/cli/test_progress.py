"""Reports of progress on standard error, by commands that take longer than a second."""

import io
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from helpdesk.cli import progress
from helpdesk.cli.progress import Progress
from tests.pty.terminal import Terminal


class FakeTerminal(io.StringIO):
    """A standard error that says it is a terminal."""

    def isatty(self) -> bool:
        """Whether it is a terminal."""
        return True


def wait_for(out: io.StringIO, text: str) -> None:
    """Wait until a text was printed."""
    end = time.monotonic() + 60
    while text not in out.getvalue():
        assert time.monotonic() < end, out.getvalue()
        time.sleep(0.01)


def test_a_terminal_sees_seconds_and_counts_and_then_a_clear_line(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    err = FakeTerminal()
    monkeypatch.setattr(sys, "stderr", err)
    monkeypatch.setattr(progress, "_EVERY_S", 0.01)
    with Progress("making tickets") as working:
        wait_for(err, "making tickets … 1 s")
        working(1_200, 2_000)
        wait_for(err, "\rmaking tickets: 1,200 of 2,000 … ")
    assert err.getvalue().endswith(" \r")


def test_work_that_is_quickly_done_says_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    err = FakeTerminal()
    monkeypatch.setattr(sys, "stderr", err)
    monkeypatch.setattr(progress, "_QUIET_S", 3_600)
    with Progress("making tickets", in_files=True) as working:
        working(1, 2)
    assert err.getvalue() == ""


def test_a_file_gets_lines_if_the_command_wants_that(monkeypatch: pytest.MonkeyPatch) -> None:
    err = io.StringIO()
    monkeypatch.setattr(sys, "stderr", err)
    monkeypatch.setattr(progress, "_QUIET_S", 0)
    with Progress("making tickets", in_files=True) as working:
        working(20, 2_000)
        working(40, 2_000)  # too soon for a line of its own
    with Progress("searching") as working:
        working(1, 2)
    assert err.getvalue() == "making tickets: 20 of 2,000\n"


@pytest.fixture
def env(tmp_path: Path) -> dict[str, str]:
    """Environment variables with which the user's own files are neither read nor written."""
    names = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "LANG": "C.UTF-8"}
    return {**names, "TERM": "xterm-256color"}


@pytest.mark.slow
@pytest.mark.timeout(400)
def test_the_demo_says_how_far_it_is_before_the_app_opens(
    env: dict[str, str], tmp_path: Path
) -> None:
    opened = Terminal("demo", "--tickets", "2000", env=env)
    try:
        opened.wait_for(" of 2,000 … ", 120)
        opened.wait_for("open, due first", 240)
    finally:
        opened.end()


@pytest.mark.slow
@pytest.mark.timeout(400)
def test_the_demo_says_it_to_a_file_as_well(env: dict[str, str], tmp_path: Path) -> None:
    database = f"sqlite:///{tmp_path / 'demo.db'}"
    made = subprocess.run(
        [
            *(sys.executable, "-m", "helpdesk", "demo"),
            *("--make-only", "--tickets", "2000", "--db", database),
        ],
        env=env,
        capture_output=True,
        text=True,
        check=True,
    )
    assert "making tickets: " in made.stderr
    assert "2,000 tickets" in made.stdout
