"""What the commands print: one JSON document, or lines for people."""

import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from helpdesk.domain.support_hours.instant import optional_instant_text
from helpdesk.domain.text import inert, one_line


def print_json(document: Any) -> None:
    """Print one JSON document; everything beyond ASCII is escaped, so no terminal is fooled."""
    print(json.dumps(document, indent=2, ensure_ascii=True))


def print_text(text: str) -> None:
    """Print text from anywhere as inert text."""
    print(inert(text))


def print_table(heads: Sequence[str], rows: Iterable[Sequence[str]], last_width: int = 60) -> None:
    """Print rows in columns as wide as they need; the last one is cut at ``last_width``."""
    lines = [[one_line(cell) for cell in row] for row in rows]
    if not lines:
        return
    for line in lines:
        if len(line[-1]) > last_width:
            line[-1] = line[-1][: last_width - 1] + "…"
    widths = [max(len(row[place]) for row in [heads, *lines]) for place in range(len(heads))]
    for row in [heads, *lines]:
        cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        print("  ".join(cells).rstrip())


def iso(at: datetime | None) -> str | None:
    """Return an instant as ISO 8601 in UTC, ``2026-12-01T09:00:00Z``."""
    return optional_instant_text(at)


def local(at: datetime | None) -> str:
    """Return an instant in the host's zone for people to read."""
    return "-" if at is None else at.astimezone().strftime("%Y-%m-%d %H:%M")
