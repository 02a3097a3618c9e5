"""The policy settings of SSH access."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class SshTerms:
    """The limits of SSH access.

    :ivar idle_s: the seconds without a key press after which the app ends and drafts are saved;
        None: no limit.
    :ivar connections: the most simultaneous connections of an agent; None: no limit.
    """

    idle_s: int | None = None
    connections: int | None = None

    def as_document(self) -> dict[str, Any]:
        """Return a JSON document that :meth:`from_document` can read."""
        return asdict(self)

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> "SshTerms":
        """Read a document of :meth:`as_document`; missing keys have their default value."""
        return cls(**document)
