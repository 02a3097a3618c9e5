"""Change the search index."""

import sqlite3
from collections import Counter
from collections.abc import Iterable, Sequence

from helpdesk.domain.stems import issue_of
from helpdesk.store.search.documents import (
    ARTICLE,
    BODY_LIMIT,
    COLUMNS_AND_BODY,
    FULL_TEXT,
    TRANSLATION,
    Doc,
    doc_of,
    fields_of,
)
from helpdesk.store.search.reader import ARTICLES_CHANGED, CHANGES, IndexReader


class IndexWriter(IndexReader):
    """Changes the index inside one transaction."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        super().__init__(connection)
        #: The changes of the numbers of articles, and of tickets, that contain each word.
        self._word_counts: tuple[Counter[str], Counter[str]] = (Counter(), Counter())
        self._articles_changed = False

    def set_note(self, name: str, value: str) -> None:
        """Store a named value."""
        self._connection.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (name, value))

    def note_change(self) -> None:
        """Make every process read the articles' words, vectors and synonyms again."""
        self._articles_changed = True

    def put(self, docs: Iterable[Doc]) -> None:
        """Add documents, or replace their earlier versions.

        Words and vectors of titles are left alone if they have not changed.
        """
        for doc in docs:
            self._articles_changed = self._articles_changed or doc.kind == ARTICLE
            fields = fields_of(doc)
            number = None
            old = self._stored(doc.kind, doc.ref)
            if old is not None:
                number, old_doc = old
                if old_doc.titles != doc.titles:
                    self._connection.execute("DELETE FROM vectors WHERE doc = ?", (number,))
                old_fields = fields_of(old_doc)
                if old_fields == fields:
                    self._insert(number, doc)
                    continue
                self._delete_words(number, doc.kind, old_fields)
            number = self._insert(number, doc)
            self._connection.execute(
                f"INSERT INTO {FULL_TEXT[doc.kind]} "  # noqa: S608
                "(rowid, title, aliases, tags, headings, body) VALUES (?, ?, ?, ?, ?, ?)",
                (number, *fields),
            )
            self._count_words(doc.kind, fields, 1)

    def put_vectors(self, model: str, number: int, vectors: Sequence[bytes]) -> None:
        """Replace the vectors of a document that a model computed, one for each of its titles."""
        self._connection.execute("DELETE FROM vectors WHERE doc = ? AND model = ?", (number, model))
        self._connection.executemany(
            "INSERT INTO vectors VALUES (?, ?, ?, ?)",
            [(number, place, model, vector) for place, vector in enumerate(vectors)],
        )

    def mark_broken(self, ref: str, stamp: str, error: str) -> None:
        """Mark an article's file as broken; its last good version can still be found."""
        updated = self._connection.execute(
            "UPDATE docs SET stamp = ?, error = ? WHERE kind = ? AND ref = ?",
            (stamp, error, ARTICLE, ref),
        )
        if not updated.rowcount:
            self.put([Doc(ARTICLE, ref, title="", body="", stamp=stamp, error=error)])

    def drop(self, kind: str, refs: Sequence[str]) -> None:
        """Remove documents."""
        self._articles_changed = self._articles_changed or kind == ARTICLE
        for ref in refs:
            old = self._stored(kind, ref)
            if old is None:
                continue
            number, doc = old
            self._delete_words(number, kind, fields_of(doc))
            self._connection.execute("DELETE FROM docs WHERE id = ?", (number,))
            self._connection.execute("DELETE FROM vectors WHERE doc = ?", (number,))

    def drop_all(self, kind: str) -> None:
        """Remove all documents of a kind."""
        self.drop(kind, list(self.stamps(kind)))

    def flush(self) -> None:
        """Store the collected changes: the word counts, and that articles changed."""
        articles, tickets = self._word_counts
        changed = [(word, (articles[word], tickets[word])) for word in {*articles, *tickets}]
        self._connection.executemany(
            "INSERT INTO vocabulary VALUES (?, max(0, ?), max(0, ?)) ON CONFLICT (word) DO UPDATE "
            "SET articles = max(0, articles + ?), tickets = max(0, tickets + ?)",
            [(word, *counts, *counts) for word, counts in changed if any(counts)],
        )
        if changed:
            self.set_note(CHANGES, str(self.changes() + 1))
        decreased = [(word,) for word, counts in changed if min(counts) < 0]
        self._connection.executemany(
            "DELETE FROM vocabulary WHERE word = ? AND articles = 0 AND tickets = 0",
            decreased,
        )
        self._word_counts = (Counter(), Counter())
        if self._articles_changed:
            self.set_note(ARTICLES_CHANGED, str(self.articles_changed() + 1))
            self._articles_changed = False

    def _stored(self, kind: str, ref: str) -> tuple[int, Doc] | None:
        row = self._connection.execute(
            f"SELECT id, {COLUMNS_AND_BODY} FROM docs WHERE kind = ? AND ref = ?",  # noqa: S608
            (kind, ref),
        ).fetchone()
        return None if row is None else (row[0], doc_of(row[1:]))

    def _insert(self, number: int | None, doc: Doc) -> int:
        cursor = self._connection.execute(
            "INSERT OR REPLACE INTO docs (id, kind, ref, title, aliases, tags, headings, body, "
            "service, status, day, answered_by, stamp, error, issue) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (number, doc.kind, doc.ref, doc.title, "\n".join(doc.aliases), doc.tags, doc.headings,
             doc.body[:BODY_LIMIT], doc.service, doc.status, doc.day,
             "\n".join(doc.answered_by), doc.stamp, doc.error, issue_of(doc.title)),
        )  # fmt: skip
        return int(cursor.lastrowid or 0)

    def _delete_words(self, number: int, kind: str, fields: Sequence[str]) -> None:
        table = FULL_TEXT[kind]
        self._connection.execute(
            f"INSERT INTO {table} ({table}, rowid, title, aliases, tags, headings, body) "  # noqa: S608
            "VALUES ('delete', ?, ?, ?, ?, ?, ?)",
            (number, *fields),
        )
        self._count_words(kind, fields, -1)

    def _count_words(self, kind: str, fields: Sequence[str], step: int) -> None:
        if kind == TRANSLATION:
            return  # words of other languages must not become corrections
        counts = self._word_counts[0 if kind == ARTICLE else 1]
        words = set(" ".join(fields).split())
        if step > 0:
            counts.update(words)
        else:
            counts.subtract(words)
