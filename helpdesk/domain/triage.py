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
#: Everybody, or all of something that many people use; "all day" or "all my files" do not count.
_EVERYBODY = re.compile(
    r"""\b(?:
        every(?:one|body) | nobody | no[ ]one | outage | company[- ]?wide | site[- ]?wide
      | (?:whole|entire)[ ](?:office|site|company|department|team|floor|building|branch)
      | (?:every|all[ ](?:of[ ])?(?:(?:the|our|these|those)[ ])?)[ ]?
        (?!(?:my|your|his|her)\b)(?:[\w-]+[ ]){0,2}?
        (?:users? | staff | colleagues? | people | employees? | agents? | teams? | departments?
         | sites? | offices? | floors? | buildings? | branch(?:es)? | locations? | stores? | shops?
         | customers? | clients? | computers? | pcs | laptops? | phones? | telephones? | printers?
         | terminals? | tills? | screens? | servers? | systems? | services?)
      | all[ ]of[ ](?:us|them) | (?:we|they|us)[ ](?:are[ ])?all | for[ ]all
    )\b""",
    re.IGNORECASE | re.VERBOSE,
)
#: Work has stopped.  "Down" after one of these words, or before one of those, means something else.
_NOT_BEFORE_DOWN = (
    "slow", "slows", "slowed", "slowing", "scroll", "scrolled", "scrolling", "write", "wrote",
    "written", "count", "counting", "break", "cut", "sit", "lie", "turn", "turned", "track",
    "page", "arrow", "narrow", "drop", "pull", "cursor", "upside", "key", "cool", "cooling",
    "calm", "hold", "holding", "press", "pressing", "note", "noted", "wind", "tear", "shut",
    "shuts", "shutting", "close", "push", "put", "set", "go", "move", "hand", "handed", "further",
)  # fmt: skip
_DOWN = (
    "".join(rf"(?<!\b{word}[ -])" for word in _NOT_BEFORE_DOWN)
    + r"\bdown\b(?![ -](?:the|to|arrow|key|button|payment|side|here|there|below|menu|list)\b)"
)
_URGENT = re.compile(
    rf"""\b(?:urgent(?:ly)?|asap|immediately|right[ ]now|outage|emergency
      |(?:cannot|can['’]t|can[ ]not|unable[ ]to)[ ]work\b(?![ ](?:out|with)\b))\b
      |(?<!available[ ])(?<!work[ ])(?<!working[ ])\boffline\b
       (?![ ](?:mode|files?|access|use|copy|copies|maps?|install\w*|documents?|backup)\b)
      |{_DOWN}""",
    re.IGNORECASE | re.VERBOSE,
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
