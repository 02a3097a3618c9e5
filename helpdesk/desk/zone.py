"""The time zone that the policy in force names for the desk."""

from sqlalchemy.orm import Session

from helpdesk.desk.session import Desk
from helpdesk.domain import desk_zone
from helpdesk.domain.errors import RefusedError
from helpdesk.domain.parsing import parse_toml
from helpdesk.domain.roles import Right
from helpdesk.store import policies
from helpdesk.store.database.database import Database

_HOST = "host"


def zone_in_force(session: Session) -> str:
    """Return the IANA name of the desk's time zone; "" on a desk that has no policy yet."""
    try:
        stored = policies.version(session, policies.current_version(session))
    except ValueError:  # its rules are damaged: the desk must open all the same, to be checked
        return ""
    if stored is None:
        return ""
    # Only this key is read, so that a desk whose stored rules are damaged opens and can be checked.
    return str(stored.rules.get("timezone") or _zone_of_older(session, stored.text))


def use_zone_in_force(database: Database) -> None:
    """Let this process read and show times in the zone that the policy in force names."""
    with database.read() as session:
        desk_zone.use(zone_in_force(session))


def follow_policy(desk: Desk) -> None:
    """Use the zone of the policy in force now, which others may have changed; for the app."""
    desk.require(Right.READ)
    use_zone_in_force(desk.database)


def _zone_of_older(session: Session, text: str) -> str:
    """Return the zone of a policy that was stored when versions did not record it.

    If it is that of the host on which the policy was applied, the calendars that name no zone of
    their own have it.
    """
    try:
        document = parse_toml(text)
    except (RefusedError, ValueError):
        return ""
    named = document.get("timezone", _HOST)
    if isinstance(named, str) and named != _HOST:
        return named
    stored = policies.newest_calendars(session)
    for name, table in document.get("calendars", {}).items():
        if name in stored and table.get("timezone", _HOST) == _HOST:
            return str(stored[name].hours.get("timezone", ""))
    return ""
