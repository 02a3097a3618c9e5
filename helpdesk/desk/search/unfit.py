"""Hits that do not fit a query, as agents have said.

What does not fit is kept in the log of searches: it is demoted and not marked for queries of nearly
the same words, and what answered it teaches nothing about them.
"""

from datetime import timedelta

from helpdesk.desk.search.search_log import MOST
from helpdesk.desk.session import Desk
from helpdesk.desk.sla import agreement
from helpdesk.domain.errors import RefusedError
from helpdesk.domain.i18n import _
from helpdesk.domain.redact import redact_persons
from helpdesk.domain.roles import Right
from helpdesk.domain.text import accept, one_line
from helpdesk.search.query import parse_query
from helpdesk.store.models import SearchRecord
from helpdesk.store.search import search_log

_NAME = "unfit"
_LONGEST_TEXT = 300
#: The share of the words of two queries that must be the same.
_ALIKE = 0.6


def say_unfit(desk: Desk, text: str, hit_id: str) -> None:
    """Record that a hit does not answer a query.

    :param text: the query; its first line, the subject, counts.
    :param hit_id: the path of the article or the reference of the ticket.
    :raises RefusedError: if the query has no words.
    """
    desk.require(Right.WORK)
    subject = one_line(redact_persons(accept(text, "search").strip().partition("\n")[0]))
    topic = _topic(subject)
    if not topic:
        raise RefusedError(
            _("the query has no words, so nothing can be said of a hit: type what it is about.")
        )
    now = desk.now()
    row = SearchRecord(
        at=now,
        place="search",
        text=subject[:_LONGEST_TEXT],
        topic=" ".join(sorted(topic))[:_LONGEST_TEXT],
        shown=[],
        outcome=search_log.UNFIT,
        picked=hit_id,
    )
    with desk.database.write() as session:
        search_log.add(session, row)
        keep = agreement.rules_in_force(session).knowledge.keep_searches_s
        search_log.forget(session, now - timedelta(seconds=keep), MOST)
    desk.library.forget(_NAME)


def say_it_fits(desk: Desk, text: str, hit_id: str) -> None:
    """Take back that a hit does not answer a query, or one of nearly the same words."""
    desk.require(Right.WORK)
    topic = _topic(one_line(text.strip().partition("\n")[0]))
    with desk.database.write() as session:
        for row in search_log.unfit(session):
            if row.picked == hit_id and _are_alike(topic, frozenset(row.topic.split())):
                search_log.drop(session, row.id)
    desk.library.forget(_NAME)


def unfit_for(desk: Desk, text: str) -> frozenset[str]:
    """Return the ids of the hits that do not fit a query, or one of nearly the same words."""
    desk.require(Right.READ)
    known: list[tuple[frozenset[str], str]] = desk.library.remembered(_NAME, lambda: _read(desk))
    if not known:
        return frozenset()
    topic = _topic(text.strip().partition("\n")[0])
    return frozenset(hit_id for other, hit_id in known if _are_alike(topic, other))


def _are_alike(topic: frozenset[str], other: frozenset[str]) -> bool:
    return len(topic & other) >= _ALIKE * max(1, len(topic | other))


def _read(desk: Desk) -> list[tuple[frozenset[str], str]]:
    with desk.database.read() as session:
        rows = search_log.unfit(session)
    return [(frozenset(row.topic.split()), row.picked) for row in rows]


def _topic(text: str) -> frozenset[str]:
    return frozenset(parse_query(text).terms)
