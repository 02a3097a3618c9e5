"""Finding articles by meaning for a query in another language than theirs.

The model of many languages is weaker in English than the model of English, so it is asked only
about queries that are not English; its similarities have a calibration of their own.  It adds
evidence and takes none away.
"""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from helpdesk.domain.language import DEFAULT_LANGUAGE, language_of
from helpdesk.search.embeddings import EmbeddingModel
from helpdesk.search.query import SearchQuery
from helpdesk.search.ranking import RankedCandidate
from helpdesk.search.translations import SIMILAR, TranslatedMatch, closeness
from helpdesk.search.vectors import VectorSearch
from helpdesk.search.vocabulary import Vocabulary
from helpdesk.store.search.documents import ARTICLE
from helpdesk.store.search.reader import IndexReader

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

#: The log odds that an article with this similarity answers the query: 0 at 0.77, with an even
#: chance at 0.60 if it leads by 0.1.  Of 48 questions in 13 languages those that it puts first have
#: similarities of 0.45 to 0.91; of 200 queries without an answer the most similar article has at
#: most 0.62.
_SLOPE, _OFFSET = 14.0, -10.8
#: Articles with a smaller similarity are not found; the second one is for a text that does not show
#: its language, and may be a name or a word that means nothing.
_LEAST, _LEAST_OF_UNKNOWN = 0.4, 0.5


class OtherLanguages:
    """Searches the articles by the model of many languages; can be shared by threads."""

    def __init__(self, model: Callable[[], EmbeddingModel | None]) -> None:
        self._model = model
        self._vectors = VectorSearch(model)

    def forget(self) -> None:
        """Drop what is cached of the index."""
        self._vectors.forget()

    def are_asked(self, reader: IndexReader, query: SearchQuery, articles: Vocabulary) -> bool:
        """Whether the query is in another language than the articles, and there is a model for it.

        If its own words do not show the language, it is when most of them are unknown to the
        articles.
        """
        language = language_of(query.text, default="")
        if language == DEFAULT_LANGUAGE:
            return False
        if not language:
            known = sum(
                closeness(word, articles, ARTICLE, reader, typing=word == query.typing) >= SIMILAR
                for word in query.terms
            )
            if 2 * known >= len(query.terms):
                return False
        return self._model() is not None

    def find(
        self, reader: IndexReader, query: SearchQuery, excluded: frozenset[str]
    ) -> dict[int, TranslatedMatch]:
        """Return the articles that are nearest to the query in meaning, by number.

        :param excluded: the statuses of articles that must not be found.
        """
        asked: NDArray[np.float32] | None = self._vectors.of_query([query.text])
        if asked is None or query.phrases:
            return {}
        similarities, nearest = self._vectors.nearest_articles(reader, asked)
        found = {}
        least = _LEAST if language_of(query.text, default="") else _LEAST_OF_UNKNOWN
        nearest = [number for number in nearest if similarities[number] >= least]
        for number, doc in reader.with_bodies(nearest).items():
            if doc.status not in excluded:
                evidence = _SLOPE * similarities[number] + _OFFSET
                article = RankedCandidate(number, doc, evidence)
                found[number] = TranslatedMatch(article, (), doc.body)
        return found


def with_others(
    translated: dict[int, TranslatedMatch], others: Mapping[int, TranslatedMatch]
) -> None:
    """Add matches by meaning to those by words, where they say more."""
    for number, match in others.items():
        known = translated.get(number)
        if known is None or known.article.evidence < match.article.evidence:
            translated[number] = match
