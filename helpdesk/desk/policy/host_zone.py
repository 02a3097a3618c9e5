"""The time zone of this host, which a policy may name as ``host``."""

import os
import zoneinfo
from collections.abc import Iterator
from importlib import resources
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

_ETC = Path("/etc")
#: Files in the zone folder whose names are not time zones that other hosts know.
_NO_ZONES = ("", "localtime", "Factory", "posixrules")


def host_zone(etc: Path = _ETC) -> str:
    """Return the IANA name of this host's time zone, or "UTC" if it cannot be found.

    It is taken from where the C library and the distributions look: the variable ``TZ``;
    ``/etc/localtime``, which is a link to a zone file or a copy of one; ``/etc/timezone``.

    :param etc: the folder that holds ``localtime`` and ``timezone``.
    """
    from_variable = os.environ.get("TZ", "").lstrip(":")
    from_file = _first_line(etc / "timezone")
    local = etc / "localtime"
    return (
        _name_of(from_variable)
        or _name_of(str(local.resolve()))
        or _name_of_copy(local, from_file)
        or _name_of(from_file)
        or "UTC"
    )


def _name_of(text: str) -> str:
    """Return the zone in a text that is its name or the path of its file; "" if there is none."""
    _, is_path, below = text.partition("zoneinfo/")
    name = below if is_path else text
    for variant in ("posix/", "right/"):
        name = name.removeprefix(variant)
    # "Etc/UTC" and "UTC" are one zone; "Etc/GMT+5" has no such second name.
    candidates = (name.removeprefix("Etc/"), name)
    return next((candidate for candidate in candidates if _is_zone(candidate)), "")


def _is_zone(name: str) -> bool:
    if name in _NO_ZONES:
        return False
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


def _name_of_copy(file: Path, preferred: str) -> str:
    """Return the name of the zone whose file has the same content as this one, or "".

    If several zones do, ``preferred`` comes first, then UTC, then names with a region.
    """
    try:
        content = file.read_bytes()
    except OSError:
        return ""
    known = zoneinfo.available_timezones().difference(_NO_ZONES)
    order = sorted(
        known, key=lambda name: (name != preferred, name != "UTC", "/" not in name, name)
    )
    return next((_name_of(name) for name in order if content in _files_of(name)), "")


def _files_of(name: str) -> Iterator[bytes]:
    """Yield the content of a zone's files: the system's, and the one in the package tzdata."""
    try:
        for folder in (*map(Path, zoneinfo.TZPATH), resources.files("tzdata") / "zoneinfo"):
            file = folder / name
            if file.is_file():
                yield file.read_bytes()
    except (OSError, ModuleNotFoundError):
        return


def _first_line(file: Path) -> str:
    try:
        lines = file.read_text(encoding="utf-8-sig", errors="replace").splitlines()
    except OSError:
        return ""
    return lines[0].strip() if lines else ""
