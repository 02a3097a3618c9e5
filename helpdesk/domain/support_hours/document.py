"""Reading parts of a JSON or TOML document, so that every mistake names its place."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from helpdesk.domain.errors import RefusedError


@contextmanager
def placed(prefix: str) -> Iterator[None]:
    """Put ``prefix`` before the sentence of a RefusedError that is raised within."""
    try:
        yield
    except RefusedError as error:
        raise RefusedError(f"{prefix}{error}") from error


def as_object(value: object, place: str) -> Mapping[str, object]:
    """Return a value that must be a JSON object.

    :raises RefusedError: if it is none.
    """
    if isinstance(value, Mapping):
        return value
    raise RefusedError(f"{place}: {_kind(value)} stands where an object {{…}} is needed.")


def as_list(value: object, place: str) -> list[object]:
    """Return a value that must be a JSON list.

    :raises RefusedError: if it is none.
    """
    if isinstance(value, list | tuple):
        return list(value)
    raise RefusedError(f"{place}: {_kind(value)} stands where a list […] is needed.")


def require_known(keys: Mapping[str, object], known: tuple[str, ...], place: str) -> None:
    """Refuse keys that nobody reads: most are slips of the pen.

    :raises RefusedError: naming the first one and what there is.
    """
    for key in keys:
        if key not in known:
            raise RefusedError(f"{place}: {key!r:.40} is not known here: use {', '.join(known)}.")


def _kind(value: object) -> str:
    names = {bool: "true or false", int: "a number", float: "a number", str: "a text"}
    if value is None:
        return "nothing (null)"
    if isinstance(value, list | tuple):
        return "a list"
    return names.get(type(value), "an object" if isinstance(value, Mapping) else "something else")
