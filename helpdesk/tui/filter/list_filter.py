"""The filter of a list."""

from dataclasses import dataclass, replace


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

    @property
    def order(self) -> str:
        """The order that the query asks for; "" if it asks for none."""
        from helpdesk.domain.query import parse  # only a filter needs it

        sort = parse(self.query).sort
        return str(sort).removeprefix("sort:") if sort else ""

    def sorted_by(self, order: str) -> "ListFilter":
        """Return the same filter with another order.

        :param order: the key of a ``sort:`` term, with ``-`` before it turned round.
        """
        from helpdesk.domain.query import Sort, parse  # as in order

        key = Sort(order.removeprefix("-"), order.startswith("-"))
        return replace(self, query=str(replace(parse(self.query), sort=key)))
