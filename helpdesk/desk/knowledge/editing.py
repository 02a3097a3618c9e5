"""Edit articles from within the program: open, check and save them; choose the editor."""

import os
import shlex
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from helpdesk.desk import session
from helpdesk.desk.knowledge.articles import known_names, may_see, review_every, terms
from helpdesk.desk.session import Desk
from helpdesk.desk.ssh.host_file import host_rules
from helpdesk.domain.desk_zone import day_of
from helpdesk.domain.errors import NotFoundError, RefusedError
from helpdesk.domain.i18n import _
from helpdesk.domain.policy.knowledge_terms import ExternalEditor
from helpdesk.domain.roles import Right
from helpdesk.domain.text import one_line
from helpdesk.knowledge import git, writing
from helpdesk.knowledge.front_matter import KINDS, BrokenArticleError
from helpdesk.knowledge.head_edit import with_values
from helpdesk.knowledge.statuses import IN_REVIEW
from helpdesk.knowledge.template import template
from helpdesk.knowledge.writing import ArticleSource
from helpdesk.ssh import landlock

if TYPE_CHECKING:
    from helpdesk.knowledge.article import Article
    from helpdesk.knowledge.finding import ArticleFinding


@dataclass(frozen=True, slots=True)
class SavedArticle:
    """An article that was saved.

    :ivar source: the file after saving.
    :ivar findings: mistakes that did not prevent saving.
    :ivar revision: the git commit that holds it, or "".
    :ivar git_problem: why the commit failed, or "" if the folder is not a git repository.
    """

    source: ArticleSource
    findings: "tuple[ArticleFinding, ...]"
    revision: str
    git_problem: str


def begin(desk: Desk, path: str) -> ArticleSource:
    """Return an article's file for editing, even if it is broken.

    :raises NotPermittedError: if the role does not allow it.
    :raises NotFoundError: if it does not exist or the acting agent may not see it.
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


def begin_new(desk: Desk, path: str, title: str, kind: str) -> ArticleSource:
    """Return the text of a new draft; no file is written before it is saved.

    :param kind: the template to use.
    :raises RefusedError: if there is no such template, or the path is taken or not allowed.
    """
    desk.require(Right.EDIT_KB)
    if kind not in KINDS:
        raise RefusedError(f"{one_line(kind)[:20]!r} is no template: use {' or '.join(KINDS)}.")
    writing.require_free(desk.library.folder, path)
    name = title.strip() or path.rpartition("/")[2].removesuffix(".md").replace("-", " ")
    return ArticleSource(path, template(kind, name, desk.login, day_of(desk.now())), "")


def check(desk: Desk, path: str, text: str) -> "tuple[ArticleFinding, ...]":
    """Return the mistakes in the text of an article that is being written, by line."""
    from helpdesk.knowledge.check import check_text

    desk.require(Right.READ)
    raw = text.encode("utf-8", "replace")
    today = day_of(desk.now())
    every, names = review_every(desk), known_names(desk)
    return tuple(check_text(desk.library.folder, path, raw, today, every, names))


def save(desk: Desk, source: ArticleSource) -> SavedArticle:
    """Save an article, and commit it if the folder is a git repository.

    :param source: the new text; its ``seen`` comes from the file that was opened, or is "" for a
        new one.
    :raises BrokenArticleError: if it cannot be read as an article; names the line.
    :raises ArticleChangedError: if somebody else has saved it since it was opened.
    :raises RefusedError: if the path is not allowed for an article or cannot be written, or if the
        policy asks for an approval and the article would be published without one.
    """
    desk.require(Right.EDIT_KB)
    return save_checked(desk, _for_approval(desk, source))


def save_checked(desk: Desk, source: ArticleSource, message: str = "") -> SavedArticle:
    """Save an article whose status may be what it is; raises the same errors as :func:`save`.

    :param message: what is written in git's log; "" for ``Add PATH`` or ``Update PATH``.
    """
    desk.require(Right.EDIT_KB)
    findings = check(desk, source.path, source.text)
    _require_readable(source)
    error = next(
        (found for found in findings if found.severity == "error" and found.line == 1), None
    )
    if error is not None:  # An error in line 1 would make it an article that nobody owns.
        raise BrokenArticleError(source.path, error.line, error.message)
    folder = desk.library.folder
    if source.seen:
        begin(desk, source.path)
    saved = writing.save(folder, source.path, source.text, source.seen)
    desk.library.look_again()
    new, name = not source.seen, desk.agent.name
    commit = git.commit(folder.root, source.path, name, desk.login, new=new, message=message)
    return SavedArticle(saved, findings, commit.revision, commit.problem)


def _for_approval(desk: Desk, source: ArticleSource) -> ArticleSource:
    """Return the text to save where the policy asks for approvals; elsewhere it is unchanged.

    A text that is in review names who wrote it, so that somebody else approves it.
    """
    from helpdesk.knowledge.article import parse_article

    if not terms(desk).approval:
        return source
    try:
        article = parse_article(source.path, source.text.encode("utf-8", "replace"))
    except BrokenArticleError:
        return source  # it is refused when it is saved
    if article.own and article.is_published and not _is_approved(desk, article):
        message = _(
            "the policy asks for an approval: write 'status: in review' and save; then another "
            "editor publishes {path} (P, or 'helpdesk kb publish {path}')."
        )
        raise RefusedError(message.format(path=source.path))
    if article.status != IN_REVIEW:
        return source
    text = with_values(source.path, source.text, {"submitted_by": desk.login})
    return ArticleSource(source.path, text, source.seen)


def _is_approved(desk: Desk, article: "Article") -> bool:
    """Whether the published article says the same already: only its review may be another."""
    try:
        before = desk.library.folder.read(article.path)
    except RefusedError:
        return False
    same_head = replace(before.head, reviewed=None, lines=()) == replace(
        article.head, reviewed=None, lines=()
    )
    return same_head and before.body == article.body


def _require_readable(source: ArticleSource) -> None:
    from helpdesk.knowledge.article import parse_article

    if not source.text.strip():
        raise RefusedError(f"{source.path} is empty: write something, or leave with Esc.")
    parse_article(source.path, source.text.encode("utf-8", "replace"))


def external_editor(desk: Desk, right: Right = Right.EDIT_KB) -> list[str]:
    """Return the command of the agent's own editor, to which a file name is added.

    :param right: what the text is written for: articles, or messages (``Right.WORK``).
    :raises RefusedError: if the policy does not allow one here, or no editor is configured.
    """
    desk.require(right)
    if desk.settings.origin is not None:  # Agents connected over SSH share one account.
        host = host_rules()
        command = list(host.editor)
        if not command:
            raise RefusedError("no editor of your own here: use the one on this screen.")
        if not landlock.abi() and not host.editor_unfenced:
            raise RefusedError(
                "no editor of your own here, because the host's kernel cannot keep it from other "
                "files (it has no Landlock): use the one on this screen."
            )
        return command
    allowed = terms(desk).external_editor
    # Behind a forced command the agent's login differs from the account that all agents share.
    local = session.system_login() == desk.login
    if allowed is ExternalEditor.NEVER or (allowed is ExternalEditor.LOCAL and not local):
        raise RefusedError(
            "the policy does not allow an editor of your own here: use the one on this screen."
        )
    configured = os.environ.get("VISUAL") or os.environ.get("EDITOR") or ""
    try:
        command = shlex.split(configured)
    except ValueError:
        command = []
    if not command:
        raise RefusedError("$VISUAL or $EDITOR names no editor: set it, or use the one here.")
    return command
