"""The desks that this account has opened, kept in its state folder.

A database file that is gone or empty looks like a new desk.  By what is kept here, a desk that was
there is missed.  There is one small file for each database, so that programs that start at once
need not wait for each other.  Passwords are not kept.
"""

import hashlib
import json
import os
import secrets
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from shlex import quote

from sqlalchemy import URL

from helpdesk.domain.errors import UnavailableError
from helpdesk.locations import state_dir

#: The parameters of a URL that say on which server a database is.
_SERVER = ("host", "hostaddr", "port", "service")
#: The names of backups beside the newest one that is known; the other one is dated.
_BACKUPS = ("helpdesk-????-??-??T??????Z.db", "helpdesk-????-??-??T??????Z.dump")


@dataclass(frozen=True, slots=True)
class KnownDesk:
    """A desk that was opened before.

    :ivar desk: its id.
    :ivar backup: the path of its newest known backup, or "".
    """

    desk: str
    backup: str = ""


def name_of(url: URL) -> str:
    """Return the URL under which a database is known: without user, password and options."""
    if url.get_backend_name() == "sqlite":
        return f"sqlite:///{os.path.realpath(url.database or '')}"
    server = {key: url.query[key] for key in _SERVER if key in url.query}
    plain = URL.create("postgresql", host=url.host, port=url.port, database=url.database)
    return plain.set(query=server).render_as_string()


def find(url: URL) -> KnownDesk | None:
    """Return the desk that was in this database when it was opened last; None if none is known."""
    try:
        fields = json.loads(_file(url).read_text(encoding="utf-8"))
        return KnownDesk(str(fields["desk"]), str(fields.get("backup", "")))
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def remember(url: URL, desk: KnownDesk) -> None:
    """Keep that a desk is in this database, if the state folder can be written."""
    known = find(url)
    if known is not None and not desk.backup:
        desk = replace(desk, backup=known.backup)
    if known == desk:
        return
    file = _file(url)
    temporary = file.with_name(f".{file.name}.{secrets.token_hex(4)}")
    fields = {"url": name_of(url), "desk": desk.desk, "backup": desk.backup}
    with suppress(OSError):
        for folder in (state_dir(), file.parent):  # the mode is not that of new parents
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        try:
            temporary.write_text(json.dumps(fields), encoding="utf-8")
            temporary.replace(file)
        finally:
            temporary.unlink(missing_ok=True)


def replaced(url: URL, desk: str) -> None:
    """Keep that another desk was put into this database on purpose, if a desk is known there."""
    known = find(url)
    if known is not None and desk:
        remember(url, replace(known, desk=desk))


def forget(url: URL) -> bool:
    """Forget the desk that was in this database; return whether one was known.

    :raises UnavailableError: if the state folder cannot be written.
    """
    try:
        _file(url).unlink()
    except FileNotFoundError:
        return False
    except OSError as error:
        raise UnavailableError(
            f"{_file(url)} cannot be removed ({error.strerror}): see who may write to its folder."
        ) from error
    return True


def require_not_missing(url: URL, known: KnownDesk | None) -> None:
    """Refuse to take a database without a desk for a new one if a desk is known there.

    :param known: the known desk, found before the database was looked at: other programs may be
        creating a desk just now.
    :raises UnavailableError: naming the newest backup, and the command for a new desk.
    """
    if known is None:
        return
    backup = _newest_backup(url, known)
    cure = (
        f"put the newest backup back with 'helpdesk db restore {quote(str(backup))}'"
        if backup is not None
        else "look for it, as no backup of it is known here"
    )
    raise UnavailableError(
        f"the desk that was in {name_of(url)} is missing, {_what_is_left(url)}: {cure}; or run "
        f"'helpdesk db forget {quote(name_of(url))}' to begin a new desk there."
    )


def require_same(url: URL, known: KnownDesk | None, found: str) -> None:
    """Refuse a desk that is not the one that is known in this database.

    :param found: the id of the desk that is there now; "" if it has none yet.
    :raises UnavailableError: naming the command that accepts it.
    """
    if known is None or found in ("", known.desk):
        return
    raise UnavailableError(
        f"{name_of(url)} holds another desk than before (id {found[:8]} instead of "
        f"{known.desk[:8]}): put the right one in its place, or run 'helpdesk db forget "
        f"{quote(name_of(url))}' to work with this one."
    )


def _what_is_left(url: URL) -> str:
    if url.get_backend_name() != "sqlite":
        return "the database is gone or empty"
    try:
        size = Path(url.database or "").stat().st_size
    except OSError:
        return "its file is gone"
    return "its file holds no tables" if size else "its file is empty"


def _newest_backup(url: URL, known: KnownDesk) -> Path | None:
    """Return the newest backup: the known one, a later one beside it, or one of an upgrade."""
    found: list[Path] = []
    with suppress(OSError):
        if known.backup:
            recorded = Path(known.backup)
            found.append(recorded)
            if any(recorded.match(pattern) for pattern in _BACKUPS):
                found += [file for each in _BACKUPS for file in recorded.parent.glob(each)]
        if url.get_backend_name() == "sqlite":
            file = Path(url.database or "")
            found += file.parent.glob(f"{file.name}-before-upgrade-from-*.db")
    existing = [(file.stat().st_mtime, file) for file in found if file.is_file()]
    return max(existing)[1] if existing else None


def _file(url: URL) -> Path:
    digest = hashlib.sha256(name_of(url).encode("utf-8", "surrogateescape")).hexdigest()[:24]
    return state_dir() / "desks" / f"{digest}.json"
