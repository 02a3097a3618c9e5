"""Paths of the user's data, state and configuration, and of the folders that the package ships.

The user's folders follow the XDG Base Directory Specification.  The shipped folders (migrations,
the starter knowledge base) are inside the installed package, or at the top of a checkout.
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
    """Return the folder of drafts and of the error log."""
    return _xdg("XDG_STATE_HOME", ".local/state")


def config_dir() -> Path:
    """Return the folder of the user's configuration (``keys.toml``)."""
    return _xdg("XDG_CONFIG_HOME", ".config")


def cache_dir() -> Path:
    """Return the folder of caches, which can be deleted and rebuilt."""
    return _xdg("XDG_CACHE_HOME", ".cache")


def named_path(text: str) -> Path:
    """Return a path given by the user, with ``~`` and ``~login`` expanded.

    :raises UnavailableError: if there is no such login.
    """
    try:
        return Path(text).expanduser()
    except RuntimeError:
        raise UnavailableError(
            f"{text} names the home of an unknown login: give the full path instead."
        ) from None


def default_database_url() -> str:
    """Return the URL of the default database, a SQLite file in :func:`data_dir`."""
    return f"sqlite:///{data_dir() / 'helpdesk.db'}"


def default_knowledge_dir() -> Path:
    """Return the folder of the default knowledge base."""
    return data_dir() / "kb"


def shipped_folder(name: str) -> Path:
    """Return a folder that is shipped with this program: ``migrations`` or ``kb``."""
    package = Path(__file__).parent
    inside = package / "_shipped" / name
    return inside if inside.is_dir() else package.parent / name
