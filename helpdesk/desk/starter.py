"""What a new desk starts with: levels, calendars, services and a default SLA policy."""

import os
from pathlib import Path
from typing import Any
from zoneinfo import available_timezones

from sqlalchemy.orm import Session

from helpdesk.domain.escalation import Level
from helpdesk.domain.priority import Priority
from helpdesk.store import agreements
from helpdesk.store.models import Calendar, Service, SlaPolicy, SupportLevel

_MINUTE, _HOUR = 60, 3600
_WORK_DAYS = ("mon", "tue", "wed", "thu", "fri")
_ALL_DAYS = (*_WORK_DAYS, "sat", "sun")

#: Name → (days, span) of the usual support hours.
_CALENDARS: dict[str, tuple[tuple[str, ...], tuple[str, str]]] = {
    "24/7": (_ALL_DAYS, ("00:00", "24:00")),
    "24/5": (_WORK_DAYS, ("00:00", "24:00")),
    "12/5": (_WORK_DAYS, ("08:00", "20:00")),
    "8/5": (_WORK_DAYS, ("09:00", "17:00")),
}

#: Priority → seconds of support time for (first response, next update, resolution).
_TARGETS: dict[Priority, tuple[int | None, int | None, int | None]] = {
    Priority.P1: (15 * _MINUTE, _HOUR, 4 * _HOUR),
    Priority.P2: (30 * _MINUTE, 4 * _HOUR, 8 * _HOUR),
    Priority.P3: (4 * _HOUR, None, 24 * _HOUR),
    Priority.P4: (8 * _HOUR, None, 72 * _HOUR),
}

_LEVELS: dict[Level, tuple[str, int | None]] = {
    Level.L1: ("Help desk", 4 * _HOUR),
    Level.L2: ("Application support", 16 * _HOUR),
    Level.L3: ("Development", 40 * _HOUR),
    Level.L4: ("Vendors", None),
}

#: Service → words in a query that point to it.
_SERVICES: dict[str, str] = {
    "accounts": "account login log-in sign-in password locked lockout mfa authenticator token",
    "archive": "archive archived retention",
    "billing": "billing invoice invoices payment",
    "browser": "browser cache cookies certificate webpage",
    "collaboration": "meeting teams call microphone camera chat screen-share",
    "desktop": "laptop desktop slow crash freezes disk boot update patch",
    "files": "file files folder share drive sync restore backup permission",
    "licences": "licence license seat activation activate",
    "mail": "mail email outlook mailbox inbox attachment phishing spam",
    "network": "network wifi wi-fi internet dns lan",
    "operations": "outage server monitoring alert deployment",
    "print": "print printer printing toner scanner",
    "reports": "report reports export csv dashboard",
    "vpn": "vpn tunnel remote-access",
}


def fill(session: Session) -> None:
    """Put the starter's rows into a new desk."""
    zone = local_zone()
    calendars = {
        name: Calendar(name=name, hours=_hours(zone, days, span))
        for name, (days, span) in _CALENDARS.items()
    }
    session.add_all(calendars.values())
    session.flush()
    policy = SlaPolicy(name="Standard 24/7", calendar_id=calendars["24/7"].id)
    session.add(policy)
    session.flush()
    session.add_all(agreements.target_rows(policy.id, _TARGETS))
    session.add_all(
        SupportLevel(level=level, name=name, ola_s=ola) for level, (name, ola) in _LEVELS.items()
    )
    session.add_all(Service(name=name, keywords=words) for name, words in _SERVICES.items())


def _hours(zone: str, days: tuple[str, ...], span: tuple[str, str]) -> dict[str, Any]:
    return {"timezone": zone, "hours": {day: [list(span)] for day in days}, "holidays": []}


def local_zone() -> str:
    """Return the name of this host's time zone, or UTC where it has no name."""
    named = os.environ.get("TZ", "").lstrip(":")
    if named in available_timezones():
        return named
    target = str(Path("/etc/localtime").resolve())
    name = target.partition("zoneinfo/")[2]
    plain = name.removeprefix("Etc/")
    return plain if plain in available_timezones() else "UTC"
