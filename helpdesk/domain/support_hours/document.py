"""Helpers for reading JSON and TOML documents whose errors name the place of a mistake."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from helpdesk.domain.errors import RefusedError


@contextmanager
def prefix_errors(prefix: str) -> Iterator[None]:
    """Put a prefix before the sentence of any RefusedError raised inside the block."""
    try:
        yield
    except RefusedError as error:
        raise RefusedError(f"{prefix}{error}") from error


def as_object(value: object, place: str) -> Mapping[str, object]:
    """Return a value that must be a JSON object.

    :raises RefusedError: if it is not an object.
    """
    if isinstance(value, Mapping):
        return value
    raise RefusedError(f"{place}: an object {{…}} is needed, not {_type_text(value)}.")


def as_list(value: object, place: str) -> list[object]:
    """Return a value that must be a JSON list.

    :raises RefusedError: if it is not a list.
    """
    if isinstance(value, list | tuple):
        return list(value)
    raise RefusedError(f"{place}: a list […] is needed, not {_type_text(value)}.")


def require_known(keys: Mapping[str, object], known: tuple[str, ...], place: str) -> None:
    """Refuse unknown keys, most of which are typing mistakes.

    :raises RefusedError: naming the first unknown key and the known ones.
    """
    for key in keys:
        if key not in known:
            raise RefusedError(f"{place}: {key!r:.40} is not known here: use {', '.join(known)}.")


def _type_text(value: object) -> str:
    names = {bool: "true or false", int: "a number", float: "a number", str: "a text"}
    if value is None:
        return "nothing (null)"
    if isinstance(value, list | tuple):
        return "a list"
    return names.get(type(value), "an object" if isinstance(value, Mapping) else "something else")
