"""The PostgreSQL backend, for a desk that several hosts share.

Write transactions take turns, as they do on SQLite: each begins by taking an advisory lock, which
the server grants in order of arrival.  So a use case can read and then decide without regard to
other writers, timeline entries are committed in the order of their numbers, and no transaction has
to be retried.
"""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.pool import ConnectionPoolEntry, PoolProxiedConnection

from helpdesk.store.database import schema_version
from helpdesk.store.database.backend import Backend, CommitListener, database_name

#: The key of the writers' advisory lock ("hdsk" in ASCII); such locks belong to one database.
_LOCK_KEY = 0x6864736B
#: The execution option that marks a write transaction.
_WRITES = "helpdesk_writes"
#: The NOTIFY channel of commits.
CHANNEL = "helpdesk"
#: The key in a connection's ``info`` that marks it as listening.
_LISTENING = "helpdesk_listens"
#: How long to wait for a server that does not answer, in seconds.
CONNECT_TIMEOUT_S = 5
#: The server ends the transaction of a program that is stopped in the middle of a change after this
#: many seconds, so that other writers can go on.
_IDLE_LIMIT_S = 30

#: The parameters of libpq that a URL may have, besides our own ``timeout``.
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


class PostgresqlBackend(Backend):
    """A desk on a PostgreSQL server."""

    def make_engine(self) -> Engine:
        """Create an engine that keeps one connection open while idle."""
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
            use_native_hstore=False,  # saves a query for that type at each start
        )
        event.listen(engine, "checkout", _require_alive)
        event.listen(engine, "begin", self._begin)
        return engine

    def _begin(self, connection: Connection) -> None:
        """Make a write transaction wait for its turn and then check the schema version."""
        if not connection.get_execution_options().get(_WRITES, False):
            return
        lock = f"SELECT pg_advisory_xact_lock({_LOCK_KEY})"
        if not self.checks_schema:
            connection.exec_driver_sql(lock)
            return
        # Two statements in one message; the second sees everything committed before the turn came.
        result = connection.exec_driver_sql(f"{lock}; {schema_version.QUERY}")
        cursor: Any = result.cursor
        cursor.nextset()
        row = cursor.fetchone()
        schema_version.require_unchanged(row and row[0], database_name(self.url))

    def reading(self, engine: Engine) -> Engine:
        """Return the engine for read transactions: all their statements see the same state."""
        return engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)

    def writing(self, engine: Engine) -> Engine:
        """Return the engine for write transactions: each statement sees the newest state."""
        return engine.execution_options(isolation_level="READ COMMITTED", **{_WRITES: True})

    def turn(self) -> AbstractContextManager[None]:
        """Do nothing: the transaction waits for its advisory lock when it begins."""
        return nullcontext()

    def exists(self) -> bool:
        """Return True: only connecting shows whether the database exists."""
        return True

    def prepare(self) -> None:
        """Do nothing: the server's administrator creates databases."""

    @contextmanager
    def restructuring(self, connection: Connection) -> Iterator[None]:
        """Open one transaction; PostgreSQL alters tables in place and checks foreign keys."""
        with connection.begin():
            yield
            # Running programs of the older version notice the new schema and stop.
            connection.exec_driver_sql(f"NOTIFY {CHANNEL}")

    def commit_listener(self, engine: Engine) -> CommitListener:
        """Return a listener that uses the connections of the pool."""
        return _Notifications(engine)

    def announce(self, connection: Connection) -> None:
        """Send at the commit the notification that a trigger sends for timeline entries."""
        connection.exec_driver_sql(f"NOTIFY {CHANNEL}")


class _Notifications:
    """Counts the notifications that a trigger on the timelines sends with ``NOTIFY``.

    It has no connection of its own, which would double the number of connections of all agents.
    A new connection may have missed notifications, which counts as one.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._count = 0

    def listen(self) -> int:
        """Return the number of notifications received so far, without asking the server."""
        with self._engine.connect() as connection:
            if _LISTENING not in connection.info:
                connection.exec_driver_sql(f"LISTEN {CHANNEL}")
                connection.commit()
                driver: Any = connection.connection.driver_connection
                driver.add_notify_handler(self._count_one)
                connection.info[_LISTENING] = driver
                self._count += 1
            while connection.info[_LISTENING].pgconn.notifies():
                self._count += 1
        return self._count

    def close(self) -> None:
        """Do nothing: the connections belong to the pool."""

    def _count_one(self, _notification: object) -> None:
        # Called for notifications that arrive between a statement and its result.
        self._count += 1


def _require_alive(
    connection: Any, _record: ConnectionPoolEntry, _proxy: PoolProxiedConnection
) -> None:
    """Make the pool replace a connection that the server has closed; sends nothing."""
    try:
        connection.pgconn.consume_input()  # reads the server's last message, if any
        connection.pgconn.consume_input()  # fails if the server has closed the connection after it
    except Exception as error:
        raise DisconnectionError from error
