"""Writing articles from within the program: begin, check, save, and who may use which editor."""

import os
import shlex
from dataclasses import dataclass
from typing import TYPE_CHECKING

from helpdesk.desk import session
from helpdesk.desk.knowledge.articles import may_see, review_every, terms
from helpdesk.desk.session import Desk
from helpdesk.desk.ssh.host_file import host_rules
from helpdesk.domain.errors import NotFoundError, RefusedError
from helpdesk.domain.policy.knowledge_terms import ExternalEditor
from helpdesk.domain.roles import Right
from helpdesk.domain.text import one_line
from helpdesk.knowledge import git, writing
from helpdesk.knowledge.front_matter import KINDS, BrokenArticleError
from helpdesk.knowledge.template import template
from helpdesk.knowledge.writing import Source

if TYPE_CHECKING:
    from helpdesk.knowledge.finding import Finding


@dataclass(frozen=True, slots=True)
class Saved:
    """An article that was saved.

    :ivar source: the file as it is now.
    :ivar findings: what is wrong with it all the same.
    :ivar revision: the git commit that holds it, or "".
    :ivar git_problem: why there is no commit, or "" where the folder is not kept in git.
    """

    source: Source
    findings: "tuple[Finding, ...]"
    revision: str
    git_problem: str


def begin(desk: Desk, path: str) -> Source:
    """Return an article's file to be edited, be it sound or broken.

    :raises NotFoundError: if there is none that the acting agent may see.
    """
    desk.require(Right.EDIT_KB)
    folder = desk.library.folder
    try:
        hidden = not may_see(desk, folder.read(path))
    except BrokenArticleError:
        hidden = False
    if hidden:
        raise NotFoundError(f"{path} is not published: ask an editor for it.")
    return writing.read_source(folder, path)


def begin_new(desk: Desk, path: str, title: str, kind: str) -> Source:
    """Return the text of a new draft, which is no file before it is saved."""
    desk.require(Right.EDIT_KB)
    if kind not in KINDS:
        raise RefusedError(f"{one_line(kind)[:20]!r} is no template: use {' or '.join(KINDS)}.")
    writing.require_free(desk.library.folder, path)
    name = title.strip() or path.rpartition("/")[2].removesuffix(".md").replace("-", " ")
    return Source(path, template(kind, name, desk.login, desk.now().date()), "")


def check(desk: Desk, path: str, text: str) -> "tuple[Finding, ...]":
    """Return what is wrong with a text that is to become an article, by line."""
    from helpdesk.knowledge.check import check_text

    desk.require(Right.READ)
    raw = text.encode("utf-8", "replace")
    today = desk.now().date()
    return tuple(check_text(desk.library.folder, path, raw, today, review_every(desk)))


def save(desk: Desk, source: Source) -> Saved:
    """Save an article, and commit it where the folder is kept in git.

    :param source: the text as it is to be; its ``seen`` is that of the file that was edited, or
        "" for a new one.
    :raises BrokenArticleError: naming the line that keeps it from being read as an article.
    :raises ArticleChangedError: if somebody else saved it meanwhile.
    :raises RefusedError: if the path is not one for an article or cannot be written.
    """
    desk.require(Right.EDIT_KB)
    findings = check(desk, source.path, source.text)
    _require_readable(source)
    wrong = next((one for one in findings if one.severity == "error" and one.line == 1), None)
    if wrong is not None:  # what was an article of ours would be one of nobody
        raise BrokenArticleError(source.path, wrong.line, wrong.message)
    folder = desk.library.folder
    if source.seen:
        begin(desk, source.path)
    saved = writing.save(folder, source.path, source.text, source.seen)
    desk.library.look_again()
    done = git.commit(folder.root, source.path, desk.agent.name, desk.login, new=not source.seen)
    return Saved(saved, findings, done.revision, done.problem)


def _require_readable(source: Source) -> None:
    from helpdesk.knowledge.article import parse_article

    if not source.text.strip():
        raise RefusedError(f"{source.path} is empty: write something, or leave with Esc.")
    parse_article(source.path, source.text.encode("utf-8", "replace"))


def external_editor(desk: Desk) -> list[str]:
    """Return the command of the person's own editor, to which a file is added.

    :raises RefusedError: if the policy does not allow one here, or the person has named none.
    """
    desk.require(Right.EDIT_KB)
    if desk.settings.origin is not None:  # who comes in over SSH shares the account with others
        command = list(host_rules().editor)
        if not command:
            raise RefusedError("no editor of your own here: use the one on this screen.")
        return command
    allowed = terms(desk).external_editor
    # Behind a forced command all agents share one account and act under another name than its own.
    local = session.system_login() == desk.login
    if allowed is ExternalEditor.NEVER or (allowed is ExternalEditor.LOCAL and not local):
        raise RefusedError(
            "the policy does not allow an editor of your own here: use the one on this screen."
        )
    named = os.environ.get("VISUAL") or os.environ.get("EDITOR") or ""
    try:
        command = shlex.split(named)
    except ValueError:
        command = []
    if not command:
        raise RefusedError("$VISUAL or $EDITOR names no editor: set it, or use the one here.")
    return command
