"""What a list shows instead of all that is open."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Shown:
    """What a list shows: a query, the name of the view that it is from, the view's columns."""

    query: str
    name: str = ""
    columns: tuple[str, ...] = ()
