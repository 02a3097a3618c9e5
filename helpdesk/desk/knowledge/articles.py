"""Show and check the articles of the knowledge base, with how often each answered a ticket."""

from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING

from helpdesk.desk import article_renames as renames
from helpdesk.desk.knowledge.views import ArticleRow, ArticleView
from helpdesk.desk.session import Desk
from helpdesk.desk.sla import agreement
from helpdesk.domain.desk_zone import day_of
from helpdesk.domain.errors import NotFoundError
from helpdesk.domain.escalation import Level
from helpdesk.domain.i18n import _
from helpdesk.domain.policy.knowledge_terms import KnowledgeTerms
from helpdesk.domain.roles import Right
from helpdesk.domain.text import one_line
from helpdesk.knowledge.statuses import UNPUBLISHED
from helpdesk.store.people import people
from helpdesk.store.ticket import tickets

if TYPE_CHECKING:
    from helpdesk.knowledge.article import Article
    from helpdesk.knowledge.finding import ArticleFinding
    from helpdesk.knowledge.known_names import KnownNames


def terms(desk: Desk) -> KnowledgeTerms:
    """Return the settings of the policy in force for the knowledge base."""
    desk.require(Right.READ)
    with desk.database.read() as session:
        return agreement.rules_in_force(session).knowledge


def review_every(desk: Desk) -> timedelta:
    """Return how long a review is valid for articles that do not say so themselves."""
    return timedelta(seconds=terms(desk).review_every_s)


def require_article(desk: Desk, path: str) -> "Article":
    """Return the article with that path, relative to the knowledge base, or that had it once.

    :raises NotFoundError: if it does not exist or the acting agent may not see it.
    :raises BrokenArticleError: if its file cannot be read as an article.
    """
    desk.require(Right.READ)
    try:
        article = desk.library.folder.read(path)
    except NotFoundError:
        renamed = renames.current_path(desk, path)
        if renamed is None:
            raise
        article = desk.library.folder.read(renamed)
    if not may_see(desk, article):
        raise NotFoundError(
            f"{one_line(path)[:80]} is not published ({article.status}): ask an editor for it."
        )
    return article


def may_see(desk: Desk, article: "Article") -> bool:
    """Whether the acting agent may see an article.

    Drafts and retired articles are for editors; an owner sees their own drafts as well.
    """
    if article.is_published or desk.may(Right.SEE_DRAFTS):
        return True
    mine = desk.login in (article.owner, article.head.submitted_by)
    return article.status in UNPUBLISHED and mine


def show(desk: Desk, path: str) -> ArticleView:
    """Return a whole article; raises the same errors as :func:`require_article`."""
    article = require_article(desk, path)
    with desk.database.read() as session:
        uses = renames.joined(tickets.article_uses(session), renames.known_renames(session))
    return ArticleView(
        path=article.path,
        title=article.title,
        kind=article.kind,
        status=article.status,
        owner=article.owner,
        service=article.service,
        tags=article.tags,
        aliases=article.aliases,
        reviewed=article.reviewed.isoformat() if article.reviewed else "",
        body=article.body,
        answer=article.answer,
        times_used=uses.get(article.path, 0),
        answers={code: text for code, text in article.answers.items() if code},
        aliases_by_language=dict(article.aliases_by_language),
        reply=article.reply,
        answer_heading=article.head.answer,
        approved_by=article.head.approved_by,
        approved=article.head.approved.isoformat() if article.head.approved else "",
        problem=problem_of(desk, article.path),
    )


def problem_of(desk: Desk, path: str) -> str:
    """Return a sentence that warns of the errors in an article; "" if it has none.

    :raises NotFoundError: if it does not exist.
    """
    from helpdesk.knowledge.check import check_text
    from helpdesk.knowledge.finding import Severity

    desk.require(Right.READ)
    folder = desk.library.folder
    findings = check_text(folder, path, folder.raw(path), day_of(desk.now()))
    errors = [each for each in findings if each.severity is Severity.ERROR]
    if not errors:
        return ""
    return _("{path} has errors; check what is sent: line {line}: {message}.").format(
        path=path, line=errors[0].line, message=errors[0].message
    )


def rows(
    desk: Desk,
    *,
    with_history: bool = False,
    overdue: bool = False,
    owner: str = "",
    service: str = "",
) -> tuple[ArticleRow, ...]:
    """Return every article that the acting agent may see, by path, and every broken file.

    :param with_history: also ask git who changed each article last.
    :param overdue: return only published articles whose review is overdue.
    :param owner: return only the articles of this owner, in any case; "" for all.
    :param service: return only the articles about this service, in any case; "" for all.
    :raises UnavailableError: if the folder cannot be read.
    """
    from helpdesk.knowledge.check import is_stale
    from helpdesk.knowledge.history import ArticleHistory, last_change

    desk.require(Right.READ)
    today, every = day_of(desk.now()), review_every(desk)
    with desk.database.read() as session:
        uses = tickets.article_uses(session)
    if any(not (desk.library.folder.root / path).is_file() for path in uses):
        uses = renames.joined(uses, renames.learn(desk))
    history = desk.library.history() if with_history else ArticleHistory()
    found = []
    for entry in desk.library.folder.catalogue():
        article, times = entry.article, uses.get(entry.path, 0)
        change = last_change(history, entry.path, entry.mtime_ns)
        if article is None:
            found.append(
                ArticleRow(
                    path=entry.path,
                    title="",
                    kind="",
                    status="broken",
                    owner="",
                    reviewed="",
                    times_used=times,
                    error=str(entry.error),
                    changed_at=change.at,
                    changed_by=change.by,
                )
            )
        elif may_see(desk, article):
            found.append(
                ArticleRow(
                    path=article.path,
                    title=article.title,
                    kind=article.kind,
                    status=article.status,
                    owner=article.owner,
                    reviewed=article.reviewed.isoformat() if article.reviewed else "",
                    times_used=times,
                    stale=is_stale(article, today, every),
                    service=article.service,
                    changed_at=change.at,
                    changed_by=change.by,
                )
            )
    return tuple(row for row in found if _is_wanted(row, overdue, owner, service))


def _is_wanted(row: ArticleRow, overdue: bool, owner: str, service: str) -> bool:
    return (
        (row.stale or not overdue)
        and (not owner or row.owner.casefold() == owner.strip().casefold())
        and (not service or row.service.casefold() == service.strip().casefold())
    )


def watch(desk: Desk, changed: Callable[[], None]) -> Callable[[], None]:
    """Call ``changed`` in another thread whenever a file changes.

    :returns: a function that stops the watching.
    """
    return desk.library.watch(changed)


def check(desk: Desk) -> "list[ArticleFinding]":
    """Return every mistake in the knowledge base's files, by path and line."""
    from helpdesk.knowledge.check import check as check_folder

    desk.require(Right.READ)
    names = known_names(desk)
    return check_folder(desk.library.folder, day_of(desk.now()), review_every(desk), names)


def known_names(desk: Desk) -> "KnownNames":
    """Return the services and owners that articles of this desk may name."""
    from helpdesk.knowledge.known_names import KnownNames

    desk.require(Right.READ)
    with desk.database.read() as session:
        rules = agreement.rules_in_force(session).knowledge
        services = people.services(session)
        agents = people.agents(session)
        teams = (*rules.teams, *(service.owner for service in services if service.owner), *Level)
        return KnownNames(
            services=frozenset(service.name.casefold() for service in services),
            owners=frozenset(
                name.casefold()
                for name in (*teams, *(each.login for each in agents if each.active))
            ),
            approval=rules.approval,
            disabled=frozenset(each.login.casefold() for each in agents if not each.active),
        )
