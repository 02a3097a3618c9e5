"""Search results as screens and commands show them."""

from dataclasses import dataclass

from helpdesk.search.scoring import DISTRACTING_BELOW, LIKELY_AT, is_worth_showing


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A search result with a note on its use.

    :ivar kind: "article" or "ticket".
    :ivar id: the path of the article or the reference of the ticket.
    :ivar score: how likely it is to answer the query, from 0 to 1.
    :ivar repeat: whether it seems to be the same issue again.
    :ivar why: the reasons for its rank.
    :ivar active: whether it is an active ticket.
    :ivar leads_to: the ticket that goes on instead of this one, which was merged into it or is a
        duplicate of it; else "".
    :ivar unfit: whether an agent has said that it does not fit this query.
    """

    kind: str
    id: str
    title: str
    score: float
    repeat: bool
    why: tuple[str, ...]
    snippet: str
    note: str
    active: bool = False
    unfit: bool = False
    leads_to: str = ""

    @property
    def is_likely(self) -> bool:
        """Whether it is good enough to be used before the agent has chosen it."""
        return self.score >= LIKELY_AT and not self.unfit

    @property
    def is_worth_showing(self) -> bool:
        """Whether it is good enough to be shown where there is little room."""
        return is_worth_showing(self.score)

    @property
    def is_distracting(self) -> bool:
        """Whether it matches so badly that it would only distract."""
        return self.score < DISTRACTING_BELOW


@dataclass(frozen=True, slots=True)
class SearchMode:
    """What a search leaves out, and how it reads the words.

    :ivar drafts: whether to include unpublished articles that the acting agent may see.
    :ivar as_typed: whether to search unknown words as they stand, without corrections.
    :ivar ignored: the reference of the ticket whose text is searched; "" for none.
    """

    drafts: bool = False
    as_typed: bool = False
    ignored: str = ""


@dataclass(frozen=True, slots=True)
class Suggestions:
    """The results of a search.

    :ivar hits: the results, best first.
    :ivar corrected: the words that the search used instead of unknown ones.
    :ivar ms: how long the search took, in milliseconds.
    :ivar text: what was searched for.
    :ivar as_typed: whether unknown words were searched as they stand, without corrections.
    :ivar shortage: a sentence if words only were compared for want of memory, or "".
    """

    hits: tuple[Suggestion, ...]
    corrected: tuple[str, ...]
    ms: float
    text: str = ""
    as_typed: bool = False
    shortage: str = ""
