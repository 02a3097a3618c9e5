"""The issues that requesters of the demo desk report, each with its texts and answers."""

from dataclasses import dataclass
from itertools import accumulate
from random import Random
from typing import Any

from helpdesk.desk.demo.texts import ISSUE_FILES, load_texts
from helpdesk.domain.escalation import Level
from helpdesk.domain.priority import Impact, Urgency
from helpdesk.domain.ticket import Channel, Kind
from helpdesk.locations import shipped_folder

_SUBJECTS = "subjects"
_IMPACTS = ("medium", "medium", "medium", "low")
_URGENCIES = ("medium", "medium", "medium", "medium", "low", "low", "high")


@dataclass(frozen=True, slots=True)
class Issue:
    """An issue that many tickets are about.

    :ivar weight: how often it is reported, relative to the other issues.
    :ivar subjects: possible subjects by language.
    :ivar article: the path of the article that answers it, if the knowledge base has one.
    :ivar reaches: the highest level to which its tickets are escalated.
    :ivar channel: the only channel through which it is reported, or None if it may be any.
    """

    name: str
    service: str
    kind: Kind
    weight: int
    subjects: dict[str, tuple[str, ...]]
    bodies: tuple[str, ...]
    answers: tuple[str, ...]
    notes: tuple[str, ...]
    article: str | None
    reaches: Level
    impacts: tuple[Impact, ...]
    urgencies: tuple[Urgency, ...]
    channel: Channel | None


class Issues:
    """All issues, from which one is drawn by weight."""

    def __init__(self, issues: tuple[Issue, ...]) -> None:
        self._reaching = {
            level: [issue for issue in issues if issue.reaches >= level] for level in Level
        }
        self._weights = {
            level: list(accumulate(issue.weight for issue in reaching))
            for level, reaching in self._reaching.items()
        }

    def one_of(self, rng: Random, reaching: Level = Level.L1) -> Issue:
        """Draw an issue that can be escalated to that level."""
        weights = self._weights[reaching]
        return rng.choices(self._reaching[reaching], cum_weights=weights)[0]


def load_issues() -> tuple[Issue, ...]:
    """Return all issues; an article that the starter knowledge base lacks is left out."""
    folder = shipped_folder("kb")
    articles = {path.relative_to(folder).as_posix() for path in folder.rglob("*.md")}
    return tuple(
        _issue(table, articles) for name in ISSUE_FILES for table in load_texts(name)["issue"]
    )


def _issue(table: dict[str, Any], articles: set[str]) -> Issue:
    article = table.get("article")
    channel = table.get("channel")
    return Issue(
        name=table["name"],
        service=table["service"],
        kind=Kind(table.get("kind", Kind.INCIDENT)),
        weight=table["weight"],
        subjects={
            key.removeprefix(_SUBJECTS).removeprefix("_") or "en": tuple(wordings)
            for key, wordings in table.items()
            if key.startswith(_SUBJECTS)
        },
        bodies=tuple(table["bodies"]),
        answers=tuple(table["answers"]),
        notes=tuple(table["notes"]),
        article=article if article in articles else None,
        # Any issue that reaches the developers may go on to the vendor.
        reaches=_highest(Level(table.get("reaches", Level.L2))),
        impacts=tuple(map(Impact, table.get("impact", _IMPACTS))),
        urgencies=tuple(map(Urgency, table.get("urgency", _URGENCIES))),
        channel=Channel(channel) if channel else None,
    )


def _highest(level: Level) -> Level:
    return Level.L4 if level is Level.L3 else level
