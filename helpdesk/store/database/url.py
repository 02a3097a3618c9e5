"""Parse the URL of a desk's database and choose the backend: SQLite or PostgreSQL."""

from sqlalchemy import URL, make_url

from helpdesk.domain.errors import UnavailableError
from helpdesk.locations import named_path
from helpdesk.store.database.backend import Backend, database_name
from helpdesk.store.database.errors import translated_errors

#: How long a write waits for other writers, in seconds; a URL can set it: ``?timeout=2``.
BUSY_TIMEOUT_S = 10.0
_LONGEST_TIMEOUT_S = 3600.0

_POSTGRESQL = ("postgresql", "postgres", "postgresql+psycopg")


def parse_url(text: str) -> URL:
    """Parse a database URL; a bare path means an SQLite file.

    :raises UnavailableError: if it is not a URL of a supported database.
    """
    if "://" in text:
        name = _without_password(text)
        with translated_errors(name):
            try:
                url = make_url(text)
            except ValueError as error:
                raise UnavailableError(f"the port in {name} is not a number.") from error
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


def backend_of(url: URL) -> Backend:
    """Return the backend for a URL of :func:`parse_url`."""
    # Imported here, so that each desk loads only the backend it uses.
    if url.get_backend_name() == "sqlite":
        from helpdesk.store.database.sqlite import SqliteBackend

        return SqliteBackend(url, wait_s(url))
    from helpdesk.store.database.postgresql import PostgresqlBackend

    return PostgresqlBackend(url, wait_s(url))


def wait_s(url: URL) -> float:
    """Return how long a write to this database waits for other writers, in seconds.

    :raises UnavailableError: if the URL has an unknown parameter or an impossible timeout.
    """
    parameters = dict(url.query)
    try:
        seconds = float(parameters.pop("timeout", BUSY_TIMEOUT_S))  # type: ignore[arg-type]
    except (TypeError, ValueError):
        seconds = -1
    if url.get_backend_name() == "sqlite":
        known, hint = frozenset[str](), "only ?timeout=SECONDS may follow the path"
    else:
        from helpdesk.store.database.postgresql import PARAMETERS

        known, hint = PARAMETERS, "only ?timeout=SECONDS and libpq's parameters may follow the name"
    if not parameters.keys() <= known or not 0 <= seconds <= _LONGEST_TIMEOUT_S:
        raise UnavailableError(
            f"the URL of {database_name(url)} ends in something unknown: {hint}."
        )
    return seconds


def _without_password(text: str) -> str:
    """Return a text, which need not be a valid URL, in quotes and without its password."""
    scheme, _, rest = text.partition("://")
    return repr(f"{scheme}://{rest.rpartition('@')[2]}")
