"""An open desk: its database, its knowledge base and the acting agent."""

import os
from collections.abc import Callable
from contextlib import ExitStack
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from helpdesk.desk.agent_view import AgentView
from helpdesk.desk.settings import Origin, Settings
from helpdesk.domain.errors import NotPermittedError
from helpdesk.domain.escalation import Level
from helpdesk.domain.policy.desk_rules import DeskRules
from helpdesk.domain.roles import (
    BY_POLICY,
    NOTHING_WITHHELD,
    Right,
    Withheld,
    has_right,
    require_right,
)
from helpdesk.ssh.account import account
from helpdesk.store import policies
from helpdesk.store.database.change_feed import ChangeFeed
from helpdesk.store.database.database import Database
from helpdesk.store.models import Agent

if TYPE_CHECKING:
    from helpdesk.desk.library import Library

#: Settings of the desk: its owner's login, its id, and the time and path of its newest backup.
OWNER = "owner"
DESK_ID = "desk_id"
LAST_BACKUP = "last_backup"


def utc_now() -> datetime:
    """Return the current time in UTC."""
    return datetime.now(UTC)


def system_login() -> str:
    """Return the login name of the operating system's user.

    It is read from the user database, not from the environment, which the user could change.
    """
    uid = os.getuid()
    found = account(uid)
    return found.pw_name if found else f"uid{uid}"


class Desk:
    """An open desk and the acting agent; passed to every use case."""

    def __init__(
        self,
        database: Database,
        knowledge_dir: Path,
        agent_id: int,
        agent: AgentView,
        clock: Callable[[], datetime],
        settings: Settings,
    ) -> None:
        self.database = database
        self.knowledge_dir = knowledge_dir
        self.agent_id = agent_id
        self.agent = agent
        self.settings = settings
        self.connection: int | None = None
        self._clock = clock
        self._closing = ExitStack()
        self.on_close(database.close)

    @property
    def login(self) -> str:
        """The acting agent's login."""
        return self.agent.login

    @property
    def origin(self) -> Origin:
        """Where the acting agent's SSH connection comes from; empty without one."""
        return self.settings.origin or Origin()

    @property
    def kb_problem(self) -> str:
        """Why the knowledge base's folder cannot be read, in a sentence; "" if it can."""
        return folder_problem(self.knowledge_dir)

    @property
    def database_hazard(self) -> str:
        """Why the place of the database endangers its data, in a sentence; "" if it does not."""
        return self.database.backend.storage_warning()

    @property
    def read_only(self) -> str:
        """Why changes are refused while reading goes on, in a sentence; "" if they are not."""
        return self.database.read_only

    @cached_property
    def feed(self) -> ChangeFeed:
        """The change feed, opened at the first use."""
        feed = ChangeFeed(self.database)
        self.on_close(feed.close)
        return feed

    @cached_property
    def library(self) -> "Library":
        """The knowledge base and its search, opened at the first use."""
        # Imported here because the search is slow to import and most commands do not search.
        from helpdesk.desk.library import Library

        library = Library(self.database, self.knowledge_dir)
        self.on_close(library.close)
        return library

    @property
    def search_shortage(self) -> str:
        """A sentence if this desk was searched by words only for want of memory; else ""."""
        return self.library.shortage if "library" in vars(self) else ""

    def now(self) -> datetime:
        """Return the time for what is entered now, in UTC and whole seconds.

        It stands still while the host's clock is a little behind the newest record.
        """
        return self.database.clock().replace(microsecond=0)

    def host_now(self) -> datetime:
        """Return the time of the host's clock in UTC, in whole seconds, even if it is wrong."""
        return self._clock().replace(microsecond=0)

    def require(self, right: Right) -> None:
        """Refuse the use case unless the acting agent's role includes a right.

        A refusal is recorded in the audit trail.

        :raises NotPermittedError: if the role does not include the right.
        """
        try:
            require_right(self.login, self.agent.role, right, self._withheld(right))
        except NotPermittedError as error:
            self.database.record_refusal(str(error))
            raise

    def may(self, right: Right) -> bool:
        """Return whether the acting agent's role includes a right."""
        return has_right(self.agent.role, right, self._withheld(right))

    def _withheld(self, right: Right) -> Withheld:
        """Return what the policy in force takes from roles, if it can take this right."""
        if right not in BY_POLICY.values():
            return NOTHING_WITHHELD
        with self.database.read(as_desk=True) as session:
            stored = policies.version(session, policies.current_version(session))
            return DeskRules.from_document(stored.rules).withheld if stored else NOTHING_WITHHELD

    def record_use(self, did: str, query: str, rows: int, to: str) -> None:
        """Put on record that what the desk holds was taken out of it, or persons were reported on.

        :param did: what was done, such as "exported tickets".
        :param query: which rows were asked for, in the words of the command; "" for all.
        :param rows: how many there were.
        :param to: where they went: a file, "standard output", "clipboard" or "screen".
        """
        self.database.record_use(did, {"query": query, "rows": rows, "to": to})

    def on_close(self, function: Callable[[], object]) -> None:
        """Register a function to call when the desk is closed; the last one registered runs first.

        The database is still open while the functions run.  All of them run, even if one raises.
        """
        self._closing.callback(function)

    def close(self) -> None:
        """Call the functions registered with :meth:`on_close`, then close the database."""
        self._closing.close()


def folder_problem(folder: Path) -> str:
    """Return why a knowledge base's folder cannot be read, in a sentence; "" if it can."""
    if not folder.exists():
        return (
            f"the knowledge base folder {folder} does not exist: make it, or name another (--kb)."
        )
    if not folder.is_dir():
        return f"the knowledge base {folder} is not a folder: name a folder with --kb."
    if not os.access(folder, os.R_OK | os.X_OK):
        return f"the knowledge base folder {folder} cannot be read by you: ask for read access."
    return ""


def agent_view(agent: Agent, levels: tuple[Level, ...]) -> AgentView:
    """Return the view of an agent who serves these levels."""
    return AgentView(agent.login, agent.name, agent.role, levels, agent.active, agent.version)
