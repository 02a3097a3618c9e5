"""What a desk's policy says of its knowledge base."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

_DAY_S = 24 * 3600


class ExternalEditor(StrEnum):
    """Who may edit articles with the editor of their own ($VISUAL or $EDITOR).

    Such an editor can open any file and start any program with the rights of the account that the
    help desk runs under.
    """

    NEVER = "never"
    LOCAL = "local"
    """those who work under their own account, not behind a forced command"""
    ALWAYS = "always"


@dataclass(frozen=True, slots=True)
class KnowledgeTerms:
    """How the knowledge base is kept.

    :ivar review_every_s: how long a review of an article holds, in seconds.
    :ivar keep_searches_s: how long it is remembered what was searched for, in seconds.
    """

    review_every_s: int = 365 * _DAY_S
    keep_searches_s: int = 180 * _DAY_S
    external_editor: ExternalEditor = ExternalEditor.LOCAL

    def as_document(self) -> dict[str, Any]:
        """Return the JSON document that :meth:`from_document` reads back."""
        return asdict(self)

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> "KnowledgeTerms":
        """Read what :meth:`as_document` wrote; what is missing keeps its default."""
        terms = dict(document)
        if "external_editor" in terms:
            terms["external_editor"] = ExternalEditor(terms["external_editor"])
        return cls(**terms)
