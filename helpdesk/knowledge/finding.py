"""Mistakes found in the knowledge base."""

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """How serious a finding is: an error breaks something, a warning should be looked at."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True, order=True)
class ArticleFinding:
    """A mistake: its path within the knowledge base, its line (from 1) and what is wrong."""

    path: str
    line: int
    severity: Severity
    message: str
