"""The desk's own rules under one version of its policy: all that is not agreed with a customer."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from helpdesk.domain.escalation import HandOverPart, Level
from helpdesk.domain.policy.knowledge_terms import KnowledgeTerms
from helpdesk.domain.policy.ssh_terms import DoorTerms
from helpdesk.domain.priority import MATRIX, Impact, Priority, Urgency
from helpdesk.domain.sla.alarms import Action, AlarmPlan, AlarmRule
from helpdesk.domain.sla.event_kind import EventKind
from helpdesk.domain.sla.pauses import DEFAULT_PAUSES, Pauses


@dataclass(frozen=True, slots=True)
class LevelTerms:
    """What a level is on this desk.

    :ivar ola_s: its OLA in seconds of support time; None: it has none.
    :ivar hours: the calendar in which somebody is on duty there; "": always.
    :ivar requires: what a hand-over note must say to get there.
    :ivar vendor: the company behind the level, and how it is reached; "": it is the desk's own.
    """

    name: str
    ola_s: int | None = None
    hours: str = ""
    requires: tuple[HandOverPart, ...] = ()
    vendor: str = ""
    vendor_contact: str = ""

    def as_document(self) -> dict[str, Any]:
        """Return the JSON document that :meth:`from_document` reads back."""
        return {
            "name": self.name,
            "ola_s": self.ola_s,
            "hours": self.hours,
            "requires": list(self.requires),
            "vendor": self.vendor,
            "vendor_contact": self.vendor_contact,
        }

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> "LevelTerms":
        """Read what :meth:`as_document` wrote; what an earlier version left out is empty."""
        parts = tuple(HandOverPart(part) for part in document.get("requires", ()))
        return cls(**{**document, "requires": parts})


def _plain_levels() -> dict[Level, LevelTerms]:
    return {level: LevelTerms(level.value) for level in Level}


def _one_up() -> dict[Level, Level]:
    return dict(pairwise(Level))


@dataclass(frozen=True, slots=True)
class Rulebook:
    """How this desk works.

    :ivar ladder: to which level a ticket goes when the policy escalates it; a level that is not
        there keeps its tickets.
    :ivar matrix: the priority that impact and urgency give.
    :ivar close_after_s: how long after it was resolved a ticket is closed, in seconds on the wall
        clock; None: never by itself.
    """

    levels: Mapping[Level, LevelTerms] = field(default_factory=_plain_levels)
    pauses: Pauses = DEFAULT_PAUSES
    alarms: AlarmPlan = field(default_factory=AlarmPlan)
    ladder: Mapping[Level, Level] = field(default_factory=_one_up)
    matrix: Mapping[tuple[Impact, Urgency], Priority] = field(default_factory=lambda: MATRIX)
    close_after_s: int | None = None
    knowledge: KnowledgeTerms = field(default_factory=KnowledgeTerms)
    door: DoorTerms = field(default_factory=DoorTerms)

    @property
    def olas(self) -> dict[Level, int]:
        """The seconds of support time that each level is allowed, where it has an OLA."""
        return {
            level: terms.ola_s for level, terms in self.levels.items() if terms.ola_s is not None
        }

    def priority_of(self, impact: Impact, urgency: Urgency) -> Priority:
        """Return the priority that the matrix gives."""
        return self.matrix[impact, urgency]

    def as_document(self) -> dict[str, Any]:
        """Return the JSON document that :meth:`from_document` reads back as an equal rulebook."""
        return {
            "levels": {level: terms.as_document() for level, terms in self.levels.items()},
            "pauses": {
                "next_update": sorted(self.pauses.next_update),
                "resolution": sorted(self.pauses.resolution),
            },
            "alarms": [
                {
                    "clock": rule.clock,
                    "percent": rule.percent,
                    "actions": list(rule.actions),
                    "show": rule.show,
                }
                for rule in self.alarms.rules
            ],
            "ladder": dict(self.ladder),
            "matrix": {
                impact: {urgency: self.matrix[impact, urgency] for urgency in Urgency}
                for impact in Impact
            },
            "close_after_s": self.close_after_s,
            "knowledge": self.knowledge.as_document(),
            "door": self.door.as_document(),
        }

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> "Rulebook":
        """Read what :meth:`as_document` wrote."""
        pauses = {
            clock: frozenset(map(EventKind, kinds)) for clock, kinds in document["pauses"].items()
        }
        return cls(
            levels={
                Level(level): LevelTerms.from_document(terms)
                for level, terms in document["levels"].items()
            },
            pauses=Pauses(**pauses),
            alarms=AlarmPlan(
                tuple(
                    AlarmRule(
                        rule["clock"],
                        rule["percent"],
                        tuple(map(Action, rule["actions"])),
                        rule["show"],
                    )
                    for rule in document["alarms"]
                )
            ),
            ladder={Level(low): Level(high) for low, high in document["ladder"].items()},
            matrix={
                (Impact(impact), Urgency(urgency)): Priority(priority)
                for impact, row in document["matrix"].items()
                for urgency, priority in row.items()
            },
            close_after_s=document["close_after_s"],
            # A policy that was applied by an earlier program says nothing of it.
            knowledge=KnowledgeTerms.from_document(document.get("knowledge", {})),
            door=DoorTerms.from_document(document.get("door", {})),
        )
