"""What this host allows the help desk: a file that only the account's owner can write.

It is not part of the policy, which a lead can change over SSH: a program to start and a folder to
write to are the host's business.
"""

import os
import tomllib
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from helpdesk import locations
from helpdesk.desk.settings import Settings
from helpdesk.domain.errors import UnavailableError
from helpdesk.domain.text import one_line
from helpdesk.locations import config_dir, named_path

FILE = "door.toml"
_KNOWN = {"authorized_keys", "drop_folder", "editor", "anchors"}


@dataclass(frozen=True, slots=True)
class HostRules:
    """:ivar authorized_keys: sshd's file, or None if sshd asks ``helpdesk agent key authorized``.
    :ivar drop_folder: where agents who come in over SSH may leave and find files, or None.
    :ivar editor: the restricted editor that they may use and its arguments, or none.
    :ivar anchors: where the audit trail's daily anchor goes: a file, ``syslog``, or "".
    """

    authorized_keys: Path | None
    drop_folder: Path | None = None
    editor: tuple[str, ...] = ()
    anchors: str = ""


def host_rules() -> HostRules:
    """Read ``door.toml`` of the configuration folder; without one the defaults hold.

    :raises UnavailableError: if it cannot be read or holds a mistake.
    """
    file = config_dir() / FILE
    default = Path.home() / ".ssh" / "authorized_keys"
    try:
        found = tomllib.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return HostRules(default)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise UnavailableError(f"{file} cannot be read: {one_line(str(error))}.") from error
    unknown = sorted(set(found) - _KNOWN)
    if unknown:
        raise UnavailableError(
            f"{file} holds {unknown[0]!r}, which is not known: "
            f"it may hold {', '.join(sorted(_KNOWN))}."
        )
    keys = _text(file, found, "authorized_keys", str(default))
    drop = _text(file, found, "drop_folder", "")
    editor = found.get("editor", [])
    if not isinstance(editor, list) or not all(isinstance(word, str) for word in editor):
        raise UnavailableError(
            f'{file}: the editor must be a list of words, such as ["/usr/bin/rnano"].'
        )
    if editor and not (editor[0].startswith("/") and os.access(editor[0], os.X_OK)):
        raise UnavailableError(
            f"{file}: the editor {one_line(editor[0])[:60]!r} must be the full path of a program."
        )
    return HostRules(
        authorized_keys=named_path(keys) if keys else None,
        drop_folder=named_path(drop) if drop else None,
        editor=tuple(editor),
        anchors=_text(file, found, "anchors", ""),
    )


def make_own_folders() -> None:
    """Make the account's folders for data, state and cache, where they are missing."""
    for folder in (locations.data_dir(), locations.state_dir(), locations.cache_dir()):
        # Who cannot make them is told by what needs them.
        with suppress(OSError):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)


def own_folders(settings: Settings, rules: HostRules) -> tuple[Path, ...]:
    """Return the folders of the host into which the help desk itself writes."""
    url = settings.database_url
    file = url.removeprefix("sqlite:///") if "://" in url else url
    folders = [
        *(locations.data_dir(), locations.state_dir(), locations.cache_dir()),
        settings.knowledge_dir or locations.default_knowledge_dir(),
    ]
    if "://" not in file:
        folders.append(named_path(file).absolute().parent)
    folders += [path for path in (rules.drop_folder,) if path is not None]
    if rules.authorized_keys is not None:
        folders.append(Path(os.path.realpath(rules.authorized_keys)).parent)
    if rules.anchors not in ("", "syslog"):
        folders.append(Path(rules.anchors))
    return tuple(folders)


def _text(file: Path, found: dict[str, object], name: str, default: str) -> str:
    value = found.get(name, default)
    if not isinstance(value, str):
        raise UnavailableError(f"{file}: {name} must be a text in quotes.")
    return value
