"""Log searches and their outcomes, so that editors see which articles are missing.

There is one row for each finished search, not for each key.  Mail addresses and telephone numbers
are removed.  Rows are deleted after the time set in the policy, and when there are too many.
"""

from collections.abc import Iterable
from datetime import timedelta

from helpdesk.desk.session import Desk
from helpdesk.desk.sla import agreement
from helpdesk.desk.unit_of_work import confidentiality
from helpdesk.domain.redact import redact_persons
from helpdesk.domain.roles import Right
from helpdesk.domain.search_outcome import SearchOutcome
from helpdesk.domain.text import accept, one_line
from helpdesk.search.query import parse_query
from helpdesk.store.models import SearchRecord
from helpdesk.store.search import search_log

_LONGEST_TEXT = 300
_MOST_SHOWN = 5
_FEWEST_LETTERS = 4
#: How many rows are kept, and after how many searches old rows are deleted.
MOST, LOOK_AFTER_EVERY = 100_000, 50


def record(
    desk: Desk,
    place: str,
    text: str,
    shown: Iterable[str],
    outcome: SearchOutcome,
    picked: str = "",
    whose: tuple[str, str] = ("", ""),
) -> None:
    """Log a finished search, unless it is too short or the agent can neither work nor edit.

    :param place: where the search was made: ``form`` or ``search``.
    :param shown: the ids of the results shown at the end, best first.
    :param picked: the id of the result that was used or opened, or "".
    :param whose: the requester and the customer of the query, as typed in the form; the words of a
        query of a confidential customer are not logged.
    """
    if not desk.may(Right.WORK) and not desk.may(Right.EDIT_KB):
        return
    query = one_line(redact_persons(accept(text, "search")))[:_LONGEST_TEXT]
    topic = " ".join(sorted(set(parse_query(query).terms)))[:_LONGEST_TEXT]
    if len(topic.replace(" ", "")) < _FEWEST_LETTERS:
        return
    now = desk.now()
    row = SearchRecord(
        at=now,
        place=place,
        text=query,
        topic=topic,
        shown=list(shown)[:_MOST_SHOWN],
        outcome=outcome.value,
        picked=picked,
    )
    with desk.database.write() as session:
        if confidentiality.is_confidential(session, *whose):
            return
        if search_log.add(session, row) % LOOK_AFTER_EVERY == 0:
            keep = agreement.rules_in_force(session).knowledge.keep_searches_s
            search_log.forget(session, now - timedelta(seconds=keep), MOST)
