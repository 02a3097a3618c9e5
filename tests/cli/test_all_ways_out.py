"""What a command prints on a terminal is harmless, on a desk full of hostile texts."""

import io
import os
import pty
import sys
import threading
import tty
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest

from helpdesk.cli.main import main
from helpdesk.desk.session import Desk
from tests.cli.shell import Shell
from tests.cli.test_door_requests import commands, parsers
from tests.hostile_desk import fill
from tests.terminal_stream import harmful

#: What commands that print what is stored are given, and whether it must hold a sign.
_READING = {
    "ticket list": ("--limit", "500"),
    "ticket show": ("1",),
    "view list": (),
    "view show": ("evil",),
    "macro list": (),
    "macro show": ("evil",),
    "inbox": ("--all",),
    "levels": (),
    "search": ("evil owned", "-n", "50"),
    "kb list": (),
    "kb show": ("evil.md",),
    "kb check": (),
    "kb stats": (),
    "sla explain": ("1",),
    "policy show": (),
    "report kpi": ("--by", "customer"),
    "report time": (),
    "report audit": ("--limit", "5000"),
    "export tickets": ("--format", "csv"),
    "export events": (),
    "agent list": (),
    "agent connections": (),
    "db status": (),
    "db check": (),
}
_WITH_SIGNS = {
    *("ticket list", "ticket show", "view list", "view show", "macro list", "macro show"),
    *("kb show", "kb list", "search", "export tickets", "export events", "agent list"),
}


@pytest.fixture
def hostile_shell(desk: Desk, kb: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shell:
    fill(desk, kb)
    # Some texts name files that are made: "../../etc" stays within the test's own folder, too.
    (tmp_path / "shell" / "in" / "here").mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "shell" / "in" / "here")
    shell = Shell(tmp_path / "shell")
    shell.login = "ann"
    shell.env |= {
        "HELPDESK_DATABASE_URL": f"sqlite:///{tmp_path / 'desk.db'}",
        "HELPDESK_KB": str(kb),
        "TERM": "xterm",
    }
    return shell


def leaves() -> Iterator[tuple[str, Any]]:
    """Yield the words and the parser of each command without sub-commands."""
    for _, group in commands():
        for parser in parsers(group):
            if not any(isinstance(action.choices, dict) for action in parser._actions):
                yield parser.prog.removeprefix("helpdesk "), parser


def test_commands_print_stored_text_harmlessly_on_a_terminal(hostile_shell: Shell) -> None:
    assert _READING.keys() <= {words for words, _ in leaves()}
    for words, arguments in _READING.items():
        printed = on_terminal(hostile_shell, *words.split(), *arguments)
        assert "something went wrong" not in printed, words
        assert harmful(printed) == [], words
        assert words not in _WITH_SIGNS or set(printed) & set("␛␇�‹"), words
    for number in range(2, 45):
        assert harmful(on_terminal(hostile_shell, "ticket", "show", str(number))) == []


def on_terminal(shell: Shell, *arguments: str) -> str:
    """Run a command within this process on a pseudo-terminal; return what it wrote there."""
    ours, theirs = pty.openpty()
    tty.setraw(theirs)
    read: list[bytes] = []
    reader = threading.Thread(target=_read, args=(ours, read))
    reader.start()
    with (
        patch.dict(os.environ, shell.env, clear=True),
        patch("helpdesk.desk.session.system_login", lambda: shell.login),
        patch.object(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"x\x1b[2J"), encoding="utf-8")),
        open(os.dup(theirs), "w", encoding="utf-8") as out,  # noqa: PTH123
        open(theirs, "w", encoding="utf-8") as err,  # noqa: PTH123
        patch.object(sys, "stdout", out),
        patch.object(sys, "stderr", err),
    ):
        with suppress(SystemExit):
            main(arguments)
        sys.stdout.flush()
    reader.join()
    os.close(ours)
    # Lines of a CSV document end with CR LF.
    return b"".join(read).decode().replace("\r\n", "\n").replace("\t", " ")


def _read(terminal: int, read: list[bytes]) -> None:
    while True:
        try:
            data = os.read(terminal, 65536)
        except OSError:  # the other side was closed
            return
        read.append(data)
