"""Printing the output of a command: one JSON document, or lines for people."""

import json
import sys
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from helpdesk.domain.desk_zone import local_time_text
from helpdesk.domain.support_hours.instant import optional_instant_text
from helpdesk.domain.text import inert, one_line


def print_json(document: Any) -> None:
    """Print one JSON document; non-ASCII text is escaped, so it cannot control the terminal."""
    print(json.dumps(document, indent=2, ensure_ascii=True))


def print_text(text: str) -> None:
    """Print text with its control characters made visible, so it cannot control the terminal."""
    print(inert(text))


def print_table(heads: Sequence[str], rows: Iterable[Sequence[str]], last_width: int = 60) -> None:
    """Print rows in aligned columns; the last column is cut at ``last_width`` characters."""
    lines = [[one_line(cell) for cell in row] for row in rows]
    if not lines:
        return
    for line in lines:
        if len(line[-1]) > last_width:
            line[-1] = line[-1][: last_width - 1] + "…"
    widths = [max(len(row[column]) for row in [heads, *lines]) for column in range(len(heads))]
    for row in [heads, *lines]:
        cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        print("  ".join(cells).rstrip())


def print_remarks(sentences: Iterable[str]) -> None:
    """Print what a person should know of a command that was carried out, on stderr."""
    for sentence in sentences:
        print(f"helpdesk: {one_line(sentence)}", file=sys.stderr)


def iso(at: datetime | None) -> str | None:
    """Return a time as ISO 8601 in UTC, such as ``2026-12-01T09:00:00Z``."""
    return optional_instant_text(at)


def local(at: datetime | None) -> str:
    """Return a time in the desk's time zone, such as ``2026-12-01 10:00``; ``-`` for None."""
    return local_time_text(at)
