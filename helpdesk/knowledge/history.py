"""What git knows of the articles: who changed each last and when, and which were renamed."""

import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from helpdesk.knowledge.git import GitRunner, repository

#: At most so many commits are read, the newest first.
_COMMITS = 20_000
#: What begins a commit in git's answer; no path begins with it.
_COMMIT = "\x01"


@dataclass(frozen=True, slots=True)
class ArticleChange:
    """The last change of an article: when (UTC), and the name of its author."""

    at: datetime
    by: str


@dataclass(frozen=True, slots=True)
class ArticleHistory:
    """What git knows of the articles in a folder.

    :ivar revision: the newest commit.
    :ivar changes: the last committed change of each article, by path.
    :ivar renames: the new path of each article that was renamed, by its old path.
    :ivar uncommitted: the articles that were changed since they were committed.
    """

    revision: str = ""
    changes: Mapping[str, ArticleChange] = field(default_factory=dict)
    renames: Mapping[str, str] = field(default_factory=dict)
    uncommitted: frozenset[str] = frozenset()


def read_history(root: Path, known: ArticleHistory | None = None) -> ArticleHistory:
    """Return what git knows of a folder; nothing if it is in no work tree or git fails.

    :param known: an earlier result, so that older commits need not be read again.
    """
    if repository(root) is None:
        return ArticleHistory()
    git = GitRunner(root, "helpdesk", "helpdesk@helpdesk.invalid")
    try:
        revision = git("rev-parse", "HEAD").strip()
        differing = git("diff", "-z", "--name-only", "--relative", "HEAD", "--", ".")
        uncommitted = frozenset(filter(None, differing.split("\0")))
        if known is not None and known.revision == revision:
            return replace(known, uncommitted=uncommitted)
        log = git(
            "log", "-z", "--name-status", "--find-renames", "--relative", f"-n{_COMMITS}",
            "--no-merges", f"--format={_COMMIT}%ct {_COMMIT}%an", "--", ".",
        )  # fmt: skip
    except (OSError, subprocess.SubprocessError):
        return ArticleHistory()
    changes: dict[str, ArticleChange] = {}
    renames: dict[str, str] = {}
    for change, old, path in _parsed(log):
        changes.setdefault(path, change)
        if old:
            renames.setdefault(old, path)
    return ArticleHistory(revision, changes, renames, uncommitted)


def _parsed(log: str) -> Iterator[tuple[ArticleChange, str, str]]:
    """Yield (change, old path or "", path) of each file in git's log, the newest first."""
    change = ArticleChange(datetime.fromtimestamp(0, UTC), "")
    words = iter(log.split("\0"))
    for word in words:
        status = word.lstrip("\n")
        if status.startswith(_COMMIT):
            seconds, _, name = status[1:].partition(f" {_COMMIT}")
            change = ArticleChange(datetime.fromtimestamp(int(seconds), UTC), name)
        elif status[:1] in ("R", "C"):
            old, path = next(words, ""), next(words, "")
            yield change, old if status[0] == "R" else "", path
        elif status:
            yield change, "", next(words, "")


def last_change(history: ArticleHistory, path: str, mtime_ns: int) -> ArticleChange:
    """Return the last change of an article: as committed, or as its file says."""
    committed = None if path in history.uncommitted else history.changes.get(path)
    return committed or ArticleChange(datetime.fromtimestamp(mtime_ns // 10**9, UTC), "")
