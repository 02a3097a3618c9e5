"""Removal of personal data from texts that everybody may read."""

import re
from collections.abc import Iterable

_MAIL = re.compile(r"[^\s@<>,;:\"'()]{1,64}@[^\s@<>,;:\"'()]{1,255}\w")
#: A telephone number: seven digits or more, with the separators that people use.  Versions and
#: network addresses have dots and do not match.
_PHONE = re.compile(r"(?<![\w.])\+?\(?\d(?:[ ()/\-]{0,2}\d){6,17}(?![\w.]*\d)")
_MIN_NAME_LENGTH = 3
#: What replaces the removed text.
REDACTED = "…"


def redact_persons(text: str, names: Iterable[str] = ()) -> str:
    """Return the text without mail addresses, telephone numbers and the given names.

    Each word of a name is removed on its own too, in upper or lower case, as are the words of the
    local part of a mail address that is given as a name.  Words shorter than three letters stay.
    """
    text = _MAIL.sub(REDACTED, text)
    text = _PHONE.sub(REDACTED, text)
    parts = {
        part
        for name in names
        for part in re.split(r"[^\w']+", name.partition("@")[0])
        if len(part) >= _MIN_NAME_LENGTH and not part.isdigit()
    }
    if parts:
        longest_first = sorted(map(re.escape, parts), key=len, reverse=True)
        known = re.compile(rf"\b(?:{'|'.join(longest_first)})\b", re.IGNORECASE)
        text = known.sub(REDACTED, text)
    return re.sub(rf"{REDACTED}(?:[ .]*{REDACTED})+", REDACTED, text)
