"""List the connections over SSH, and make them end.

Every process that the forced command starts is listed while it runs, and checks every two seconds
whether it may go on (see ``helpdesk.desk.ssh.watchdog``).
"""

import os
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy.orm import Session

from helpdesk.desk.sla import agreement
from helpdesk.domain.errors import BusyError, NotPermittedError, UnavailableError
from helpdesk.domain.policy.ssh_terms import SshTerms
from helpdesk.domain.roles import Right
from helpdesk.ssh import process
from helpdesk.store.models import Agent, AgentKey, Connection
from helpdesk.store.people import connections, keys

if TYPE_CHECKING:
    from helpdesk.desk.session import Desk

#: How often a connection records that it is alive, and after which time without such a record a
#: connection on another host counts as ended.
_HEARTBEAT = timedelta(minutes=5)
_GONE_AFTER = 2.5 * _HEARTBEAT
#: The number of no connection.
_UNLISTED = 0
_DISABLED = "the agent {} was disabled on this desk."
_KEY_REMOVED = "the key with which you came in was removed."


@dataclass(frozen=True, slots=True)
class ConnectionView:
    """A connection as screens and commands show it.

    :ivar address: the network address from which it comes.
    :ivar key: the fingerprint of the key that was used.
    :ivar host: the host on which its process runs.
    :ivar process: the process id.
    :ivar since: when it began (UTC).
    """

    number: int
    login: str
    address: str
    key: str
    terminal: str
    host: str
    process: int
    since: datetime


def terms(desk: "Desk") -> SshTerms:
    """Return the settings of the policy in force for connections over SSH."""
    with desk.database.read() as opened:
        return agreement.rules_in_force(opened).door


def register(desk: "Desk") -> int | None:
    """Add this process to the list of connections; return the number of the connection.

    If the database cannot be written (a full disk, a read-only file), the connection is allowed but
    not listed: None is returned.

    :raises NotPermittedError: if the key is no longer the agent's, or the agent has as many
        connections as the policy allows.
    :raises BusyError: if other writers hold the database, so that nobody can be counted.
    """
    with desk.database.read() as opened:
        _require_key(opened, desk)
    try:
        return _add(desk)
    except BusyError:
        raise  # otherwise a crowd at the door would get past the limit of connections
    except UnavailableError:
        return None


def _add(desk: "Desk") -> int:
    origin, now, most = desk.origin, desk.now(), terms(desk).connections
    number = os.getpid()
    with desk.database.write() as opened:
        _remove_ended(opened, now)
        current = connections.connections(opened, desk.agent_id)
        if most is not None and len(current) >= most:
            raise NotPermittedError(
                f"{desk.login} has {len(current)} connections open, and the policy allows "
                f"{most}: leave one of them (the first is of {current[0][0].since:%H:%M} UTC)."
            )
        added = Connection(
            agent_id=desk.agent_id,
            host=process.this_host(),
            process=number,
            process_start=process.start_ticks(number),
            since=now,
            seen_at=now,
            address=origin.address,
            fingerprint=origin.key,
            terminal=origin.terminal,
        )
        opened.add(added)
        opened.flush()
        return added.id


def _require_key(opened: Session, desk: "Desk") -> None:
    key = desk.origin.key
    if not key:
        return
    holder = keys.holder(opened, key)
    if holder is None or holder.id != desk.agent_id:
        raise NotPermittedError(
            f"the key with which you came in ({key}) is not {desk.login}'s any more; ask the "
            "administrator of this desk."
        )


def _remove_ended(opened: Session, now: datetime) -> None:
    for connection, _ in connections.connections(opened):
        if _has_ended(connection, now):
            connections.forget(opened, connection.id)


def _has_ended(connection: Connection, now: datetime) -> bool:
    if connection.host == process.this_host():
        return not process.is_running(connection.process, connection.process_start)
    return connection.seen_at < now - _GONE_AFTER


def unregister(desk: "Desk") -> None:
    """Remove this process's connection from the list."""
    if desk.connection is not None:
        # If the database cannot be written now, the next connection removes this one.
        with suppress(UnavailableError), desk.database.write() as opened:
            connections.forget(opened, desk.connection)


def reason_to_end(desk: "Desk") -> str:
    """Return the sentence with which this connection must end, or "" if it may go on."""
    with desk.database.read() as opened:
        active, leave, seen_at, holder = connections.connection_status(
            opened, desk.agent_id, desk.connection or _UNLISTED, desk.origin.key
        )
    if not active:
        return _DISABLED.format(desk.login)
    if leave or (desk.origin.key and holder != desk.agent_id):
        return leave or _KEY_REMOVED
    if desk.connection and seen_at is not None and seen_at < desk.now() - _HEARTBEAT:
        with suppress(UnavailableError), desk.database.write() as opened:
            connections.touch(opened, desk.connection, desk.now())
    return ""


def end_agent_connections(opened: Session, agent: Agent) -> None:
    """Ask all connections of a disabled agent to end, within a transaction."""
    _ask_to_leave(opened, _DISABLED.format(agent.login), agent.id)


def end_key_connections(opened: Session, key: AgentKey) -> None:
    """Ask all connections made with a removed key to end, within a transaction."""
    _ask_to_leave(opened, _KEY_REMOVED, key.agent_id, key.fingerprint)


def _ask_to_leave(
    opened: Session, sentence: str, agent_id: int, fingerprint: str | None = None
) -> None:
    connections.ask_to_leave(opened, sentence, agent_id=agent_id, fingerprint=fingerprint)


def list_connections(desk: "Desk") -> tuple[ConnectionView, ...]:
    """Return the current connections over SSH, the oldest first."""
    desk.require(Right.MANAGE_AGENTS)
    now = desk.now()
    with desk.database.read() as opened:
        rows = connections.connections(opened)
    if any(_has_ended(row, now) for row, _ in rows):
        # Those of processes that were killed; the next connection removes them as well.
        with suppress(UnavailableError), desk.database.write() as opened:
            _remove_ended(opened, now)
    return tuple(
        ConnectionView(
            number=row.id,
            login=login,
            address=row.address,
            key=row.fingerprint,
            terminal=row.terminal,
            host=row.host,
            process=row.process,
            since=row.since,
        )
        for row, login in rows
        if not _has_ended(row, now)
    )
