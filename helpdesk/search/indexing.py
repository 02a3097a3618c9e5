"""Keeping the index up to date with the knowledge base and the tickets.

The first process that notices a change updates the index for all.  Changes are found by comparing:
files by time and size, tickets by the number of the newest event in the index.  Long work is done
in pieces, each in its own transaction, so that nobody waits for all of it, several processes can
share it, and each indexed document can be found at once.
"""

import json
import time
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from helpdesk.domain.errors import RefusedError, UnavailableError
from helpdesk.knowledge.answer_sections import body_in, headings
from helpdesk.knowledge.synonyms import file_stamp, read_synonyms
from helpdesk.search.synonyms import SYNONYMS
from helpdesk.search.translations import replace_translations, translations_of
from helpdesk.store.search.documents import ARTICLE, TICKET, Doc
from helpdesk.store.search.index import SearchIndex

if TYPE_CHECKING:
    from helpdesk.knowledge.folder import KnowledgeFolder
    from helpdesk.search.embeddings import EmbeddingModel

#: The note with the newest event in the index, as :meth:`TicketSource.mark` returns it.
_MARK = "ticket_mark"
#: The note with the last ticket indexed, while the first filling is not complete; else "".
_FILLED = "tickets_filled"
_SYNONYMS_STAMP = "synonyms_stamp"
#: The size of a piece: articles that are indexed, and documents whose vectors are computed.
_FILES, _TITLES = 100, 32
#: The pause in seconds while another process computes vectors.
_PAUSE_S = 0.02


class TicketSource(Protocol):
    """The source of the tickets to index."""

    def latest(self) -> int:
        """Return the number of the newest event; it grows with every change of a ticket."""

    def mark(self, event: int) -> str:
        """Return the number of an event with what tells it from another one of this number.

        After a backup was restored, a number can belong to another event.  "" if there is none.
        """

    def after(self, last: str) -> Sequence[Doc]:
        """Return the next batch of tickets after the one with this ref; "" starts at the first."""

    def changed_since(self, mark: int) -> Iterable[Sequence[Doc]]:
        """Yield the tickets that changed after the event ``mark``, in batches."""


def refresh_articles(
    index: SearchIndex, folder: "KnowledgeFolder", until: float | None = None
) -> bool:
    """Index the changed articles of the folder; return whether everything is indexed.

    If the folder cannot be read, the index is left as it is.

    :param until: the time (of ``time.monotonic``) after which no further piece is started.
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
            replace_translations(writer, gone, ())
    changed = [path for path, stamp in present.items() if known.get(path) != stamp]
    for start in range(0, len(changed), _FILES):
        if start and until is not None and time.monotonic() >= until:
            return False
        piece = changed[start : start + _FILES]
        _put(index, [_read(folder, path, present[path]) for path in piece])
    return True


def _put(index: SearchIndex, read: "Sequence[tuple[Doc, list[Doc]]]") -> None:
    """Index the articles; of a broken one, the last valid version stays in the index."""
    with index.write() as writer:
        valid = [(doc, translations) for doc, translations in read if not doc.error]
        writer.put(doc for doc, _ in valid)
        paths = [doc.ref for doc, _ in valid]
        replace_translations(writer, paths, [each for _, others in valid for each in others])
        for doc, _ in read:
            if doc.error:
                writer.mark_broken(doc.ref, doc.stamp, doc.error)


def refresh_synonyms(index: SearchIndex, root: Path) -> None:
    """Copy the folder's synonyms into the index, where every process reads them."""
    current = file_stamp(root)
    with index.read() as reader:
        if reader.note(_SYNONYMS_STAMP) == current:
            return
    groups, _ = read_synonyms(root)
    with index.write() as writer:
        writer.set_note(SYNONYMS, json.dumps(groups))
        writer.set_note(_SYNONYMS_STAMP, current)
        writer.note_change()


def refresh_vectors(
    index: SearchIndex, vectors: "EmbeddingModel", until: float | None = None
) -> bool:
    """Compute the vectors of articles that have none; return whether all have them now.

    Vectors are missing if a process without the extra has indexed an article.  Processes take
    turns.

    :param until: the time (of ``time.monotonic``) after which no further piece is started.
    """
    while True:
        with index.claim() as claimed:
            with index.read() as reader:
                missing = reader.without_vector(ARTICLE, vectors.name, _TITLES)
            if not missing:
                return True
            if until is not None and time.monotonic() >= until:
                return False
            if claimed:
                _compute(index, vectors, missing)
        if not claimed:  # another process is computing: try to get the next piece
            time.sleep(_PAUSE_S)


def compute_vectors(index: SearchIndex, vectors: "EmbeddingModel", numbers: Sequence[int]) -> None:
    """Compute the vectors of some documents, given by their numbers in the index."""
    with index.read() as reader:
        docs = reader.with_bodies(numbers)
    _compute(index, vectors, [(number, doc.titles) for number, doc in docs.items()])


def _compute(
    index: SearchIndex, vectors: "EmbeddingModel", missing: Sequence[tuple[int, tuple[str, ...]]]
) -> None:
    packed = vectors.documents([titles for _, titles in missing])
    with index.write() as writer:
        current = writer.with_bodies([number for number, _ in missing])
        for (number, titles), rows in zip(missing, packed, strict=True):
            if number in current and current[number].titles == titles:  # else changed meanwhile
                writer.put_vectors(vectors.name, number, rows)
        if any(doc.kind == ARTICLE for doc in current.values()):
            writer.note_change()


def _read(folder: "KnowledgeFolder", path: str, stamp: str) -> tuple[Doc, list[Doc]]:
    """Return an article as a document, and what it says in other languages."""
    try:
        article = folder.read(path)
    except RefusedError as error:
        return Doc(ARTICLE, path, title="", body="", stamp=stamp, error=str(error)), []
    body = body_in(article.body, "", article.head.answer)
    doc = Doc(
        kind=ARTICLE,
        ref=path,
        title=article.title,
        body=body,
        aliases=article.aliases,
        tags=" ".join(article.tags),
        headings="\n".join(text for _, _, text in headings(body)),
        service=article.service,
        status=article.status,
        stamp=stamp,
    )
    return doc, translations_of(article, stamp)


def refresh_tickets(
    index: SearchIndex,
    source: TicketSource,
    until: float | None = None,
    *,
    wait: bool = True,
) -> bool:
    """Index the new and changed tickets; return whether everything is indexed.

    :param until: the time (of ``time.monotonic``) after which no further piece is started.
    :param wait: whether to wait a moment while another process is writing to the index.
    :raises BusyIndexError: if another process is still writing to it.
    """
    latest = source.latest()
    with index.read() as reader:
        mark, filled = reader.note(_MARK), reader.note(_FILLED)
    known = _number(mark)
    if not mark or known > latest or source.mark(known) != mark:
        # A new index, another desk's database of the same name, or a restored backup.
        _begin_filling(index, mark, source.mark(latest), wait)
        filled = "0"
    elif known == latest and not filled:
        return True
    while filled:
        if until is not None and time.monotonic() >= until:
            return False
        filled = _fill(index, source, filled, wait)
    return _catch_up(index, source, latest, wait)


def forget_tickets(index: SearchIndex) -> None:
    """Let the next refresh index all tickets again, as in a new index."""
    with index.write() as writer:
        writer.set_note(_MARK, "")


def _number(mark: str) -> int:
    """Return the number of the event of a mark; 0 for ""."""
    return int(mark.partition(" ")[0] or 0)


def _begin_filling(index: SearchIndex, mark: str, latest: str, wait: bool) -> None:
    with index.write(wait=wait) as writer:
        if writer.note(_MARK) == mark:  # else another process was first
            writer.drop_all(TICKET)
            writer.set_note(_MARK, latest)
            writer.set_note(_FILLED, "0")


def _fill(index: SearchIndex, source: TicketSource, filled: str, wait: bool) -> str:
    """Index the next batch of the first filling; return the last ticket, or "" at the end."""
    docs = source.after("" if filled == "0" else filled)
    with index.write(wait=wait) as writer:
        last = writer.note(_FILLED)
        if last == filled:  # else another process was first
            writer.put(docs)
            last = docs[-1].ref if docs else ""
            writer.set_note(_FILLED, last)
    return last


def _catch_up(index: SearchIndex, source: TicketSource, latest: int, wait: bool) -> bool:
    with index.write(wait=wait) as writer:
        mark = _number(writer.note(_MARK))
        if mark < latest:  # else another process was first
            for batch in source.changed_since(mark):
                stamps = writer.stamps_of(TICKET, [doc.ref for doc in batch])
                writer.put(doc for doc in batch if stamps.get(doc.ref) != doc.stamp)
            writer.set_note(_MARK, source.mark(latest))
    return True
