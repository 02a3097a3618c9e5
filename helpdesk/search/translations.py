"""Finding articles by their aliases and answers in other languages.

What an article says in another language is a document of its own in the index, with word
statistics of its own, and is compared only with queries at least half of whose words the articles
themselves do not know.  So it makes no difference to queries in the language of the articles.
"""

import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from rapidfuzz.fuzz import ratio

from helpdesk.domain.language import common_words, language_of
from helpdesk.domain.stems import stem
from helpdesk.domain.text_words import words
from helpdesk.search.marks import MarkRule
from helpdesk.search.query import SearchQuery
from helpdesk.search.ranking import RankedCandidate, Ranker
from helpdesk.search.snippets import MatchExplainer
from helpdesk.search.synonyms import Synonyms
from helpdesk.search.terms import Term, expression, terms_of
from helpdesk.search.vocabulary import Vocabulary
from helpdesk.store.search.documents import ARTICLE, TRANSLATION, Candidate, Doc
from helpdesk.store.search.reader import IndexReader
from helpdesk.store.search.writer import IndexWriter

if TYPE_CHECKING:
    from helpdesk.knowledge.article import Article

_CANDIDATES = 60
#: The minimum similarity of a misspelt word to the one that was probably meant.
SIMILAR = 0.85
#: The log odds that a match loses if none of the words that say something is in the translation.
_MISSING = 8.0


@dataclass(frozen=True, slots=True)
class TranslatedMatch:
    """An article that was found by what it says in another language.

    :ivar article: the article itself, with the evidence of the translation.
    :ivar why: the query's words that the translation contains.
    :ivar body: the text of the answer in that language.
    :ivar may_be_marked: whether query and translation share the words that carry the meaning.
    """

    article: RankedCandidate
    why: tuple[str, ...]
    body: str
    may_be_marked: bool = True


def translations_of(article: "Article", stamp: str) -> list[Doc]:
    """Return a document for each language in which the article has aliases or an answer."""
    aliases, answers = article.aliases_by_language, article.answers
    languages = dict.fromkeys(code for code in (*aliases, *answers) if code)
    docs = []
    for code in languages:
        names = aliases.get(code) or (article.title,)
        docs.append(
            Doc(
                kind=TRANSLATION,
                ref=f"{article.path}#{code}",
                title=names[0],
                aliases=tuple(names[1:]),
                body=answers.get(code, ""),
                service=article.service,
                status=article.status,
                stamp=stamp,
            )
        )
    return docs


def replace_translations(writer: IndexWriter, paths: Sequence[str], docs: Iterable[Doc]) -> None:
    """Replace all translations of these articles."""
    present = list(docs)
    new, changed = {doc.ref for doc in present}, set(paths)
    old = [ref for ref in writer.stamps(TRANSLATION) if _path(ref) in changed and ref not in new]
    writer.drop(TRANSLATION, old)
    writer.put(present)


def _path(ref: str) -> str:
    return ref.rpartition("#")[0]


class TranslationSearch:
    """Searches the translations by their words; can be shared by threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._vocabulary: Vocabulary | None = None
        self._read_at = -1

    def forget(self) -> None:
        """Drop what is cached of the index."""
        with self._lock:
            self._vocabulary = None

    def find(
        self,
        reader: IndexReader,
        query: SearchQuery,
        articles: Vocabulary,
        synonyms: Synonyms,
        excluded: frozenset[str],
    ) -> dict[int, TranslatedMatch]:
        """Return the articles whose translations match the query, by number.

        :param articles: the words of the articles themselves.
        :param excluded: the statuses of articles that must not be found.
        """
        vocabulary = self._words(reader)
        if vocabulary is None or not _is_foreign(reader, query, articles, vocabulary):
            return {}

        def occurs(_kind: str, match: str) -> bool:
            return reader.matches_anything(TRANSLATION, match)

        terms = terms_of(query, vocabulary, occurs, synonyms)
        found = [
            each
            for each in reader.candidates(
                TRANSLATION, expression(terms, query.phrases), _CANDIDATES
            )
            if each.doc.status not in excluded and _names_one(each.doc, terms)
        ]
        ranked = Ranker(query, terms, vocabulary, ARTICLE).rank(found, {}, lambda _: 0.0)
        refs = list(dict.fromkeys(_path(each.doc.ref) for each in ranked))
        numbered = reader.by_ref(ARTICLE, refs) if refs else {}
        bodies = reader.with_bodies([each.number for each in ranked])
        common = common_words(language_of(query.text))
        relevant = [term for term in terms if term.typed not in common]
        explain = MatchExplainer(terms)
        rule = MarkRule(relevant, vocabulary, ARTICLE)
        matches: dict[int, TranslatedMatch] = {}
        for each in ranked:  # best first: of two languages the better one counts
            path = _path(each.doc.ref)
            if path in numbered and numbered[path][0] not in matches:
                number, doc = numbered[path]
                full = bodies.get(each.number, each.doc)
                evidence = each.evidence - _MISSING * _share_missing(full, relevant)
                article = RankedCandidate(number, doc, evidence)
                fits = rule.allows(full.titles, None)
                matches[number] = TranslatedMatch(article, explain.of(full), full.body, fits)
        return matches

    def _words(self, reader: IndexReader) -> Vocabulary | None:
        """Return the words of all titles and aliases; None if there are no translations."""
        changed = reader.articles_changed()
        with self._lock:
            if self._vocabulary is None or changed != self._read_at:
                counts: dict[str, tuple[int, int]] = {}
                docs = reader.docs(TRANSLATION)
                for doc in docs:
                    for word in set(words("\n".join(doc.titles))):
                        counts[word] = (counts.get(word, (0, 0))[0] + 1, 0)
                self._vocabulary = Vocabulary(counts, len(docs), 0)
                self._read_at = changed
            return self._vocabulary if self._vocabulary.articles else None


def _share_missing(doc: Doc, terms: Sequence[Term]) -> float:
    """Return the share of the terms that the document does not contain at all."""
    present = frozenset(stem(word) for text in (*doc.titles, doc.body) for word in words(text))
    missing = sum(not term.found_in(present) for term in terms)
    return missing / len(terms) if terms else 0.0


def _names_one(doc: Doc, terms: Sequence[Term]) -> bool:
    """Whether a title or an alias contains one of the terms.

    The words of an answer alone say little: most are in the answers of many articles.
    """
    named = frozenset(stem(word) for word in words("\n".join(doc.titles)))
    return any(term.found_in(named) for term in terms)


def _is_foreign(
    reader: IndexReader, query: SearchQuery, articles: Vocabulary, translations: Vocabulary
) -> bool:
    """Whether at least half of the words belong to a translation rather than to the articles."""
    foreign = 0
    for word in query.terms:
        typing = word == query.typing
        there = closeness(word, translations, TRANSLATION, reader, typing=typing)
        if there >= SIMILAR:
            foreign += there > closeness(word, articles, ARTICLE, reader, typing=typing)
    return 2 * foreign >= len(query.terms)


def closeness(
    word: str, vocabulary: Vocabulary, kind: str, reader: IndexReader, *, typing: bool
) -> float:
    """Return how similar the word is to a word of the documents: 1 if it is one of them."""
    if vocabulary.count(word, ARTICLE) or reader.matches_anything(kind, f'"{word}"'):
        return 1.0
    if typing and reader.matches_anything(kind, f'"{word}" *'):
        return 1.0
    near = (each for each in vocabulary.corrections(word) if vocabulary.count(each, ARTICLE))
    return max((ratio(word, each) / 100 for each in near), default=0.0)


def with_translated(
    ranked: Sequence[RankedCandidate],
    translated: dict[int, TranslatedMatch],
    bonus: Callable[[Candidate], float],
) -> list[RankedCandidate]:
    """Return the articles best first, each with the evidence of its best language.

    :param translated: the matches of translations; those that are no better than the articles'
        own are removed.
    """
    best = {each.number: each for each in ranked}
    for number, match in list(translated.items()):
        doc = match.article.doc
        evidence = match.article.evidence + bonus(Candidate(number, doc, 0.0))
        if number in best and best[number].evidence >= evidence:
            del translated[number]
        else:
            known = best.get(number, match.article)
            best[number] = replace(known, evidence=evidence)
    return sorted(best.values(), key=lambda each: -each.evidence)
