"""What a desk's policy says of connections over SSH."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class DoorTerms:
    """How long, and how often at once, an agent may be signed in over SSH.

    :ivar idle_s: after so many seconds without a key the app ends, what was typed is kept; None:
        never.
    :ivar connections: how many connections an agent may have at once; None: any number.
    """

    idle_s: int | None = None
    connections: int | None = None

    def as_document(self) -> dict[str, Any]:
        """Return the JSON document that :meth:`from_document` reads back."""
        return asdict(self)

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> "DoorTerms":
        """Read what :meth:`as_document` wrote; what is missing keeps its default."""
        return cls(**document)
