"""Which database a desk is kept in: an SQLite file or PostgreSQL, told by a URL."""

from sqlalchemy import URL, make_url

from helpdesk.domain.errors import UnavailableError
from helpdesk.locations import named_path
from helpdesk.store.database.backend import Kind, readable
from helpdesk.store.database.errors import told_in_sentences

#: How long a write waits for the others, in seconds; a URL may say so itself: ``?timeout=2``.
BUSY_TIMEOUT_S = 10.0
_LONGEST_TIMEOUT_S = 3600.0

_POSTGRESQL = ("postgresql", "postgres", "postgresql+psycopg")


def parse_url(text: str) -> URL:
    """Read a database URL; a bare path means an SQLite file.

    :raises UnavailableError: if it is no URL of a kind that is supported here.
    """
    if "://" in text:
        where = _without_password(text)
        with told_in_sentences(where):
            try:
                url = make_url(text)
            except ValueError as error:
                raise UnavailableError(f"the port in {where} is no number.") from error
    else:
        url = URL.create("sqlite", database=text)
    if url.drivername in _POSTGRESQL:
        url = url.set(drivername="postgresql+psycopg")
    elif url.drivername == "sqlite":
        if not url.database or url.database == ":memory:":
            raise UnavailableError("a desk needs a database file: use sqlite:///PATH.")
        url = url.set(database=str(named_path(url.database)))
    else:
        raise UnavailableError(
            f"{url.drivername} databases are not supported; "
            "use sqlite:///PATH or postgresql://USER@HOST/DATABASE."
        )
    wait_s(url)
    return url


def kind_of(url: URL) -> Kind:
    """Return the kind of database that a URL of :func:`parse_url` names."""
    # Whoever keeps the desk in a file does not pay for the other module, nor the other way round.
    if url.get_backend_name() == "sqlite":
        from helpdesk.store.database.sqlite import SqliteFile

        return SqliteFile(url, wait_s(url))
    from helpdesk.store.database.postgresql import PostgresqlDatabase

    return PostgresqlDatabase(url, wait_s(url))


def wait_s(url: URL) -> float:
    """Return how long a write to this database waits for the others, in seconds.

    :raises UnavailableError: if the URL asks for anything unknown, or for nonsense.
    """
    asked = dict(url.query)
    try:
        seconds = float(asked.pop("timeout", BUSY_TIMEOUT_S))  # type: ignore[arg-type]
    except (TypeError, ValueError):
        seconds = -1
    if url.get_backend_name() == "sqlite":
        known, hint = frozenset[str](), "only ?timeout=SECONDS may follow the path"
    else:
        from helpdesk.store.database.postgresql import PARAMETERS

        known, hint = PARAMETERS, "?timeout=SECONDS and what libpq knows may follow the name"
    if not asked.keys() <= known or not 0 <= seconds <= _LONGEST_TIMEOUT_S:
        raise UnavailableError(f"the URL of {readable(url)} ends in something unknown: {hint}.")
    return seconds


def _without_password(text: str) -> str:
    """Return a text that may be no URL at all, in quotes, without what may be a password."""
    scheme, _, rest = text.partition("://")
    return repr(f"{scheme}://{rest.rpartition('@')[2]}")
