"""Where things lie: the person's data, state and configuration, and what the package ships.

Folders follow the XDG base directory specification.  What is shipped (migrations, the starter
knowledge base) is inside the installed package, or at the top of a checkout.
"""

import os
from pathlib import Path

from helpdesk.domain.errors import UnavailableError

_APP = "helpdesk"


def _xdg(variable: str, fallback: str) -> Path:
    value = os.environ.get(variable, "")
    base = Path(value) if value.startswith("/") else Path.home() / fallback
    return base / _APP


def data_dir() -> Path:
    """Return the folder of the default database and knowledge base."""
    return _xdg("XDG_DATA_HOME", ".local/share")


def state_dir() -> Path:
    """Return the folder of drafts and the error log."""
    return _xdg("XDG_STATE_HOME", ".local/state")


def config_dir() -> Path:
    """Return the folder of the person's configuration (``keys.toml``)."""
    return _xdg("XDG_CONFIG_HOME", ".config")


def cache_dir() -> Path:
    """Return the folder of what can be rebuilt."""
    return _xdg("XDG_CACHE_HOME", ".cache")


def named_path(text: str) -> Path:
    """Return the path that a person named, with ``~`` and ``~login`` resolved.

    :raises UnavailableError: if there is no such login.
    """
    try:
        return Path(text).expanduser()
    except RuntimeError:
        raise UnavailableError(
            f"{text} is in the home of somebody who is not known here: name the folder in full."
        ) from None


def default_database_url() -> str:
    """Return the URL of the embedded default: one SQLite file."""
    return f"sqlite:///{data_dir() / 'helpdesk.db'}"


def default_knowledge_dir() -> Path:
    """Return the folder of the default knowledge base."""
    return data_dir() / "kb"


def shipped(name: str) -> Path:
    """Return the folder ``migrations`` or ``kb`` that came with this program."""
    package = Path(__file__).parent
    inside = package / "_shipped" / name
    return inside if inside.is_dir() else package.parent / name
