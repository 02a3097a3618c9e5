"""The language of a text, by its script and its most common words."""

import re
from collections import Counter

from helpdesk.domain.text_words import words

#: The language of the unmarked texts of a knowledge base, unless a caller says otherwise.
DEFAULT_LANGUAGE = "en"

#: Scripts that belong to one language, as far as a help desk is concerned.  Japanese comes before
#: Chinese because it mixes Chinese characters with its own.
_SCRIPTS = (
    ("ja", re.compile("[\u3040-\u30ff\u31f0-\u31ff]")),
    ("ko", re.compile("[\u1100-\u11ff\u3130-\u318f\uac00-\ud7af]")),
    ("zh", re.compile("[\u3400-\u4dbf\u4e00-\u9fff]")),
    ("ru", re.compile("[\u0400-\u04ff]")),
    ("ar", re.compile("[\u0600-\u06ff\u0750-\u077f]")),
    ("th", re.compile("[\u0e00-\u0e7f]")),
    ("el", re.compile("[\u0370-\u03ff]")),
    ("he", re.compile("[\u0590-\u05ff]")),
)
#: Common words, as :func:`words` folds them: without accents and apostrophes.
_COMMON = {
    language: frozenset(words(text))
    for language, text in {
        "en": "the a an and or of to in on for with from is are was be been it its this that there "
        "my your our we you i he she they me us not no do does did doesnt dont cant cannot can "
        "could will would have has had what when where why how after before again any some please "
        "help hello",
        "de": "der die das den dem des ein eine einen einem einer und oder nicht kein keine keinen "
        "ist sind war bin habe hat haben kann wird wurde werden ich wir sie mein meine meinen "
        "meinem meiner mit von vom zu zum zur auf auch für beim im am aus nach seit bei wie was "
        "wenn wo warum es mehr sehr immer wieder bitte hallo danke geht funktioniert über",
        "fr": "le la les un une des du de et ou ne pas plus est sont été suis ai je j'ai nous vous "
        "il elle on mon ma mes notre votre ce cette avec pour dans sur par au aux en qui que "
        "quoi comment pourquoi quand n'est c'est n'arrive peux marche fonctionne bonjour merci "
        "impossible depuis",
        "es": "el la los las un una de del y o no es son está están he ha mi mis su nuestro con "
        "por para en al que qué cómo cuándo puedo se me hola gracias funciona después desde",
        "it": "il lo la i gli le un una di del della e o non è sono ho ha mio mia miei con per da "
        "dal nel nella su che come quando perché posso si mi ciao grazie funziona più riesco",
        "nl": "de het een en of niet geen is zijn was ben heb heeft kan wordt ik wij we mijn onze "
        "met van voor naar op aan bij uit om hoe wat waar wanneer waarom mij meer werkt hallo",
        "pl": "i lub nie jest są był mam ma mój moja moje nasz z ze do na w we od po dla jak co "
        "gdzie kiedy dlaczego się mi mogę proszę działa jestem",
        "pt": "o a os as um uma de do da dos das e ou não é são está meu minha nosso com por para "
        "em no na ao que como quando posso se me olá obrigado funciona depois",
        "tr": "ve veya değil bir bu şu ben benim biz ile için da de mi mu ne nasıl neden zaman "
        "olmuyor çalışmıyor yok var çok",
    }.items()
}
#: Letters that stand for a language as one of its common words would.
_LETTERS = (
    ("de", re.compile("[äöüß]")),
    ("fr", re.compile("[êëâîïôûœ]|[cdjlmnst]['’][aeéèêhiou]")),
    ("es", re.compile("[ñ¿¡]")),
    ("pt", re.compile("[ãõ]")),
    ("pl", re.compile("[ąćęłńśźż]")),
    ("tr", re.compile("[ğışİ]")),
)
#: The languages that :func:`language_of` can tell.
DETECTABLE = frozenset(_COMMON) | frozenset(language for language, _script in _SCRIPTS)


def common_words(language: str) -> frozenset[str]:
    """Return words of a language that say little about what a text is about, folded."""
    return _COMMON.get(language, frozenset())


def language_of(text: str, default: str = DEFAULT_LANGUAGE) -> str:
    """Return the code of the language that a text is written in, such as ``de``.

    :param default: the answer if the text does not show it: it is empty or too short, or as much
        speaks for one language as for another.
    """
    text = text[:2_000]
    for language, script in _SCRIPTS:
        found = len(script.findall(text))
        if found and 3 * found >= sum(char.isalpha() for char in text):
            return language
    used = words(text)
    counts = Counter({name: sum(word in known for word in used) for name, known in _COMMON.items()})
    lower = text.casefold()
    counts.update(name for name, letters in _LETTERS if letters.search(lower))
    (first, most), (_, next_most) = counts.most_common(2)
    return first if most > next_most else default
