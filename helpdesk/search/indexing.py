"""Keeping the index true to the knowledge base and the tickets.

Whoever sees a change first brings the index up to date for everybody.  Nothing has to be told what
changed: files are compared by time and size, tickets by the number of the newest event indexed.
What takes long is done in pieces, each a transaction of its own, so that nobody waits for the
whole, several processes can share the work, and what is done is found at once.
"""

import json
import time
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from helpdesk.domain.errors import RefusedError, UnavailableError
from helpdesk.knowledge.synonyms import read_synonyms, stamp
from helpdesk.search.embeddings import MODEL
from helpdesk.search.synonyms import SYNONYMS
from helpdesk.store.search.documents import ARTICLE, TICKET, Doc
from helpdesk.store.search.index import SearchIndex

if TYPE_CHECKING:
    from helpdesk.knowledge.folder import KnowledgeFolder
    from helpdesk.search.embeddings import Meaning

#: The newest event that the index knows of.
_MARK = "ticket_mark"
#: The last ticket of a first filling that is not complete yet.
_FILLED = "tickets_filled"
_SYNONYMS_STAMP = "synonyms_stamp"
#: Files that are read before they are written to the index, and titles whose vectors are.
_FILES, _TITLES = 100, 32
_BREATH_S = 0.02


class TicketSource(Protocol):
    """Where the tickets come from."""

    def latest(self) -> int:
        """Return a number that grows with every change of a ticket."""

    def after(self, last: str) -> Sequence[Doc]:
        """Return the tickets that follow the one of that ref ("" for the first), in a batch."""

    def changed_since(self, mark: int) -> Iterable[Sequence[Doc]]:
        """Yield the tickets that changed after ``mark``, in batches."""


def refresh_articles(
    index: SearchIndex, folder: "KnowledgeFolder", until: float | None = None
) -> bool:
    """Bring the index up to date with the folder; return whether it is.

    A folder that cannot be read leaves what was found there before findable.

    :param until: the monotonic time after which no further piece is begun.
    """
    try:
        present = {file.path: f"{file.mtime_ns}:{file.size}" for file in folder.files()}
    except UnavailableError:
        return True
    with index.read() as reader:
        known = reader.stamps(ARTICLE)
    gone = [path for path in known if path not in present]
    if gone:
        with index.write() as writer:
            writer.drop(ARTICLE, gone)
    changed = [path for path, stamp in present.items() if known.get(path) != stamp]
    for start in range(0, len(changed), _FILES):
        if start and until is not None and time.monotonic() >= until:
            return False
        piece = changed[start : start + _FILES]
        _put(index, [_read(folder, path, present[path]) for path in piece])
    return True


def _put(index: SearchIndex, docs: Sequence[Doc]) -> None:
    """Index the articles; of a broken one its last good version stays findable."""
    with index.write() as writer:
        writer.put(doc for doc in docs if not doc.error)
        for doc in docs:
            if doc.error:
                writer.mark_broken(doc.ref, doc.stamp, doc.error)


def refresh_synonyms(index: SearchIndex, root: Path) -> None:
    """Keep the folder's synonyms with the index, so that every process has them."""
    now = stamp(root)
    with index.read() as reader:
        if reader.note(_SYNONYMS_STAMP) == now:
            return
    groups, _ = read_synonyms(root)
    with index.write() as writer:
        writer.set_note(SYNONYMS, json.dumps(groups))
        writer.set_note(_SYNONYMS_STAMP, now)
        writer.note_change()


def refresh_meanings(index: SearchIndex, vectors: "Meaning", until: float | None = None) -> bool:
    """Compute the vectors that articles lack; return whether none is lacking any more.

    A process without the extra may have indexed them.  Processes take turns.

    :param until: the monotonic time after which no further piece is begun.
    """
    while True:
        with index.claim() as claimed:
            with index.read() as reader:
                lacking = reader.without_vector(ARTICLE, MODEL, _TITLES)
            if not lacking:
                return True
            if until is not None and time.monotonic() >= until:
                return False
            if claimed:
                _compute(index, vectors, lacking)
        if not claimed:  # another process is at it: the next piece may be this one's
            time.sleep(_BREATH_S)


def compute_meanings(index: SearchIndex, vectors: "Meaning", numbers: Sequence[int]) -> None:
    """Compute the vectors of some documents, by their numbers."""
    with index.read() as reader:
        docs = reader.whole(numbers)
    _compute(index, vectors, [(number, doc.titles) for number, doc in docs.items()])


def _compute(
    index: SearchIndex, vectors: "Meaning", lacking: Sequence[tuple[int, tuple[str, ...]]]
) -> None:
    packed = vectors.documents([titles for _, titles in lacking])
    with index.write() as writer:
        there = writer.whole([number for number, _ in lacking])
        for (number, titles), some in zip(lacking, packed, strict=True):
            if number in there and there[number].titles == titles:  # else changed meanwhile
                writer.put_vectors(MODEL, number, some)
        if any(doc.kind == ARTICLE for doc in there.values()):
            writer.note_change()


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


def refresh_tickets(
    index: SearchIndex,
    source: TicketSource,
    until: float | None = None,
    *,
    wait: bool = True,
) -> bool:
    """Bring the index up to date with the tickets; return whether it is.

    :param until: the monotonic time after which no further piece is begun.
    :param wait: a moment for another process that is writing to the index.
    :raises BusyIndexError: if another process is writing to it.
    """
    latest = source.latest()
    with index.read() as reader:
        mark, filled = reader.note(_MARK), reader.note(_FILLED)
    if mark == str(latest) and not filled:
        return True
    if not mark or int(mark) > latest:
        # A new index; or another desk's database under the same name, or a restored backup.
        _begin_filling(index, mark, latest, wait)
        filled = "0"
    while filled:
        if until is not None and time.monotonic() >= until:
            return False
        filled = _fill(index, source, filled, wait)
    return _catch_up(index, source, latest, wait)


def _begin_filling(index: SearchIndex, mark: str, latest: int, wait: bool) -> None:
    with index.write(wait=wait) as writer:
        if writer.note(_MARK) == mark:  # else another process was first
            writer.drop_all(TICKET)
            writer.set_note(_MARK, str(latest))
            writer.set_note(_FILLED, "0")


def _fill(index: SearchIndex, source: TicketSource, filled: str, wait: bool) -> str:
    """Put the next tickets of a first filling into the index; return where it stands then."""
    docs = source.after("" if filled == "0" else filled)
    with index.write(wait=wait) as writer:
        now = writer.note(_FILLED)
        if now == filled:  # else another process was first
            writer.put(docs)
            now = docs[-1].ref if docs else ""
            writer.set_note(_FILLED, now)
    return now


def _catch_up(index: SearchIndex, source: TicketSource, latest: int, wait: bool) -> bool:
    with index.write(wait=wait) as writer:
        mark = int(writer.note(_MARK) or 0)
        if mark < latest:  # else another process was first
            for batch in source.changed_since(mark):
                stamps = writer.stamps_of(TICKET, [doc.ref for doc in batch])
                writer.put(doc for doc in batch if stamps.get(doc.ref) != doc.stamp)
            writer.set_note(_MARK, str(latest))
    return True
