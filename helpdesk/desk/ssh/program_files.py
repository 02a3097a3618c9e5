"""The files of the host that this program, git and an editor are made of, which they may read."""

import sys
import zoneinfo
from collections.abc import Iterable, Iterator
from pathlib import Path

import helpdesk
from helpdesk import locations

#: What C libraries read, and Python code does not.
LIBRARIES = tuple(
    map(Path, ("/lib", "/lib64", "/usr/lib", "/usr/lib64", "/usr/local/lib", "/etc/ld.so.cache"))
)
#: What a name in a database URL is looked up with, and what libpq reads besides.
NETWORK = (
    *(Path("/etc", name) for name in ("hosts", "host.conf", "gai.conf", "nsswitch.conf")),
    *(Path("/etc", name) for name in ("resolv.conf", "services", "passwd", "ssl", "pki")),
    *(Path("/etc", name) for name in ("krb5.conf", "crypto-policies")),
    *map(Path, ("/run/systemd/resolve", "/usr/share/ca-certificates", "/usr/local/share")),
)
#: The settings and help of editors, and the descriptions of terminals.
EDITORS = (
    *(Path("/etc", name) for name in ("nanorc", "vim", "vimrc", "joe", "terminfo", "inputrc")),
    Path("/usr/share"),
)
#: The settings of git for all accounts.
GIT = (Path("/etc/gitconfig"), Path("/usr/share/git-core"))
_LOADERS = ("lib*/ld-*.so*", "lib/*/ld-*.so*", "usr/lib*/ld-*.so*")


def program_folders() -> tuple[Path, ...]:
    """Return where Python finds modules, and what this program is shipped with.

    A folder that holds the account's home, such as the current one, is no place for modules.
    """
    home = Path.home().resolve()
    found = [Path(folder).absolute() for folder in sys.path if folder]
    modules = [folder for folder in found if not home.is_relative_to(folder.resolve())]
    package = Path(helpdesk.__file__).parent
    shipped = [locations.shipped_folder(name) for name in ("kb", "migrations")]
    return tuple(dict.fromkeys((*modules, package, *shipped, *_language_files())))


def zone_files() -> tuple[Path, ...]:
    """Return the time zone data of this host, and the files that name its own zone."""
    return (*map(Path, zoneinfo.TZPATH), Path("/etc/localtime"), Path("/etc/timezone"))


def loaders() -> tuple[Path, ...]:
    """Return the loaders of shared libraries, which every program needs to start."""
    return tuple(found for pattern in _LOADERS for found in Path("/").glob(pattern))


def real_and_named(paths: Iterable[Path]) -> Iterator[str]:
    """Yield each path as it is named, and without symbolic links if that differs."""
    for path in paths:
        yield str(path)
        if str(path.resolve()) != str(path):
            yield str(path.resolve())


def _language_files() -> Iterator[Path]:
    yield Path("/usr/share/locale")
    yield Path(sys.base_prefix, "share", "locale")
