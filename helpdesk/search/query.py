"""Parsing a search text into terms; any text is valid."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from helpdesk.domain.plain_words import STOP_WORDS
from helpdesk.domain.text_words import words

#: The limit in characters; a longer text is a pasted log file, whose beginning is enough.
_TEXT_LIMIT = 2_000
_TERM_LIMIT = 24
_CODE_LIMIT = 8
_QUOTED = re.compile(r'"([^"]{2,200})"')
_PATH = re.compile(r"\w[\\/_.:]+\w")

#: Before a number of few digits these words say that it is a code: "error 691".
_BEFORE_CODE = frozenset(
    ("error", "code", "fehler", "erreur", "event", "http", "status", "exit", "stop", "fault")
)
#: A number of so many digits is a code by itself.
_LONG_NUMBER = 5
_MIXED = re.compile(r"[a-z]+[-.]?\d\w*|\d\w*[a-z]\w*", re.IGNORECASE)
_CLOCK = re.compile(r"\d{1,2}([:.]\d\d)?\s?(am|pm|h|uhr)?|\d+(st|nd|rd|th|x|%)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class SearchQuery:
    """The terms of a query in the order typed, each once.

    :ivar phrases: the quoted phrases, which must be found unchanged.
    :ivar codes: error codes, versions and paths; documents with them rank much higher.
    :ivar pairs: the pairs of words that stand side by side.
    :ivar typing: the last term if it may be the beginning of a longer word, else "".
    """

    text: str
    terms: tuple[str, ...]
    typing: str = ""
    phrases: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()
    pairs: tuple[tuple[str, str], ...] = ()

    @property
    def subject(self) -> str:
        """The first line of the text."""
        return self.text.partition("\n")[0]


def parse_query(text: str, *, typing: bool = False) -> SearchQuery:
    """Parse a search text.

    :param typing: whether the user is still typing, so that the last word may be incomplete
        (unless a blank follows it).
    """
    text = text[:_TEXT_LIMIT]
    found = words(text)
    unfinished = found[-1] if typing and found and not text[-1:].isspace() else ""
    relevant = [word for word in found if word not in STOP_WORDS or word == unfinished] or found
    terms = tuple(dict.fromkeys(relevant))[:_TERM_LIMIT]
    return SearchQuery(
        text,
        terms,
        unfinished if unfinished in terms else "",
        phrases=_folded(_QUOTED.findall(text)),
        codes=_folded(_codes(text)),
        pairs=tuple(dict.fromkeys(pairwise(found)))[:_TERM_LIMIT],
    )


def _codes(text: str) -> Iterator[str]:
    """Yield the error codes, versions and paths of a text; room numbers and times are none."""
    before = ""
    for token in text.split():
        inner = token.strip(".,:;!?()[]#\"'")
        if _is_code(inner, before):
            yield inner
        before = inner.lower()


def _is_code(token: str, before: str) -> bool:
    if token.isdigit():
        return len(token) >= _LONG_NUMBER or before in _BEFORE_CODE
    if _CLOCK.fullmatch(token):
        return False
    return bool(_PATH.search(token)) or (
        bool(_MIXED.fullmatch(token)) or (any(map(str.isdigit, token)) and "." in token)
    )


def _folded(parts: Iterable[str]) -> tuple[str, ...]:
    folded = (" ".join(words(part)) for part in parts)
    return tuple(dict.fromkeys(part for part in folded if part))[:_CODE_LIMIT]
