"""Parsing the command that an SSH client asks for: only commands of the help desk are allowed."""

import argparse
import io
import re
import shlex
import sys
from collections.abc import Sequence
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from pathlib import Path

from helpdesk.cli.arguments import ArticlePath, File, UsageError
from helpdesk.cli.parser import build_parser
from helpdesk.domain.errors import DeskError, NotPermittedError, RefusedError
from helpdesk.domain.text import one_line
from helpdesk.ssh.drop_folder import require_own_folder
from helpdesk.ssh.needs import Need

#: Commands for the host's own account, which are refused over SSH.  A test requires that every
#: command is either here or in :data:`OPEN`.
CLOSED = frozenset({"db", "demo", "door", "doctor"})
OPEN = frozenset(
    {
        *(
            "agent",
            "customer",
            "export",
            "import",
            "inbox",
            "kb",
            "levels",
            "macro",
            "manual",
            "people",
            "policy",
            "report",
            "search",
        ),
        *("sla", "ticket", "view"),
    }
)
_CLOSED_HANDLERS = frozenset({"agent_key:authorized"})
_PLAIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
_LONGEST = 128 * 1024
#: How much of a command line the audit trail keeps, in characters.
_KEPT = 200
_OPTIONS = {"db": "--db", "kb": "--kb", "acting_as": "--as"}


@dataclass(frozen=True, slots=True)
class Asked:
    """What a request asks for.  Nothing of it is done or told before the agent has signed in.

    :ivar requested: the command line as the client sent it.
    :ivar command: its arguments; None if there is nothing to run.
    :ivar end: why there is nothing to run: a refusal, or the end of ``--help``.
    :ivar printed: what is still to be printed on standard output.
    :ivar complaint: what is still to be printed on standard error.
    """

    requested: str
    command: argparse.Namespace | None
    end: DeskError | SystemExit = field(default_factory=SystemExit)
    printed: str = ""
    complaint: str = ""

    @property
    def need(self) -> Need:
        """What the command may touch of the host."""
        need: Need = Need.NOTHING if self.command is None else self.command.need
        return need

    @property
    def file(self) -> Path | None:
        """The file in the drop folder that the arguments name, or None."""
        values = () if self.command is None else vars(self.command).values()
        names = (value for value in values if isinstance(value, File))
        return next((Path(name) for name in names if name != "-"), None)

    def tell_refusal(self) -> str:
        """Print what is still to be printed; return the refusal to be recorded, or ""."""
        print(self.printed, end="")
        print(self.complaint, end="", file=sys.stderr)
        if isinstance(self.end, UsageError):
            return self.end.sentence
        return str(self.end) if isinstance(self.end, DeskError) else ""

    def attempt(self, sentence: str) -> str:
        """Return a refusal as the audit trail keeps it: with what was asked for, inert and cut."""
        asked = one_line(self.requested[: 2 * _KEPT])
        cut = "…" if len(asked) > _KEPT else ""
        return f"{one_line(sentence)} Asked for: {asked[:_KEPT]}{cut}"


def parse_request(requested: str, drop_folder: Path | None = None) -> Asked:
    """Parse a command line; a mistake in it is kept until the agent has signed in."""
    printed, complaint = io.StringIO(), io.StringIO()
    try:
        with redirect_stdout(printed), redirect_stderr(complaint):
            return Asked(requested, read_request(words_of(requested), drop_folder))
    except (DeskError, SystemExit) as end:
        return Asked(requested, None, end, printed.getvalue(), complaint.getvalue())


def words_of(command: str) -> list[str]:
    """Split a command line as a shell would, without one: nothing in it is expanded.

    :raises RefusedError: if a quote is not closed, or the line is too long.
    """
    if len(command) > _LONGEST:
        raise RefusedError("the command is too long: give a long text on standard input, with '-'.")
    try:
        words = shlex.split(command)
    except ValueError:
        raise RefusedError("the command has a quote that is not closed: close it.") from None
    return words[1:] if words[:1] == ["helpdesk"] else words


def read_request(words: Sequence[str], drop_folder: Path | None = None) -> argparse.Namespace:
    """Parse a command and return its arguments.

    :param drop_folder: the folder of files that are named without a path; None: no file may be
        named.
    :raises NotPermittedError: if it is not a command of the help desk, or not allowed over SSH.
    :raises UnavailableError: if a file is named and others may write to the drop folder.
    """
    for word in words:
        if not word.startswith("-"):
            break
        _refuse_option(word.partition("=")[0])
    first = next((word for word in words if not word.startswith("-")), "")
    if first and first not in OPEN:
        known = ", ".join(sorted(OPEN))
        reason = (
            "is for the account itself" if first in CLOSED else "is no command of the help desk"
        )
        raise NotPermittedError(
            f"{one_line(first)[:40]!r} {reason}: over SSH there are {known}, or no command for the "
            "app."
        )
    parsed: argparse.Namespace = build_parser().parse_args(words)
    for name, option in _OPTIONS.items():
        if hasattr(parsed, name):
            _refuse_option(option)
    if parsed.handler in _CLOSED_HANDLERS:
        raise NotPermittedError("this command is for the account itself, on the host.")
    for name, value in list(vars(parsed).items()):
        if isinstance(value, File):
            setattr(parsed, name, _file_of_client(value, drop_folder))
    return parsed


def names_place_outside(command: argparse.Namespace) -> bool:
    """Whether an argument names an article by a path that no article can have.

    It leads out of the knowledge base, or to a hidden file.
    """
    return any(
        isinstance(value, ArticlePath) and _leads_outside(value) for value in vars(command).values()
    )


def _leads_outside(path: str) -> bool:
    parts = path.split("/")
    # Hidden names and ".." begin with a dot, an absolute path with an empty part.
    return parts[0] in ("", "~") or any(part.startswith(".") for part in parts) or "\\" in path


def _refuse_option(option: str) -> None:
    if option in _OPTIONS.values():
        raise NotPermittedError(f"{option} cannot be named over SSH: the server sets it.")


def _file_of_client(name: str, folder: Path | None) -> File:
    if name == "-":
        return File.of_client(name)
    if folder is None or not _PLAIN.fullmatch(name):
        alternative = "" if folder is None else ", or the plain name of a file in the drop folder"
        raise NotPermittedError(
            f"{one_line(name)[:60]!r} would be a file of the host: over SSH give '-' and send it "
            f"on standard input{alternative}."
        )
    require_own_folder(folder)
    file = folder / name
    if file.is_symlink():
        raise NotPermittedError(f"{name} in the drop folder is a link: it is not followed.")
    return File.of_client(str(file))
