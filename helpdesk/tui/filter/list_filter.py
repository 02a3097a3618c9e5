"""The filter of a list."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ListFilter:
    """What a list shows instead of all open tickets.

    :ivar query: the filter query.
    :ivar name: the name of the saved view that it is from; "" if from none.
    :ivar columns: the columns of that view; empty for as many as fit.
    """

    query: str
    name: str = ""
    columns: tuple[str, ...] = ()
