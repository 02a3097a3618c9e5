"""The search index: one SQLite file with FTS5, shared by all processes of a host.

It holds nothing that cannot be made again from the knowledge base and the tickets.  A file that is
missing, of another version or damaged is replaced by an empty one, which the next refresh fills.
"""

import contextlib
import sqlite3
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from helpdesk.domain.words import words

#: Raised whenever what is stored, or how words are cut, changes.
VERSION = "5"
#: How much of a body is looked at; a log file pasted into a ticket says no more than its start.
BODY_LIMIT = 20_000
_BUSY_S = 10

ARTICLE, TICKET = "article", "ticket"
#: The status of a document that is kept but not to be found.
HIDDEN = "hidden"

_SCHEMA = """
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE docs (
    id INTEGER PRIMARY KEY,
    kind TEXT NOT NULL,
    ref TEXT NOT NULL,
    title TEXT NOT NULL,
    aliases TEXT NOT NULL,
    tags TEXT NOT NULL,
    headings TEXT NOT NULL,
    body TEXT NOT NULL,
    service TEXT NOT NULL,
    status TEXT NOT NULL,
    stamp TEXT NOT NULL,
    error TEXT NOT NULL DEFAULT '',
    UNIQUE (kind, ref)
);
CREATE VIRTUAL TABLE article_words USING fts5(
    title, aliases, tags, headings, body,
    content='', tokenize="porter unicode61 remove_diacritics 2");
CREATE VIRTUAL TABLE ticket_words USING fts5(
    title, aliases, tags, headings, body,
    content='', tokenize="porter unicode61 remove_diacritics 2");
CREATE TABLE vectors (
    doc INTEGER NOT NULL, place INTEGER NOT NULL, model TEXT NOT NULL, vector BLOB NOT NULL,
    PRIMARY KEY (doc, place)) WITHOUT ROWID;
CREATE TABLE vocabulary (
    word TEXT PRIMARY KEY, articles INTEGER NOT NULL, tickets INTEGER NOT NULL) WITHOUT ROWID;
"""

_FTS = {ARTICLE: "article_words", TICKET: "ticket_words"}
_FIELDS = ("title", "aliases", "tags", "headings", "body")
#: How much a match in each field counts (BM25): title, aliases, tags, headings, body.
_WEIGHTS = "6.0, 5.0, 2.0, 2.0, 1.0"


@dataclass(frozen=True, slots=True)
class Doc:
    """What is findable of an article or a ticket.

    :ivar ref: the article's path, or the ticket's number as text.
    :ivar aliases: of an article its other titles; of a ticket nothing.
    :ivar status: an article's status or a ticket's state.
    :ivar stamp: tells whether it must be read again; compared for equality only.
    """

    kind: str
    ref: str
    title: str
    body: str
    aliases: tuple[str, ...] = ()
    tags: str = ""
    headings: str = ""
    service: str = ""
    status: str = ""
    stamp: str = ""
    error: str = ""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A document that matched, with its BM25 rank value (the smaller, the better)."""

    doc: Doc
    bm25: float


class SearchIndex:
    """The index file; each thread gets a connection of its own."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._local = threading.local()
        self._opened: list[sqlite3.Connection] = []
        self._lock = threading.Lock()

    @contextmanager
    def read(self) -> Iterator["Reader"]:
        """Give a reader that sees one consistent state."""
        with self._healed() as connection:
            connection.execute("BEGIN")
            try:
                yield Reader(connection)
            finally:
                connection.execute("ROLLBACK")

    @contextmanager
    def write(self) -> Iterator["Writer"]:
        """Give a writer whose changes are committed at the end, or not at all on an error."""
        with self._healed() as connection:
            connection.execute("BEGIN IMMEDIATE")
            try:
                writer = Writer(connection)
                yield writer
                writer.flush()
                connection.execute("COMMIT")
            except BaseException:
                with contextlib.suppress(sqlite3.Error):
                    connection.execute("ROLLBACK")
                raise

    def data_version(self) -> int:
        """Return a number that changes when another process has written."""
        with self._healed() as connection:
            return int(connection.execute("PRAGMA data_version").fetchone()[0])

    def identity(self) -> int:
        """Return a number that changes when the file was replaced, by whomever."""
        with self._healed():
            return self._inode()

    def close(self) -> None:
        """Let go of the file."""
        with self._lock:
            for connection in self._opened:
                connection.close()
            self._opened.clear()
        self._local = threading.local()

    @contextmanager
    def _healed(self) -> Iterator[sqlite3.Connection]:
        """Give this thread's connection; a damaged file is thrown away, to be filled again."""
        try:
            yield self._connection()
        except sqlite3.DatabaseError as error:
            if isinstance(error, sqlite3.OperationalError) and "malformed" not in str(error):
                raise
            self.discard()
            raise

    def discard(self) -> None:
        """Throw the file away; the next use makes an empty one."""
        self.close()
        for ending in ("", "-wal", "-shm"):
            Path(f"{self._file}{ending}").unlink(missing_ok=True)

    def _connection(self) -> sqlite3.Connection:
        known: tuple[sqlite3.Connection, int] | None = getattr(self._local, "opened", None)
        if known is not None and known[1] == self._inode():
            return known[0]
        connection = self._open()
        with self._lock:
            self._opened.append(connection)
        self._local.opened = (connection, self._inode())
        return connection

    def _inode(self) -> int:
        # Another process may have replaced the file: then this one's connection sees the old one.
        try:
            return self._file.stat().st_ino
        except OSError:
            return 0

    def _open(self) -> sqlite3.Connection:
        self._file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        connection = self._connect()
        try:
            ready = _has_version(connection)
        except sqlite3.DatabaseError:
            ready = False
        if not ready:
            connection = self._start_anew(connection)
        return connection

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(
            self._file, timeout=_BUSY_S, isolation_level=None, check_same_thread=False
        )
        connection.execute("PRAGMA synchronous=OFF")  # what a crash of the host takes is made again
        return connection

    def _start_anew(self, connection: sqlite3.Connection) -> sqlite3.Connection:
        try:
            tables = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
        except sqlite3.DatabaseError:
            tables = 1
        if tables:
            connection.close()
            self.discard()
            connection = self._connect()
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("BEGIN IMMEDIATE")
        if not _has_version(connection):  # else another process was first
            for statement in _SCHEMA.split(";\n"):
                if statement.strip():
                    connection.execute(statement)
            connection.execute("INSERT INTO meta VALUES ('version', ?)", (VERSION,))
        connection.execute("COMMIT")
        return connection


def _has_version(connection: sqlite3.Connection) -> bool:
    if not connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'meta'").fetchone():
        return False
    row = connection.execute("SELECT value FROM meta WHERE name = 'version'").fetchone()
    return row is not None and row[0] == VERSION


class Reader:
    """Reads from the index."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def note(self, name: str) -> str:
        """Return a remembered value, or ""."""
        row = self._connection.execute("SELECT value FROM meta WHERE name = ?", (name,)).fetchone()
        return row[0] if row else ""

    def stamps(self, kind: str) -> dict[str, str]:
        """Return the stamp of every document of a kind, by its ref."""
        rows = self._connection.execute("SELECT ref, stamp FROM docs WHERE kind = ?", (kind,))
        return dict(rows.fetchall())

    def errors(self) -> dict[str, str]:
        """Return what is wrong with each article whose file is broken now, by path."""
        rows = self._connection.execute("SELECT ref, error FROM docs WHERE error <> ''")
        return dict(rows.fetchall())

    def docs(self, kind: str) -> list[Doc]:
        """Return all documents of a kind by ref, without their bodies."""
        rows = self._connection.execute(
            "SELECT kind, ref, title, '', aliases, tags, headings, service, status, stamp, error "
            "FROM docs WHERE kind = ? ORDER BY ref",
            (kind,),
        )
        return [_doc(row) for row in rows]

    def count(self, kind: str) -> int:
        """Return how many documents of a kind there are."""
        row = self._connection.execute("SELECT count(*) FROM docs WHERE kind = ?", (kind,))
        return int(row.fetchone()[0])

    def candidates(self, kind: str, match: str, limit: int) -> list[Candidate]:
        """Return the documents that match an FTS5 expression best, best first."""
        table = _FTS[kind]
        rows = self._connection.execute(
            f"SELECT rowid, bm25({table}, {_WEIGHTS}) AS rank FROM {table} "  # noqa: S608
            f"WHERE {table} MATCH ? ORDER BY rank LIMIT ?",
            (match, limit),
        ).fetchall()
        ranks = dict(rows)
        places = ",".join("?" * len(ranks))
        docs = self._connection.execute(
            "SELECT id, kind, ref, title, substr(body, 1, 4000), aliases, tags, headings, "  # noqa: S608
            f"service, status, stamp, error FROM docs WHERE id IN ({places})",
            list(ranks),
        )
        found = [Candidate(_doc(row[1:]), ranks[row[0]]) for row in docs]
        return sorted(found, key=lambda one: one.bm25)

    def documents(self, kind: str, refs: Sequence[str]) -> list[Doc]:
        """Return these documents of a kind, in no order."""
        places = ",".join("?" * len(refs))
        rows = self._connection.execute(
            "SELECT kind, ref, title, substr(body, 1, 4000), aliases, tags, headings, "  # noqa: S608
            f"service, status, stamp, error FROM docs WHERE kind = ? AND ref IN ({places})",
            (kind, *refs),
        )
        return [_doc(row) for row in rows]

    def vectors(self, kind: str, model: str, size: int) -> list[tuple[str, bytes]]:
        """Return (ref, vector) of the documents of a kind: one for each title of each.

        :param size: the bytes of a vector; whatever has another size is no vector.
        """
        rows = self._connection.execute(
            "SELECT ref, vector FROM vectors JOIN docs ON docs.id = doc "
            "WHERE kind = ? AND model = ? AND length(vector) = ? AND title <> '' ORDER BY ref",
            (kind, model, size),
        )
        return rows.fetchall()

    def without_vector(self, kind: str, model: str) -> list[tuple[int, tuple[str, ...], str]]:
        """Return (number, titles, body) of the documents of a kind without such a vector."""
        rows = self._connection.execute(
            "SELECT id, title, aliases, substr(body, 1, 4000) FROM docs "
            "WHERE kind = ? AND title <> '' AND NOT EXISTS "
            "(SELECT 1 FROM vectors WHERE doc = docs.id AND model = ?)",
            (kind, model),
        )
        return [
            (number, (title, *filter(None, aliases.split("\n"))), body)
            for number, title, aliases, body in rows
        ]

    def matches_anything(self, kind: str, match: str) -> bool:
        """Whether any document of a kind matches an FTS5 expression."""
        table = _FTS[kind]
        row = self._connection.execute(
            f"SELECT 1 FROM {table} WHERE {table} MATCH ? LIMIT 1",  # noqa: S608
            (match,),
        )
        return row.fetchone() is not None

    def vocabulary(self) -> dict[str, tuple[int, int]]:
        """Return every word with the number of articles and of tickets that hold it."""
        rows = self._connection.execute("SELECT word, articles, tickets FROM vocabulary")
        return {word: (articles, tickets) for word, articles, tickets in rows}


class Writer(Reader):
    """Changes the index inside one transaction."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        super().__init__(connection)
        self._counted: dict[str, list[int]] = {}

    def set_note(self, name: str, value: str) -> None:
        """Remember a value."""
        self._connection.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (name, value))

    def put(self, docs: Iterable[Doc]) -> None:
        """Put documents in place of their earlier versions."""
        for doc in docs:
            self.drop(doc.kind, (doc.ref,))
            cursor = self._connection.execute(
                "INSERT INTO docs (kind, ref, title, aliases, tags, headings, body, service, "
                "status, stamp, error) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (doc.kind, doc.ref, doc.title, "\n".join(doc.aliases), doc.tags, doc.headings,
                 doc.body[:BODY_LIMIT], doc.service, doc.status, doc.stamp, doc.error),
            )  # fmt: skip
            fields = _indexed(doc)
            table = _FTS[doc.kind]
            insert = f"INSERT INTO {table} (rowid, title, aliases, tags, headings, body)"
            self._connection.execute(
                f"{insert} VALUES (?, ?, ?, ?, ?, ?)", (cursor.lastrowid, *fields)
            )
            self._count(doc.kind, fields, 1)

    def put_vectors(self, model: str, vectors: Iterable[tuple[int, Sequence[bytes]]]) -> None:
        """Put the vectors of documents, by their numbers, in place of earlier ones."""
        for number, some in vectors:
            self._connection.execute("DELETE FROM vectors WHERE doc = ?", (number,))
            self._connection.executemany(
                "INSERT INTO vectors VALUES (?, ?, ?, ?)",
                [(number, place, model, vector) for place, vector in enumerate(some)],
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
        table = _FTS[kind]
        for ref in refs:
            row = self._connection.execute(
                "SELECT id, kind, ref, title, body, aliases, tags, headings, service, status, "
                "stamp, error FROM docs WHERE kind = ? AND ref = ?",
                (kind, ref),
            ).fetchone()
            if row is None:
                continue
            fields = _indexed(_doc(row[1:]))
            self._connection.execute(
                f"INSERT INTO {table} ({table}, rowid, title, aliases, tags, headings, body) "  # noqa: S608
                "VALUES ('delete', ?, ?, ?, ?, ?, ?)",
                (row[0], *fields),
            )
            self._connection.execute("DELETE FROM docs WHERE id = ?", (row[0],))
            self._connection.execute("DELETE FROM vectors WHERE doc = ?", (row[0],))
            self._count(kind, fields, -1)

    def flush(self) -> None:
        """Add the words counted so far to the vocabulary."""
        self._connection.executemany(
            "INSERT INTO vocabulary VALUES (?, max(0, ?), max(0, ?)) ON CONFLICT (word) DO UPDATE "
            "SET articles = max(0, articles + ?), tickets = max(0, tickets + ?)",
            [(word, *counts, *counts) for word, counts in self._counted.items()],
        )
        self._connection.execute("DELETE FROM vocabulary WHERE articles = 0 AND tickets = 0")
        self._counted.clear()

    def _count(self, kind: str, fields: Sequence[str], step: int) -> None:
        column = 0 if kind == ARTICLE else 1
        for word in set(" ".join(fields).split()):
            self._counted.setdefault(word, [0, 0])[column] += step


def _indexed(doc: Doc) -> tuple[str, ...]:
    """Return the fields as their words alone: the same text gives the same words for ever."""
    parts = (doc.title, "\n".join(doc.aliases), doc.tags, doc.headings, doc.body[:BODY_LIMIT])
    return tuple(" ".join(words(part)) for part in parts)


def _doc(row: Sequence[str]) -> Doc:
    kind, ref, title, body, aliases, tags, headings, service, status, stamp, error = row
    return Doc(
        kind=kind,
        ref=ref,
        title=title,
        body=body,
        aliases=tuple(aliases.split("\n")) if aliases else (),
        tags=tags,
        headings=headings,
        service=service,
        status=status,
        stamp=stamp,
        error=error,
    )
