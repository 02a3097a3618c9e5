"""Groups of ticket states as SQL conditions.

A partial index and the queries that use it must spell the condition in the same way: the planners
of both engines use such an index only if they recognise its condition in the query.
"""

from collections.abc import Collection

from sqlalchemy import ColumnElement, literal_column

from helpdesk.domain.ticket import ACTIVE_STATES, CLAIMABLE_STATES, State


def in_states(states: Collection[State], column: str = "state") -> str:
    """Return the SQL condition that a column has one of these states."""
    words = ", ".join(f"'{state}'" for state in State if state in states)
    return f"{column} IN ({words})"


ACTIVE_SQL = in_states(ACTIVE_STATES)
UNCLAIMED_SQL = f"assignee_id IS NULL AND {in_states(CLAIMABLE_STATES)}"

#: Tickets that are neither resolved nor closed.
ACTIVE: ColumnElement[bool] = literal_column(in_states(ACTIVE_STATES, "tickets.state"))
#: Tickets that an agent can claim.
UNCLAIMED: ColumnElement[bool] = literal_column(
    f"tickets.assignee_id IS NULL AND {in_states(CLAIMABLE_STATES, 'tickets.state')}"
)
