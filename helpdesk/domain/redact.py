"""Taking persons out of a text that is to be read by everybody."""

import re
from collections.abc import Iterable

_MAIL = re.compile(r"[^\s@<>,;:\"'()]{1,64}@[^\s@<>,;:\"'()]{1,255}\w")
#: Seven digits or more, with the signs that people write between those of a telephone number; a
#: version or an address on the network has dots and stays.
_PHONE = re.compile(r"(?<![\w.])\+?\(?\d(?:[ ()/\-]{0,2}\d){6,17}(?![\w.]*\d)")
_SHORTEST_NAME = 3
LEFT_OUT = "…"


def without_persons(text: str, names: Iterable[str] = ()) -> str:
    """Return the text without mail addresses, telephone numbers and these people's names.

    Each word of a name is left out by itself as well, whatever its capitals, as are the parts of a
    mail address that is given as a name.
    """
    text = _MAIL.sub(LEFT_OUT, text)
    text = _PHONE.sub(LEFT_OUT, text)
    parts = {
        part
        for name in names
        for part in re.split(r"[^\w']+", name.partition("@")[0])
        if len(part) >= _SHORTEST_NAME and not part.isdigit()
    }
    if parts:
        longest_first = sorted(map(re.escape, parts), key=len, reverse=True)
        known = re.compile(rf"\b(?:{'|'.join(longest_first)})\b", re.IGNORECASE)
        text = known.sub(LEFT_OUT, text)
    return re.sub(rf"{LEFT_OUT}(?:[ .]*{LEFT_OUT})+", LEFT_OUT, text)
