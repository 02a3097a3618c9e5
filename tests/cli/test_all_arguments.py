"""What is said about an argument is harmless, and it makes no file that it does not name.

The arguments are those of the program's own parser; the texts go through each of them.
"""

import argparse
import os
from collections.abc import Iterator
from itertools import cycle
from pathlib import Path

import pytest

from helpdesk.cli.arguments import File
from tests.cli.hostile_shell import leaves, on_terminal
from tests.cli.shell import Shell
from tests.hostile import as_argument, hostile_texts
from tests.terminal_stream import harmful

#: Commands that make a desk of their own, or start a pager.
_NOT_TRIED = {"demo", "manual"}
#: Arguments of all commands, tried with one.
_EVERYWHERE = {"db", "kb", "acting_as"}
#: The longest text that is given in one argument.
_LONGEST = 200


def _given() -> Iterator[str]:
    return (as_argument(text)[:_LONGEST] for text in hostile_texts())


def _taken() -> Iterator[tuple[str, argparse.ArgumentParser, argparse.Action]]:
    """Yield each argument that takes a value; the common ones of one command only."""
    for words, parser in leaves():
        for action in parser._actions:
            common = action.dest in _EVERYWHERE and words != "ticket show"
            if words not in _NOT_TRIED and action.nargs != 0 and not common:
                yield words, parser, action


_ARGUMENTS = {f"{taken[0]} {taken[2].dest}": taken for taken in _taken()}


@pytest.mark.timeout(300)
def test_each_argument_of_each_command_is_harmless_in_what_is_said_about_it(
    hostile_shell: Shell,
) -> None:
    assert len(_ARGUMENTS) > 150
    texts = cycle(_given())
    answered = 0
    for number, name in enumerate(_ARGUMENTS):
        # Every other time three in a row, which are within what a sentence quotes of a text.
        row = [next(texts)[:12] for _ in range(3)] if number % 2 else [next(texts)]
        answered += _try(hostile_shell, name, "".join(row)) != ""
    assert answered > len(_ARGUMENTS) * 0.9


@pytest.mark.long
@pytest.mark.timeout(0)
@pytest.mark.parametrize("name", _ARGUMENTS)
def test_every_hostile_text_in_an_argument(hostile_shell: Shell, name: str) -> None:
    for text in _given():
        _try(hostile_shell, name, text)


def _try(shell: Shell, name: str, text: str) -> str:
    words, parser, action = _ARGUMENTS[name]
    option = [f"{action.option_strings[-1]}={text}"] if action.option_strings else []
    arguments = [*words.split(), *_needed(parser, action, text), *option]
    before = _files(shell.folder.parent)
    printed = on_terminal(shell, *arguments)
    assert harmful(printed) == [], arguments
    assert "something went wrong" not in printed, arguments
    assert "Traceback" not in printed, arguments
    made = _files(shell.folder.parent) - before
    if action.type is File or action.dest == "db":
        here = os.path.abspath(text)  # noqa: PTH100  (nothing is resolved)
        made = {path for path in made if not path.startswith(here)}
    assert made == set(), arguments
    return printed


def _needed(parser: argparse.ArgumentParser, tried: argparse.Action, text: str) -> list[str]:
    """Return what the parser needs besides the argument that is tried, and that, if positional."""
    words: list[str] = []
    for action in parser._actions:
        if action is tried:
            words += [] if action.option_strings else ["--", text]
        elif action.option_strings and action.required:
            value = next(iter(action.choices)) if action.choices else "1"
            words = [action.option_strings[-1], str(value), *words]
        elif not action.option_strings and action.nargs != "?" and "--" not in words:
            words.append("1")
    return words


def _files(folder: Path) -> set[str]:
    """Return all files of the test, but what the program keeps for itself, and the desk's."""
    found = {
        os.path.join(place, name)  # noqa: PTH118
        for place, _, names in os.walk(folder)
        for name in names
    }
    own = (str(folder / "desk.db"), str(folder / "shell" / "."))
    return {path for path in found if not path.startswith(own)}
