"""A mistake in the knowledge base."""

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """An error keeps something from working; a warning is worth an editor's look."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """What is wrong, and where: a path within the knowledge base and a line from 1."""

    path: str
    line: int
    severity: Severity
    message: str
