"""What somebody typed and has not saved yet: kept through Esc, a crash, a lost connection.

Drafts are files of the person's state folder, not rows of the database: they must be kept just
when the database is locked, full or gone.
"""

import contextlib
import json
import os
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote

from helpdesk.locations import state_dir


class Drafts:
    """One agent's drafts, by form name (``log``, ``reply HD-12``, …)."""

    def __init__(self, folder: Path | None, login: str) -> None:
        self._folder = (folder or state_dir() / "drafts") / quote(login, safe="")

    def keep(self, form: str, fields: Mapping[str, str]) -> None:
        """Put the fields in place of the form's earlier draft; blank fields alone drop it.

        The file is replaced whole, so a crash leaves the earlier draft or the new one.

        :raises OSError: if the state folder cannot be written.
        """
        if not any(value.strip() for value in fields.values()):
            self.drop(form)
            return
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        file = self._file(form)
        fresh = file.with_suffix(f".{os.getpid()}.tmp")
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8", errors="surrogatepass") as out:
            json.dump(dict(fields), out)
        fresh.replace(file)

    def read(self, form: str) -> dict[str, str]:
        """Return the form's draft, or {} if there is none that can be read."""
        try:
            fields = json.loads(self._file(form).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        if not isinstance(fields, dict):
            return {}
        return {str(name): value for name, value in fields.items() if isinstance(value, str)}

    def saved_at(self, form: str) -> datetime | None:
        """Return when the form's draft was kept (UTC), or None if there is none."""
        try:
            return datetime.fromtimestamp(self._file(form).stat().st_mtime, UTC)
        except OSError:
            return None

    def drop(self, form: str) -> None:
        """Forget the form's draft."""
        with contextlib.suppress(OSError):
            self._file(form).unlink()

    def _file(self, form: str) -> Path:
        return self._folder / f"{quote(form, safe=' ')}.json"
