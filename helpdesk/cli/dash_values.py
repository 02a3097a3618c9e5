"""An argument parser that takes values for what they are although they begin with a dash."""

import argparse
import sys
from collections.abc import Sequence
from difflib import get_close_matches
from typing import Any


class DashValueParser(argparse.ArgumentParser):
    """A parser for which the word after an option is its value, as it is for most programs.

    :mod:`argparse` itself takes ``-tag:vip`` for an option wherever it stands.  Only where the word
    is an option of this command is the value missing.
    """

    #: Whether its arguments are texts: a word such as ``-tag:vip`` is then no unknown option.
    takes_texts = False

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> Any:
        """Parse the arguments; what a command without sub-commands does not know is an error."""
        words = sys.argv[1:] if args is None else args
        parsed, unknown = super().parse_known_args(self._with_values(words), namespace)
        if unknown and self._subparsers is None:
            self.error(f"unrecognized arguments: {' '.join(unknown)}; {self._cure(unknown[0])}")
        return parsed, unknown

    def _cure(self, unknown: str) -> str:
        """Return what may have been meant by an argument that this command does not know."""
        if not unknown.startswith("-"):
            return "a value of several words is written in quotes"
        name = unknown.partition("=")[0]
        if not name.startswith("--"):
            return "an argument that begins with a dash is written behind --"
        options = self._option_string_actions
        if name in options:
            return "options stand before the --"
        near = [option for option in options if option.startswith(name)]
        near += get_close_matches(name, options, n=1)
        return f"{near[0]} may be meant" if near else "there is no such option"

    def _with_values(self, words: Sequence[str]) -> list[str]:
        """Join each option to its value where that begins with a dash: ``--query=-tag:vip``.

        Otherwise argparse would take the value for an option.
        """
        joined: list[str] = []
        rest = iter(words)
        for word in rest:
            if word == "--" or (self._subparsers is not None and not word.startswith("-")):
                joined.append(word)  # what follows are arguments, or belongs to a sub-command
                break
            option = self._option_string_actions.get(word)
            if option is None or option.nargs is not None:  # it takes no value
                joined.append(word)
                continue
            value = next(rest, None)
            if value is None or not value.startswith("-") or value == "-":
                joined += [word] if value is None else [word, value]
            else:
                joined.append(self._with_value(option, value))
        return [*joined, *rest]

    def _with_value(self, option: argparse.Action, value: str) -> str:
        long = next((name for name in option.option_strings if name.startswith("--")), "")
        whole = f"{long}={value}" if long else f"{option.option_strings[0]}{value}"
        if value == "--" or value.partition("=")[0] in self._option_string_actions:
            self.error(
                f"argument {'/'.join(option.option_strings)}: its value is missing before "
                f"{value[:40]}; if that is the value, write {whole[:80]}"
            )
        return whole

    def _get_values(self, action: argparse.Action, arg_strings: list[str]) -> Any:
        """Return the values of an argument; argparse would drop the value in ``--text=--``."""
        if action.option_strings and action.nargs is None and arg_strings == ["--"]:
            return self._get_value(action, "--")
        return super()._get_values(action, arg_strings)

    def _parse_optional(self, arg_string: str) -> Any:
        """Return None, which means "no option", for a text that begins with a dash."""
        begin = arg_string[:2]
        if self.takes_texts and begin != "--" and begin not in self._option_string_actions:
            return None
        return super()._parse_optional(arg_string)
