"""What a process of an SSH client may touch: the smallest set for what it was asked to do."""

import os
import re
import shutil
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from helpdesk import locations
from helpdesk.desk.settings import Settings
from helpdesk.desk.ssh import program_files
from helpdesk.desk.ssh.database_place import DatabasePlace
from helpdesk.desk.ssh.host_file import FILE, HostRules
from helpdesk.knowledge import git
from helpdesk.ssh.landlock import Allowed, Ruleset
from helpdesk.ssh.needs import Need

_INDEX = r"search-[0-9a-f]{8,16}(-(wal|shm|journal|lock|filling))?"
#: The files beside a database: SQLite's log, the queue of writers and the search index.
_BESIDE = rf"(-(wal|shm|journal|gate|{_INDEX}))?"
_RANDOM = (Path("/dev/random"), Path("/dev/urandom"))
_DEVICES = (Path("/dev/null"), Path("/dev/tty"))


@dataclass(frozen=True, slots=True)
class Fence:
    """What a process may touch.

    :ivar program: folders of the program, which nobody changes over SSH: all below may be read.
    :ivar reads: further files and folders that may be read.
    :ivar writes: folders in which everything may be read and changed, but what git keeps there.
    :ivar names: a pattern of the full paths of single files that may be read and changed.
    :ivar programs: the full paths of programs that may be started.
    :ivar terminal: the client's terminal, or "".
    :ivar rules: the same for the kernel, which sees what libraries open as well.
    :ivar program_rules: what each program that is started may touch, by its name in commands.
    """

    program: tuple[Path, ...]
    reads: tuple[Path, ...]
    writes: tuple[Path, ...]
    names: re.Pattern[str]
    programs: tuple[Path, ...]
    terminal: str
    rules: Ruleset
    program_rules: dict[str, Ruleset]


def own_temporary_folder() -> Path:
    """Return the folder for temporary files, which other users of the host cannot enter."""
    return locations.cache_dir() / "tmp"


def editing_folder() -> Path:
    """Return the folder in which the copies for an editor lie."""
    return locations.state_dir() / "editing"


def make_own_folders(login: str, need: Need) -> None:
    """Create the account's own folders and its error log, which a restricted process cannot."""
    state = locations.state_dir()
    folders = [locations.data_dir(), state, locations.cache_dir()]
    folders += [own_temporary_folder(), _known_desks()]
    if need & Need.DRAFTS:
        folders.append(_drafts(login))
    if need & Need.EDITOR:
        folders.append(editing_folder())
    for folder in folders:
        # If one cannot be created, the code that needs it reports the error.
        with suppress(OSError):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with suppress(OSError):
        (state / "errors.log").touch(mode=0o600)


def fence_of(
    settings: Settings,
    host: HostRules,
    need: Need,
    named: Path | None = None,
    terminal: str = "",
) -> Fence:
    """Return what a process may touch.

    :param need: what the command needs besides what every command does.
    :param named: the file in the drop folder that the arguments name, or None.
    :param terminal: the client's terminal, such as ``/dev/pts/3``, or "".
    """
    database = DatabasePlace(settings.database_url)
    editor = host.editor if need & Need.EDITOR else ()
    articles = settings.knowledge_dir or locations.default_knowledge_dir()
    parts = _Parts(database, articles, host, need, named, settings.acting_as or "")
    rules = parts.kernel_rules(terminal)
    programs: dict[str, Ruleset] = {}
    started: list[Path] = []
    git_program = shutil.which("git")
    if need & Need.ARTICLES and git_program:
        started.append(Path(git_program))
        programs["git"] = _git_rules(Path(git_program), articles)
    if editor:
        started.append(Path(editor[0]))
        programs[editor[0]] = _editor_rules(Path(editor[0]), terminal)
        rules = rules.also((editing_folder(),), Allowed.ALL_BELOW)
    for more in programs.values():
        for path, allowed in more.paths.items():
            rules = rules.also((path,), allowed)
    return Fence(
        program=program_files.program_folders(),
        reads=tuple(parts.reads()),
        writes=tuple(parts.writes()),
        names=re.compile("|".join(parts.names()), re.DOTALL),
        programs=tuple(started),
        terminal=terminal,
        rules=rules,
        program_rules=programs,
    )


def within_reach(settings: Settings, host: HostRules) -> Iterator[Path]:
    """Yield what the kernel cannot keep from a process, because the database is in a folder above.

    The kernel allows a folder with all below it, and SQLite creates files beside the database.
    """
    file = DatabasePlace(settings.database_url).file
    if file is None:
        return
    folder = file.parent.resolve()
    keys = host.authorized_keys
    for path in (locations.config_dir() / FILE, *((keys,) if keys else ())):
        if path.resolve().is_relative_to(folder):
            yield path


class _Parts:
    """The parts of a fence."""

    def __init__(
        self,
        database: DatabasePlace,
        articles: Path,
        host: HostRules,
        need: Need,
        named: Path | None,
        login: str,
    ) -> None:
        self._database = database
        self._login = login
        self._articles = articles
        self._host = host
        self._need = need
        self._named = named
        self._keys = host.authorized_keys if need & Need.KEYS else None
        self._anchors = (
            Path(host.anchors)
            if need & Need.ANCHORS and host.anchors not in ("", "syslog")
            else None
        )

    def reads(self) -> Iterator[Path]:
        """Yield what Python code may read."""
        yield from program_files.zone_files()
        yield self._articles
        if self._need & (Need.KEYS | Need.ANCHORS | Need.EDITOR):
            yield locations.config_dir() / FILE
        if self._need & Need.DRAFTS:
            yield locations.config_dir() / "keys.toml"
        if self._named is not None and self._need & Need.READ_DROP:
            yield self._named

    def writes(self) -> Iterator[Path]:
        """Yield the folders in which Python code may change everything."""
        yield own_temporary_folder()
        yield _known_desks()
        if self._need & Need.ARTICLES:
            yield self._articles
        if self._need & Need.DRAFTS:
            yield _drafts(self._login)
        if self._need & Need.EDITOR and self._host.editor:
            yield editing_folder()
        if self._named is not None and self._need & Need.WRITE_DROP:
            yield self._named.parent

    def names(self) -> Iterator[str]:
        """Yield patterns of the single files that Python code may change."""
        yield _literal(locations.state_dir() / "errors.log")
        yield rf"{_literal(locations.cache_dir())}/{_INDEX}"
        if (file := self._database.file) is not None:
            yield f"{_literal(file)}{_BESIDE}"
        if self._keys is not None:
            real = Path(os.path.realpath(self._keys))
            # The file is written beside it first.
            temporary = _literal(real.with_name(f".{real.name}."))
            yield f"{_literal(real)}|{temporary}[0-9a-f]+"
        if self._anchors is not None:
            yield _literal(self._anchors)

    def kernel_rules(self, terminal: str) -> Ruleset:
        """Return the rules for the kernel, which see the files of C libraries as well."""
        program = (*program_files.program_folders(), *program_files.LIBRARIES, *_RANDOM)
        reads = (*program, *self.reads())
        rules = Ruleset({}, self._database.ports)
        rules = rules.also((*reads, Path("/proc"), Path("/sys/devices/system/cpu")), Allowed.READ)
        rules = rules.also(self.writes(), Allowed.ALL_BELOW)
        rules = rules.also((locations.state_dir() / "errors.log",), Allowed.WRITE)
        rules = rules.also((locations.cache_dir(),), Allowed.CHANGE)
        rules = rules.also(_terminal(terminal), Allowed.DEVICE)
        if self._database.file is not None:
            rules = rules.also((self._database.file.parent,), Allowed.CHANGE)
        else:
            files = (*program_files.NETWORK, *self._database.settings_files())
            rules = rules.also(files, Allowed.READ)
        if self._keys is not None:
            real = Path(os.path.realpath(self._keys))
            rules = rules.also((real.parent,), Allowed.CHANGE & ~Allowed.READ)
            rules = rules.also((real,), Allowed.READ)
        if self._anchors is not None:
            there = self._anchors.exists()
            place = self._anchors if there else self._anchors.parent
            rules = rules.also((place,), Allowed.WRITE if there else Allowed.CHANGE)
        return rules


def _git_rules(program: Path, articles: Path) -> Ruleset:
    rules = _program_rules(program)
    rules = rules.also(
        (Path("/usr/lib/git-core/git"), Path("/usr/libexec/git-core/git")), Allowed.RUN
    )
    own = (Path.home() / ".gitconfig", Path.home() / ".config" / "git")
    rules = rules.also((*program_files.GIT, *own), Allowed.READ)
    repository = git.repository(articles)
    if repository is not None:
        rules = rules.also((repository.work_tree,), Allowed.READ)
        rules = rules.also(repository.folders, Allowed.ALL_BELOW)
    return rules


def _editor_rules(program: Path, terminal: str) -> Ruleset:
    rules = _program_rules(program)
    rules = rules.also(program_files.EDITORS, Allowed.READ)
    return rules.also(_terminal(terminal), Allowed.DEVICE)


def _program_rules(program: Path) -> Ruleset:
    rules = Ruleset().also((program, *program_files.loaders()), Allowed.RUN)
    rules = rules.also(program_files.LIBRARIES, Allowed.READ)
    rules = rules.also(_RANDOM, Allowed.READ)
    return rules.also((Path("/dev/null"),), Allowed.DEVICE)


def _terminal(name: str) -> tuple[Path, ...]:
    return (*_DEVICES, Path(name)) if name else _DEVICES


def _known_desks() -> Path:
    return locations.state_dir() / "desks"


def _drafts(login: str) -> Path:
    return locations.state_dir() / "drafts" / quote(login, safe="")


def _literal(path: Path) -> str:
    """Return the pattern of a path without symbolic links, as the audit hook compares it."""
    return re.escape(os.path.realpath(path))
