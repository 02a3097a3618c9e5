"""How searches end."""

from enum import StrEnum


class SearchOutcome(StrEnum):
    """How a search ended."""

    USED = "used"
    """A result answered the query, or was linked to the ticket logged for it."""
    READ = "read"
    """A result was opened."""
    NONE = "none"
    """No result was picked."""
