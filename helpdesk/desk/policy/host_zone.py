"""The time zone of this host, which a policy may name as ``host``."""

import os
from pathlib import Path
from zoneinfo import available_timezones


def host_zone() -> str:
    """Return the name of this host's time zone, or UTC where it has no name."""
    named = os.environ.get("TZ", "").lstrip(":")
    if named in available_timezones():
        return named
    target = str(Path("/etc/localtime").resolve())
    name = target.partition("zoneinfo/")[2]
    plain = name.removeprefix("Etc/")
    return plain if plain in available_timezones() else "UTC"
