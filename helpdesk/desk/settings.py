"""The settings that select a desk; cheap to import, because the app needs it before it paints."""

import os
from dataclasses import dataclass
from pathlib import Path

from helpdesk import locations


@dataclass(frozen=True, slots=True)
class Origin:
    """The origin of an SSH connection; empty for a local session.

    :ivar address: the client's network address, or "".
    :ivar key: the fingerprint of the SSH key that the person signed in with, or "".
    :ivar terminal: the client's terminal on this host, such as ``/dev/pts/3``, or "".
    """

    address: str = ""
    key: str = ""
    terminal: str = ""


@dataclass(frozen=True, slots=True)
class Settings:
    """The options of the command line; None means the environment variable or the default.

    :ivar database: a database URL or the path of an SQLite file.
    :ivar kb: the folder of the knowledge base.
    :ivar acting_as: the login of the agent to act as.
    :ivar origin: where the SSH connection comes from, if the forced command started the program.
    :ivar throw_away: whether nobody is to miss the desk if it is gone, as that of ``demo``.
    """

    database: str | None = None
    kb: Path | None = None
    acting_as: str | None = None
    origin: Origin | None = None
    throw_away: bool = False

    @property
    def database_url(self) -> str:
        """The URL of the desk's database."""
        return (
            self.database
            or os.environ.get("HELPDESK_DATABASE_URL", "")
            or locations.default_database_url()
        )

    @property
    def knowledge_dir(self) -> Path | None:
        """The folder of the knowledge base that was named, or None for the default folder."""
        if self.kb is not None:
            return self.kb
        named = os.environ.get("HELPDESK_KB", "")
        return locations.named_path(named) if named else None
