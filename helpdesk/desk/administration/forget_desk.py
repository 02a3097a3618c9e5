"""Forget which desk was in a database; this works although the desk cannot be opened."""

from helpdesk.domain.errors import NotFoundError
from helpdesk.store.database import known_desks
from helpdesk.store.database.url import parse_url


def forget(url: str) -> str:
    """Forget the desk that this account knows in a database; return the name of the database.

    The desk itself, if there is one, is untouched.

    :raises NotFoundError: if no desk is known there.
    :raises UnavailableError: if it is no database URL, or the state folder cannot be written.
    """
    database = parse_url(url)
    name = known_desks.name_of(database)
    if not known_desks.forget(database):
        raise NotFoundError(f"no desk is known in {name}: there is nothing to forget.")
    return name
