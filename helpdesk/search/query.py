"""Parsing a search text into terms; any text is valid."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from helpdesk.domain.text_words import words

#: The limit in characters; a longer text is a pasted log file, whose beginning is enough.
_TEXT_LIMIT = 2_000
_TERM_LIMIT = 24
_CODE_LIMIT = 8
_QUOTED = re.compile(r'"([^"]{2,200})"')
_PATH = re.compile(r"\w[\\/_.:]+\w")

#: Words that say nothing about the issue; they are kept if the query has no others.
_STOP_WORDS = frozenset(
    words(
        "a an and any are as at be been but by can could can't did do does don't for from get had "
        "has have how i if in into is it its me my no not of on or our please so some that the "
        "their them then there these this to up use was we were what when where which who why "
        "will with would you your "
        "der die das ein eine ist nicht und ich zu mit le la les un une est pas je de et"
    )
)


@dataclass(frozen=True, slots=True)
class SearchQuery:
    """The terms of a query in the order typed, each once.

    :ivar phrases: the quoted phrases, which must be found unchanged.
    :ivar codes: error codes, versions and paths; documents with them rank much higher.
    :ivar typing: the last term if it may be the beginning of a longer word, else "".
    """

    text: str
    terms: tuple[str, ...]
    typing: str = ""
    phrases: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()


def parse_query(text: str, *, typing: bool = False) -> SearchQuery:
    """Parse a search text.

    :param typing: whether the user is still typing, so that the last word may be incomplete
        (unless a blank follows it).
    """
    text = text[:_TEXT_LIMIT]
    found = words(text)
    unfinished = found[-1] if typing and found and not text[-1:].isspace() else ""
    relevant = [word for word in found if word not in _STOP_WORDS or word == unfinished] or found
    terms = tuple(dict.fromkeys(relevant))[:_TERM_LIMIT]
    return SearchQuery(
        text,
        terms,
        unfinished if unfinished in terms else "",
        phrases=_folded(_QUOTED.findall(text)),
        codes=_folded(token for token in text.split() if _is_code(token)),
    )


def _is_code(token: str) -> bool:
    inner = token.strip(".,:;!?()\"'")
    return any(char.isdigit() for char in inner) or bool(_PATH.search(inner))


def _folded(parts: Iterable[str]) -> tuple[str, ...]:
    folded = (" ".join(words(part)) for part in parts)
    return tuple(dict.fromkeys(part for part in folded if part))[:_CODE_LIMIT]
