"""Findings: the mistakes in a policy file and their places."""

from collections.abc import Mapping
from dataclasses import dataclass

from helpdesk.policy.toml_lines import KeyPath


@dataclass(frozen=True, slots=True, order=True)
class PolicyFinding:
    """One mistake in a policy file.

    :ivar line: the line, counted from 1; for a missing key, the line of its table.
    :ivar place: the key as TOML writes it (``calendars."8/5".hours``); "" for the whole file.
    :ivar sentence: what is wrong and what to do.
    """

    line: int
    place: str
    sentence: str

    def __str__(self) -> str:
        return f"{self.line}: {self.place}: {self.sentence}".replace(": : ", ": ")


class FindingCollector:
    """Collects all mistakes of one policy file.

    :param lines: the line of each key in the file.
    """

    def __init__(self, lines: Mapping[KeyPath, int]) -> None:
        self._lines = lines
        self._findings: set[PolicyFinding] = set()

    def add(self, path: KeyPath, sentence: str) -> None:
        """Add a mistake at a key; its line is that of the key or its nearest parent in the file."""
        known = path
        while known and known not in self._lines:
            known = known[:-1]
        self._findings.add(PolicyFinding(self._lines.get(known, 1), place_text(path), sentence))

    @property
    def findings(self) -> tuple[PolicyFinding, ...]:
        """The mistakes, ordered by line."""
        return tuple(sorted(self._findings))


def place_text(path: KeyPath) -> str:
    """Return a path of keys as TOML writes it: ``alarms[1].do``."""
    text = ""
    for part in path:
        if isinstance(part, int):
            text += f"[{part}]"
        else:
            text += ("." if text else "") + (f"{part:.60}" if _is_bare(part) else _quoted(part))
    return text


def _quoted(key: str) -> str:
    return '"' + "".join(map(_escaped, key[:60])) + '"'


def _escaped(char: str) -> str:
    if char in '"\\':
        return f"\\{char}"
    return char if char.isprintable() else f"\\U{ord(char):08X}"


def _is_bare(key: str) -> bool:
    return key.isascii() and key.replace("-", "").replace("_", "").isalnum()
