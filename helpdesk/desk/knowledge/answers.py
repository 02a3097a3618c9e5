"""The answers of an article in several languages, and the choice among them."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from helpdesk.domain.errors import RefusedError
from helpdesk.domain.language import DEFAULT_LANGUAGE, language_of
from helpdesk.domain.text import one_line
from helpdesk.domain.text_words import words


@dataclass(frozen=True, slots=True)
class ArticleAnswers:
    """What an article can send to the requester.

    A language is a code such as ``de``; "" stands for the plain section "Answer".

    :ivar texts: each answer as plain text, as a requester receives it, by language.
    :ivar names: the titles and aliases of the article, by language.
    """

    path: str = ""
    texts: Mapping[str, str] = field(default_factory=dict)
    names: Mapping[str, Sequence[str]] = field(default_factory=dict)

    def language_for(self, asked: str) -> str:
        """Return the language in which to answer a requester who wrote these words.

        If the words themselves do not show it, the language whose aliases share most of them.
        """
        language = language_of(asked, default="")
        if not language:
            language = self._language_of_aliases(asked)
        return language if language in self.texts else ""

    def _language_of_aliases(self, asked: str) -> str:
        used = set(words(asked))
        shared = Counter(
            {
                language: len(used & {word for name in names for word in words(name)})
                for language, names in self.names.items()
            }
        )
        most = max(shared.values(), default=0)
        best = [language for language, count in shared.items() if count == most]
        return best[0] if len(best) == 1 else ""

    def text_for(self, asked: str) -> str:
        """Return the answer for a requester who wrote these words; "" if there is none."""
        return self.texts.get(self.language_for(asked), "")

    def in_language(self, language: str) -> str:
        """Return the answer in a language.

        :raises RefusedError: if the article does not have it.
        """
        code = language.strip().casefold()
        if code not in self.texts and code == DEFAULT_LANGUAGE:
            code = ""
        if not self.texts.get(code):
            has = ", ".join(name or DEFAULT_LANGUAGE for name in self.texts) or "none"
            raise RefusedError(
                f"{self.path} has no answer in {one_line(language)[:20]!r}: it has {has}."
            )
        return self.texts[code]

    def following(self, language: str) -> str:
        """Return the language after this one; the first one after the last."""
        languages = list(self.texts)
        if language not in languages:
            return languages[0] if languages else language
        return languages[(languages.index(language) + 1) % len(languages)]

    def language_of_answer(self, text: str) -> str | None:
        """Return the language whose answer this is, unchanged; None if it is none of them."""
        found = (name for name, answer in self.texts.items() if answer.strip() == text.strip())
        return next(found, None)


NO_ANSWERS = ArticleAnswers()


class _WithAnswers(Protocol):
    @property
    def path(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def aliases(self) -> Sequence[str]: ...
    @property
    def body(self) -> str: ...
    @property
    def answer(self) -> str: ...
    @property
    def answers(self) -> Mapping[str, str]: ...
    @property
    def aliases_by_language(self) -> Mapping[str, Sequence[str]]: ...


def answers_of(article: _WithAnswers) -> ArticleAnswers:
    """Return the answers of an article as plain text, that of the section "Answer" first."""
    from helpdesk.knowledge.link_definitions import link_definitions
    from helpdesk.knowledge.plain_text import plain_text  # parses Markdown, so only when needed

    sections = {
        "": article.answer,
        **{code: text for code, text in article.answers.items() if code},
    }
    definitions = link_definitions(article.body)
    texts = {code: plain_text(text, definitions) for code, text in sections.items() if text}
    names = {"": (article.title, *article.aliases), **article.aliases_by_language}
    return ArticleAnswers(article.path, texts, names)
