"""The interface of a database backend: everything that differs between SQLite and PostgreSQL."""

from abc import ABC, abstractmethod
from contextlib import AbstractContextManager
from typing import Protocol

from sqlalchemy import URL, Connection, Engine


def database_name(url: URL) -> str:
    """Return the name of a database for messages: its path, or its URL without the password."""
    if url.get_backend_name() == "sqlite":
        return url.database or ":memory:"
    return url.set(drivername="postgresql", query={}).render_as_string(hide_password=True)


class CommitListener(Protocol):
    """Notices that any connection may have committed something."""

    def listen(self) -> int:
        """Return, without waiting, a number that changes after each commit."""

    def close(self) -> None:
        """Stop listening."""


class Backend(ABC):
    """A database engine that can store a desk, for one URL.

    :param wait_s: how long a write waits for other writers, in seconds.
    """

    def __init__(self, url: URL, wait_s: float) -> None:
        self.url = url
        self.wait_s = wait_s
        #: Whether each write transaction checks the schema version when it begins.
        self.checks_schema = False

    @abstractmethod
    def make_engine(self) -> Engine:
        """Create the engine."""

    @abstractmethod
    def reading(self, engine: Engine) -> Engine:
        """Return the engine for read transactions, which see one consistent state."""

    @abstractmethod
    def writing(self, engine: Engine) -> Engine:
        """Return the engine for write transactions, which take turns in order of arrival."""

    @abstractmethod
    def turn(self) -> AbstractContextManager[None]:
        """Wait for this writer's turn; enter it before beginning a write transaction."""

    def storage_warning(self) -> str:
        """Return a warning if the storage location endangers the data, or ""."""
        return ""

    def read_only(self) -> str:
        """Return why changes are refused while reading goes on, in a sentence, or ""."""
        return ""

    def open_for_reading(self, engine: Engine, error: BaseException) -> bool:
        """After opening has failed, try to open the database for reading; return whether it helped.

        :param error: the error with which opening has failed.
        """
        return False

    @abstractmethod
    def exists(self) -> bool:
        """Whether there is a database to connect to, as far as the URL tells."""

    @abstractmethod
    def prepare(self) -> None:
        """Create the database for a new desk, if :meth:`exists` says that there is none."""

    @abstractmethod
    def restructuring(self, connection: Connection) -> AbstractContextManager[None]:
        """Allow tables to be replaced in the block, and check the foreign keys after it."""

    @abstractmethod
    def commit_listener(self, engine: Engine) -> CommitListener:
        """Return a listener for commits that add timeline entries, and for announced ones."""

    @abstractmethod
    def announce(self, connection: Connection) -> None:
        """Make listeners notice this transaction although it adds no timeline entry."""
