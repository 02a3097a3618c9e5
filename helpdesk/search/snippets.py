"""How a query is said to whoever asked it: corrected, explained, quoted."""

import re
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from unicodedata import normalize

from helpdesk.domain.text_words import fold, words
from helpdesk.search.query import Query
from helpdesk.search.terms import Term, stem
from helpdesk.store.search.documents import Doc

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")
_ACCENTS = re.compile("[\u0300-\u036f]+")
_SNIPPET = 160


def corrected_text(
    query: Query, terms: Sequence[Term], put: Mapping[str, str] = MappingProxyType({})
) -> str:
    """Return the query as it was typed, with what misspelt words were taken for.

    :param put: what else to put in the place of words.
    """
    meant = {term.typed: term.corrected for term in terms} | dict(put)

    def replaced(found: re.Match[str]) -> str:
        folded = words(found.group())
        if len(folded) == 1 and meant.get(folded[0], folded[0]) != folded[0]:
            return meant[folded[0]]
        return found.group()

    return _WORD.sub(replaced, query.text)


class Why:
    """Tells which of a query's words a document holds."""

    def __init__(self, terms: Sequence[Term]) -> None:
        self._terms = terms
        beginnings = {
            stem(word)
            for term in terms
            for phrase in (*term.meant, *term.synonyms)
            for word in phrase.split()
        }
        beginnings |= {term.typed for term in terms if term.unfinished}
        some = "|".join(re.escape(one) for one in sorted(beginnings, key=len, reverse=True) if one)
        self._words = re.compile(rf"(?<![^\W_])(?:{some or '(?!)'})[^\W_]*")

    def of(self, doc: Doc) -> tuple[str, ...]:
        """Return the words, each as it was typed; ``typed→meant`` where it holds another."""
        text = "\n".join((doc.body, doc.headings, doc.tags, *doc.aliases, doc.title))
        # The last one wins: as it stands in the title.
        plain = fold(text) if text.isascii() else _ACCENTS.sub("", normalize("NFD", fold(text)))
        whole = {stem(word): word for word in self._words.findall(plain)}
        present = frozenset(whole)
        found = []
        for term in self._terms:
            word = term.found_in(present)
            if word is not None:
                shown = whole.get(stem(word), word)
                alike = shown.startswith(term.typed) or term.typed.startswith(stem(shown))
                found.append(term.typed if alike else f"{term.typed}→{shown}")
        return tuple(found)


def snippet(body: str, why: tuple[str, ...]) -> str:
    """Return the stretch of a body around the first of the words found."""
    text = " ".join(line for line in body.split("\n") if not line.startswith("#"))
    text = " ".join(text.split())
    lower = text.lower()
    places = [lower.find(word.rpartition("→")[2]) for word in why]
    start = max(0, min((place for place in places if place >= 0), default=0) - _SNIPPET // 4)
    if start:
        start = text.find(" ", start) + 1
        return f"… {text[start : start + _SNIPPET].strip()}"
    return text[:_SNIPPET].strip()
