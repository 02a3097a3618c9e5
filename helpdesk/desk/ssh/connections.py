"""Who is signed in over SSH now, and how a connection is made to end.

Every process that the door starts is listed while it runs, and asks every other second whether it
may stay (see ``helpdesk.desk.ssh.watchdog``).
"""

import os
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy.orm import Session

from helpdesk.desk.sla import agreement
from helpdesk.domain.errors import NotPermittedError, UnavailableError
from helpdesk.domain.policy.ssh_terms import DoorTerms
from helpdesk.domain.roles import Right
from helpdesk.ssh import process
from helpdesk.store.models import Agent, AgentKey, Connection
from helpdesk.store.people import connections, keys

if TYPE_CHECKING:
    from helpdesk.desk.session import Desk

#: How often a connection of any length says that it is there, and when one of another host that
#: has not is taken for gone.
SAY_SO = timedelta(minutes=5)
_GONE = 2.5 * SAY_SO
_DISABLED = "the agent {} was disabled on this desk."
_KEY_REMOVED = "the key with which you came in was removed."


@dataclass(frozen=True, slots=True)
class ConnectionView:
    """A connection as people see it."""

    number: int
    login: str
    address: str
    key: str
    terminal: str
    host: str
    process: int
    since: datetime


def terms(desk: "Desk") -> DoorTerms:
    """Return what the policy in force says of connections over SSH."""
    with desk.database.read() as opened:
        return agreement.rules_in_force(opened).door


def enter(desk: "Desk") -> int | None:
    """List this process as a connection of the agent; return its number.

    Nobody is kept out because nothing can be written now: there is no number then.

    :raises NotPermittedError: if the key is not the agent's any more, or there are too many.
    """
    origin, now, most = desk.origin, desk.now(), terms(desk).connections
    with desk.database.read() as opened:
        _require_key(opened, desk)
    with suppress(UnavailableError), desk.database.write() as opened:
        _strike_off_the_dead(opened, now)
        standing = connections.connections(opened, desk.agent_id)
        if most is not None and len(standing) >= most:
            raise NotPermittedError(
                f"{desk.login} has {len(standing)} connections open, and the policy allows "
                f"{most}: leave one of them (the first is of {standing[0][0].since:%H:%M} UTC)."
            )
        number = os.getpid()
        added = Connection(
            agent_id=desk.agent_id,
            host=process.this_host(),
            process=number,
            process_start=process.start_of(number),
            since=now,
            seen_at=now,
            address=origin.address,
            fingerprint=origin.key,
            terminal=origin.terminal,
        )
        opened.add(added)
        opened.flush()
        return added.id
    return None


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


def _strike_off_the_dead(opened: Session, now: datetime) -> None:
    here = process.this_host()
    for one, _ in connections.connections(opened):
        if one.host == here:
            gone = not process.is_there(one.process, one.process_start)
        else:
            gone = one.seen_at < now - _GONE
        if gone:
            connections.forget(opened, one.id)


def leave(desk: "Desk") -> None:
    """Strike this process's connection off the list."""
    if desk.connection is not None:
        # Who cannot be struck off now is by the next who comes in.
        with suppress(UnavailableError), desk.database.write() as opened:
            connections.forget(opened, desk.connection)


def must_leave(desk: "Desk") -> str:
    """Return the sentence with which this connection is to end, or ""; cheap to ask."""
    if desk.connection is None:
        return ""
    with desk.database.read() as opened:
        active, leave, seen_at, holder = connections.standing(
            opened, desk.agent_id, desk.connection, desk.origin.key
        )
    if not active:
        return _DISABLED.format(desk.login)
    if leave or (desk.origin.key and holder != desk.agent_id):
        return leave or _KEY_REMOVED
    if seen_at is not None and seen_at < desk.now() - SAY_SO:
        with suppress(UnavailableError), desk.database.write() as opened:
            connections.touch(opened, desk.connection, desk.now())
    return ""


def shut_out(opened: Session, agent: Agent) -> None:
    """Ask all connections of a disabled agent to end, within the change."""
    _ask_to_leave(opened, _DISABLED.format(agent.login), agent.id)


def shut_out_key(opened: Session, key: AgentKey) -> None:
    """Ask all connections of a removed key to end, within the change."""
    _ask_to_leave(opened, _KEY_REMOVED, key.agent_id, key.fingerprint)


def _ask_to_leave(
    opened: Session, sentence: str, agent_id: int, fingerprint: str | None = None
) -> None:
    connections.ask_to_leave(opened, sentence, agent_id=agent_id, fingerprint=fingerprint)


def list_connections(desk: "Desk") -> tuple[ConnectionView, ...]:
    """Return who is signed in over SSH now, the longest first."""
    desk.require(Right.MANAGE_AGENTS)
    here = process.this_host()
    with desk.database.read() as opened:
        return tuple(
            ConnectionView(
                number=one.id,
                login=login,
                address=one.address,
                key=one.fingerprint,
                terminal=one.terminal,
                host=one.host,
                process=one.process,
                since=one.since,
            )
            for one, login in connections.connections(opened)
            if one.host != here or process.is_there(one.process, one.process_start)
        )
