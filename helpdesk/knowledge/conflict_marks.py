"""Finding the marks that a version control system leaves in a file when a merge fails."""

import re

_BEGIN = re.compile(r"<{7}(?: .*)?")
_MIDDLE = "=" * 7
_END = re.compile(r">{7}(?: .*)?")


def conflict_line(text: str) -> int:
    """Return the line, from 1, of the first conflict mark in a text; 0 if there is none.

    Only a whole conflict counts: its three marks in their order, each at the start of a line.
    """
    begin = middle = 0
    if "<<<<<<<" not in text:
        return 0
    for number, line in enumerate(text.split("\n"), 1):
        mark = line.rstrip("\r")
        if _BEGIN.fullmatch(mark):
            begin, middle = begin or number, 0
        elif begin and mark == _MIDDLE:
            middle = number
        elif middle and _END.fullmatch(mark):
            return begin
    return 0
