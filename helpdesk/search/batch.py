"""Many queries at once: a JSON line in, a JSON line out."""

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from helpdesk.domain.errors import RefusedError
from helpdesk.search.searcher import Searcher


def run_batch(
    searcher: Searcher,
    lines: Iterable[str],
    *,
    scope: str,
    limit: int,
    signals: Mapping[str, float],
) -> Iterator[dict[str, Any]]:
    """Yield ``{"q", "hits": [{"kind", "id", "score"}], "ms"}`` for each line ``{"q": …}``.

    Blank lines are passed over.

    :raises RefusedError: naming the line that is not of that shape.
    """
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        text = _query(line, number)
        answer = searcher.search(text, scope=scope, limit=limit, signals=signals)
        hits = [{"kind": hit.kind, "id": hit.id, "score": hit.score} for hit in answer.hits]
        yield {"q": text, "hits": hits, "ms": answer.ms}


def _query(line: str, number: int) -> str:
    try:
        entry = json.loads(line)
    except (ValueError, RecursionError):
        entry = None
    if not isinstance(entry, dict) or not isinstance(entry.get("q"), str):
        raise RefusedError(
            f'line {number} of the batch is not of the shape {{"q": "text"}}: correct it.'
        )
    return str(entry["q"])
