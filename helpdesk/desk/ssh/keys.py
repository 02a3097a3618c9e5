"""Manage the public keys with which agents connect over SSH."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from helpdesk.desk import session
from helpdesk.desk.session import Desk
from helpdesk.desk.ssh import connections
from helpdesk.desk.ssh.host_file import host_rules
from helpdesk.desk.ssh.launch import launch_command
from helpdesk.domain.errors import NotFoundError, NotPermittedError, RefusedError
from helpdesk.domain.roles import Right
from helpdesk.domain.text import one_line
from helpdesk.ssh import authorized_keys
from helpdesk.ssh.public_key import PublicKey, read_public_key
from helpdesk.store.models import Agent, AgentKey
from helpdesk.store.people import keys, people

#: How many characters of a fingerprint are enough to name a key.
_SHORTEST = 8


@dataclass(frozen=True, slots=True)
class KeyView:
    """A public key as screens and commands show it.

    :ivar login: the agent whose key it is.
    :ivar added_by: the login of the agent who added it, or "".
    """

    login: str
    fingerprint: str
    strength: str
    comment: str
    added_at: datetime
    added_by: str


def list_keys(desk: Desk, login: str | None = None) -> tuple[KeyView, ...]:
    """Return the keys of all agents, or of one; agents may always see their own.

    :raises NotPermittedError: if the role does not allow seeing the keys of others.
    :raises NotFoundError: if there is no such agent.
    """
    if login != desk.login:
        desk.require(Right.MANAGE_AGENTS)
    with desk.database.read() as opened:
        owner = None if login is None else people.known_agent(opened, login)
        names = {agent.id: agent.login for agent in people.agents(opened)}
        return tuple(
            _view(key, agent, names)
            for key, agent in keys.keys(opened, None if owner is None else owner.id)
        )


def add(desk: Desk, login: str, text: str) -> KeyView:
    """Add a public key with which an agent may connect.

    :param text: the key as in a ``.pub`` file.
    :raises NotPermittedError: if the acting agent or this account may not manage keys.
    :raises RefusedError: if it is not one valid public key, or is already in use.
    :raises NotFoundError: if there is no such agent, or they are disabled.
    """
    _require_account(desk)
    key = read_public_key(text)
    _require_unused(key)
    with desk.database.write() as opened:
        agent = people.require_agent(opened, login)
        holder = keys.holder(opened, key.fingerprint)
        if holder is not None:
            raise RefusedError(
                f"{login} has this key already: there is nothing to add."
                if holder.id == agent.id
                else f"this key is {holder.login}'s: a key tells who comes in, so that {login} "
                "needs one of their own."
            )
        added = AgentKey(
            fingerprint=key.fingerprint,
            agent_id=agent.id,
            public=key.line,
            comment=key.comment,
            strength=key.strength,
            added_at=desk.now(),
            added_by=desk.agent_id,
        )
        opened.add(added)
        opened.flush()
        _write(desk, opened)
        return _view(added, agent, {desk.agent_id: desk.login})


def remove(desk: Desk, login: str, fingerprint: str) -> KeyView:
    """Remove a key; connections made with it are asked to end.

    :param fingerprint: as ``helpdesk agent key list`` shows it; its first eight characters are
        enough if no other key of the agent begins with them.
    :raises NotPermittedError: if the acting agent or this account may not manage keys.
    :raises NotFoundError: if the agent has no such key.
    """
    _require_account(desk)
    with desk.database.write() as opened:
        agent = people.known_agent(opened, login)
        key = _of_agent(opened, agent, fingerprint)
        view = _view(key, agent, {})
        connections.end_key_connections(opened, key)
        opened.delete(key)
        opened.flush()
        _write(desk, opened)
        return view


def rewrite(desk: Desk) -> int:
    """Write all keys to sshd's file again, as after restoring a backup; return how many."""
    _require_account(desk)
    with desk.database.write() as opened:
        return _write(desk, opened)


def lines(desk: Desk, fingerprint: str | None = None) -> tuple[str, ...]:
    """Return the lines for sshd's ``authorized_keys`` file, all or those of one key."""
    _require_account(desk)
    with desk.database.read() as opened:
        return tuple(_lines(desk, opened, fingerprint))


def update_file(desk: Desk, opened: Session, agent_id: int) -> None:
    """Update sshd's file after a change of an agent, within the transaction of the change.

    Nothing happens if this account does not own the desk. The file is only the first check: the
    forced command asks the database as well.
    """
    if _owns(opened) and keys.keys(opened, agent_id):
        _write(desk, opened)


def _write(desk: Desk, opened: Session) -> int:
    # Written within the transaction, so that two changes at once do not write at the same time.
    written = _lines(desk, opened)
    file = host_rules().authorized_keys
    if file is not None and (written or file.exists()):
        authorized_keys.write_block(file, written)
    return len(written)


def _lines(desk: Desk, opened: Session, fingerprint: str | None = None) -> list[str]:
    command = launch_command(desk.settings)
    return [
        command.line(agent.login, _public(key))
        for key, agent in keys.keys(opened)
        if agent.active and fingerprint in (None, key.fingerprint)
    ]


def _public(key: AgentKey) -> PublicKey:
    kind, body = key.public.split(" ")
    return PublicKey(kind, body, key.comment, key.fingerprint, key.strength)


def _require_account(desk: Desk) -> None:
    desk.require(Right.MANAGE_AGENTS)
    with desk.database.read() as opened:
        if not _owns(opened):
            raise NotPermittedError(
                "keys open the account that owns the desk "
                f"({people.desk_setting(opened, session.OWNER)}), and only it can manage them; "
                "you are "
                f"{session.system_login()}."
            )


def _owns(opened: Session) -> bool:
    return people.desk_setting(opened, session.OWNER) == session.system_login()


def _require_unused(key: PublicKey) -> None:
    file = host_rules().authorized_keys
    if file is None:
        return
    for line in authorized_keys.others(file):
        if key.body in line.split():
            raise RefusedError(
                f"this key stands in {file} already, outside the help desk's block, and opens the "
                "account itself: take that line out, or give another key."
            )


def _of_agent(opened: Session, agent: Agent, fingerprint: str) -> AgentKey:
    wanted = fingerprint.removeprefix("SHA256:")
    theirs = [key for key, _ in keys.keys(opened, agent.id)]
    found = [key for key in theirs if key.fingerprint.removeprefix("SHA256:") == wanted]
    if not found and len(wanted) >= _SHORTEST:
        found = [
            key for key in theirs if key.fingerprint.removeprefix("SHA256:").startswith(wanted)
        ]
    if len(found) != 1:
        raise NotFoundError(
            f"{agent.login} has no key {one_line(fingerprint)[:60]!r}; "
            f"'helpdesk agent key list {agent.login}' shows them."
        )
    return found[0]


def _view(key: AgentKey, agent: Agent, names: dict[int, str]) -> KeyView:
    return KeyView(
        login=agent.login,
        fingerprint=key.fingerprint,
        strength=key.strength,
        comment=key.comment,
        added_at=key.added_at,
        added_by=names.get(key.added_by or 0, ""),
    )
