"""Review an article, submit a draft, and publish it; with an approval if the policy asks for it."""

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING

from helpdesk.desk.knowledge import editing
from helpdesk.desk.knowledge.articles import require_article, terms
from helpdesk.desk.session import Desk
from helpdesk.domain.desk_zone import day_of
from helpdesk.domain.errors import RefusedError
from helpdesk.domain.i18n import _
from helpdesk.domain.roles import Right
from helpdesk.knowledge.head_edit import with_values
from helpdesk.knowledge.statuses import IN_REVIEW
from helpdesk.knowledge.writing import ArticleSource

if TYPE_CHECKING:
    from helpdesk.desk.knowledge.editing import SavedArticle


def mark_reviewed(desk: Desk, path: str) -> "SavedArticle":
    """Note in an article that it was reviewed today.

    :raises NotFoundError: if it does not exist or the acting agent may not see it.
    :raises RefusedError: if it has no front matter, or was reviewed today already.
    """
    desk.require(Right.EDIT_KB)
    today = day_of(desk.now())
    if require_article(desk, path).reviewed == today:
        raise RefusedError(_("{path} was reviewed today already.").format(path=path))
    return _save_values(desk, path, {"reviewed": today}, f"Review {path}")


def submit(desk: Desk, path: str) -> "SavedArticle":
    """Ask the other editors to review a draft: its status becomes "in review".

    :raises RefusedError: if it is no draft.
    """
    desk.require(Right.EDIT_KB)
    article = require_article(desk, path)
    if article.status == IN_REVIEW:
        raise RefusedError(
            _("{path} is in review already: another editor publishes it.").format(path=path)
        )
    if article.is_published:
        message = _("{path} is published: edit it, and write 'status: draft' to begin again.")
        raise RefusedError(message.format(path=path))
    values = {"status": IN_REVIEW, "submitted_by": desk.login, "approved_by": None}
    return _save_values(desk, path, {**values, "approved": None}, f"Submit {path}")


def publish(desk: Desk, path: str) -> "SavedArticle":
    """Publish a draft; if the policy asks for an approval, note who gave it.

    :raises RefusedError: if it is published already, or if an approval is needed and it was not
        submitted, or by the acting agent.
    """
    desk.require(Right.EDIT_KB)
    article = require_article(desk, path)
    if article.is_published:
        raise RefusedError(_("{path} is published already.").format(path=path))
    today = day_of(desk.now())
    values: dict[str, str | date | None] = {"status": "published", "reviewed": today}
    if terms(desk).approval:
        if article.status != IN_REVIEW:
            message = _("{path} is not in review: submit it first ('helpdesk kb submit {path}').")
            raise RefusedError(message.format(path=path))
        if desk.login in (article.head.submitted_by, ""):
            message = _("you submitted {path} yourself: another editor has to publish it.")
            raise RefusedError(message.format(path=path))
        values |= {"approved_by": desk.login, "approved": today}
    return _save_values(desk, path, values, f"Publish {path}")


def go_on(desk: Desk, path: str) -> "SavedArticle":
    """Take a draft one step further: submit it, or publish it.

    :raises RefusedError: as :func:`submit` and :func:`publish` do.
    """
    desk.require(Right.EDIT_KB)
    status = require_article(desk, path).status
    if status == IN_REVIEW or not terms(desk).approval:
        return publish(desk, path)
    return submit(desk, path)


def _save_values(
    desk: Desk, path: str, values: Mapping[str, str | date | None], message: str
) -> "SavedArticle":
    source = editing.begin(desk, path)
    text = with_values(path, source.text, values)
    return editing.save_checked(desk, ArticleSource(path, text, source.seen), message)
