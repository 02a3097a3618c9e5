"""A commit of one saved article, where the knowledge base is kept in git."""

import contextlib
import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

_PATIENCE_S = 15
#: Who writes has no mail address of their own here; the domain is one that nobody can have.
_DOMAIN = "helpdesk.invalid"


@dataclass(frozen=True, slots=True)
class Committed:
    """What git did with a saved file.

    :ivar revision: the commit's short number, or "" if there is none.
    :ivar problem: why there is none, in a few words; "" where the folder is not kept in git.
    """

    revision: str = ""
    problem: str = ""


def commit(root: Path, path: str, name: str, login: str, *, new: bool) -> Committed:
    """Commit one file, and nothing else that somebody may have staged.

    It never fails: the file is saved already, whatever git says.
    """
    if not _is_kept_in_git(root):
        return Committed()
    who = " ".join(name.replace("<", " ").replace(">", " ").split()) or login
    mail = f"{login}@{_DOMAIN}"
    git = _Git(root, who, mail)
    known = True
    try:
        known = bool(git("ls-files", "--", path).strip())
        # A file that git does not know yet must be named to it first; others' staged work stays.
        if not known:
            git("add", "--intent-to-add", "--", path)
        if not git("status", "--porcelain", "--", path).strip():
            return Committed()  # saved as it was
        message = f"{'Add' if new else 'Update'} {path}"
        git("commit", "--quiet", "--no-edit", "--message", message, "--only", "--", path)
        return Committed(git("rev-parse", "--short", "HEAD").strip())
    except (OSError, subprocess.SubprocessError) as error:
        if not known:
            with contextlib.suppress(OSError, subprocess.SubprocessError):
                git("rm", "--cached", "--quiet", "--", path)
        return Committed(problem=_reason(error))


def _is_kept_in_git(root: Path) -> bool:
    inside = root.resolve()
    return any((folder / ".git").exists() for folder in (inside, *inside.parents))


class _Git:
    """Runs git in a folder, as an author, with nothing of the caller's git environment."""

    def __init__(self, root: Path, name: str, mail: str) -> None:
        self._root = root
        kept = {key: value for key, value in os.environ.items() if not key.startswith("GIT_")}
        self._env = {
            **kept,
            "GIT_AUTHOR_NAME": name,
            "GIT_AUTHOR_EMAIL": mail,
            "GIT_COMMITTER_NAME": name,
            "GIT_COMMITTER_EMAIL": mail,
            "GIT_TERMINAL_PROMPT": "0",
            "GIT_EDITOR": "true",
            "LC_ALL": "C.UTF-8",
        }

    def __call__(self, *arguments: str) -> str:
        """Return what git prints.

        :raises subprocess.SubprocessError: if it fails or takes too long.
        """
        done = subprocess.run(  # noqa: S603  (no shell, and paths stand after --)
            ["git", "--literal-pathspecs", "-c", "commit.gpgSign=false", *arguments],  # noqa: S607
            cwd=self._root,
            env=self._env,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=True,
            timeout=_PATIENCE_S,
        )
        return done.stdout.decode("utf-8", "replace")


def _reason(error: Exception) -> str:
    if isinstance(error, subprocess.TimeoutExpired):
        return f"git took longer than {_PATIENCE_S} s"
    if isinstance(error, subprocess.CalledProcessError):
        said = error.stderr.decode("utf-8", "replace").strip().splitlines()
        return (said[0] if said else f"git ended with {error.returncode}").removeprefix("fatal: ")
    return "git cannot be run"
