"""Keeping the index true to the knowledge base and the tickets.

Whoever sees a change first brings the index up to date for everybody.  Nothing has to be told what
changed: files are compared by time and size, tickets by the number of the newest event indexed.
"""

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from helpdesk.domain.errors import RefusedError, UnavailableError
from helpdesk.knowledge.synonyms import read_synonyms, stamp
from helpdesk.search.meaning import MODEL
from helpdesk.search.synonyms import SYNONYMS
from helpdesk.store.search_index import ARTICLE, Doc, SearchIndex

if TYPE_CHECKING:
    from helpdesk.knowledge.folder import KnowledgeFolder
    from helpdesk.search.meaning import Meaning

_MARK = "ticket_mark"
_SYNONYMS_STAMP = "synonyms_stamp"


class TicketSource(Protocol):
    """Where the tickets come from."""

    def latest(self) -> int:
        """Return a number that grows with every change of a ticket."""

    def changed_since(self, mark: int) -> Iterable[Sequence[Doc]]:
        """Yield the tickets that changed after ``mark``, in batches."""


def refresh_articles(index: SearchIndex, folder: "KnowledgeFolder") -> bool:
    """Bring the index up to date with the folder; return whether anything changed.

    A folder that cannot be read leaves what was found there before findable.
    """
    try:
        present = {file.path: f"{file.mtime_ns}:{file.size}" for file in folder.files()}
    except UnavailableError:
        return False
    with index.read() as reader:
        known = reader.stamps(ARTICLE)
    changed = [path for path, stamp in present.items() if known.get(path) != stamp]
    gone = [path for path in known if path not in present]
    if not changed and not gone:
        return False
    read = {path: _read(folder, path, present[path]) for path in changed}
    with index.write() as writer:
        writer.drop(ARTICLE, gone)
        for path, doc in read.items():
            if doc.error:
                writer.mark_broken(path, doc.stamp, doc.error)
            else:
                writer.put([doc])
    return True


def refresh_synonyms(index: SearchIndex, root: Path) -> bool:
    """Keep the folder's synonyms with the index, so that every process has them."""
    now = stamp(root)
    with index.read() as reader:
        if reader.note(_SYNONYMS_STAMP) == now:
            return False
    groups, _ = read_synonyms(root)
    with index.write() as writer:
        writer.set_note(SYNONYMS, json.dumps(groups))
        writer.set_note(_SYNONYMS_STAMP, now)
    return True


def refresh_meanings(index: SearchIndex, vectors: "Meaning") -> bool:
    """Compute the vectors that articles lack; return whether there were any.

    A process without the extra may have indexed them.
    """
    with index.read() as reader:
        lacking = reader.without_vector(ARTICLE, MODEL)
    if not lacking:
        return False
    packed = [vectors.packed(vectors.document(titles, body)) for _, titles, body in lacking]
    with index.write() as writer:
        writer.put_vectors(MODEL, zip((number for number, *_ in lacking), packed, strict=True))
    return True


def _read(folder: "KnowledgeFolder", path: str, stamp: str) -> Doc:
    try:
        article = folder.read(path)
    except RefusedError as error:
        return Doc(ARTICLE, path, title="", body="", stamp=stamp, error=str(error))
    return Doc(
        kind=ARTICLE,
        ref=path,
        title=article.title,
        body=article.body,
        aliases=article.aliases,
        tags=" ".join(article.tags),
        headings="\n".join(article.headings),
        service=article.service,
        status=article.status,
        stamp=stamp,
    )


def refresh_tickets(index: SearchIndex, source: TicketSource) -> bool:
    """Bring the index up to date with the tickets; return whether anything changed."""
    latest = source.latest()
    with index.read() as reader:
        mark = int(reader.note(_MARK) or 0)
    if mark == latest:
        return False
    # Another desk's database under the same name, or a restored backup: begin anew.
    if mark > latest:
        mark = 0
    with index.write() as writer:
        if int(writer.note(_MARK) or 0) == latest:  # another process was first
            return True
        for batch in source.changed_since(mark):
            writer.put(batch)
        writer.set_note(_MARK, str(latest))
    return True
