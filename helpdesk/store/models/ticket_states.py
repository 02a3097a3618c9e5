"""Groups of ticket states as SQL conditions.

The partial indexes and the queries they serve must spell a condition alike: both engines' planners
use such an index only where they recognise its condition in the query.
"""

from collections.abc import Collection

from sqlalchemy import ColumnElement, literal_column

from helpdesk.domain.ticket import ACTIVE_STATES, CLAIMABLE_STATES, State


def in_states(states: Collection[State], column: str = "state") -> str:
    """Return the SQL text that says that a column holds one of these states."""
    words = ", ".join(f"'{state}'" for state in State if state in states)
    return f"{column} IN ({words})"


ACTIVE_SQL = in_states(ACTIVE_STATES)
UNCLAIMED_SQL = f"assignee_id IS NULL AND {in_states(CLAIMABLE_STATES)}"

#: Tickets on which work is still owed.
ACTIVE: ColumnElement[bool] = literal_column(in_states(ACTIVE_STATES, "tickets.state"))
#: Tickets that wait for somebody to claim them.
UNCLAIMED: ColumnElement[bool] = literal_column(
    f"tickets.assignee_id IS NULL AND {in_states(CLAIMABLE_STATES, 'tickets.state')}"
)
