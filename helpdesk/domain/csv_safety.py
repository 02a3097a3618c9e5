"""Protection against CSV injection: text in a spreadsheet cell must not run as a formula."""

import unicodedata

#: First visible characters that make Excel, LibreOffice and others read a cell as a formula or a
#: command, in their usual form; other forms (full-width, small) are normalized to these.
_TRIGGERS = frozenset("=+-@−")
_STARTS = ("\t", "\r")
#: Letters and signs that a spreadsheet shows as nothing or as a blank.
_BLANK_LETTERS = frozenset("\u115f\u1160\u2800\u3164\uffa0")
#: General categories that are not visible by themselves: controls and formats (also unassigned and
#: private), separators, and marks, which need a character before them.
_INVISIBLE = frozenset("CZM")


def escape_cell(text: str) -> str:
    """Return the text with an apostrophe in front if a spreadsheet would run it as a formula.

    The rule is OWASP's ("CSV injection"): it covers cells that begin with ``=``, ``+``, ``-`` or
    ``@`` (also full-width, and behind blanks and invisible characters), a tab or a carriage
    return.  Call it for text only: the sign of a negative number must not be escaped.
    """
    if text[:1].isascii() and text[:1].isalnum():
        return text  # the most common case
    if text.startswith(_STARTS):
        return f"'{text}"
    first = next((char for char in text if _is_visible(char)), "")
    return f"'{text}" if unicodedata.normalize("NFKC", first)[:1] in _TRIGGERS else text


def _is_visible(char: str) -> bool:
    if char.isascii():
        return "!" <= char <= "~"
    return char not in _BLANK_LETTERS and unicodedata.category(char)[0] not in _INVISIBLE


def unescape_cell(text: str) -> str:
    """Return the original text of a cell made by :func:`escape_cell`, to read an export back."""
    if text.startswith("'") and escape_cell(text[1:]) == text:
        return text[1:]
    return text
