"""Read ``door.toml``: what this host allows the help desk to do.

Only the owner of the account can write this file.  Its settings are not part of the policy, because
a lead can change that over SSH, and programs to start and folders to write to concern the host.
"""

import os
import re
import tomllib
from dataclasses import dataclass, field, replace
from pathlib import Path

from helpdesk.domain.errors import RefusedError, UnavailableError
from helpdesk.domain.parsing import parse_toml
from helpdesk.domain.text import one_line
from helpdesk.locations import config_dir, named_path
from helpdesk.policy.duration import parse_span
from helpdesk.ssh.request_limits import LEAST_MEMORY, RequestLimits

FILE = "door.toml"
_SETTINGS = {
    *("authorized_keys", "drop_folder", "editor", "editor_unfenced", "anchors"),
    *("memory_limit", "processor_limit", "file_limit"),
}
_NO_LIMIT = "none"
_SIZE = re.compile(r"([0-9]{1,6}) ?([KMG])iB")
_UNITS = {"K": 1024, "M": 1024**2, "G": 1024**3}


@dataclass(frozen=True, slots=True)
class HostRules:
    """The settings in ``door.toml``.

    :ivar authorized_keys: sshd's file, or None if sshd runs ``helpdesk agent key authorized``.
    :ivar drop_folder: the folder in which agents connected over SSH read and write files, or None.
    :ivar editor: the restricted editor that they may use, with its arguments; empty: none.
    :ivar editor_unfenced: whether it may run where the kernel cannot keep it from other files.
    :ivar anchors: where the daily anchor of the audit trail goes: a file, ``syslog``, or "".
    :ivar limits: what a request over SSH may use of this host.
    """

    authorized_keys: Path | None
    drop_folder: Path | None = None
    editor: tuple[str, ...] = ()
    editor_unfenced: bool = False
    anchors: str = ""
    limits: RequestLimits = field(default_factory=RequestLimits)


def host_rules() -> HostRules:
    """Read ``door.toml`` in the configuration folder; without that file the defaults apply.

    :raises UnavailableError: if the file cannot be read or has a mistake.
    """
    file = config_dir() / FILE
    default = Path.home() / ".ssh" / "authorized_keys"
    try:
        settings = parse_toml(file.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        return HostRules(default)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise UnavailableError(f"{file} cannot be read: {one_line(str(error))}.") from error
    unknown = sorted(set(settings) - _SETTINGS)
    if unknown:
        raise UnavailableError(
            f"{file} holds {unknown[0]!r}, which is not known: "
            f"it may hold {', '.join(sorted(_SETTINGS))}."
        )
    keys = _text(file, settings, "authorized_keys", str(default))
    drop = _text(file, settings, "drop_folder", "")
    editor = settings.get("editor", [])
    if not isinstance(editor, list) or not all(isinstance(word, str) for word in editor):
        raise UnavailableError(
            f'{file}: the editor must be a list of words, such as ["/usr/bin/rnano"].'
        )
    if editor and not (editor[0].startswith("/") and os.access(editor[0], os.X_OK)):
        raise UnavailableError(
            f"{file}: the editor {one_line(editor[0])[:60]!r} must be the full path of a program."
        )
    unfenced = settings.get("editor_unfenced", False)
    if not isinstance(unfenced, bool):
        raise UnavailableError(f"{file}: editor_unfenced must be true or false, without quotes.")
    return HostRules(
        authorized_keys=named_path(keys) if keys else None,
        drop_folder=named_path(drop) if drop else None,
        editor=tuple(editor),
        editor_unfenced=unfenced,
        anchors=_text(file, settings, "anchors", ""),
        limits=_limits(file, settings),
    )


def _limits(file: Path, settings: dict[str, object]) -> RequestLimits:
    limits = RequestLimits()
    if "memory_limit" in settings:
        limits = replace(limits, memory=_size(file, settings, "memory_limit", LEAST_MEMORY))
    if "file_limit" in settings:
        size = _size(file, settings, "file_limit", 1)
        limits = replace(limits, file_size=size, fixed_file_size=True)
    if "processor_limit" in settings:
        text = _text(file, settings, "processor_limit", "")
        try:
            seconds = None if text == _NO_LIMIT else parse_span(text)
        except RefusedError as error:
            raise UnavailableError(f"{file}: processor_limit: {error}") from error
        limits = replace(limits, processor_s=seconds)
    return limits


def _size(file: Path, settings: dict[str, object], name: str, least: int) -> int | None:
    text = _text(file, settings, name, "")
    if text == _NO_LIMIT:
        return None
    found = _SIZE.fullmatch(text)
    size = int(found[1]) * _UNITS[found[2]] if found else 0
    if size < least:
        smallest = f", at least {least // _UNITS['M']} MiB" if least > 1 else ""
        raise UnavailableError(
            f'{file}: {name} must be a size such as "512 MiB" or "4 GiB"{smallest}, or '
            f'"{_NO_LIMIT}".'
        )
    return size


def _text(file: Path, settings: dict[str, object], name: str, default: str) -> str:
    value = settings.get(name, default)
    if not isinstance(value, str):
        raise UnavailableError(f"{file}: {name} must be a text in quotes.")
    return value
