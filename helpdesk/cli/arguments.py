"""Pieces that the command parsers share."""

import argparse
from collections.abc import Callable, Iterable
from enum import StrEnum
from functools import cache
from typing import Any, NoReturn, TypeVar

from helpdesk.domain.escalation import Level
from helpdesk.domain.text import one_line

W = TypeVar("W", bound=StrEnum)


class Parser(argparse.ArgumentParser):
    """A parser whose complaints are one sentence on stderr, with exit code 2."""

    #: Adds the sub-commands, once somebody asks for one of them or for help.
    fill: "Callable[[Commands], None] | None" = None

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> Any:
        """Parse; of all the groups of commands, only the one that is named gets its commands."""
        fill, self.fill = self.fill, None
        if fill is not None:
            fill(Commands(self))
        return super().parse_known_args(args, namespace)

    def error(self, message: str) -> NoReturn:
        """Say what is wrong with the command line, and leave."""
        self.exit(2, f"{self.prog}: {one_line(message)}; see '{self.prog} --help'.\n")


class Commands:
    """The sub-commands of a command."""

    def __init__(self, parser: Parser, *, required: bool = True) -> None:
        self._actions = parser.add_subparsers(
            title="commands", metavar="COMMAND", required=required, parser_class=Parser
        )

    def group(self, name: str, summary: str, fill: "Callable[[Commands], None]") -> None:
        """Add a command that has sub-commands of its own.

        :param fill: adds them; called when the command is used.
        """
        group = self._actions.add_parser(
            name, help=summary, description=f"{summary}.", allow_abbrev=False
        )
        group.fill = fill

    def add(self, name: str, handler: str, summary: str) -> Parser:
        """Add a command, which takes the options that every command has.

        :param handler: ``module:function`` below ``helpdesk.cli.commands``; imported when it runs.
        """
        parser = self._actions.add_parser(
            name,
            help=summary,
            description=f"{summary}.",
            parents=[common_options()],
            allow_abbrev=False,
        )
        parser.set_defaults(handler=handler)
        return parser


@cache
def common_options() -> Parser:
    """Return the options of every command; a value given before the command stays if not given
    again."""
    options = Parser(add_help=False, argument_default=argparse.SUPPRESS)
    options.add_argument("--db", metavar="URL", help="database (or $HELPDESK_DATABASE_URL)")
    options.add_argument("--kb", metavar="DIR", help="knowledge base folder (or $HELPDESK_KB)")
    options.add_argument("--as", dest="acting_as", metavar="LOGIN", help="act as another agent")
    options.add_argument("--json", action="store_true", help="print one JSON document")
    return options


class File(str):
    """An argument that names a file of the host; ``-`` is standard input or output."""

    __slots__ = ()


def word(kind: type[W]) -> Callable[[str], W]:
    """Return an argument type for the words of an enumeration; case does not matter."""

    def read(text: str) -> W:
        for member in kind:
            if member.value.lower() == text.lower():
                return member
        known = ", ".join(member.value for member in kind)
        raise argparse.ArgumentTypeError(f"{text[:40]!r} is not one of: {known}")

    return read


def level_or(other: str) -> Callable[[str], Level | str]:
    """Return an argument type for a level or one other word; case does not matter."""

    def read(text: str) -> Level | str:
        if text.lower() == other:
            return other
        try:
            return word(Level)(text)
        except argparse.ArgumentTypeError as error:
            raise argparse.ArgumentTypeError(f"{error}, {other}") from None

    return read


def levels(text: str) -> tuple[Level, ...]:
    """Read ``L1`` or ``L1,L2``."""
    read = word(Level)
    return tuple(read(part.strip()) for part in text.split(","))


def positive(text: str) -> int:
    """Read a whole number from 1 on."""
    if text.isascii() and text.isdigit() and 0 < int(text) <= 10_000_000:
        return int(text)
    raise argparse.ArgumentTypeError(f"{text[:40]!r} is not a whole number from 1 on")


def seen_version(verb: Parser, unless: str) -> None:
    """Add ``--version``, with which a change is refused if somebody else made one before.

    :param unless: what is the case then, as the help says it.
    """
    verb.add_argument(
        "--version",
        dest="seen_version",
        type=positive,
        metavar="V",
        help=f"refuse (exit 3) if {unless}",
    )


def any_of(words: Iterable[str]) -> str:
    """Return the words as a help text offers them."""
    return "|".join(words)
