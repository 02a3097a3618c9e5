"""What a search is asked for, and what it returns."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from helpdesk.search.hits import SearchHit
from helpdesk.store.search.documents import Doc

#: The statuses of documents that are not found.
_NOT_FOUND = ("retired", "draft", "in review")


@dataclass(frozen=True, slots=True)
class SearchResult:
    """The result of a search.

    :ivar corrected: the words that were searched instead of unknown ones.
    :ivar ms: the time taken, in milliseconds.
    :ivar without_vectors: the numbers (in the index) of good hits that were compared by words only,
        because their vectors have not been computed yet.
    :ivar needs_other_languages: whether the query is in another language than the articles, so that
        the vectors of the model of many languages help.
    """

    hits: tuple[SearchHit, ...]
    corrected: tuple[str, ...]
    ms: float
    without_vectors: tuple[int, ...] = ()
    needs_other_languages: bool = False


@dataclass(frozen=True, slots=True)
class SearchOptions:
    """How to search.

    :ivar include_drafts: whether drafts of articles are found.
    :ivar signals: further evidence for articles by path, as log odds.
    :ivar unfit: the ids of documents that do not answer the text, as an agent has said.
    :ivar as_typed: whether unknown words are searched as they stand, without corrections.
    :ivar ignored: the references of documents that are not found.
    :ivar folded: whether tickets of the same subject are shown as one hit.
    """

    include_drafts: bool = False
    signals: Mapping[str, float] = field(default_factory=dict)
    unfit: frozenset[str] = frozenset()
    as_typed: bool = False
    ignored: frozenset[str] = frozenset()
    folded: bool = True

    @property
    def excluded(self) -> frozenset[str]:
        """The statuses of documents that are not found."""
        return frozenset({"retired"} if self.include_drafts else _NOT_FOUND)

    def admits(self, doc: Doc) -> bool:
        """Whether a document may be found."""
        return doc.status not in self.excluded and doc.ref not in self.ignored
