"""What is typed while the line stands still, or just before the program is told to end, is kept."""

import fcntl
import json
import os
import re
import signal
import struct
import termios
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.pty.terminal import TAB, Terminal

WORDS = [f"word{number:02}" for number in range(60)]
TYPED = "".join(f"{word} " for word in WORDS)


@pytest.fixture
def terminal(env: dict[str, str], tmp_path: Path) -> Iterator[Terminal]:
    """The app in a wide window with a new ticket, whose subject is being typed."""
    env["HELPDESK_KB"] = str(tmp_path)  # nothing to index
    opened = Terminal(env=env, columns=160, rows=50)
    opened.wait_for("no open tickets in L1")
    opened.type("n")
    opened.wait_for("Subject")
    opened.type("stuck")
    opened.wait_for("stuck")
    yield opened
    opened.end()


def draft(env: dict[str, str]) -> str:
    """Return all that is in the draft of the log form."""
    files = list(Path(env["HOME"]).glob(".local/state/helpdesk/drafts/*/log.json"))
    return " ".join(json.loads(files[0].read_text()).values()) if files else ""


def kept(env: dict[str, str]) -> list[str]:
    """Return the words in the draft of the log form."""
    return re.findall(r"word\d\d", draft(env))


def type_without_reading(terminal: Terminal) -> None:
    """Type all words and wait until the program has read them, but read none of its output."""
    for word in WORDS:
        terminal.type(f"{word} ")
        time.sleep(0.02)
    name = Path(f"/proc/{terminal.child.pid}/fd/0").readlink()
    terminal_side = os.open(name, os.O_RDONLY | os.O_NOCTTY)
    try:
        end = time.monotonic() + 30
        while struct.unpack("i", fcntl.ioctl(terminal_side, termios.FIONREAD, b"\0" * 4))[0]:
            assert time.monotonic() < end, "the keys were not read"
            time.sleep(0.05)
    finally:
        os.close(terminal_side)


def wait_until_gone(terminal: Terminal) -> None:
    """Wait until the program has ended by itself."""
    end = time.monotonic() + 30
    while terminal.child.isalive():
        assert time.monotonic() < end, "the program did not end"
        time.sleep(0.05)


def stop_reading(terminal: Terminal) -> None:
    """Let the line stand still: enlarge the window until its output waits for a reader."""
    for step in range(40):
        terminal.child.setwinsize(50 + step % 2, 160 - step % 3)
        time.sleep(0.02)


def test_all_words_typed_on_a_line_that_stands_still_are_kept_when_it_breaks(
    terminal: Terminal, env: dict[str, str]
) -> None:
    stop_reading(terminal)
    type_without_reading(terminal)
    terminal.break_line()
    wait_until_gone(terminal)
    assert kept(env) == WORDS


def test_a_line_that_moves_again_shows_the_newest_screen(terminal: Terminal) -> None:
    stop_reading(terminal)
    type_without_reading(terminal)
    terminal.child.setwinsize(50, 160)
    terminal.wait_for("word56 word57 word5")
    assert "Subject" in terminal.text


@pytest.mark.parametrize("stands_still", [False, True])
@pytest.mark.parametrize("name", ["SIGHUP", "SIGTERM", "SIGINT", "SIGQUIT"])
def test_all_words_are_kept_when_the_program_is_told_to_end(
    terminal: Terminal, env: dict[str, str], name: str, stands_still: bool
) -> None:
    if stands_still:
        stop_reading(terminal)
        type_without_reading(terminal)
    else:
        terminal.type(TYPED)
    os.kill(terminal.child.pid, signal.Signals[name])
    if stands_still:
        wait_until_gone(terminal)
    assert terminal.wait_for_end() == 0
    assert kept(env) == WORDS
    assert b"Traceback" not in terminal.raw


def test_words_typed_into_a_dialog_that_is_just_opening_are_kept(
    terminal: Terminal, env: dict[str, str]
) -> None:
    terminal.type(f"{TAB}{TAB}{TYPED}")
    os.kill(terminal.child.pid, signal.SIGTERM)
    assert terminal.wait_for_end() == 0
    assert kept(env) == WORDS


def test_bytes_that_are_no_text_do_not_end_the_app(terminal: Terminal) -> None:
    terminal.child.send(b"caf\xe9 \xff\xfe ole")
    terminal.wait_for("ole")
