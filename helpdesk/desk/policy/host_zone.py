"""The time zone of this host, which a policy may name as ``host``."""

import os
import zoneinfo
from collections.abc import Iterator
from importlib import resources
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

_ETC = Path("/etc")
#: Lie among the zone files, but say nothing on another host.
_NO_NAMES = ("", "localtime", "Factory", "posixrules")


def host_zone(etc: Path = _ETC) -> str:
    """Return the IANA name of this host's time zone, or UTC where it has none.

    The places are those where the C library and the distributions keep it: the variable ``TZ``;
    ``/etc/localtime``, which is a link to a zone file or a copy of one; ``/etc/timezone``.

    :param etc: the folder in which ``localtime`` and ``timezone`` are looked for.
    """
    named = os.environ.get("TZ", "").lstrip(":")
    noted = _first_line(etc / "timezone")
    local = etc / "localtime"
    return (
        _name_of(named)
        or _name_of(str(local.resolve()))
        or _name_of_copy(local, noted)
        or _name_of(noted)
        or "UTC"
    )


def _name_of(text: str) -> str:
    """Return the name of the zone that a text names, as such or as the path of its file, or ""."""
    _, of_file, below = text.partition("zoneinfo/")
    name = below if of_file else text
    for variant in ("posix/", "right/"):
        name = name.removeprefix(variant)
    # "Etc/UTC" and "UTC" are one zone; "Etc/GMT+5" has no such second name.
    return next((one for one in (name.removeprefix("Etc/"), name) if _is_zone(one)), "")


def _is_zone(name: str) -> bool:
    if name in _NO_NAMES:
        return False
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


def _name_of_copy(file: Path, noted: str) -> str:
    """Return the name of the zone whose file this one is a copy of, or "".

    Several names can have the same file: ``noted`` goes first, then UTC, then those with a region.
    """
    try:
        wanted = file.read_bytes()
    except OSError:
        return ""
    known = zoneinfo.available_timezones().difference(_NO_NAMES)
    order = sorted(known, key=lambda name: (name != noted, name != "UTC", "/" not in name, name))
    return next((_name_of(name) for name in order if wanted in _files_of(name)), "")


def _files_of(name: str) -> Iterator[bytes]:
    """Yield what the files of a zone hold: the system's, and the one of the package tzdata."""
    try:
        for folder in (*map(Path, zoneinfo.TZPATH), resources.files("tzdata") / "zoneinfo"):
            file = folder / name
            if file.is_file():
                yield file.read_bytes()
    except (OSError, ModuleNotFoundError):
        return


def _first_line(file: Path) -> str:
    try:
        lines = file.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return ""
    return lines[0].strip() if lines else ""
