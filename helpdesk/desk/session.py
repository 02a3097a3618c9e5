"""An open desk: its database, its knowledge base, and the agent who acts on it."""

import os
import pwd
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
from helpdesk.domain.roles import Right, has_right, require_right
from helpdesk.store.database.change_feed import Feed
from helpdesk.store.database.database import Database
from helpdesk.store.models import Agent

if TYPE_CHECKING:
    from helpdesk.desk.library import Library

OWNER = "owner"


def utc_now() -> datetime:
    """Return this moment in UTC."""
    return datetime.now(UTC)


def system_login() -> str:
    """Return the name of the operating system's user.

    It comes from the user database, not from the environment, which anybody can set.
    """
    uid = os.getuid()
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return f"uid{uid}"


class Desk:
    """An open desk and the agent who acts on it."""

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
        """From where the acting agent came in."""
        return self.settings.origin or Origin()

    @property
    def kb_problem(self) -> str:
        """What is wrong with the knowledge base's folder, in a sentence, or ""."""
        return folder_problem(self.knowledge_dir)

    @property
    def database_hazard(self) -> str:
        """What endangers the database where it lies, in a sentence, or ""."""
        return self.database.kind.hazard()

    @cached_property
    def feed(self) -> Feed:
        """The change feed, watched from the first use on."""
        feed = Feed(self.database)
        self.on_close(feed.close)
        return feed

    @cached_property
    def library(self) -> "Library":
        """The knowledge base and its search, opened at the first use."""
        # Only what searches pays for the search's imports.
        from helpdesk.desk.library import Library

        library = Library(self.database, self.knowledge_dir)
        self.on_close(library.close)
        return library

    def now(self) -> datetime:
        """Return this moment in UTC, in whole seconds."""
        return self._clock().replace(microsecond=0)

    def require(self, right: Right) -> None:
        """Refuse what the acting agent's role does not include; that it was tried is of record."""
        try:
            require_right(self.login, self.agent.role, right)
        except NotPermittedError as error:
            self.database.refused(str(error))
            raise

    def may(self, right: Right) -> bool:
        """Whether the acting agent's role includes a right."""
        return has_right(self.agent.role, right)

    def on_close(self, function: Callable[[], object]) -> None:
        """Have a function called when the desk is closed, the one given last first.

        The database is still open by then.  What one function raises keeps none of the others
        from being called.
        """
        self._closing.callback(function)

    def close(self) -> None:
        """Call what was given to :meth:`on_close`, and close the database."""
        self._closing.close()


def folder_problem(folder: Path) -> str:
    """Return what keeps a knowledge base's folder from being read, in a sentence, or ""."""
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
    """Return the facts of an agent."""
    return AgentView(agent.login, agent.name, agent.role, levels, agent.active, agent.version)
