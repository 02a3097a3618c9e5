"""Names that agents give to what they keep: views, macros."""

from helpdesk.domain.errors import RefusedError
from helpdesk.domain.text import one_line

LIMIT = 60


def accept_name(text: str, what: str) -> str:
    """Return a name as it is stored: one line of printable characters.

    :raises RefusedError: if it is empty, too long, or holds anything else.
    """
    name = " ".join(text.split())
    if not name or len(name) > LIMIT or one_line(name) != name:
        raise RefusedError(
            f"{one_line(text)[:LIMIT]!r} is no name for a {what}: use 1 to {LIMIT} printable "
            "characters."
        )
    return name
