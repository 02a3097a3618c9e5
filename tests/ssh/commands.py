"""Every command of the help desk, with arguments that it can be run with."""

import argparse
from collections.abc import Iterator
from typing import Any

from helpdesk.cli.arguments import Commands, Parser
from helpdesk.cli.parser import build_parser
from helpdesk.cli.ssh.request import OPEN
from helpdesk.ssh.needs import Need

#: By what the help calls an argument: a value for it.
_VALUES = {
    "ID": "1", "LOGIN": "bob", "TEXT|-": "words", "TEXT": "vpn", "SUBJECT": "more",
    "L1[,L2]": "L1", "PATH": "vpn/keepalive.md", "NAME": "mine", "QUERY": "state:open", "N": "1",
    "FINGERPRINT": "SHA256:unknown", "FILE": "-", "FILE.toml": "-", "FILE.json": "-",
    "MAPPING": "freshdesk", "PERSON": "P-1",
}  # fmt: skip
#: By command: what it is run with, if the values above do not do or leave out what it can touch.
_LINES = {
    "ticket escalate": ["1 --to L2"],
    "ticket pend": ["1 --on requester"],
    "ticket follow-up": ["1 --at 2h"],
    "ticket merge": ["1 --into 2"],
    "ticket link": ["1 --to 2"],
    "ticket tick": ["1 --sop procedures/close-ticket.md --step 1"],
    "macro check": ["macros.toml"],
    "macro apply": ["macros.toml"],
    "search": ["vpn", "--batch queries.jsonl"],
    "kb new": ["new/one.md --title One"],
    "kb submit": ["new/one.md"],
    "kb publish": ["new/one.md"],
    "sla simulate": ["case.json"],
    "policy check": ["policy.toml"],
    "policy preview": ["policy.toml"],
    "policy apply": ["policy.toml"],
    "policy show": ["policy.toml"],
    "report kpi": ["--format html -o kpi.html"],
    "report audit": ["", "--anchor", "--check-anchors anchors.txt"],
    "export tickets": ["-o tickets.csv"],
    "export events": ["-o events.csv"],
    "import": ["tickets.csv --map freshdesk"],
    "agent add": ["eve --level L1"],
    "agent set": ["bob --name Bob"],
    "agent key add": ["bob key.pub"],
    "agent key remove": ["bob {key}"],
    "people add": ["Ada"],
    "people set": ["P-1 --room 1"],
    "people join": ["P-2 --into P-1"],
    "people separate": ["P-2"],
    "people erase": ["P-1 --yes"],
    "customer set": ["Contoso --note words"],
}


def every_command() -> Iterator[tuple[str, Need]]:
    """Yield each command that is open over SSH, and its declared needs."""
    for words, parser in _leaves(build_parser(), ()):
        if words[0] in OPEN and not parser.get_default("handler").endswith(":authorized"):
            yield " ".join(words), parser.get_default("need")


def lines(command: str) -> list[str]:
    """Return the command lines with which a command is tried."""
    if command in _LINES:
        return [f"{command} {rest}".strip() for rest in _LINES[command]]
    parser = dict(_leaves(build_parser(), ()))[tuple(command.split())]
    words = [word for action in parser._actions for word in _argument(action)]
    return [" ".join((command, *words))]


def _argument(action: argparse.Action) -> Iterator[str]:
    if action.nargs == "?" or not (action.required or not action.option_strings):
        return
    yield from action.option_strings[-1:]
    yield str(next(iter(action.choices))) if action.choices else _VALUES[str(action.metavar)]


def _leaves(parser: Parser, words: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Any]]:
    if parser.fill is not None:
        fill, parser.fill = parser.fill, None
        fill(Commands(parser))
    groups = [action for action in parser._actions if isinstance(action.choices, dict)]
    if not groups:
        yield words, parser
    for group in groups:
        assert isinstance(group.choices, dict)
        for name, command in group.choices.items():
            yield from _leaves(command, (*words, name))
