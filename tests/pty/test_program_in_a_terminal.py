"""The real program in a pseudo-terminal, started as users start it."""

import json
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.pty.terminal import CTRL_S, DOWN, ENTER, ESCAPE, F5, ROOT, TAB, UP, Terminal


@pytest.fixture
def terminal(env: dict[str, str]) -> Iterator[Terminal]:
    """The app in a window of 80×24 after its desk was opened."""
    opened = Terminal(env=env)
    opened.wait_for("no open tickets in L1")
    yield opened
    opened.end()


def run(env: dict[str, str], *arguments: str) -> "subprocess.CompletedProcess[str]":
    """Run a shell command of the program."""
    return subprocess.run(
        [sys.executable, "-m", "helpdesk", *arguments],
        env=env,
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )


def ticket(env: dict[str, str], number: int) -> dict[str, Any]:
    """Return a ticket as the command line prints it."""
    shown = run(env, "ticket", "show", str(number), "--json")
    assert shown.returncode == 0, shown.stderr
    found: dict[str, Any] = json.loads(shown.stdout)
    return found


def test_a_repeat_issue_is_answered_and_closed_while_the_caller_talks(
    terminal: Terminal, env: dict[str, str]
) -> None:
    terminal.type("n")
    terminal.wait_for("Subject")
    terminal.type("vpn drops evry ten minuts")
    terminal.wait_for("VPN disconnects")
    terminal.type(F5)
    terminal.wait_for("logged and resolved")
    logged = ticket(env, 1)
    assert (logged["state"], logged["articles"]) == ("resolved", ["vpn/keepalive.md"])


def test_an_unknown_issue_is_escalated_to_l2_and_returned(
    terminal: Terminal, env: dict[str, str]
) -> None:
    terminal.type("nflurble broken" + CTRL_S)
    terminal.wait_for("HD-1")
    terminal.type("eneeds db" + TAB + "check the index" + CTRL_S)
    terminal.wait_for("HD-1 escalated")
    terminal.type("2")
    terminal.wait_for("L2 · open, due first")
    terminal.wait_for("flurble broken")
    before = terminal.text
    terminal.type(ENTER)
    terminal.wait_for("HAND-OVER L1 → L2")
    terminal.type("tindex rebuilt" + CTRL_S)
    terminal.wait_for("HAND-OVER L2 → L1")
    assert "flurble broken" in before
    types = [event["type"] for event in ticket(env, 1)["events"]]
    assert types == ["logged", "escalated", "returned"]


def test_the_countdown_ticks(terminal: Terminal) -> None:
    terminal.type("neverybody: outage, cannot work" + CTRL_S)
    terminal.wait_for("0:14:5")
    seconds = [f"0:14:{second}" for second in range(55, 49, -1)]
    seen: list[str] = []

    def note_new(text: str) -> bool:
        seen.extend(second for second in seconds if second in text and second not in seen)
        return seconds[-1] in text

    terminal.wait_for(note_new)
    # From the second in which the list appeared, none is skipped.
    assert seen == seconds[seconds.index(seen[0]) :]
    assert len(seen) >= 3


def test_a_closed_connection_keeps_the_draft(terminal: Terminal, env: dict[str, str]) -> None:
    terminal.type("nhalf a sentence about the prin")
    terminal.wait_for("about the")
    terminal.hang_up()
    terminal.wait_for_end()
    again = Terminal(env=env)
    again.wait_for("no open tickets in L1")
    again.type("n")
    text = again.wait_for("draft of")
    assert "half a sentence about" in text
    again.end()


def test_a_killed_program_keeps_the_draft_except_the_last_moment(
    terminal: Terminal, env: dict[str, str]
) -> None:
    terminal.type("nprinter eats paper")
    terminal.wait_for("eats paper")
    terminal.read(1)
    terminal.child.kill(signal.SIGKILL)
    again = Terminal(env=env)
    again.wait_for("no open tickets in L1")
    again.type("n")
    assert "printer eats paper" in again.wait_for("draft of")
    again.end()


def test_a_window_of_40_by_10_shows_a_message_until_it_is_enlarged(terminal: Terminal) -> None:
    terminal.resize(40, 10)
    terminal.wait_for("40×10")
    terminal.resize(100, 30)
    terminal.wait_for("no open tickets in L1")


def test_quitting_restores_the_terminal_and_exits_with_0(terminal: Terminal) -> None:
    terminal.type("q")
    assert terminal.wait_for_end() == 0
    assert b"\x1b[?1049l" in terminal.raw


def test_hostile_text_reaches_the_terminal_as_inert_text(env: dict[str, str]) -> None:
    run(
        env, "ticket", "new", "-s", "\x1b]0;owned\x07 \x1b[2J \x9b31m [red]x[/red]", "-b", "\x1b[8m"
    )
    opened = Terminal(env=env)
    opened.wait_for("␛]0;owned␇")
    opened.type(ENTER)
    opened.wait_for("[red]x[/red]")
    assert b"\x1b]0;owned" not in opened.raw
    assert b"\x1b[2J \x9b" not in opened.raw
    assert b"\x1b[8m" not in opened.raw
    opened.end()


@pytest.mark.parametrize("term", ["dumb", ""])
def test_a_dumb_terminal_is_refused_with_a_sentence(env: dict[str, str], term: str) -> None:
    opened = Terminal(env={**env, "TERM": term})
    assert opened.wait_for_end() == 1
    assert b"cannot show full-screen" in opened.raw
    assert b"Traceback" not in opened.raw


def test_a_file_that_is_no_database_is_refused_after_the_screen_is_restored(
    env: dict[str, str], tmp_path: Path
) -> None:
    (tmp_path / "desk.db").write_text("this is a text file, not a database, but long enough" * 9)
    opened = Terminal(env=env)
    assert opened.wait_for_end() == 1
    assert b"is not a helpdesk database" in opened.raw
    assert b"Traceback" not in opened.raw


def test_a_terminal_without_unicode_gets_only_ascii(env: dict[str, str]) -> None:
    run(env, "ticket", "new", "-s", "Größe ▲ プリンター", "--impact", "high", "--urgency", "high")
    opened = Terminal(env={**env, "LANG": "en_US.ISO-8859-1"})
    opened.wait_for("Gro?e ^ ??????????")
    opened.type(ENTER)
    opened.wait_for("first response")
    assert opened.raw.isascii()
    opened.end()


_GREYS = {0, 7, 8, 15, 16, 59, 102, 145, 188, *range(231, 256)}


@pytest.mark.parametrize("term", ["xterm", "screen", "tmux-256color", "putty", "linux", "vt100"])
def test_logging_and_claiming_work_on_each_terminal_type(env: dict[str, str], term: str) -> None:
    opened = Terminal(env={**env, "TERM": term, "NO_COLOR": "1"})
    opened.wait_for("no open tickets in L1")
    opened.type("nflurble is stuck" + CTRL_S)
    opened.wait_for("HD-1 ")
    opened.type("c")
    opened.wait_for("HD-1 claimed")
    opened.type(DOWN + UP + ENTER)
    opened.wait_for("first response")
    opened.type(ESCAPE)
    opened.wait_for("L1 · open, due first")
    opened.type("q")
    assert opened.wait_for_end() == 0
    assert b"\x1b[?1049l" in opened.raw  # the terminal has its own screen back
    logged = ticket(env, 1)
    assert (logged["subject"], logged["state"]) == ("flurble is stuck", "open")
    # NO_COLOR is set: only the greys of the terminal's 256 colours are used.
    assert {int(colour) for colour in re.findall(rb"[34]8;5;(\d+)", opened.raw)} <= _GREYS


def test_a_breach_is_shown_in_both_open_apps_and_recorded_once(
    env: dict[str, str], tmp_path: Path
) -> None:
    file = tmp_path / "policy.toml"
    printed = run(env, "policy", "show").stdout
    before = 'P3 = { first_response = "4h",'
    assert before in printed
    file.write_text(printed.replace(before, before.replace("4h", "8s")))
    assert run(env, "policy", "apply", str(file)).returncode == 0
    assert run(env, "ticket", "new", "-s", "nflurble").returncode == 0
    apps = [Terminal(env=env) for _ in range(2)]
    for app in apps:
        app.wait_for("nflurble")
    for app in apps:
        app.wait_for("first response breached")
    alarms = [event for event in ticket(env, 1)["events"] if event["type"] != "logged"]
    assert [(event["type"], event["percent"]) for event in alarms] == [
        ("warned", 75),
        ("warned", 90),
        ("breached", 100),
    ]
    assert alarms[2]["at"] == alarms[2]["due_at"]
    for app in apps:
        app.end()
