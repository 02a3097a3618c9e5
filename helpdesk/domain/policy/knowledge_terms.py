"""The policy settings of the knowledge base."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

_DAY_S = 24 * 3600


class ExternalEditor(StrEnum):
    """Who may edit articles in an external editor ($VISUAL or $EDITOR).

    Such an editor can open any file and start any program with the rights of the account under
    which the help desk runs.
    """

    NEVER = "never"
    LOCAL = "local"
    """agents who work under their own account, not over SSH with a forced command"""
    ALWAYS = "always"


@dataclass(frozen=True, slots=True)
class KnowledgeTerms:
    """The settings of the knowledge base.

    :ivar review_every_s: how long the review of an article is valid, in seconds.
    :ivar keep_searches_s: how long the texts of searches are stored, in seconds.
    :ivar external_editor: who may edit articles in an external editor.
    :ivar approval: whether an article is published only after another editor has approved it.
    :ivar teams: the teams that may own articles, besides the agents of the desk.
    """

    review_every_s: int = 365 * _DAY_S
    keep_searches_s: int = 180 * _DAY_S
    external_editor: ExternalEditor = ExternalEditor.LOCAL
    approval: bool = False
    teams: tuple[str, ...] = ()

    def as_document(self) -> dict[str, Any]:
        """Return a JSON document that :meth:`from_document` can read."""
        return asdict(self)

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> "KnowledgeTerms":
        """Read a document of :meth:`as_document`; missing keys have their default value."""
        terms = dict(document)
        if "external_editor" in terms:
            terms["external_editor"] = ExternalEditor(terms["external_editor"])
        if "teams" in terms:
            terms["teams"] = tuple(terms["teams"])
        return cls(**terms)
