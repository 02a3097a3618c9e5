"""What a person typed, read as terms; any text is legal."""

from dataclasses import dataclass

from helpdesk.domain.words import words

#: Longer queries are a pasted log file: its beginning says enough.
_TEXT_LIMIT = 2_000
_TERM_LIMIT = 24

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

    :ivar typing: the last term, which may be the beginning of a longer word, or "".
    """

    text: str
    terms: tuple[str, ...]
    typing: str = ""


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
    return Query(text, terms, unfinished if unfinished in terms else "")
