"""Switching the language of an article's answer while it is being written."""

from helpdesk.desk.knowledge.answers import ArticleAnswers
from helpdesk.domain.errors import RefusedError
from helpdesk.domain.i18n import _

NO_OTHER_LANGUAGE = _("the article has its answer in no other language.")


def following_answer(text: str, answers: ArticleAnswers) -> str:
    """Return the answer in the next language, to replace the one that a field holds.

    What the agent wrote is never replaced.

    :raises RefusedError: if there is no other language, or the agent has changed the text.
    """
    if len(answers.texts) < 2:
        raise RefusedError(NO_OTHER_LANGUAGE)
    language = answers.language_of_answer(text)
    if language is None and text.strip():
        raise RefusedError(
            _("the answer was changed: empty the field to get it in the next language.")
        )
    return answers.texts[answers.following(language or "")]
