"""Findings: the mistakes in a policy file and what is dubious in it, with their places."""

from collections.abc import Mapping
from dataclasses import dataclass

from helpdesk.domain.i18n import _
from helpdesk.policy.toml_lines import KeyPath


@dataclass(frozen=True, slots=True, order=True)
class PolicyFinding:
    """One mistake in a policy file, or something in it that is probably not meant.

    :ivar line: the line, counted from 1; for a missing key, the line of its table.
    :ivar place: the key as TOML writes it (``calendars."8/5".hours``); "" for the whole file.
    :ivar sentence: what is wrong and what to do.
    :ivar is_warning: whether the policy can be applied nevertheless.
    """

    line: int
    place: str
    sentence: str
    is_warning: bool = False

    def __str__(self) -> str:
        kind = _("warning: ") if self.is_warning else ""
        return f"{self.line}: {kind}{self.place}: {self.sentence}".replace(": : ", ": ")


class FindingCollector:
    """Collects all mistakes and warnings of one policy file.

    :param lines: the line of each key in the file.
    """

    def __init__(self, lines: Mapping[KeyPath, int]) -> None:
        self._lines = lines
        self._findings: set[PolicyFinding] = set()

    def add(self, path: KeyPath, sentence: str, *, is_warning: bool = False) -> None:
        """Add a mistake at a key; its line is that of the key or its nearest parent in the file.

        :param is_warning: whether it is no mistake, but probably not meant.
        """
        known = path
        while known and known not in self._lines:
            known = known[:-1]
        line = self._lines.get(known, 1)
        self._findings.add(PolicyFinding(line, place_text(path), sentence, is_warning))

    @property
    def findings(self) -> tuple[PolicyFinding, ...]:
        """The mistakes, ordered by line."""
        return tuple(sorted(each for each in self._findings if not each.is_warning))

    @property
    def warnings(self) -> tuple[PolicyFinding, ...]:
        """What is probably not meant, ordered by line."""
        return tuple(sorted(each for each in self._findings if each.is_warning))


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
