"""The documents of the search index (articles and tickets), and its tables."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from helpdesk.domain.text_words import indexed_words

#: Increase it whenever the tables or the splitting into words change: an older index is rebuilt.
VERSION = "9"
#: How many characters of a body are indexed; the rest, of a pasted log file say, adds little.
BODY_LIMIT = 20_000

ARTICLE, TICKET = "article", "ticket"
#: What an article says in another language; a document of its own, so that it does not change how
#: well the article's own text matches.
TRANSLATION = "translation"
#: The status of a ticket that is a duplicate: what stands only in it leads to the ticket that it is
#: a duplicate of, which is found instead of it otherwise.
DUPLICATE = "duplicate"

#: The full-text table of each kind: each has its own word statistics.
FULL_TEXT = {ARTICLE: "article_words", TICKET: "ticket_words", TRANSLATION: "translation_words"}

SCHEMA = """
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE docs (
    id INTEGER PRIMARY KEY,
    kind TEXT NOT NULL,
    ref TEXT NOT NULL,
    title TEXT NOT NULL,
    aliases TEXT NOT NULL,
    tags TEXT NOT NULL,
    headings TEXT NOT NULL,
    service TEXT NOT NULL,
    status TEXT NOT NULL,
    day INTEGER NOT NULL,
    answered_by TEXT NOT NULL,
    stamp TEXT NOT NULL,
    error TEXT NOT NULL DEFAULT '',
    body TEXT NOT NULL,
    issue TEXT NOT NULL,
    UNIQUE (kind, ref)
);
CREATE INDEX docs_of_issue ON docs (issue, day) WHERE kind = 'ticket' AND issue <> '';
CREATE VIRTUAL TABLE article_words USING fts5(
    title, aliases, tags, headings, body,
    content='', tokenize="porter unicode61 remove_diacritics 2");
CREATE VIRTUAL TABLE ticket_words USING fts5(
    title, aliases, tags, headings, body,
    content='', tokenize="porter unicode61 remove_diacritics 2");
CREATE VIRTUAL TABLE translation_words USING fts5(
    title, aliases, tags, headings, body,
    content='', tokenize="unicode61 remove_diacritics 2");
CREATE TABLE vectors (
    doc INTEGER NOT NULL, place INTEGER NOT NULL, model TEXT NOT NULL, vector BLOB NOT NULL,
    PRIMARY KEY (doc, model, place)) WITHOUT ROWID;
CREATE TABLE vocabulary (
    word TEXT PRIMARY KEY, articles INTEGER NOT NULL, tickets INTEGER NOT NULL) WITHOUT ROWID;
"""


@dataclass(frozen=True, slots=True)
class Doc:
    """The searchable content of an article or a ticket.

    :ivar ref: the article's path, or the ticket's number as text; of a translation the path and
        the language (``path#de``).
    :ivar aliases: the other titles of an article; empty for a ticket.
    :ivar status: an article's status or a ticket's state.
    :ivar day: the day of a ticket's last change, as ``date.toordinal`` counts days.
    :ivar answered_by: the paths of the articles that answered a ticket.
    :ivar stamp: differs when the source has changed; compared for equality only.
    :ivar error: why the file of an article cannot be read now, or "".
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
    day: int = 0
    answered_by: tuple[str, ...] = ()
    stamp: str = ""
    error: str = ""

    @property
    def titles(self) -> tuple[str, ...]:
        """The title and the aliases."""
        return (self.title, *self.aliases)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A document that matched, without its body.

    :ivar number: the document's row number in the index.
    :ivar bm25: its BM25 rank, the smaller the better; 0 if no word matched.
    :ivar has_all_words: whether it is known to contain every word of the query.
    """

    number: int
    doc: Doc
    bm25: float
    has_all_words: bool = False

    def with_all_words(self) -> "Candidate":
        """Return it as one that contains every word of the query."""
        return replace(self, has_all_words=True)


#: The columns of a document, with an empty body.
COLUMNS = (
    "kind, ref, title, '', aliases, tags, headings, service, status, day, answered_by, stamp, error"
)
#: The columns with the body.
COLUMNS_AND_BODY = COLUMNS.replace("''", "body")
#: The columns with as much of the body as results explain.
COLUMNS_AND_BEGINNING = COLUMNS.replace("''", "substr(body, 1, 20000)")


def doc_of(row: Sequence[str | int]) -> Doc:
    """Return the document in a row of such columns."""
    (kind, ref, title, body, aliases, tags, headings, service, status, day, answered_by, stamp,
     error) = row  # fmt: skip
    return Doc(
        kind=str(kind),
        ref=str(ref),
        title=str(title),
        body=str(body),
        aliases=_lines(aliases),
        tags=str(tags),
        headings=str(headings),
        service=str(service),
        status=str(status),
        day=int(day),
        answered_by=_lines(answered_by),
        stamp=str(stamp),
        error=str(error),
    )


def _lines(value: str | int) -> tuple[str, ...]:
    return tuple(str(value).split("\n")) if value else ()


def fields_of(doc: Doc) -> tuple[str, ...]:
    """Return the full-text fields, each normalised to its words joined by blanks.

    The result must not change for a stored document: FTS5 deletes it by these values.
    """
    parts = (doc.title, "\n".join(doc.aliases), doc.tags, doc.headings, doc.body[:BODY_LIMIT])
    return tuple(" ".join(indexed_words(part)) for part in parts)
