"""Until when the holidays of the policy in force are known."""

from datetime import date

from helpdesk.desk.session import Desk
from helpdesk.domain.errors import RefusedError
from helpdesk.domain.parsing import parse_toml
from helpdesk.domain.roles import Right
from helpdesk.store import policies


def known_until(desk: Desk) -> dict[str, date | None]:
    """Return the last known holiday of each calendar that looks its holidays up, by its name.

    None: no holiday of it is known.
    """
    desk.require(Right.READ)
    with desk.database.read() as session:
        stored = policies.version(session, policies.current_version(session))
        calendars = policies.newest_calendars(session)
    try:
        document = parse_toml(stored.text) if stored else {}
    except (RefusedError, ValueError):
        return {}
    found: dict[str, date | None] = {}
    for name, table in document.get("calendars", {}).items():
        if name in calendars and isinstance(table, dict) and "public_holidays" in table:
            # The names are those of the public holidays; older versions stored none.
            hours = calendars[name].hours
            days = hours.get("holiday_names") or hours.get("holidays") or ()
            found[name] = max((date.fromisoformat(day) for day in days), default=None)
    return found
