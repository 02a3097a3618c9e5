"""The audit trail: read it, verify it, and anchor its newest record outside the database."""

import syslog
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Any

from helpdesk.desk.session import Desk
from helpdesk.desk.ssh.host_file import host_rules
from helpdesk.domain.audit import Anchor, Record, read_anchor
from helpdesk.domain.errors import UnavailableError
from helpdesk.domain.roles import Right
from helpdesk.domain.ticket import ref
from helpdesk.store.database import audit_trail, audit_verification
from helpdesk.store.database.audit_erasure import Erasure

_SYSLOG = "syslog"


def trail(
    desk: Desk,
    limit: int,
    login: str | None = None,
    *,
    refused: bool = False,
    between: tuple[datetime, datetime] | None = None,
    ticket: int | None = None,
) -> tuple[Record, ...]:
    """Return the newest records, newest last.

    :param limit: the largest number of records to return.
    :param login: only the records of this agent.
    :param refused: only refused attempts.
    :param between: only those of ``[start, end)``, in UTC.
    :param ticket: only those about this ticket.
    """
    desk.require(Right.AUDIT)
    with desk.database.read(as_desk=True) as session:
        newest = audit_trail.newest(
            session,
            limit,
            login,
            refused=refused,
            between=between,
            ticket="" if ticket is None else ref(ticket),
        )
    found = tuple(reversed(newest))
    if login is not None:
        desk.record_use("reported the audit trail of an agent", login, len(found), "screen")
    return found


def details(desk: Desk, record: Record) -> dict[str, Any]:
    """Return the details of a record, with the values that are kept beside it."""
    desk.require(Right.AUDIT)
    with desk.database.read(as_desk=True) as session:
        return audit_trail.shown(session, record)


def write_anchor(desk: Desk) -> tuple[Anchor, str]:
    """Append an anchor of the trail's newest record to the place that ``door.toml`` names.

    :returns: the anchor, and where it was written: "syslog", a file, or "" if no place is named.
    :raises UnavailableError: if it cannot be written there.
    """
    desk.require(Right.AUDIT)
    with desk.database.read(as_desk=True) as session:
        anchor = audit_trail.end(session, desk.now())
    where = host_rules().anchors
    if where == _SYSLOG:
        syslog.openlog("helpdesk", facility=syslog.LOG_AUTHPRIV)
        syslog.syslog(syslog.LOG_NOTICE, anchor.line())
    elif where:
        try:
            with Path(where).open("a", encoding="ascii") as file:
                file.write(f"{anchor.line()}\n")
        except OSError as error:
            raise UnavailableError(
                f"the anchor cannot be written to {where} ({error.strerror}): check the path in "
                "door.toml, and that the account may append to the file."
            ) from error
    return anchor, where


def erase_values(
    desk: Desk, table: str, key: tuple[str | int, ...], columns: Iterable[str]
) -> None:
    """Erase the values that the trail keeps of some columns of a row; that is on record.

    The row itself stays as it is.  A use case that changes it in the same transaction registers an
    ``Erasure`` with the session's change log instead: then the new values are kept.

    :param table: the name of the table.
    :param key: the row's primary key.
    :raises NotPermittedError: if the role does not allow it.
    :raises RefusedError: if the trail does not cover these columns.
    """
    desk.require(Right.MANAGE_DATABASE)
    erasure = Erasure(table, key, frozenset(columns))
    with desk.database.write(as_desk=True) as session:
        session.change_log.erase(erasure)


def check_anchors(desk: Desk, lines: Iterable[str]) -> tuple[int, tuple[str, ...]]:
    """Compare anchors with the trail.

    :param lines: lines of an anchor file or a system log; lines without an anchor are ignored.
    :returns: the number of anchors, and a sentence for each one that the trail contradicts.

    :raises RefusedError: if an anchor is damaged.
    """
    desk.require(Right.AUDIT)
    anchors = [anchor for line in lines if (anchor := read_anchor(line)) is not None]
    faults = []
    with desk.database.read(as_desk=True) as session:
        for anchor in anchors:
            digest = audit_trail.digest_of(session, anchor.seq) if anchor.seq else anchor.digest
            if digest is None:
                faults.append(f"record {anchor.seq} of the anchor of {anchor.at} was removed.")
            elif digest != anchor.digest:
                faults.append(f"record {anchor.seq} differs from the anchor of {anchor.at}.")
    return len(anchors), tuple(faults)


def faults(desk: Desk) -> tuple[str, ...]:
    """Return a sentence for each place where the trail, or a row that it covers, was altered."""
    desk.require(Right.AUDIT)
    with desk.database.read(as_desk=True) as session:
        return audit_verification.verify(session, desk.host_now()).faults
