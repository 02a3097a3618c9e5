"""Guess the service, kind, impact and urgency of a ticket from its text.

Only words that are seldom misleading count.  Values that the agent chooses override the guesses.
"""

import re
from collections import Counter
from collections.abc import Mapping

from helpdesk.domain.priority import Impact, Urgency
from helpdesk.domain.ticket import Kind

_WORD = re.compile(r"[^\W_]+(?:-[^\W_]+)*")

_REQUEST = re.compile(
    r"^(?:please|request|requesting|new starter|need (?:access|a new)|install\b|order\b|grant\b)",
    re.IGNORECASE,
)
_EVERYBODY = re.compile(
    r"\b(?:everyone|everybody|nobody|all (?:users|staff|sites)|whole (?:office|site|company)"
    r"|company[- ]wide|outage)\b",
    re.IGNORECASE,
)
_URGENT = re.compile(
    r"\b(?:urgent|asap|immediately|right now|outage|is down|are down|cannot work|can't work)\b",
    re.IGNORECASE,
)


def words_of(text: str) -> list[str]:
    """Return the words of a text in lower case, in order."""
    return [word.lower() for word in _WORD.findall(text)]


def guess_service(text: str, keywords: Mapping[str, str]) -> str:
    """Return the service whose keywords occur most often in the text; "" if none occurs.

    :param keywords: the keywords of each service, separated by blanks.
    """
    times = Counter(words_of(text))
    scores = {
        name: sum(times[hint] for hint in set(hints.split())) for name, hints in keywords.items()
    }
    best = max(scores, key=lambda name: scores[name], default="")
    return best if best and scores[best] else ""


def guess_kind(subject: str) -> Kind:
    """Return request if the subject asks for something, else incident."""
    return Kind.REQUEST if _REQUEST.search(subject.strip()) else Kind.INCIDENT


def guess_impact(text: str) -> Impact:
    """Return high if the text says that everybody is affected, else medium."""
    return Impact.HIGH if _EVERYBODY.search(text) else Impact.MEDIUM


def guess_urgency(text: str) -> Urgency:
    """Return high if the text says that work has stopped, else medium."""
    return Urgency.HIGH if _URGENT.search(text) else Urgency.MEDIUM
