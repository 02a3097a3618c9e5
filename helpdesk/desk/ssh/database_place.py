"""Where a desk's database is, as far as its URL tells without loading a database library."""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from helpdesk.locations import named_path

_PORT = 5432
_PORT_OF_NAME_SERVERS = 53
#: The parameters of a PostgreSQL URL that name files.
_FILES = ("passfile", "servicefile", "sslrootcert", "sslcert", "sslkey", "sslcrl")
#: Files and folders of the account that libpq reads.
_OWN_FILES = (".pgpass", ".pg_service.conf", ".postgresql")
#: Parameters that name a server in place of the URL itself.
_OTHER_SERVER = frozenset({"service", "host", "hostaddr", "port"})


class DatabasePlace:
    """The place of a database: a file, or a server.

    :ivar file: the SQLite file, or None.
    :ivar ports: the TCP ports to which libpq may connect; None if the URL alone does not say them.
    """

    def __init__(self, url: str) -> None:
        scheme, separator, rest = url.partition("://")
        self._parameters: dict[str, list[str]] = {}
        self.file: Path | None = None
        self.ports: frozenset[int] | None = frozenset()
        if not separator:
            self.file = named_path(url).absolute()
        elif scheme == "sqlite":
            self.file = named_path(rest.partition("?")[0].removeprefix("/")).absolute()
        else:
            self._read_server(url)

    def settings_files(self) -> Iterator[Path]:
        """Yield the files of the account, and those in the URL, that libpq reads."""
        yield from (Path.home() / name for name in _OWN_FILES)
        for name in _FILES:
            yield from map(named_path, self._parameters.get(name, ()))

    def _read_server(self, url: str) -> None:
        try:
            parts = urlsplit(url)
            self._parameters = parse_qs(parts.query)
            port = parts.port or _PORT
        except ValueError:
            return  # opening the database reports the mistake in the URL
        known = not _OTHER_SERVER & self._parameters.keys()
        self.ports = frozenset((port, _PORT_OF_NAME_SERVERS)) if known else None
