"""The names that agents give to saved views, macros and canned replies."""

from helpdesk.domain.errors import RefusedError
from helpdesk.domain.text import one_line

LIMIT = 60


def accept_name(text: str, what: str) -> str:
    """Return a name as it is stored: one line of printable characters, single spaces.

    :param what: the kind of object that is named ("macro"), for the error sentence.
    :raises RefusedError: if it is empty, too long, or has characters that are not printable.
    """
    name = " ".join(text.split())
    if not name or len(name) > LIMIT or one_line(name) != name:
        raise RefusedError(
            f"{one_line(text)[:LIMIT]!r} is no name for a {what}: use 1 to {LIMIT} printable "
            "characters."
        )
    return name
