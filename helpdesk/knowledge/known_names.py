"""Checking the services and owners that articles name."""

from collections.abc import Iterator
from dataclasses import dataclass

from rapidfuzz import process

from helpdesk.domain.i18n import _
from helpdesk.knowledge.article import Article
from helpdesk.knowledge.finding import ArticleFinding, Severity

#: The minimum similarity in percent of a misspelt name to the one that is suggested.
_SIMILAR = 65


@dataclass(frozen=True, slots=True)
class KnownNames:
    """The names that articles may use, in lower case.

    :ivar services: the services of the policy.
    :ivar owners: the agents of the desk who may log in, and the teams of the policy.
    :ivar disabled: the agents who may not log in any more.
    :ivar approval: whether the policy asks for the approval of published articles.
    """

    services: frozenset[str]
    owners: frozenset[str]
    disabled: frozenset[str] = frozenset()
    approval: bool = False


def unknown_names(article: Article, names: KnownNames | None) -> Iterator[ArticleFinding]:
    """Yield a finding if the service or the owner of an article is unknown.

    :param names: the names that articles may use; None checks nothing.
    """
    if names is None:
        return
    service, owner = article.service.casefold(), article.owner.casefold()
    if service and service not in names.services:
        near = process.extractOne(service, names.services, score_cutoff=_SIMILAR)
        hint = (
            _("is '{name}' meant?").format(name=near[0])
            if near
            else _("name one of the policy, or add it there")
        )
        message = _("the service {name!r} is not in the policy: {hint}").format(
            name=article.service[:60], hint=hint
        )
        yield _at_key(article, "service", message)
    if owner in names.disabled:
        message = _("the owner {name!r} cannot log in any more: name another one")
        yield _at_key(article, "owner", message.format(name=article.owner[:60]))
    elif owner and owner not in names.owners:
        message = _(
            "the owner {name!r} is no agent of this desk: name one, or add the team to 'teams' of "
            "[knowledge] in the policy"
        )
        yield _at_key(article, "owner", message.format(name=article.owner[:60]))


def unapproved(article: Article, names: KnownNames | None) -> Iterator[ArticleFinding]:
    """Yield a finding if a published article lacks the approval that the policy asks for."""
    if names is None or not names.approval or not article.is_published:
        return
    if not article.head.approved_by:
        yield _at_key(article, "status", _("it is published without the approval of an editor"))
    elif article.head.approved_by == article.head.submitted_by:
        message = _("it was approved by the one who submitted it")
        yield _at_key(article, "approved_by", message)


def _at_key(article: Article, key: str, message: str) -> ArticleFinding:
    return ArticleFinding(article.path, article.head.line_of(key), Severity.WARNING, message)
