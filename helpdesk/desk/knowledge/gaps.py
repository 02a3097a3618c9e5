"""Find gaps in the knowledge base: searches without an answer, articles that nobody uses."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from rapidfuzz import fuzz
from sqlalchemy.orm import Session

from helpdesk.desk import article_renames as renames
from helpdesk.desk.knowledge import articles
from helpdesk.desk.knowledge.views import ArticleRow
from helpdesk.desk.session import Desk
from helpdesk.domain.references import tickets_in
from helpdesk.domain.roles import Right
from helpdesk.domain.search_outcome import SearchOutcome
from helpdesk.domain.ticket import number_in_ref, ref
from helpdesk.knowledge.statuses import UNPUBLISHED
from helpdesk.store.database import visibility
from helpdesk.store.models import SearchRecord
from helpdesk.store.search import search_log
from helpdesk.store.ticket import tickets

DAYS = 90
_MOST_DAYS = 3650
_MOST_TOPICS = 500
_MOST_SEARCHES = 20_000
_MOST_ROWS = 20
#: Two topics with at least this similarity (0 to 100) count as one: they differ by typing errors,
#: endings, or one short word.
_SAME_TOPIC = 80


@dataclass(frozen=True, slots=True)
class Unanswered:
    """Similar searches in which no result was picked.

    :ivar text: the newest of them, as it was typed.
    :ivar times: how many there were.
    :ivar last: when the newest of them was made (UTC).
    :ivar shown: the paths of the articles that were shown for it, best first.
    """

    text: str
    times: int
    last: datetime
    shown: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class UnusedArticle:
    """An article that was shown in searches and never answered a ticket.

    :ivar shown: how often it was shown.
    """

    path: str
    title: str
    shown: int


@dataclass(frozen=True, slots=True)
class UndocumentedAnswer:
    """A ticket that was resolved with a written answer instead of an article."""

    ref: str
    subject: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Gaps:
    """What editors should look at.

    :ivar days: how many days of searches and tickets were examined.
    :ivar searches: how many searches there were in these days, by outcome (used, read, none).
    :ivar unanswered: searches in which no result was picked, the most frequent first.
    :ivar in_vain: articles that were shown in searches and never answered a ticket.
    :ivar never_used: published articles that never answered a ticket.
    :ivar stale: published articles whose review is overdue.
    :ivar most_used: articles that answered tickets in these days, the most used first.
    :ivar resolved: how many tickets were resolved in these days, without duplicates.
    :ivar without_article: how many of these were resolved without an article.
    :ivar not_written: the newest tickets that were resolved without an article.
    """

    days: int
    searches: dict[str, int]
    unanswered: tuple[Unanswered, ...]
    in_vain: tuple[UnusedArticle, ...]
    never_used: tuple[ArticleRow, ...]
    stale: tuple[ArticleRow, ...]
    broken: tuple[ArticleRow, ...]
    drafts: tuple[ArticleRow, ...]
    most_used: tuple[ArticleRow, ...]
    resolved: int
    without_article: int
    not_written: tuple[UndocumentedAnswer, ...]


def gaps(desk: Desk, days: int = DAYS, most: int = _MOST_ROWS) -> Gaps:
    """Return what is missing, unused and out of date in the knowledge base.

    :param days: how many days of searches and tickets to examine; 3650 at most.
    :param most: the limit of the lists that can be long.
    """
    desk.require(Right.READ)
    recorded = _recorded(desk, desk.now() - timedelta(days=min(days, _MOST_DAYS)), most)
    rows = articles.rows(desk)
    readable = [row for row in rows if not row.error]
    published = [row for row in readable if row.status == "published"]
    return Gaps(
        days=days,
        searches=recorded.searches,
        unanswered=_grouped(recorded.unanswered)[:most],
        in_vain=_in_vain(published, recorded.views)[:most],
        never_used=tuple(row for row in published if not row.times_used),
        stale=tuple(sorted((row for row in published if row.stale), key=lambda row: row.reviewed)),
        broken=tuple(row for row in rows if row.error),
        drafts=tuple(row for row in readable if row.status in UNPUBLISHED),
        most_used=_most_used(readable, recorded.uses)[:most],
        resolved=recorded.resolved,
        without_article=recorded.without_article,
        not_written=recorded.not_written,
    )


@dataclass(frozen=True, slots=True)
class _Recorded:
    """The records of searches and answers since some time.

    :ivar unanswered: for each topic the number of searches in which nothing was picked, and the
        newest of them.
    :ivar views: how often each article was shown in a search.
    :ivar uses: how many tickets each article answered.
    """

    searches: dict[str, int]
    unanswered: list[tuple[int, SearchRecord]]
    views: Counter[str]
    uses: Mapping[str, int]
    resolved: int
    without_article: int
    not_written: tuple[UndocumentedAnswer, ...]


def _recorded(desk: Desk, since: datetime, most: int) -> _Recorded:
    with desk.database.read() as session:
        outcomes = search_log.outcomes(session, since)
        topics = search_log.topics(session, since, SearchOutcome.NONE, _MOST_TOPICS)
        newest = search_log.by_number(session, [row.newest for row in topics])
        hidden = _about_hidden_tickets(session, newest)
        shown = search_log.shown(session, since, _MOST_SEARCHES)
        resolved, without, unwritten = search_log.resolved_without_article(session, since, most)
        return _Recorded(
            searches={outcome.value: outcomes.get(outcome.value, 0) for outcome in SearchOutcome},
            unanswered=[
                (row.times, newest[row.newest]) for row in topics if row.newest not in hidden
            ],
            views=Counter(path for paths, _ in shown for path in paths),
            uses=renames.joined(
                tickets.article_uses(session, since=since), renames.known_renames(session)
            ),
            resolved=resolved,
            without_article=without,
            not_written=tuple(
                UndocumentedAnswer(ref(row.id), row.subject, row.resolved_at) for row in unwritten
            ),
        )


def _about_hidden_tickets(session: Session, searches: Mapping[int, SearchRecord]) -> set[int]:
    """Return the numbers of those searches that found a ticket that the agent may not see.

    Their words were probably meant for that ticket.
    """
    if not visibility.hidden_customers(session):
        return set()
    found = {number: tickets_in([*row.shown, row.picked]) for number, row in searches.items()}
    visible = tickets.visible_numbers(session, sorted(set().union(*found.values())))
    return {number for number, refs in found.items() if refs - visible}


def _most_used(rows: list[ArticleRow], uses: Mapping[str, int]) -> tuple[ArticleRow, ...]:
    used = [row for row in rows if uses.get(row.path)]
    return tuple(sorted(used, key=lambda row: -uses[row.path]))


def _in_vain(published: list[ArticleRow], views: Counter[str]) -> tuple[UnusedArticle, ...]:
    unused = [row for row in published if views[row.path] and not row.times_used]
    unused.sort(key=lambda row: (-views[row.path], row.path))
    return tuple(UnusedArticle(row.path, row.title, views[row.path]) for row in unused)


def _grouped(searches: list[tuple[int, SearchRecord]]) -> tuple[Unanswered, ...]:
    """Merge similar topics, and return them with the most frequent first."""
    groups: list[tuple[str, list[tuple[int, SearchRecord]]]] = []
    for times, search in searches:
        for topic, members in groups:
            if fuzz.token_sort_ratio(topic, search.topic, score_cutoff=_SAME_TOPIC):
                members.append((times, search))
                break
        else:
            groups.append((search.topic, [(times, search)]))
    found = []
    for _, members in groups:
        newest = max((search for _, search in members), key=lambda search: search.id)
        times = sum(times for times, _ in members)
        shown = tuple(one for one in newest.shown if number_in_ref(one) is None)
        found.append(Unanswered(newest.text, times, newest.at, shown))
    return tuple(sorted(found, key=lambda group: (-group.times, -group.last.timestamp())))
