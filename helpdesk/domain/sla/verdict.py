"""What another program decided about the SLA of a ticket that was imported from it."""

from enum import StrEnum


class Verdict(StrEnum):
    """The outcome of a clock as another program decided it."""

    KEPT = "kept"
    MISSED = "missed"
    UNKNOWN = "unknown"
    """The file does not tell enough about this clock: it ended without an outcome."""
