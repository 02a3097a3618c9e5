"""Which desk a person means; light, because the app reads it before its first paint."""

import os
from dataclasses import dataclass
from pathlib import Path

from helpdesk import locations


@dataclass(frozen=True, slots=True)
class Origin:
    """From where somebody comes in over SSH.

    :ivar address: the client's network address, or "".
    :ivar key: the fingerprint of the key that let them in, or "".
    :ivar terminal: the client's terminal on this host, such as ``/dev/pts/3``, or "".
    """

    address: str = ""
    key: str = ""
    terminal: str = ""


@dataclass(frozen=True, slots=True)
class Settings:
    """What a person named on the command line; None means the environment or the default.

    :ivar origin: where they come from, if it is the door that lets them in.
    """

    database: str | None = None
    kb: Path | None = None
    acting_as: str | None = None
    origin: Origin | None = None

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
        """The folder that was asked for, or None for the default one."""
        if self.kb is not None:
            return self.kb
        named = os.environ.get("HELPDESK_KB", "")
        return locations.named_path(named) if named else None
