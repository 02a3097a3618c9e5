"""Changing the search index."""

import sqlite3
from collections.abc import Iterable, Sequence

from helpdesk.store.search.documents import (
    ARTICLE,
    BODY_LIMIT,
    COLUMNS_AND_BODY,
    FULL_TEXT,
    Doc,
    doc_of,
    fields_of,
)
from helpdesk.store.search.reader import ARTICLES_CHANGED, CHANGES, Reader


class Writer(Reader):
    """Changes the index inside one transaction."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        super().__init__(connection)
        self._counted: dict[str, list[int]] = {}
        self._articles_changed = False

    def set_note(self, name: str, value: str) -> None:
        """Remember a value."""
        self._connection.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (name, value))

    def note_change(self) -> None:
        """Tell every process to read the articles' words, vectors and synonyms anew."""
        self._articles_changed = True

    def put(self, docs: Iterable[Doc]) -> None:
        """Put documents in place of their earlier versions.

        What did not change of a document is left: its words, and the vectors of its titles.
        """
        for doc in docs:
            self._articles_changed = self._articles_changed or doc.kind == ARTICLE
            fields = fields_of(doc)
            number = None
            old = self._stored(doc.kind, doc.ref)
            if old is not None:
                number, before = old
                if before.titles != doc.titles:
                    self._connection.execute("DELETE FROM vectors WHERE doc = ?", (number,))
                old_fields = fields_of(before)
                if old_fields == fields:
                    self._insert(number, doc)
                    continue
                self._forget_words(number, doc.kind, old_fields)
            number = self._insert(number, doc)
            self._connection.execute(
                f"INSERT INTO {FULL_TEXT[doc.kind]} "  # noqa: S608
                "(rowid, title, aliases, tags, headings, body) VALUES (?, ?, ?, ?, ?, ?)",
                (number, *fields),
            )
            self._count(doc.kind, fields, 1)

    def put_vectors(self, model: str, number: int, vectors: Sequence[bytes]) -> None:
        """Put the vectors of a document, by its number, in place of earlier ones."""
        self._connection.execute("DELETE FROM vectors WHERE doc = ?", (number,))
        self._connection.executemany(
            "INSERT INTO vectors VALUES (?, ?, ?, ?)",
            [(number, place, model, vector) for place, vector in enumerate(vectors)],
        )

    def mark_broken(self, ref: str, stamp: str, error: str) -> None:
        """Note that an article's file is broken now; its last good version stays findable."""
        changed = self._connection.execute(
            "UPDATE docs SET stamp = ?, error = ? WHERE kind = ? AND ref = ?",
            (stamp, error, ARTICLE, ref),
        )
        if not changed.rowcount:
            self.put([Doc(ARTICLE, ref, title="", body="", stamp=stamp, error=error)])

    def drop(self, kind: str, refs: Sequence[str]) -> None:
        """Take documents out."""
        self._articles_changed = self._articles_changed or kind == ARTICLE
        for ref in refs:
            old = self._stored(kind, ref)
            if old is None:
                continue
            number, doc = old
            self._forget_words(number, kind, fields_of(doc))
            self._connection.execute("DELETE FROM docs WHERE id = ?", (number,))
            self._connection.execute("DELETE FROM vectors WHERE doc = ?", (number,))

    def drop_all(self, kind: str) -> None:
        """Take all documents of a kind out."""
        self.drop(kind, list(self.stamps(kind)))

    def flush(self) -> None:
        """Add what was counted so far: the words, and that articles changed."""
        self._connection.executemany(
            "INSERT INTO vocabulary VALUES (?, max(0, ?), max(0, ?)) ON CONFLICT (word) DO UPDATE "
            "SET articles = max(0, articles + ?), tickets = max(0, tickets + ?)",
            [(word, *counts, *counts) for word, counts in self._counted.items() if any(counts)],
        )
        if self._counted:
            self.set_note(CHANGES, str(self.changes() + 1))
        lost = [(word,) for word, counts in self._counted.items() if min(counts) < 0]
        self._connection.executemany(
            "DELETE FROM vocabulary WHERE word = ? AND articles = 0 AND tickets = 0", lost
        )
        self._counted.clear()
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
            "service, status, day, answered_by, stamp, error) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (number, doc.kind, doc.ref, doc.title, "\n".join(doc.aliases), doc.tags, doc.headings,
             doc.body[:BODY_LIMIT], doc.service, doc.status, doc.day,
             "\n".join(doc.answered_by), doc.stamp, doc.error),
        )  # fmt: skip
        return int(cursor.lastrowid or 0)

    def _forget_words(self, number: int, kind: str, fields: Sequence[str]) -> None:
        table = FULL_TEXT[kind]
        self._connection.execute(
            f"INSERT INTO {table} ({table}, rowid, title, aliases, tags, headings, body) "  # noqa: S608
            "VALUES ('delete', ?, ?, ?, ?, ?, ?)",
            (number, *fields),
        )
        self._count(kind, fields, -1)

    def _count(self, kind: str, fields: Sequence[str], step: int) -> None:
        column = 0 if kind == ARTICLE else 1
        for word in set(" ".join(fields).split()):
            self._counted.setdefault(word, [0, 0])[column] += step
