"""What the knowledge base lacks, and what it has in vain: what editors could write next."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from rapidfuzz import fuzz

from helpdesk.desk.knowledge import articles
from helpdesk.desk.knowledge.views import ArticleRow
from helpdesk.desk.search.search_log import Outcome
from helpdesk.desk.session import Desk
from helpdesk.domain.roles import Right
from helpdesk.domain.ticket import ref
from helpdesk.store.models import SearchRecord
from helpdesk.store.search import search_log
from helpdesk.store.ticket import tickets

DAYS = 90
_LONGEST = 3650
_TOPICS = 500
_LOOKED_AT = 20_000
_MOST = 20
#: From this likeness (0 to 100) on two topics are one: the same words but for typing errors and
#: endings, or a short word more.
_ALIKE = 80


@dataclass(frozen=True, slots=True)
class Unanswered:
    """A search that ended without a pick, with all that are alike.

    :ivar text: the newest of them, as it was typed.
    :ivar shown: what was shown for it, best first.
    """

    text: str
    times: int
    last: datetime
    shown: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class InVain:
    """An article that was shown so often and never answered a ticket."""

    path: str
    title: str
    shown: int


@dataclass(frozen=True, slots=True)
class NotWritten:
    """A ticket that was answered in words, without an article."""

    ref: str
    subject: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Gaps:
    """What editors should look at.

    ``searches`` counts the searches of the last ``days`` days by outcome (used, read, none);
    ``resolved`` the tickets resolved in them, but for duplicates, ``without_article`` those of them
    without one.  ``never_used`` are published articles that never answered a ticket.
    """

    days: int
    searches: dict[str, int]
    unanswered: tuple[Unanswered, ...]
    in_vain: tuple[InVain, ...]
    never_used: tuple[ArticleRow, ...]
    stale: tuple[ArticleRow, ...]
    broken: tuple[ArticleRow, ...]
    drafts: tuple[ArticleRow, ...]
    most_used: tuple[ArticleRow, ...]
    resolved: int
    without_article: int
    not_written: tuple[NotWritten, ...]


def gaps(desk: Desk, days: int = DAYS, most: int = _MOST) -> Gaps:
    """Return what is missing, unused and out of date.

    :param days: how far back searches and tickets are looked at.
    :param most: how many rows a list has at the most.
    """
    desk.require(Right.READ)
    recorded = _recorded(desk, desk.now() - timedelta(days=min(days, _LONGEST)), most)
    rows = articles.rows(desk)
    whole = [row for row in rows if not row.error]
    published = [row for row in whole if row.status == "published"]
    return Gaps(
        days=days,
        searches=recorded.searches,
        unanswered=_grouped(recorded.unanswered)[:most],
        in_vain=_in_vain(published, recorded.views)[:most],
        never_used=tuple(row for row in published if not row.times_used),
        stale=tuple(sorted((row for row in published if row.stale), key=lambda row: row.reviewed)),
        broken=tuple(row for row in rows if row.error),
        drafts=tuple(row for row in whole if row.status == "draft"),
        most_used=_most_used(whole, recorded.uses)[:most],
        resolved=recorded.resolved,
        without_article=recorded.without_article,
        not_written=recorded.not_written,
    )


@dataclass(frozen=True, slots=True)
class _Recorded:
    """What is recorded of searches and answers since an instant.

    :ivar unanswered: how often a topic was searched for in vain, and the newest of these searches.
    :ivar views: how often each article was among what was shown.
    :ivar uses: how many tickets each article answered.
    """

    searches: dict[str, int]
    unanswered: list[tuple[int, SearchRecord]]
    views: Counter[str]
    uses: Mapping[str, int]
    resolved: int
    without_article: int
    not_written: tuple[NotWritten, ...]


def _recorded(desk: Desk, since: datetime, most: int) -> _Recorded:
    with desk.database.read() as session:
        outcomes = search_log.outcomes(session, since)
        topics = search_log.topics(session, since, Outcome.NONE, _TOPICS)
        newest = search_log.by_number(session, [row.newest for row in topics])
        shown = search_log.shown(session, since, _LOOKED_AT)
        resolved, without, unwritten = search_log.resolved_without_article(session, since, most)
        return _Recorded(
            searches={outcome.value: outcomes.get(outcome.value, 0) for outcome in Outcome},
            unanswered=[(row.times, newest[row.newest]) for row in topics],
            views=Counter(path for paths, _ in shown for path in paths),
            uses=tickets.article_uses(session, since=since),
            resolved=resolved,
            without_article=without,
            not_written=tuple(
                NotWritten(ref(row.id), row.subject, row.resolved_at) for row in unwritten
            ),
        )


def _most_used(rows: list[ArticleRow], uses: Mapping[str, int]) -> tuple[ArticleRow, ...]:
    used = [row for row in rows if uses.get(row.path)]
    return tuple(sorted(used, key=lambda row: -uses[row.path]))


def _in_vain(published: list[ArticleRow], views: Counter[str]) -> tuple[InVain, ...]:
    unused = [row for row in published if views[row.path] and not row.times_used]
    unused.sort(key=lambda row: (-views[row.path], row.path))
    return tuple(InVain(row.path, row.title, views[row.path]) for row in unused)


def _grouped(asked: list[tuple[int, SearchRecord]]) -> tuple[Unanswered, ...]:
    """Return the topics, those that are alike as one, the commonest first."""
    groups: list[tuple[str, list[tuple[int, SearchRecord]]]] = []
    for times, one in asked:
        for topic, members in groups:
            if fuzz.token_sort_ratio(topic, one.topic, score_cutoff=_ALIKE):
                members.append((times, one))
                break
        else:
            groups.append((one.topic, [(times, one)]))
    found = []
    for _, members in groups:
        newest = max((one for _, one in members), key=lambda one: one.id)
        times = sum(times for times, _ in members)
        found.append(Unanswered(newest.text, times, newest.at, tuple(newest.shown)))
    return tuple(sorted(found, key=lambda one: (-one.times, -one.last.timestamp())))
