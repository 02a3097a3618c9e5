"""Open a desk: find its database and knowledge base, and sign the agent in."""

import pwd
import shutil
import socket
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

from helpdesk import locations
from helpdesk.desk import session as desk_session
from helpdesk.desk.agent_view import AgentView
from helpdesk.desk.session import DESK_ID, LAST_BACKUP, OWNER, Desk, agent_view, utc_now
from helpdesk.desk.settings import Origin, Settings
from helpdesk.desk.zone import use_zone_in_force
from helpdesk.domain.audit import Actor
from helpdesk.domain.errors import DeskError, NotFoundError, NotPermittedError, UnavailableError
from helpdesk.domain.escalation import Level
from helpdesk.domain.roles import Role
from helpdesk.store.database import known_desks
from helpdesk.store.database.database import Database
from helpdesk.store.database.known_desks import KnownDesk
from helpdesk.store.database.migrate import open_database
from helpdesk.store.database.url import parse_url
from helpdesk.store.database.visibility import Visibility
from helpdesk.store.people import people, serving

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


def open_desk(settings: Settings, clock: Callable[[], datetime] = utc_now) -> Desk:
    """Open the desk, setting up a new one at first use.

    The person who opens a new desk becomes its owner, an administrator and an agent of every level.

    :raises UnavailableError: if the database cannot be used, or holds no desk or another one where
        this account has opened a desk before.
    :raises NotFoundError: if the person acts as an agent who does not exist.
    :raises NotPermittedError: if the person is not an active agent, or acts as another agent
        without being the desk's owner.
    """
    url = parse_url(settings.database_url)
    known = known_desks.find(url)
    database = open_database(url)
    try:
        login = desk_session.system_login()
        database.clock.host = clock
        database.who = _audit_identity(settings, login)
        facts = _set_up_desk(database, known, login, clock().replace(microsecond=0))
        database.learn_newest()
        if facts.desk and not settings.throw_away:
            known_desks.remember(url, facts)
        agent_id, agent = _sign_in(database, login, settings.acting_as)
        database.visibility = _visibility_of(agent)
        use_zone_in_force(database)
        desk = Desk(database, _knowledge_dir(settings), agent_id, agent, clock, settings)
        if settings.origin is not None:
            _register_connection(desk)
    except BaseException:
        database.close()
        raise
    return desk


def refresh_sign_in(desk: Desk) -> None:
    """Sign the agent of a desk in again, which was opened a while ago.

    What was changed meanwhile counts: their role and levels, confidential customers, their access.

    :raises NotPermittedError: if the agent may not sign in any more.
    """
    login, acting_as = desk_session.system_login(), desk.settings.acting_as
    desk.agent_id, desk.agent = _sign_in(desk.database, login, acting_as)
    desk.database.visibility = _visibility_of(desk.agent)
    use_zone_in_force(desk.database)
    if desk.settings.origin is not None:
        from helpdesk.desk.ssh import connections  # needed for SSH sessions only

        if reason := connections.reason_to_end(desk):
            raise NotPermittedError(reason)


def record_refusal(settings: Settings, sentence: str) -> None:
    """Record in the audit trail that somebody was refused before the desk was opened for them."""
    with suppress(DeskError):
        database = open_database(parse_url(settings.database_url))
        database.who = _audit_identity(settings, desk_session.system_login())
        database.record_refusal(sentence)
        database.close()


def _set_up_desk(
    database: Database, known: KnownDesk | None, login: str, now: datetime
) -> KnownDesk:
    """Set a new desk up, and give a desk its id if it has none; return its id and last backup."""
    with database.read() as session:
        owner = people.desk_setting(session, OWNER)
        facts = _known_facts(session)
    known_desks.require_same(database.url, known, facts.desk)
    if owner and facts.desk:
        return facts
    try:
        with database.write() as session:
            if not people.desk_setting(session, OWNER):
                _begin_desk(session, login, now)
            if not people.desk_setting(session, DESK_ID):
                # A backup of before desks had an id is of the desk that is known.
                people.set_desk_setting(session, DESK_ID, known.desk if known else uuid4().hex)
            return _known_facts(session)
    except UnavailableError:
        if not owner:
            raise
        return facts  # an older desk that cannot be written now


def _known_facts(session: "Session") -> KnownDesk:
    backup = people.desk_setting(session, LAST_BACKUP).partition(" ")[2]
    return KnownDesk(people.desk_setting(session, DESK_ID), backup)


def _begin_desk(session: "Session", login: str, now: datetime) -> None:
    """Give a new desk its policy and its owner."""
    from helpdesk.desk.policy.apply_policy import apply_starter  # needed for a new desk only

    apply_starter(session, now)
    people.add_agent(session, login, _full_name(login), Role.ADMIN, Level, now)
    people.set_desk_setting(session, OWNER, login)


def _sign_in(database: Database, login: str, acting_as: str | None) -> tuple[int, AgentView]:
    with database.read() as session:
        owner = people.desk_setting(session, OWNER)
        if acting_as is not None and login not in (owner, acting_as):
            raise NotPermittedError(
                f"--as {acting_as} is for the desk's owner ({owner}) only; you are {login}."
            )
        wanted = acting_as or login
        agent = people.agent(session, wanted)
        if agent is None and acting_as is not None:
            raise NotFoundError(
                f"there is no agent {wanted!r} on this desk; 'helpdesk agent list' shows them."
            )
        if agent is None:
            raise NotPermittedError(
                f"{wanted} is not an agent of this desk; its administrator ({owner}) can add you: "
                f"helpdesk agent add {wanted} --level L1"
            )
        if not agent.active:
            raise NotPermittedError(f"the agent {wanted} is disabled on this desk; ask {owner}.")
        return agent.id, agent_view(agent, serving.levels_of(session, agent.id))


def _visibility_of(agent: AgentView) -> Visibility:
    return Visibility() if agent.role is Role.AUDITOR else Visibility(agent.login)


def _register_connection(desk: Desk) -> None:
    from helpdesk.desk.ssh import connections  # needed for SSH sessions only

    try:
        desk.connection = connections.register(desk)
    except UnavailableError:
        if not desk.read_only:
            raise
        return  # reading goes on; nobody can be disabled meanwhile
    desk.on_close(lambda: connections.unregister(desk))


def _audit_identity(settings: Settings, login: str) -> Actor:
    origin = settings.origin or Origin()
    return Actor(settings.acting_as or login, origin.address, origin.key, socket.gethostname())


def _knowledge_dir(settings: Settings) -> Path:
    named = settings.knowledge_dir
    if named is not None:
        return named
    folder = locations.default_knowledge_dir()
    if not folder.exists():
        try:
            folder.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            _copy_atomically(locations.shipped_folder("kb"), folder)
        except OSError as error:
            raise UnavailableError(
                f"the starter knowledge base cannot be put into {folder} ({error.strerror}); "
                "name another folder with --kb."
            ) from error
    return folder


def _copy_atomically(source: Path, folder: Path) -> None:
    """Copy a folder so that either the complete copy appears or nothing.

    The process may be killed meanwhile, and another one may make the same copy at the same time.
    """
    import tempfile  # needed for a new account only

    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=f".{folder.name}-") as scratch:
        copy = shutil.copytree(source, Path(scratch, folder.name))
        try:
            copy.rename(folder)
        except OSError:
            if not folder.is_dir():  # otherwise another process was faster
                raise


def _full_name(login: str) -> str:
    try:
        return pwd.getpwnam(login).pw_gecos.split(",")[0].strip() or login
    except KeyError:
        return login
