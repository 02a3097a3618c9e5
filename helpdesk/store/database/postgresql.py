"""A desk in a PostgreSQL database, shared by many hosts.

Write transactions take turns, as they do on SQLite: each begins with an advisory lock on the desk,
for which the server lets writers wait in the order in which they came.  So a verb may read what it
decides on without thinking of other writers, entries of timelines are committed in the order of
their numbers, and no transaction is ever told to try again.
"""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.pool import ConnectionPoolEntry, PoolProxiedConnection

from helpdesk.store.database import schema_version
from helpdesk.store.database.backend import Ear, Kind, readable

#: The advisory lock of writers ("hdsk"); locks belong to one database.
_TURN = 0x6864736B
#: The execution option that marks a transaction as one that writes.
_WRITES = "helpdesk_writes"
#: The channel on which commits are told.
CHANNEL = "helpdesk"
_LISTENS = "helpdesk_listens"
#: How long to wait for a server that does not answer.
CONNECT_TIMEOUT_S = 5
#: A program that is stopped in the middle of a change loses its turn after this.
_IDLE_LIMIT_S = 30

#: What libpq can be told in a URL, beside our own ``timeout``.
PARAMETERS = frozenset(
    (
        *("host", "port", "hostaddr", "user", "password", "passfile", "service", "servicefile"),
        *("sslmode", "sslrootcert", "sslcert", "sslkey", "sslcrl", "sslpassword"),
        *("sslnegotiation", "ssl_min_protocol_version", "channel_binding", "require_auth"),
        *("gssencmode", "krbsrvname", "connect_timeout", "application_name", "options"),
        *("target_session_attrs", "load_balance_hosts", "tcp_user_timeout"),
        *("keepalives", "keepalives_idle", "keepalives_interval", "keepalives_count"),
    )
)


class PostgresqlDatabase(Kind):
    """A desk on a server."""

    def make_engine(self) -> Engine:
        """Return an engine that holds one connection while idle, whatever the app does."""
        settings = (
            f"-c lock_timeout={round(self.wait_s * 1000)}"
            f" -c idle_in_transaction_session_timeout={_IDLE_LIMIT_S * 1000}"
            f" {self.url.query.get('options', '')}"
        )
        defaults = {
            "connect_timeout": str(CONNECT_TIMEOUT_S),
            "application_name": "helpdesk",
            "keepalives_idle": "30",
            "tcp_user_timeout": "20000",
        }
        engine = create_engine(
            self.url.difference_update_query(["timeout", "options"]),
            connect_args={
                **{name: text for name, text in defaults.items() if name not in self.url.query},
                "options": settings.strip(),
            },
            pool_size=1,
            max_overflow=7,
            use_native_hstore=False,  # or each program would ask the server for that type
        )
        event.listen(engine, "checkout", _see_that_it_is_there)
        event.listen(engine, "begin", self._begin)
        return engine

    def _begin(self, connection: Connection) -> None:
        """Let a transaction that writes wait for its turn, and look at the schema then."""
        if not connection.get_execution_options().get(_WRITES, False):
            return
        turn = f"SELECT pg_advisory_xact_lock({_TURN})"
        if not self.watches_schema:
            connection.exec_driver_sql(turn)
            return
        # Two statements in one message; the second sees what was committed before its turn came.
        result = connection.exec_driver_sql(f"{turn}; {schema_version.QUERY}")
        cursor: Any = result.cursor
        cursor.nextset()
        row = cursor.fetchone()
        schema_version.require_unchanged(row and row[0], readable(self.url))

    def reading(self, engine: Engine) -> Engine:
        """Return the engine for reading: all statements of a transaction see the same state."""
        return engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)

    def writing(self, engine: Engine) -> Engine:
        """Return the engine for writing: after its turn has come, a statement sees the newest."""
        return engine.execution_options(isolation_level="READ COMMITTED", **{_WRITES: True})

    def turn(self) -> AbstractContextManager[None]:
        """Wait for nothing: the transaction's own lock stands in the server's row."""
        return nullcontext()

    def exists(self) -> bool:
        """Whether there is a database: a connection will tell."""
        return True

    def prepare(self) -> None:
        """Make nothing: databases are made by the server's administrator."""

    @contextmanager
    def restructuring(self, connection: Connection) -> Iterator[None]:
        """Give one transaction; PostgreSQL changes tables in place, with their references."""
        with connection.begin():
            yield
            connection.exec_driver_sql(f"NOTIFY {CHANNEL}")  # older programs look, and end

    def ear(self, engine: Engine) -> Ear:
        """Return what hears of commits over whichever connection the pool has."""
        return _Notifications(engine)

    def announce(self, connection: Connection) -> None:
        """Say at the commit what a trigger says for entries of timelines."""
        connection.exec_driver_sql(f"NOTIFY {CHANNEL}")


class _Notifications:
    """Counts what ``LISTEN`` brings; a trigger on the timelines says ``NOTIFY``.

    No connection is kept for it alone: five hundred agents are five hundred connections.  One that
    is new has missed an unknown number, which counts as one.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._count = 0

    def listen(self) -> int:
        """Return the number of notifications so far; what has come in is read without asking."""
        with self._engine.connect() as connection:
            if _LISTENS not in connection.info:
                connection.exec_driver_sql(f"LISTEN {CHANNEL}")
                connection.commit()
                driver: Any = connection.connection.driver_connection
                driver.add_notify_handler(self._note)
                connection.info[_LISTENS] = driver
                self._count += 1
            while connection.info[_LISTENS].pgconn.notifies():
                self._count += 1
        return self._count

    def close(self) -> None:
        """Do nothing: the connections are the pool's."""

    def _note(self, _notification: object) -> None:
        # Called for what comes in between a statement and its answer.
        self._count += 1


def _see_that_it_is_there(
    connection: Any, _record: ConnectionPoolEntry, _proxy: PoolProxiedConnection
) -> None:
    """Let the pool make a new connection if the server has closed this one; asks nobody."""
    try:
        connection.pgconn.consume_input()  # the server's last words, if it has spoken any
        connection.pgconn.consume_input()  # and whether it has hung up after them
    except Exception as error:
        raise DisconnectionError from error
