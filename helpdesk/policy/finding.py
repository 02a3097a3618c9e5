"""What is wrong with a policy file, and where."""

from collections.abc import Mapping
from dataclasses import dataclass

from helpdesk.policy.toml_lines import KeyPath


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """One mistake.

    :ivar line: counted from 1; where something is missing, the line of what it is missing from.
    :ivar place: the key as it is written in TOML, ``calendars."8/5".hours``; "" for the file.
    :ivar sentence: what is wrong and what to do.
    """

    line: int
    place: str
    sentence: str

    def __str__(self) -> str:
        return f"{self.line}: {self.place}: {self.sentence}".replace(": : ", ": ")


class Report:
    """Collects the mistakes of one file, so that all are named and not only the first."""

    def __init__(self, lines: Mapping[KeyPath, int]) -> None:
        self._lines = lines
        self._findings: set[Finding] = set()

    def say(self, path: KeyPath, sentence: str) -> None:
        """Add a mistake at a key, or at the nearest key above it that is written in the file."""
        known = path
        while known and known not in self._lines:
            known = known[:-1]
        self._findings.add(Finding(self._lines.get(known, 1), place_text(path), sentence))

    @property
    def findings(self) -> tuple[Finding, ...]:
        """The mistakes in the order of lines."""
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
