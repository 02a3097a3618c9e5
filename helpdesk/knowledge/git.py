"""Committing a saved article, if the knowledge base is in a git work tree."""

import contextlib
import os
import re
import subprocess
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from helpdesk.ssh.programs import run_program

_TIMEOUT_S = 15
#: Settings of the repository and of the account that would make git start other programs.
_NO_PROGRAMS = {
    "core.hooksPath": os.devnull,
    "core.fsmonitor": "false",
    "core.attributesFile": os.devnull,
    "core.editor": "true",
    "core.pager": "cat",
    "core.sshCommand": "false",
    "core.alternateRefsCommand": "true",
    "commit.gpgSign": "false",
    "diff.external": "",
    "gc.auto": "0",
    "maintenance.auto": "false",
    "protocol.allow": "never",
    "submodule.recurse": "false",
}
#: Settings that name a program for a filter or a hook of any name.
_NAMED_PROGRAMS = re.compile(
    r"(?:(?P<filter>filter\..+)\.(?:clean|smudge|process|required)|(?P<hook>hook\..+)\.\w+)",
    re.DOTALL | re.IGNORECASE,
)
_FILTER_PROGRAMS = ("clean", "smudge", "process")
#: Agents have no mail addresses here; commits use this domain, which is reserved and never exists.
_DOMAIN = "helpdesk.invalid"


@dataclass(frozen=True, slots=True)
class CommitResult:
    """The result of committing a saved file.

    :ivar revision: the abbreviated commit hash, or "" if nothing was committed.
    :ivar problem: why the commit failed, in a few words; "" if it did not fail.
    """

    revision: str = ""
    problem: str = ""


@dataclass(frozen=True, slots=True)
class GitRepository:
    """A git repository.

    :ivar work_tree: the top folder of its files.
    :ivar folders: where git keeps what it knows, and writes.
    """

    work_tree: Path
    folders: tuple[Path, ...]


def commit(
    root: Path, path: str, name: str, login: str, *, new: bool, message: str = ""
) -> CommitResult:
    """Commit one file, and nothing else that may be staged.

    :param message: what is written in the log; "" for ``Add PATH`` or ``Update PATH``.

    It raises no errors, because the file has been saved already; see :class:`CommitResult`.
    """
    if repository(root) is None:
        return CommitResult()
    author = " ".join(name.replace("<", " ").replace(">", " ").split()) or login
    mail = f"{login}@{_DOMAIN}"
    git = GitRunner(root, author, mail)
    known = True
    try:
        known = bool(git("ls-files", "--", path).strip())
        # A new file must be added first; other staged changes are not touched.
        if not known:
            git("add", "--intent-to-add", "--", path)
        if not git("status", "--porcelain", "--", path).strip():
            return CommitResult()  # unchanged
        message = message or f"{'Add' if new else 'Update'} {path}"
        git("commit", "--quiet", "--no-edit", "--message", message, "--only", "--", path)
        return CommitResult(git("rev-parse", "--short", "HEAD").strip())
    except (OSError, subprocess.SubprocessError) as error:
        if not known:
            with contextlib.suppress(OSError, subprocess.SubprocessError):
                git("rm", "--cached", "--quiet", "--", path)
        return CommitResult(problem=_reason(error))


@dataclass(frozen=True, slots=True)
class UpstreamState:
    """How a work tree stands to the branch that it follows, as last fetched.

    :ivar ahead: how many of its commits have not been pushed.
    :ivar behind: how many commits were fetched and not pulled.
    :ivar unfinished: whether a merge or a rebase has been begun and not ended.
    """

    ahead: int = 0
    behind: int = 0
    unfinished: bool = False


def upstream_state(root: Path) -> UpstreamState | None:
    """Return how the folder's work tree stands to the branch that it follows.

    None if it is in no work tree, follows no branch, or git cannot be run.
    """
    place = repository(root)
    if place is None:
        return None
    begun = ("MERGE_HEAD", "rebase-merge", "rebase-apply", "CHERRY_PICK_HEAD")
    unfinished = any((folder / name).exists() for folder in place.folders for name in begun)
    git = GitRunner(root, "helpdesk", f"helpdesk@{_DOMAIN}")
    try:
        counts = git("rev-list", "--left-right", "--count", "@{upstream}...HEAD").split()
    except (OSError, subprocess.SubprocessError):
        return UpstreamState(unfinished=True) if unfinished else None
    return UpstreamState(int(counts[1]), int(counts[0]), unfinished)


def repository(root: Path) -> GitRepository | None:
    """Return the git repository in whose work tree a folder is, or None."""
    inside = root.resolve()
    for folder in (inside, *inside.parents):
        place = folder / ".git"
        if place.is_dir():
            return GitRepository(folder, (place,))
        if place.exists():
            return GitRepository(folder, (place, *_folders_named_in(place)))
    return None


def _folders_named_in(file: Path) -> Iterator[Path]:
    """Yield the folders of a linked work tree or submodule, whose ``.git`` is a file."""
    with contextlib.suppress(OSError, UnicodeDecodeError):
        named = file.read_text(encoding="utf-8").removeprefix("gitdir:").strip()
        own = file.parent / named
        yield own
        yield own / (own / "commondir").read_text(encoding="utf-8").strip()


class GitRunner:
    """Runs git in a folder as an author, without the caller's git environment variables.

    Git starts no other program: somebody who can write to the repository's settings must not choose
    what the account runs.
    """

    def __init__(self, root: Path, name: str, mail: str) -> None:
        self._root = root
        environment = {
            key: value for key, value in os.environ.items() if not key.startswith("GIT_")
        }
        self._env = {
            **environment,
            "GIT_AUTHOR_NAME": name,
            "GIT_AUTHOR_EMAIL": mail,
            "GIT_COMMITTER_NAME": name,
            "GIT_COMMITTER_EMAIL": mail,
            "GIT_TERMINAL_PROMPT": "0",
            "GIT_EDITOR": "true",
            "GIT_ATTR_NOSYSTEM": "1",
            "GIT_NO_LAZY_FETCH": "1",
            "GIT_ALLOW_PROTOCOL": "",
            "LC_ALL": "C.UTF-8",
            **_settings(_NO_PROGRAMS),
        }
        self._knows_filters = False

    def __call__(self, *arguments: str) -> str:
        """Run git and return what it prints.

        :raises subprocess.SubprocessError: if it fails or takes too long.
        """
        if not self._knows_filters:
            self._knows_filters = True
            named = self._run("config", "--list", "--name-only", "-z").split("\0")
            self._env |= _settings(_NO_PROGRAMS | _without_programs(named))
        return self._run(*arguments)

    def _run(self, *arguments: str) -> str:
        done = run_program(  # no shell, and paths stand after --
            ["git", "--literal-pathspecs", "--no-pager", *arguments],
            cwd=self._root,
            env=self._env,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=True,
            timeout=_TIMEOUT_S,
        )
        return done.stdout.decode("utf-8", "surrogateescape")


def _settings(settings: Mapping[str, str]) -> dict[str, str]:
    """Return settings as git's environment variables, which override those of every file."""
    variables = {"GIT_CONFIG_COUNT": str(len(settings))}
    for number, (key, value) in enumerate(settings.items()):
        variables[f"GIT_CONFIG_KEY_{number}"] = key
        variables[f"GIT_CONFIG_VALUE_{number}"] = value
    return variables


def _without_programs(keys: Iterable[str]) -> dict[str, str]:
    """Return settings that switch off every filter and hook among these keys."""
    off: dict[str, str] = {}
    for key in keys:
        found = _NAMED_PROGRAMS.fullmatch(key)
        if found and found["filter"]:
            off |= dict.fromkeys((f"{found['filter']}.{kind}" for kind in _FILTER_PROGRAMS), "")
            off[f"{found['filter']}.required"] = "false"
        elif found:
            off[f"{found['hook']}.enabled"] = "false"
    return off


def _reason(error: Exception) -> str:
    if isinstance(error, subprocess.TimeoutExpired):
        return f"git took longer than {_TIMEOUT_S} s"
    if isinstance(error, subprocess.CalledProcessError):
        lines = error.stderr.decode("utf-8", "replace").strip().splitlines()
        return (lines[0] if lines else f"git ended with {error.returncode}").removeprefix("fatal: ")
    return "git cannot be run"
