"""Views of articles."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ArticleView:
    """An article of the knowledge base, whole."""

    path: str
    title: str
    kind: str
    status: str
    owner: str
    service: str
    tags: tuple[str, ...]
    aliases: tuple[str, ...]
    reviewed: str
    body: str
    answer: str
    times_used: int


@dataclass(frozen=True, slots=True)
class ArticleRow:
    """A line of the knowledge base's list; ``error`` names what is wrong with a broken file,
    ``stale`` tells that its review is overdue."""

    path: str
    title: str
    kind: str
    status: str
    owner: str
    reviewed: str
    times_used: int
    error: str = ""
    stale: bool = False
