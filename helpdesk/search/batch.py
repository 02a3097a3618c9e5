"""Answering a batch of queries: one JSON line in, one JSON line out."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from helpdesk.domain.errors import RefusedError
from helpdesk.domain.parsing import parse_json
from helpdesk.search.searcher import Searcher


def run_batch(
    searcher: Searcher,
    lines: Iterable[str],
    *,
    scope: str,
    limit: int,
    signals: Mapping[str, float],
) -> Iterator[dict[str, Any]]:
    """Yield ``{"q", "hits", "ms"}`` for each line ``{"q": …}``.

    A hit is ``{"kind", "id", "score", "repeat"}``.

    Blank lines are skipped.

    :raises RefusedError: if a line does not have this shape; it names the line.
    """
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        text = _query(line, number)
        answer = searcher.search(text, scope=scope, limit=limit, signals=signals)
        hits = [
            {"kind": hit.kind, "id": hit.id, "score": hit.score, "repeat": hit.repeat}
            for hit in answer.hits
        ]
        yield {"q": text, "hits": hits, "ms": answer.ms}


def _query(line: str, number: int) -> str:
    try:
        entry = parse_json(line)
    except ValueError:
        entry = None
    if not isinstance(entry, dict) or not isinstance(entry.get("q"), str):
        raise RefusedError(
            f'line {number} of the batch does not have the form {{"q": "text"}}: correct it.'
        )
    return str(entry["q"])
