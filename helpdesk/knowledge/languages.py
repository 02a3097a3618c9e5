"""Checking what an article says in several languages: its answer sections and its aliases."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence

from helpdesk.domain.i18n import _
from helpdesk.domain.language import DEFAULT_LANGUAGE, DETECTABLE, language_of
from helpdesk.knowledge.answer_sections import ANSWER
from helpdesk.knowledge.article import Article
from helpdesk.knowledge.finding import ArticleFinding, Severity

_CODE = re.compile(r"[a-z]{2}")
#: A shorter text does not show its language.
_FEWEST_WORDS = 8
#: What the section "Answer" is called in other languages.
_HEADINGS = {
    "ar": "الإجابة الجواب",
    "cs": "odpověď řešení",
    "da": "svar løsning",
    "de": "antwort lösung",
    "en": "solution resolution fix",
    "el": "απάντηση λύση",
    "es": "respuesta solución",
    "fi": "vastaus ratkaisu",
    "fr": "réponse",
    "he": "תשובה פתרון",
    "hu": "válasz megoldás",
    "it": "risposta soluzione",
    "ja": "回答 解決策 解決方法",
    "ko": "답변 해결",
    "nl": "antwoord oplossing",
    "no": "svar løsning",
    "pl": "odpowiedź rozwiązanie",
    "pt": "resposta solução",
    "ro": "răspuns soluție",
    "ru": "ответ решение",
    "sv": "svar lösning",
    "th": "คำตอบ",
    "tr": "yanıt cevap çözüm",
    "uk": "відповідь рішення",
    "vi": "trả_lời",
    "zh": "回答 答案 解决方案 解決方案",
}
_LANGUAGE_OF_HEADING = {
    name.replace("_", " "): code for code, names in _HEADINGS.items() for name in names.split()
}

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


def without_answer(article: Article) -> tuple[str, str]:
    """Return what to say of an article without an answer, and the key that it is about."""
    if article.head.answer:
        message = _("there is no text under the heading {heading!r}, which 'answer' names")
        return message.format(heading=article.head.answer[:60]), "answer"
    for heading in article.headings:
        language = _LANGUAGE_OF_HEADING.get(heading.rstrip(":").casefold())
        if language:
            name = f"Answer ({language})" if language != DEFAULT_LANGUAGE else ANSWER
            message = _(
                "its answer stands under {heading!r}: add 'answer: {heading}' to the front matter, "
                "or call the section '{name}'"
            )
            return message.format(heading=heading[:60], name=name), ""
    return _("it has no text under '## Answer', so it cannot answer a query in one step"), ""


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
        elif (written := _other_language(section.language, section.text)) is not None:
            problem = _("the text under '## Answer ({named})' seems to be in {written!r}").format(
                named=section.language, written=written
            )
        seen.add(section.language)
        if problem:
            line = article.body_line + section.line
            yield ArticleFinding(article.path, line, Severity.WARNING, problem)


def _other_language(named: str, text: str) -> str | None:
    """Return the language of a text if it is not the one that its heading names."""
    if named not in DETECTABLE or len(text.split()) < _FEWEST_WORDS:
        return None
    written = language_of(text, default=named)
    return written if written != named else None
