"""The audit trail: reading it, proving it, and putting its end down where nobody here can write."""

import syslog
from collections.abc import Iterable
from pathlib import Path

from helpdesk.desk.session import Desk
from helpdesk.desk.ssh.host_file import host_rules
from helpdesk.domain.audit import Anchor, Record, read_anchor
from helpdesk.domain.errors import UnavailableError
from helpdesk.domain.roles import Right
from helpdesk.store.database import audit_trail

_SYSLOG = "syslog"


def trail(
    desk: Desk, limit: int, login: str | None = None, *, refused: bool = False
) -> tuple[Record, ...]:
    """Return the newest records, the newest last; of one agent, or refused attempts alone."""
    desk.require(Right.AUDIT)
    with desk.database.read() as session:
        return tuple(reversed(audit_trail.newest(session, limit, login, refused=refused)))


def put_anchor(desk: Desk) -> tuple[Anchor, str]:
    """Put the trail's end down where ``door.toml`` says; return it, and where ("": nowhere).

    :raises UnavailableError: if it cannot be written there.
    """
    desk.require(Right.AUDIT)
    with desk.database.read() as session:
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
                f"the anchor cannot be written to {where} ({error.strerror}): see what door.toml "
                "names, and that the account may add to it."
            ) from error
    return anchor, where


def check_anchors(desk: Desk, lines: Iterable[str]) -> tuple[int, tuple[str, ...]]:
    """Return how many anchors the lines hold, and a sentence for each that the trail contradicts.

    :raises RefusedError: if an anchor is damaged.
    """
    desk.require(Right.AUDIT)
    anchors = [anchor for line in lines if (anchor := read_anchor(line)) is not None]
    faults = []
    with desk.database.read() as session:
        for anchor in anchors:
            digest = audit_trail.digest_of(session, anchor.seq) if anchor.seq else anchor.digest
            if digest is None:
                faults.append(f"record {anchor.seq} of the anchor of {anchor.at} was removed.")
            elif digest != anchor.digest:
                faults.append(f"record {anchor.seq} is not as the anchor of {anchor.at} has it.")
    return len(anchors), tuple(faults)


def faults(desk: Desk) -> tuple[str, ...]:
    """Return a sentence for each place where the trail or a timeline was altered."""
    desk.require(Right.AUDIT)
    with desk.database.read() as session:
        return tuple(audit_trail.faults(session))
