"""Protection against CSV injection: text in a spreadsheet cell must not run as a formula."""

#: Prefixes that make Excel, LibreOffice and others read a cell as a formula or a command.
_TRIGGERS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")


def escape_cell(text: str) -> str:
    """Return the text with an apostrophe in front if a spreadsheet would run it as a formula.

    The rule is OWASP's ("CSV injection"): it covers cells that begin with ``=``, ``+``, ``-`` or
    ``@`` (full-width forms and leading blanks included), a tab or a carriage return.  Call it for
    text only: the sign of a negative number must not be escaped.
    """
    if text.startswith(_TRIGGERS) or text.lstrip().startswith(_TRIGGERS):
        return f"'{text}"
    return text


def unescape_cell(text: str) -> str:
    """Return the original text of a cell made by :func:`escape_cell`, to read an export back."""
    if text.startswith("'") and escape_cell(text[1:]) == text:
        return text[1:]
    return text
