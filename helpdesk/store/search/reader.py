"""Read the search index: documents, candidates, vectors, words."""

import sqlite3
from collections.abc import Collection, Sequence

from helpdesk.domain.stems import issue_of
from helpdesk.domain.ticket import State
from helpdesk.store.search.documents import (
    COLUMNS,
    COLUMNS_AND_BEGINNING,
    DUPLICATE,
    FULL_TEXT,
    Candidate,
    Doc,
    doc_of,
)

#: BM25 weights of the fields: title, aliases, tags, headings, body.
_WEIGHTS = "6.0, 5.0, 2.0, 2.0, 1.0"
#: A word without an article is in the vocabulary if it occurs in so many tickets: rarer ones may be
#: typos.
MIN_TICKETS_OF_WORD = 3
#: Names of notes that count changes.
ARTICLES_CHANGED, CHANGES = "articles_changed", "changes"


class IndexReader:
    """Reads the index inside one transaction.

    ``kind`` is ``ARTICLE`` or ``TICKET``, ``ref`` identifies a document within its kind, and
    ``number`` is its row number in the index.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def note(self, name: str) -> str:
        """Return a named value that was stored by a writer, or ""."""
        row = self._connection.execute("SELECT value FROM meta WHERE name = ?", (name,)).fetchone()
        return row[0] if row else ""

    def articles_changed(self) -> int:
        """Return a number that grows with every change of an article, a vector or a synonym."""
        return int(self.note(ARTICLES_CHANGED) or 0)

    def changes(self) -> int:
        """Return a number that grows with every change of a document."""
        return int(self.note(CHANGES) or 0)

    def stamps(self, kind: str) -> dict[str, str]:
        """Return the stamps of all documents of a kind, by ref."""
        rows = self._connection.execute("SELECT ref, stamp FROM docs WHERE kind = ?", (kind,))
        return dict(rows.fetchall())

    def stamps_of(self, kind: str, refs: Sequence[str]) -> dict[str, str]:
        """Return the stamps of these documents, by ref."""
        places = ",".join("?" * len(refs))
        rows = self._connection.execute(
            f"SELECT ref, stamp FROM docs WHERE kind = ? AND ref IN ({places})",  # noqa: S608
            (kind, *refs),
        )
        return dict(rows.fetchall())

    def errors(self) -> dict[str, str]:
        """Return the error of each article whose file is broken now, by path."""
        rows = self._connection.execute("SELECT ref, error FROM docs WHERE error <> ''")
        return dict(rows.fetchall())

    def docs(self, kind: str) -> list[Doc]:
        """Return all documents of a kind by ref, without their bodies."""
        rows = self._connection.execute(
            f"SELECT {COLUMNS} FROM docs WHERE kind = ? ORDER BY ref",  # noqa: S608
            (kind,),
        )
        return [doc_of(row) for row in rows]

    def count(self, kind: str) -> int:
        """Return the number of documents of a kind."""
        row = self._connection.execute("SELECT count(*) FROM docs WHERE kind = ?", (kind,))
        return int(row.fetchone()[0])

    def candidates(self, kind: str, match: str, limit: int) -> list[Candidate]:
        """Return the documents that best match an FTS5 expression, best first."""
        table = FULL_TEXT[kind]
        rows = self._connection.execute(
            f"SELECT rowid, bm25({table}, {_WEIGHTS}) AS rank FROM {table} "  # noqa: S608
            f"WHERE {table} MATCH ? ORDER BY rank LIMIT ?",
            (match, limit),
        ).fetchall()
        ranks = dict(rows)
        docs = self._numbered(list(ranks))
        found = [Candidate(number, doc, ranks[number]) for number, doc in docs.items()]
        return sorted(found, key=lambda candidate: candidate.bm25)

    def of_issue(
        self, subject: str, active_states: Collection[str], active: bool, limit: int
    ) -> list[tuple[int, Doc]]:
        """Return (number, document) of tickets with this issue, the newest first.

        :param subject: the subject; tickets with these very words come before all others.
        :param active: return those in an active state only; else the others only.
        """
        issue = issue_of(subject)
        if not issue:
            return []
        rows = self._connection.execute(
            f"SELECT id, {COLUMNS} FROM docs WHERE kind = 'ticket' AND issue = ? AND status <> ? "  # noqa: S608
            f"AND status {_among(active_states, active)} "
            "ORDER BY lower(title) = ? DESC, day DESC, id DESC LIMIT ?",
            (issue, DUPLICATE, " ".join(subject.lower().split()), limit),
        )
        return [(row[0], doc_of(row[1:])) for row in rows]

    def refs_of_issue(
        self, issue: str, active_states: Collection[str], active: bool
    ) -> list[tuple[str, int]]:
        """Return (ref, day) of all tickets with the same subject, the newest first."""
        rows = self._connection.execute(
            "SELECT ref, day FROM docs WHERE kind = 'ticket' AND issue = ? AND status <> ? "  # noqa: S608
            f"AND status {_among(active_states, active)} ORDER BY day DESC, id DESC",
            (issue, DUPLICATE),
        )
        return rows.fetchall()

    def containing_phrase(self, kind: str, phrase: str, numbers: Sequence[int]) -> frozenset[int]:
        """Return the numbers of those of these documents that contain a phrase."""
        table = FULL_TEXT[kind]
        places = ",".join("?" * len(numbers))
        rows = self._connection.execute(
            f"SELECT rowid FROM {table} WHERE {table} MATCH ? AND rowid IN ({places})",  # noqa: S608
            (f'"{phrase}"', *numbers),
        )
        return frozenset(number for (number,) in rows)

    def unmatched(self, numbers: Sequence[int]) -> list[Candidate]:
        """Return documents by number, as candidates without a matching word."""
        return [Candidate(number, doc, 0.0) for number, doc in self._numbered(numbers).items()]

    def documents(self, kind: str, refs: Sequence[str]) -> list[Doc]:
        """Return documents by ref with the beginnings of their bodies, in no order."""
        places = ",".join("?" * len(refs))
        rows = self._connection.execute(
            f"SELECT {COLUMNS_AND_BEGINNING} FROM docs "  # noqa: S608
            f"WHERE kind = ? AND ref IN ({places})",
            (kind, *refs),
        )
        return [doc_of(row) for row in rows]

    def by_ref(self, kind: str, refs: Sequence[str]) -> dict[str, tuple[int, Doc]]:
        """Return the number and the document, without its body, of each of these refs."""
        places = ",".join("?" * len(refs))
        rows = self._connection.execute(
            f"SELECT id, {COLUMNS} FROM docs WHERE kind = ? AND ref IN ({places})",  # noqa: S608
            (kind, *refs),
        )
        docs = ((row[0], doc_of(row[1:])) for row in rows)
        return {doc.ref: (number, doc) for number, doc in docs}

    def with_bodies(self, numbers: Sequence[int]) -> dict[int, Doc]:
        """Return documents by number, with the beginnings of their bodies."""
        return self._numbered(numbers, COLUMNS_AND_BEGINNING)

    def _numbered(self, numbers: Sequence[int], columns: str = COLUMNS) -> dict[int, Doc]:
        places = ",".join("?" * len(numbers))
        rows = self._connection.execute(
            f"SELECT id, {columns} FROM docs WHERE id IN ({places})",  # noqa: S608
            list(numbers),
        )
        return {row[0]: doc_of(row[1:]) for row in rows}

    def vectors(self, kind: str, model: str, size: int) -> list[tuple[int, bytes]]:
        """Return (number, vector) pairs of all documents of a kind, one for each title.

        :param model: the name of the model that computed the vectors.
        :param size: the size of a vector in bytes; stored vectors of another size are ignored.
        """
        rows = self._connection.execute(
            "SELECT doc, vector FROM vectors JOIN docs ON docs.id = doc "
            "WHERE kind = ? AND model = ? AND length(vector) = ? AND title <> '' ORDER BY ref",
            (kind, model, size),
        )
        return rows.fetchall()

    def vectors_of(self, numbers: Sequence[int], model: str, size: int) -> list[tuple[int, bytes]]:
        """Return (number, vector) pairs of these documents, as :meth:`vectors` does."""
        places = ",".join("?" * len(numbers))
        rows = self._connection.execute(
            f"SELECT doc, vector FROM vectors WHERE doc IN ({places}) "  # noqa: S608
            "AND model = ? AND length(vector) = ?",
            (*numbers, model, size),
        )
        return rows.fetchall()

    def without_vector(
        self, kind: str, model: str, limit: int
    ) -> list[tuple[int, tuple[str, ...]]]:
        """Return (number, titles) of documents that lack vectors of a model, newest first."""
        rows = self._connection.execute(
            "SELECT id, title, aliases FROM docs WHERE kind = ? AND title <> '' AND NOT EXISTS "
            "(SELECT 1 FROM vectors WHERE doc = docs.id AND model = ?) ORDER BY id DESC LIMIT ?",
            (kind, model, limit),
        )
        return [
            (number, (title, *filter(None, aliases.split("\n")))) for number, title, aliases in rows
        ]

    def matches_anything(self, kind: str, match: str) -> bool:
        """Whether any document of a kind matches an FTS5 expression."""
        table = FULL_TEXT[kind]
        row = self._connection.execute(
            f"SELECT 1 FROM {table} WHERE {table} MATCH ? LIMIT 1",  # noqa: S608
            (match,),
        )
        return row.fetchone() is not None

    def vocabulary(self) -> dict[str, tuple[int, int]]:
        """Return the known words, each with the number of articles and tickets that contain it."""
        rows = self._connection.execute(
            "SELECT word, articles, tickets FROM vocabulary WHERE articles > 0 OR tickets >= ?",
            (MIN_TICKETS_OF_WORD,),
        )
        return {word: (articles, tickets) for word, articles, tickets in rows}


def _among(states: Collection[str], active: bool) -> str:
    """Return the condition that a status is one of these, or none of them, as SQL."""
    quoted = ", ".join(f"'{State(state).value}'" for state in sorted(states))
    return f"{'IN' if active else 'NOT IN'} ({quoted})"
