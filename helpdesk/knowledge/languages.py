"""Checking what an article says in several languages: its answer sections and its aliases."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence

from helpdesk.knowledge.article import Article
from helpdesk.knowledge.finding import ArticleFinding, Severity

_CODE = re.compile(r"[a-z]{2}")

_NamesOf = Callable[[Article], Iterable[str]]
_Duplicates = Callable[[Iterable[Article], str, _NamesOf], Iterable[ArticleFinding]]


def duplicate_translations(
    articles: Sequence[Article], duplicates: _Duplicates
) -> Iterator[ArticleFinding]:
    """Yield each alias in another language that another article has already."""
    languages = {language for article in articles for language in article.aliases_by_language}
    for language in sorted(languages):

        def aliases(article: Article, language: str = language) -> Iterable[str]:
            return article.aliases_by_language.get(language, ())

        yield from duplicates(articles, f"aliases_{language}", aliases)


def check_languages(article: Article) -> Iterator[ArticleFinding]:
    """Yield the mistakes in the answer sections of a published article."""
    if not article.is_published:
        return
    seen: set[str] = set()
    for section in article.answer_sections:
        problem = ""
        if section.language and not _CODE.fullmatch(section.language):
            problem = "name the language by its code of two letters, as in '## Answer (de)'"
        elif section.language in seen:
            name = f"Answer ({section.language})" if section.language else "Answer"
            problem = f"there is a section '{name}' already: only the first one is sent"
        elif section.language and not section.text:
            problem = f"there is no text under '## Answer ({section.language})'"
        elif section.language and article.kind == "sop" and not article.answer:
            problem = "there is no section '## Answer' for requesters of other languages"
        seen.add(section.language)
        if problem:
            line = article.body_line + section.line
            yield ArticleFinding(article.path, line, Severity.WARNING, problem)
