"""Running commands within this process on a pseudo-terminal, and the list of all of them."""

import argparse
import io
import os
import pty
import sys
import threading
import tty
from collections.abc import Iterator
from contextlib import suppress
from unittest.mock import patch

from helpdesk.cli import progress
from helpdesk.cli.main import main
from tests.cli.shell import Shell
from tests.cli.test_door_requests import commands, parsers


def leaves() -> Iterator[tuple[str, argparse.ArgumentParser]]:
    """Yield the words and the parser of each command without sub-commands."""
    for _, group in commands():
        for parser in parsers(group):
            if not any(isinstance(action.choices, dict) for action in parser._actions):
                yield parser.prog.removeprefix("helpdesk "), parser


def on_terminal(shell: Shell, *arguments: str) -> str:
    """Run a command on a pseudo-terminal; return what it wrote there on both of its streams."""
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
        # Whether a command reports its progress depends on how busy the machine is.
        patch.object(progress, "_QUIET_S", 3_600),
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
