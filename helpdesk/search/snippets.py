"""Explaining the hits of a search: the corrected query, the words found, a snippet."""

import re
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from unicodedata import normalize

from helpdesk.domain.stems import stem
from helpdesk.domain.text_words import fold, words
from helpdesk.search.query import SearchQuery
from helpdesk.search.terms import Term
from helpdesk.store.search.documents import Doc

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")
_ACCENTS = re.compile("[\u0300-\u036f]+")
_SNIPPET = 160


def corrected_text(
    query: SearchQuery, terms: Sequence[Term], put: Mapping[str, str] = MappingProxyType({})
) -> str:
    """Return the query as it was typed, with misspelt words corrected.

    :param put: further words to replace, with their replacements.
    """
    meant = {term.typed: term.corrected for term in terms} | dict(put)

    def replacement(found: re.Match[str]) -> str:
        folded = words(found.group())
        if len(folded) == 1 and meant.get(folded[0], folded[0]) != folded[0]:
            return meant[folded[0]]
        return found.group()

    return _WORD.sub(replacement, query.text)


class MatchExplainer:
    """Finds which words of a query a document contains."""

    def __init__(self, terms: Sequence[Term]) -> None:
        self._terms = terms
        prefixes = {
            stem(word)
            for term in terms
            for phrase in (*term.meant, *term.synonyms)
            for word in phrase.split()
        }
        prefixes |= {term.typed for term in terms if term.unfinished}
        choices = "|".join(map(re.escape, sorted(filter(None, prefixes), key=len, reverse=True)))
        self._words = re.compile(rf"(?<![^\W_])(?:{choices or '(?!)'})[^\W_]*")

    def of(self, doc: Doc) -> tuple[str, ...]:
        """Return the words as they were typed; ``typed→found`` if the document has another form."""
        text = "\n".join((doc.body, doc.headings, doc.tags, *doc.aliases, doc.title))
        plain = fold(text) if text.isascii() else _ACCENTS.sub("", normalize("NFD", fold(text)))
        # For words with the same stem the last one is kept: the one in the title.
        by_stem = {stem(word): word for word in self._words.findall(plain)}
        present = frozenset(by_stem)
        found = []
        for term in self._terms:
            word = term.found_in(present)
            if word is not None:
                shown = by_stem.get(stem(word), word)
                same = shown.startswith(term.typed) or term.typed.startswith(stem(shown))
                found.append(term.typed if same else f"{term.typed}→{shown}")
        return tuple(found)


def snippet(body: str, why: tuple[str, ...]) -> str:
    """Return the part of a body around the first of the words found, about 160 characters."""
    text = " ".join(line for line in body.split("\n") if not line.startswith("#"))
    text = " ".join(text.split())
    lower = text.lower()
    places = [lower.find(word.rpartition("→")[2]) for word in why]
    start = max(0, min((place for place in places if place >= 0), default=0) - _SNIPPET // 4)
    if start:
        start = text.find(" ", start) + 1
        return f"… {text[start : start + _SNIPPET].strip()}"
    return text[:_SNIPPET].strip()
