"""The argument parser and the argument types that all commands share."""

import argparse
import sys
from collections.abc import Callable, Iterable
from enum import StrEnum
from functools import cache
from typing import Any, NoReturn, TypeVar

from helpdesk.cli.dash_values import DashValueParser
from helpdesk.domain.escalation import Level
from helpdesk.domain.text import one_line
from helpdesk.ssh.needs import Need
from helpdesk.text_encoding import argument_text

E = TypeVar("E", bound=StrEnum)


class UsageError(SystemExit):
    """The command line is wrong; it has been told, and the program ends with exit code 2.

    :ivar sentence: what is wrong with it.
    """

    def __init__(self, sentence: str) -> None:
        super().__init__(2)
        self.sentence = sentence


class Parser(DashValueParser):
    """A parser that reports an error in one sentence on stderr and exits with code 2."""

    #: Adds the sub-commands; called when this command is parsed, so that others cost nothing.
    fill: "Callable[[Commands], None] | None" = None
    #: Returns what is wrong with arguments that do not fit together, or "".
    problem: "Callable[[argparse.Namespace], str] | None" = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.color = False  # Python 3.14 would print the help in colours

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> Any:
        """Parse the arguments; only the command group that is named gets its sub-commands."""
        fill, self.fill = self.fill, None
        if fill is not None:
            fill(Commands(self))
        parsed = super().parse_known_args(args, namespace)
        wrong = self.problem(parsed[0]) if self.problem else ""
        if wrong:
            self.error(wrong)
        return parsed

    def parse_args(self, args: Any = None, namespace: Any = None) -> Any:
        """Parse the arguments; texts may be in UTF-8 or in the encoding of the locale.

        :raises RefusedError: if one is in neither.
        """
        parsed = super().parse_args(args, namespace)
        for name, value in vars(parsed).items():
            setattr(parsed, name, _decoded(value))
        return parsed

    def error(self, message: str) -> NoReturn:
        """Print what is wrong with the command line and exit with code 2."""
        sentence = f"{self.prog}: {one_line(message)}; see '{self.prog} --help'."
        print(sentence, file=sys.stderr)
        raise UsageError(sentence)


class Commands:
    """The sub-commands of a command."""

    def __init__(self, parser: Parser, *, required: bool = True) -> None:
        self._actions = parser.add_subparsers(
            title="commands", metavar="COMMAND", required=required, parser_class=Parser
        )

    def group(self, name: str, summary: str, fill: "Callable[[Commands], None]") -> None:
        """Add a command that has sub-commands.

        :param fill: adds the sub-commands; called when this command is parsed.
        """
        group = self._actions.add_parser(
            name, help=summary, description=f"{summary}.", allow_abbrev=False
        )
        group.fill = fill

    def add(self, name: str, handler: str, summary: str, need: Need = Need.NOTHING) -> Parser:
        """Add a command with the common options and return its parser.

        :param handler: ``module:function`` in ``helpdesk.cli.commands``; imported when it runs.
        :param need: what it may touch of the host if an SSH client runs it.
        """
        parser = self._actions.add_parser(
            name,
            help=summary,
            description=f"{summary}.",
            parents=[common_options()],
            allow_abbrev=False,
        )
        parser.set_defaults(handler=handler, need=need, command=parser.prog)
        return parser


@cache
def common_options() -> Parser:
    """Return a parent parser with the options that every command takes.

    A value given before the command is kept unless the option is given again after it.
    """
    options = Parser(add_help=False, argument_default=argparse.SUPPRESS)
    options.add_argument(
        "--db", type=HostPath, metavar="URL", help="database (or $HELPDESK_DATABASE_URL)"
    )
    options.add_argument(
        "--kb", type=HostPath, metavar="DIR", help="knowledge base folder (or $HELPDESK_KB)"
    )
    options.add_argument("--as", dest="acting_as", metavar="LOGIN", help="act as another agent")
    options.add_argument("--json", action="store_true", help="print one JSON document")
    return options


class File(str):
    """An argument that names a file on this host; ``-`` is standard input or output.

    This is the type of every argument that names a file: :mod:`helpdesk.cli.files` opens nothing
    else, and over SSH :mod:`helpdesk.cli.ssh.request` allows ``-`` and the drop folder only.

    :ivar over_ssh: whether an SSH client named it; what is in it can name no file of this host.
    """

    over_ssh: bool = False

    @classmethod
    def of_client(cls, name: str) -> "File":
        """Return a file that an SSH client named."""
        file = cls(name)
        file.over_ssh = True
        return file


class HostPath(str):
    """An argument that names a place on this host, whose name may be in any encoding.

    No command that is open over SSH has one, except ``--db`` and ``--kb``, which are refused there.
    """

    __slots__ = ()


class ArticlePath(str):
    """An argument that names an article by its path, which never leaves the knowledge base."""

    __slots__ = ()


def _decoded(value: Any) -> Any:
    """Return the value of an argument with its texts decoded; paths are left as they are."""
    if isinstance(value, list):
        return [_decoded(each) for each in value]
    if isinstance(value, ArticlePath):
        return ArticlePath(argument_text(value))
    return argument_text(value) if type(value) is str else value


def mapping(text: str) -> str:
    """Parse the name of a built-in mapping; anything else is a :class:`File`."""
    return File(text) if "/" in text or text.endswith(".toml") else text


def member_of(enumeration: type[E]) -> Callable[[str], E]:
    """Return an argument type for the values of an enumeration; case does not matter."""

    def read(text: str) -> E:
        for member in enumeration:
            if member.value.lower() == text.lower():
                return member
        known = ", ".join(member.value for member in enumeration)
        raise argparse.ArgumentTypeError(f"{text[:40]!r} is not one of: {known}")

    return read


def level_or(other: str) -> Callable[[str], Level | str]:
    """Return an argument type for a level or the word ``other``; case does not matter."""

    def read(text: str) -> Level | str:
        if text.lower() == other:
            return other
        try:
            return member_of(Level)(text)
        except argparse.ArgumentTypeError as error:
            raise argparse.ArgumentTypeError(f"{error}, {other}") from None

    return read


def levels(text: str) -> tuple[Level, ...]:
    """Parse a list of levels such as ``L1`` or ``L1,L2``."""
    read = member_of(Level)
    return tuple(read(part.strip()) for part in text.split(","))


def positive(text: str) -> int:
    """Parse a whole number from 1 to 10,000,000."""
    if text.isascii() and text.isdigit() and 0 < int(text) <= 10_000_000:
        return int(text)
    raise argparse.ArgumentTypeError(f"{text[:40]!r} is not a whole number from 1 to 10,000,000")


def places(text: str) -> tuple[int, ...]:
    """Parse places in a list, such as ``3,5-7``."""
    found: list[int] = []
    for part in text.replace(" ", "").split(","):
        first, dash, last = part.partition("-")
        start = positive(first)
        end = positive(last) if dash else start
        if not start <= end < start + 1_000:
            raise argparse.ArgumentTypeError(f"{part[:40]!r} is no range such as 5-7")
        found += range(start, end + 1)
    return tuple(dict.fromkeys(found))


def add_version_option(verb: Parser, condition: str) -> None:
    """Add ``--version V``, which refuses a change if the record has changed since version V.

    :param condition: when it is refused, for the help text: "refuse if ...".
    """
    verb.add_argument(
        "--version",
        dest="seen_version",
        type=positive,
        metavar="V",
        help=f"refuse (exit 3) if {condition}",
    )


def any_of(words: Iterable[str]) -> str:
    """Return the allowed values for a help text: ``a|b|c``."""
    return "|".join(words)
