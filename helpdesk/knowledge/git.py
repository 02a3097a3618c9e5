"""Committing a saved article, if the knowledge base is in a git work tree."""

import contextlib
import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

_TIMEOUT_S = 15
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


def commit(root: Path, path: str, name: str, login: str, *, new: bool) -> CommitResult:
    """Commit one file, and nothing else that may be staged.

    It raises no errors, because the file has been saved already; see :class:`CommitResult`.
    """
    if not _is_in_work_tree(root):
        return CommitResult()
    author = " ".join(name.replace("<", " ").replace(">", " ").split()) or login
    mail = f"{login}@{_DOMAIN}"
    git = _Git(root, author, mail)
    known = True
    try:
        known = bool(git("ls-files", "--", path).strip())
        # A new file must be added first; other staged changes are not touched.
        if not known:
            git("add", "--intent-to-add", "--", path)
        if not git("status", "--porcelain", "--", path).strip():
            return CommitResult()  # unchanged
        message = f"{'Add' if new else 'Update'} {path}"
        git("commit", "--quiet", "--no-edit", "--message", message, "--only", "--", path)
        return CommitResult(git("rev-parse", "--short", "HEAD").strip())
    except (OSError, subprocess.SubprocessError) as error:
        if not known:
            with contextlib.suppress(OSError, subprocess.SubprocessError):
                git("rm", "--cached", "--quiet", "--", path)
        return CommitResult(problem=_reason(error))


def _is_in_work_tree(root: Path) -> bool:
    inside = root.resolve()
    return any((folder / ".git").exists() for folder in (inside, *inside.parents))


class _Git:
    """Runs git in a folder as an author, without the caller's git environment variables."""

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
            "LC_ALL": "C.UTF-8",
        }

    def __call__(self, *arguments: str) -> str:
        """Run git and return what it prints.

        :raises subprocess.SubprocessError: if it fails or takes too long.
        """
        done = subprocess.run(  # noqa: S603  (no shell, and paths stand after --)
            ["git", "--literal-pathspecs", "-c", "commit.gpgSign=false", *arguments],  # noqa: S607
            cwd=self._root,
            env=self._env,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=True,
            timeout=_TIMEOUT_S,
        )
        return done.stdout.decode("utf-8", "replace")


def _reason(error: Exception) -> str:
    if isinstance(error, subprocess.TimeoutExpired):
        return f"git took longer than {_TIMEOUT_S} s"
    if isinstance(error, subprocess.CalledProcessError):
        lines = error.stderr.decode("utf-8", "replace").strip().splitlines()
        return (lines[0] if lines else f"git ended with {error.returncode}").removeprefix("fatal: ")
    return "git cannot be run"
