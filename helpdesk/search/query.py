"""What a person typed, read as terms; any text is legal."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from helpdesk.domain.text_words import words

#: Longer queries are a pasted log file: its beginning says enough.
_TEXT_LIMIT = 2_000
_TERM_LIMIT = 24
_CODE_LIMIT = 8
_QUOTED = re.compile(r'"([^"]{2,200})"')
_PATH = re.compile(r"\w[\\/_.:]+\w")

#: Words that say nothing about the issue; a query of nothing else keeps them.
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
class Query:
    """The terms of a query in the order typed, each once.

    :ivar phrases: what stands in quotes, as words: it must be found as it stands.
    :ivar codes: error codes, versions, paths, as words: who has them is likelier by far.
    :ivar typing: the last term, which may be the beginning of a longer word, or "".
    """

    text: str
    terms: tuple[str, ...]
    typing: str = ""
    phrases: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()


def parse_query(text: str, *, typing: bool = False) -> Query:
    """Read a query.

    :param typing: the person is still typing: unless the text ends with a blank, its last word
        may go on.
    """
    text = text[:_TEXT_LIMIT]
    found = words(text)
    unfinished = found[-1] if typing and found and not text[-1:].isspace() else ""
    telling = [word for word in found if word not in _STOP_WORDS or word == unfinished] or found
    terms = tuple(dict.fromkeys(telling))[:_TERM_LIMIT]
    return Query(
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
