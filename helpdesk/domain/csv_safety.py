"""Text that goes into a spreadsheet: what begins like a formula must not become one."""

#: What makes Excel, LibreOffice and others take a cell as a formula or a command.
_TRIGGERS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")


def safe_cell(text: str) -> str:
    """Return text as a cell that stays text: an apostrophe before what would be a formula.

    The rule is OWASP's ("CSV injection"): a cell that begins with ``=``, ``+``, ``-``, ``@`` (also
    in full width, also after blanks), a tab or a carriage return.  Numbers pass through
    :func:`str` elsewhere: a sign of a number is none of these.
    """
    if text.startswith(_TRIGGERS) or text.lstrip().startswith(_TRIGGERS):
        return f"'{text}"
    return text


def unguarded(text: str) -> str:
    """Return the text before :func:`safe_cell`, for reading back what was exported."""
    if text.startswith("'") and safe_cell(text[1:]) == text:
        return text[1:]
    return text
