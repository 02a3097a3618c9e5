"""What differs between the kinds of databases; the rest of the program is the same on both."""

from abc import ABC, abstractmethod
from contextlib import AbstractContextManager
from typing import Protocol

from sqlalchemy import URL, Connection, Engine


def readable(url: URL) -> str:
    """Return the database as a person knows it: a path, or the URL without its password."""
    if url.get_backend_name() == "sqlite":
        return url.database or ":memory:"
    return url.set(drivername="postgresql", query={}).render_as_string(hide_password=True)


class Ear(Protocol):
    """Hears that somebody may have committed something."""

    def listen(self) -> int:
        """Return, at once, a number that is another one whenever that was so."""

    def close(self) -> None:
        """Stop listening."""


class Kind(ABC):
    """A kind of database that a desk can be kept in, for one URL.

    :param wait_s: how long a write waits for the others, in seconds.
    """

    def __init__(self, url: URL, wait_s: float) -> None:
        self.url = url
        self.wait_s = wait_s
        #: Whether the schema is looked at as each transaction that writes begins.
        self.watches_schema = False

    @abstractmethod
    def make_engine(self) -> Engine:
        """Return the engine."""

    @abstractmethod
    def reading(self, engine: Engine) -> Engine:
        """Return the engine for transactions that see one consistent state and change nothing."""

    @abstractmethod
    def writing(self, engine: Engine) -> Engine:
        """Return the engine for transactions that change something: one at a time, in turn."""

    @abstractmethod
    def turn(self) -> AbstractContextManager[None]:
        """Wait, before a transaction that writes is begun, until it is one's turn."""

    def hazard(self) -> str:
        """Return what endangers the data where it lies, in a sentence, or ""."""
        return ""

    @abstractmethod
    def exists(self) -> bool:
        """Whether there is anything that can be connected to, as far as the URL tells."""

    @abstractmethod
    def prepare(self) -> None:
        """Make the place for a new desk, where :meth:`exists` says that there is none."""

    @abstractmethod
    def restructuring(self, connection: Connection) -> AbstractContextManager[None]:
        """Let tables be put in the place of others in the block, and check references after it."""

    @abstractmethod
    def ear(self, engine: Engine) -> Ear:
        """Return what hears of commits that add to a timeline, and of those that are announced."""

    @abstractmethod
    def announce(self, connection: Connection) -> None:
        """Let every ear hear of this transaction, though it adds to no timeline."""
