"""Drafts of forms: unsaved text that survives Esc, a crash and a lost connection.

Drafts are files in the agent's state folder, not database rows, because they are needed most when
the database is locked, full or unreachable.
"""

import contextlib
import json
import os
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote, unquote

from helpdesk.locations import state_dir


class Drafts:
    """One agent's drafts, by form name (``log``, ``reply HD-12``, …)."""

    def __init__(self, folder: Path | None, login: str) -> None:
        self._folder = (folder or state_dir() / "drafts") / quote(login, safe="")

    def keep(self, form: str, fields: Mapping[str, str]) -> None:
        """Save the fields as the form's draft, replacing an earlier one; drop it if all are blank.

        The file is replaced atomically: a crash leaves either the earlier draft or the new one.

        :raises OSError: if the state folder cannot be written.
        """
        if not any(value.strip() for value in fields.values()):
            self.drop(form)
            return
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        file = self._file(form)
        temporary = file.with_suffix(f".{os.getpid()}.tmp")
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8", errors="surrogatepass") as out:
            json.dump(dict(fields), out)
        temporary.replace(file)

    def read(self, form: str) -> dict[str, str]:
        """Return the form's draft, or {} if there is none or it cannot be read."""
        try:
            fields = json.loads(self._file(form).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        if not isinstance(fields, dict):
            return {}
        return {str(name): value for name, value in fields.items() if isinstance(value, str)}

    def saved_at(self, form: str) -> datetime | None:
        """Return when the form's draft was saved (UTC), or None if there is none."""
        try:
            return datetime.fromtimestamp(self._file(form).stat().st_mtime, UTC)
        except OSError:
            return None

    def forms(self) -> tuple[str, ...]:
        """Return the names of all forms with a draft; () if the folder cannot be read."""
        try:
            return tuple(sorted(unquote(file.stem) for file in self._folder.glob("*.json")))
        except OSError:
            return ()

    def drop(self, form: str) -> None:
        """Delete the form's draft, if there is one."""
        with contextlib.suppress(OSError):
            self._file(form).unlink()

    def _file(self, form: str) -> Path:
        return self._folder / f"{quote(form, safe=' ')}.json"
