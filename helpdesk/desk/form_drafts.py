"""Drafts of forms: unsaved text that survives Esc, a crash and a lost connection.

Drafts are files in the agent's state folder, not database rows, because they are needed most when
the database is locked, full or unreachable.
"""

import contextlib
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote, unquote
from uuid import uuid4

from helpdesk.domain.i18n import _
from helpdesk.locations import state_dir

#: The form in which a query is logged; a parked call has a name that begins with the other.
CALL, _PARKED = "log", "call "


def parked_form(form: str) -> str:
    """Return the name under which a call is parked; one that was parked before keeps its name."""
    return f"{_PARKED}{uuid4().hex}" if form == CALL else form


def is_of_a_call(form: str) -> bool:
    """Whether a form is that of a call, parked or not."""
    return form == CALL or form.startswith(_PARKED)


@dataclass(frozen=True, slots=True)
class SavedDraft:
    """A draft in the list of drafts.

    :ivar form: the form's name.
    :ivar saved_at: when it was saved (UTC).
    :ivar words: its texts, to recognize it by.
    """

    form: str
    saved_at: datetime
    words: str

    @property
    def kind(self) -> str:
        """The first word of the form's name: ``reply``, ``article``."""
        return self.form.partition(" ")[0]

    @property
    def about(self) -> str:
        """What the form is about: ``HD-12``, the path of an article."""
        return self.form.partition(" ")[2]

    @property
    def title(self) -> str:
        """The form's name for people."""
        if self.form == CALL:
            return _("new query")
        return _("parked call") if is_of_a_call(self.form) else self.form


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
        """Return the names of all forms with a draft; () if the folder cannot be read.

        Texts that belong to another draft are left out.
        """
        try:
            names = sorted(unquote(file.stem) for file in self._folder.glob("*.json"))
        except OSError:
            return ()
        whole = (name for name in names if not any(name.startswith(f"{one} ") for one in names))
        return tuple(whole)

    def drop(self, form: str) -> None:
        """Delete the form's draft, if there is one."""
        with contextlib.suppress(OSError):
            self._file(form).unlink()

    def listing(self) -> tuple[SavedDraft, ...]:
        """Return all drafts, newest first."""
        found = []
        for form in self.forms():
            fields, at = self.read(form), self.saved_at(form)
            if fields and at:
                words = " · ".join(text for text in fields.values() if text.strip())
                found.append(SavedDraft(form, at, words))
        return tuple(sorted(found, key=lambda draft: draft.saved_at, reverse=True))

    def _file(self, form: str) -> Path:
        return self._folder / f"{quote(form, safe=' ')}.json"
