"""Articles as screens and commands show them."""

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class ArticleView:
    """A whole article of the knowledge base.

    :ivar reviewed: the date of the last review in ISO format, or "".
    :ivar answer: its Answer section, in Markdown; "" if it has none.
    :ivar answers: its answers in other languages, in Markdown, by code, such as ``de``.
    :ivar aliases_by_language: its aliases in other languages, by code.
    :ivar reply: the answer as plain text, as a requester receives it.
    :ivar approved_by: the login of who approved that it is published; "" if nobody did.
    :ivar approved: the date of that approval in ISO format, or "".
    :ivar problem: a sentence about the errors in its file; "" if there are none.
    :ivar answer_heading: what its Answer section is called; "" for "Answer".
    :ivar times_used: how many tickets it has answered.
    """

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
    answers: dict[str, str] = field(default_factory=dict)
    aliases_by_language: dict[str, tuple[str, ...]] = field(default_factory=dict)
    reply: str = ""
    answer_heading: str = ""
    problem: str = ""
    approved_by: str = ""
    approved: str = ""


@dataclass(frozen=True, slots=True)
class ArticleRow:
    """A row in the list of articles.

    :ivar reviewed: the date of the last review in ISO format, or "".
    :ivar times_used: how many tickets it has answered.
    :ivar error: what is wrong with a broken file, or "".
    :ivar stale: whether its review is overdue.
    :ivar changed_at: when it was last changed (UTC): as committed to git, or as its file says.
    :ivar changed_by: who committed that change; "" if git does not know.
    """

    path: str
    title: str
    kind: str
    status: str
    owner: str
    reviewed: str
    times_used: int
    error: str = ""
    stale: bool = False
    service: str = ""
    changed_at: datetime | None = None
    changed_by: str = ""
