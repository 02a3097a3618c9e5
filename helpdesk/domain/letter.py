"""Take from a letter what is for one reader only: the greeting, the signature, quoted mail."""

import re
from collections.abc import Collection

_GREETING_WORDS = (
    r"hi|hello|hey|dear|greetings|good\s+(?:morning|afternoon|evening|day)|"
    r"hallo|guten\s+(?:tag|morgen|abend)|moin|servus|grüezi|grüß\s+gott|liebe[rs]?|"
    r"sehr\s+geehrte[rs]?|bonjour|bonsoir|salut|ch[eè]re?s?|madame|monsieur|"
    r"hola|buenos\s+d[ií]as|buenas\s+tardes|estimad[oa]s?|querid[oa]s?|"
    r"ciao|salve|buongiorno|buonasera|gentile|egregi[oa]|ol[aá]|bom\s+dia|boa\s+tarde|prezad[oa]s?|"
    r"beste|geachte|goedemorgen|goedemiddag|goedendag|hej|hei|god\s+(?:dag|morgon)|kære|"
    r"dzień\s+dobry|cześć|witam|dobrý\s+den|ahoj|vážen[ýá]|dobrý\s+deň|szia|tisztelt|"
    r"bună\s+ziua|merhaba|sayın|здравствуйте|добрый\s+день|привет|уважаем(?:ый|ая|ые)|"
    r"добрий\s+день|こんにちは|お世話になっております"
)
_NAME = r"[^\W\d_][\w.'’-]*"
#: A name begins with a capital; these words stand for several readers.
_CAPITAL = r"(?-i:[A-ZÀ-ÞĀ-ſА-Я])[\w.'’-]*"
_READER = rf"(?:{_CAPITAL}|all|both|there|team|everyone|everybody|together|folks|zusammen|alle)"
#: A greeting that fills a line: with a comma or the like at its end, or with names alone.
_GREETING_LINE = re.compile(
    rf"(?:{_GREETING_WORDS})(?:,?\s+{_NAME})?(?:\s+{_NAME}){{0,3}}\s*[,!]+|"
    rf"(?:{_GREETING_WORDS})(?:,?\s+{_READER})?(?:\s+{_READER}){{0,3}}\s*[:;.–—-]*|"
    rf"{_CAPITAL}(?:\s+{_CAPITAL}){{0,2}},|[^\s。]{{1,12}}(?:様|さん|さま)[、,]?",
    re.IGNORECASE,
)
#: A greeting at the beginning of a line that goes on.
_GREETING_START = re.compile(
    rf"(?:{_GREETING_WORDS})(?:\s+{_NAME}){{0,3}}\s*(?:[,!:]|\s[–—-])\s*(?=\S)", re.IGNORECASE
)
_CLOSING = re.compile(
    r"(?:(?:with|many|most|very|all|the|my|our)\s+)*(?:(?:best|kind|kindest|warm|warmest|good)\s+)?"
    r"(?:regards|wishes|best|thanks(?:\s+(?:again|a\s+lot|in\s+advance))?|thank\s+you|thx|cheers|"
    r"sincerely|respectfully|cordially|take\s+care|br|kr|rgds)\b"
    r"|yours(?:\s+(?:sincerely|faithfully|truly))?\b|sincerely\s+yours\b"
    r"|(?:mit\s+)?(?:freundliche[nm]?|besten?|viele[n]?|herzliche[n]?|liebe[n]?|schöne[n]?)\s+"
    r"gr(?:ü|ue)(?:ß|ss)(?:e|en)?\b|gr(?:ü|ue)(?:ß|ss)e?\b|(?:vielen\s+|besten\s+)?dank\b|mfg\b|lg\b|vg\b"
    r"|(?:bien\s+)?cordialement\b|bien\s+à\s+vous\b|salutations\b|(?:avec\s+mes\s+)?meilleures\s+sal"
    r"|merci\b|(?:un\s+)?(?:cordial\s+)?saludos?\b|atentamente\b|gracias\b|(?:cordiali|distinti)\s+saluti\b"
    r"|grazie\b|cumprimentos\b|(?:com\s+os\s+)?melhores\s+cumprimentos\b|atenciosamente\b|obrigad[oa]\b"
    r"|(?:met\s+)?(?:vriendelijke\s+)?groet(?:en|jes)?\b|(?:med\s+)?(?:vänliga?|venlig|vennlig)\s+h[aæi]\w+"
    r"|(?:z\s+poważaniem|pozdrawiam)\b|s\s+pozdravem\b|üdvözlettel\b|cu\s+stimă\b|saygılarımla\b"
    r"|с\s+уважением\b|з\s+повагою\b|よろしくお願い|敬具",
    re.IGNORECASE,
)
#: Where the quotation of an earlier mail, or a marked signature, begins.
_TAIL = re.compile(
    r"--\s*|_{5,}|-{2,}\s*(?:original|forwarded|ursprüngliche|weitergeleitete|message)\b.*|"
    r"(?:on|am|le|el)\s.{5,120}\s(?:wrote|schrieb.*|a écrit|escribió)\s*:|"
    r"(?:sent|gesendet|envoyé)\s+(?:from|von|de)\s+(?:my|mein\w*|mon)\b.*",
    re.IGNORECASE,
)
_SIGNATURE_LINES, _SIGNATURE_WIDTH, _CLOSING_WIDTH = 7, 60, 48
_LONE_NAME = re.compile(r"(?:[A-ZÀ-ÞĀ-ſА-Я][\w.'’-]*)(?:\s+[A-ZÀ-ÞĀ-ſА-Я][\w.'’-]*)?")


def without_greeting_and_signature(text: str, names: Collection[str] = ()) -> str:
    """Return a letter without its greeting, its signature, and mail that is quoted below it.

    What is left begins with a capital letter.  A letter that consists of nothing else gives "".

    :param names: names of the people who wrote and received it; a last line that consists of one
        is a signature, also without a closing such as "Regards".
    """
    lines = [line.rstrip() for line in text.strip().split("\n")]
    lines = _without_signature(_without_tail(lines), names)
    left = _without_greeting("\n".join(lines).strip("\n"))
    return left[:1].upper() + left[1:] if left != text.strip() else left


def _without_tail(lines: list[str]) -> list[str]:
    for place, line in enumerate(lines):
        if _TAIL.fullmatch(line.strip()) and (place or not lines[place + 1 :]):
            lines = lines[:place]
            break
    while lines and (not lines[-1].strip() or lines[-1].startswith(">")):
        lines = lines[:-1]
    return lines


def _without_signature(lines: list[str], names: Collection[str]) -> list[str]:
    lowest = max(0, len(lines) - _SIGNATURE_LINES)
    for place in range(len(lines) - 1, lowest - 1, -1):
        line = lines[place].strip()
        closing = _CLOSING.match(line)
        if closing and _is_closing(line[closing.end() :], line):
            if all(len(below.strip()) <= _SIGNATURE_WIDTH for below in lines[place + 1 :]):
                return _without_blank_end(lines[:place])
            break
    if len(lines) > 1 and _is_lone_name(lines, names):
        return _without_blank_end(lines[:-1])
    return lines


def _is_closing(rest: str, line: str) -> bool:
    """Whether a line is a closing alone: only names and signs stand behind its words."""
    rest = rest.strip(" ,.!–—-")
    words = rest.replace(",", " ").split()
    if len(line) > _CLOSING_WIDTH or len(words) > 5:
        return False
    joining = {
        "from",
        "and",
        "the",
        "und",
        "et",
        "your",
        "aus",
        "desk",
        "de",
        "for",
        "in",
        "advance",
    }
    return all(word[:1].isupper() or word.lower() in joining for word in words)


def _is_lone_name(lines: list[str], names: Collection[str]) -> bool:
    last = lines[-1].strip().lstrip("-–— ")
    first_word = re.split(r"[\s,/|]", last, maxsplit=1)[0].casefold()
    known = {part for name in names for part in (name.casefold(), *name.casefold().split())}
    if (last.casefold() in known or first_word in known) and len(last) <= _SIGNATURE_WIDTH:
        return not last.endswith((".", "!", "?", ":")) and len(last.split()) <= 6
    return not lines[-2].strip() and bool(_LONE_NAME.fullmatch(last))


def _without_blank_end(lines: list[str]) -> list[str]:
    while lines and not lines[-1].strip():
        lines = lines[:-1]
    return lines


def _without_greeting(text: str) -> str:
    first, _, rest = text.partition("\n")
    if _GREETING_LINE.fullmatch(first.strip()):
        return rest.strip("\n")
    start = _GREETING_START.match(first)
    return text[start.end() :] if start else text
