"""Remembering what was searched for and what came of it, so that editors see what is missing.

One row for each search that ended, not for each key.  Mail addresses and telephone numbers are left
out; rows are dropped after the time that the policy says, and beyond a number that no desk needs.
"""

from collections.abc import Iterable
from datetime import timedelta
from enum import StrEnum

from helpdesk.desk.session import Desk
from helpdesk.desk.sla import agreement
from helpdesk.domain.redact import without_persons
from helpdesk.domain.roles import Right
from helpdesk.domain.text import accept, one_line
from helpdesk.search.query import parse_query
from helpdesk.store.models import SearchRecord
from helpdesk.store.search import search_log

_TEXT = 300
_SHOWN = 5
_FEWEST_LETTERS = 4
#: All but the newest so many are dropped; looked after once in so many searches.
MOST, LOOK_AFTER_EVERY = 100_000, 50


class Outcome(StrEnum):
    """What came of a search."""

    USED = "used"
    """a suggestion answered the query, or the ticket that it became was linked to it"""
    READ = "read"
    """a hit was opened"""
    NONE = "none"
    """it ended without a pick"""


def record(
    desk: Desk, place: str, text: str, shown: Iterable[str], outcome: Outcome, picked: str = ""
) -> None:
    """Remember a search that ended; one that says nothing, and an auditor's, is not.

    :param place: where it was asked: ``form`` or ``search``.
    :param shown: the ids of the hits as they stood at the end, best first.
    """
    if not desk.may(Right.WORK) and not desk.may(Right.EDIT_KB):
        return
    said = one_line(without_persons(accept(text, "search")))[:_TEXT]
    topic = " ".join(sorted(set(parse_query(said).terms)))[:_TEXT]
    if len(topic.replace(" ", "")) < _FEWEST_LETTERS:
        return
    now = desk.now()
    row = SearchRecord(
        at=now,
        place=place,
        text=said,
        topic=topic,
        shown=list(shown)[:_SHOWN],
        outcome=outcome.value,
        picked=picked,
    )
    with desk.database.write() as session:
        if search_log.add(session, row) % LOOK_AFTER_EVERY == 0:
            keep = agreement.rules_in_force(session).knowledge.keep_searches_s
            search_log.forget(session, now - timedelta(seconds=keep), MOST)
