"""The desk's own rules in one version of its policy: all settings not agreed with a customer."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from helpdesk.domain.escalation import HandOverPart, Level
from helpdesk.domain.policy.knowledge_terms import KnowledgeTerms
from helpdesk.domain.policy.ssh_terms import SshTerms
from helpdesk.domain.priority import MATRIX, Impact, Priority, Urgency
from helpdesk.domain.roles import Right, Role, Withheld
from helpdesk.domain.sla.alarms import AlarmAction, AlarmPlan, AlarmRule
from helpdesk.domain.sla.event_kind import EventKind
from helpdesk.domain.sla.pauses import DEFAULT_PAUSES, Pauses


@dataclass(frozen=True, slots=True)
class LevelTerms:
    """The settings of a support level.

    :ivar name: the name of the level on this desk ("Help desk").
    :ivar ola_s: its OLA in seconds of support time; None: it has no OLA.
    :ivar hours: the name of the calendar in which the level is staffed; "": always.
    :ivar requires: the fields of the hand-over note that an escalation to this level requires.
    :ivar vendor: the company behind the level; "": the level belongs to the desk itself.
    :ivar vendor_contact: how to reach that company.
    """

    name: str
    ola_s: int | None = None
    hours: str = ""
    requires: tuple[HandOverPart, ...] = ()
    vendor: str = ""
    vendor_contact: str = ""

    def as_document(self) -> dict[str, Any]:
        """Return a JSON document that :meth:`from_document` can read."""
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
        """Read a document of :meth:`as_document`; ``requires`` is missing in old documents."""
        parts = tuple(HandOverPart(part) for part in document.get("requires", ()))
        return cls(**{**document, "requires": parts})


def _default_levels() -> dict[Level, LevelTerms]:
    return {level: LevelTerms(level.value) for level in Level}


def _default_ladder() -> dict[Level, Level]:
    return dict(pairwise(Level))


@dataclass(frozen=True, slots=True)
class DeskRules:
    """The desk's own rules.

    :ivar levels: the settings of each support level.
    :ivar pauses: which reasons for waiting pause which SLA clock.
    :ivar alarms: what happens when a clock nears its target or is breached.
    :ivar ladder: the level to which an alarm escalates a ticket of each level; tickets of a level
        that is missing here stay where they are.
    :ivar matrix: the priority for each combination of impact and urgency.
    :ivar close_after_s: how long after it was resolved a ticket is closed automatically, in seconds
        on the wall clock; None: never.
    :ivar knowledge: the settings of the knowledge base.
    :ivar door: the settings of SSH access.
    :ivar clipboard: whether the app may copy to the clipboard of the terminal.
    :ivar withheld: the rights that the policy takes from roles.
    :ivar timezone: the IANA name of the desk's time zone; "" in versions that did not record it.
    """

    levels: Mapping[Level, LevelTerms] = field(default_factory=_default_levels)
    pauses: Pauses = DEFAULT_PAUSES
    alarms: AlarmPlan = field(default_factory=AlarmPlan)
    ladder: Mapping[Level, Level] = field(default_factory=_default_ladder)
    matrix: Mapping[tuple[Impact, Urgency], Priority] = field(default_factory=lambda: MATRIX)
    close_after_s: int | None = None
    knowledge: KnowledgeTerms = field(default_factory=KnowledgeTerms)
    door: SshTerms = field(default_factory=SshTerms)
    clipboard: bool = True
    withheld: Withheld = field(default_factory=dict)
    timezone: str = "UTC"

    @property
    def olas(self) -> dict[Level, int]:
        """The OLA of each level that has one, in seconds of support time."""
        return {
            level: terms.ola_s for level, terms in self.levels.items() if terms.ola_s is not None
        }

    def priority_of(self, impact: Impact, urgency: Urgency) -> Priority:
        """Return the priority from the matrix."""
        return self.matrix[impact, urgency]

    def as_document(self) -> dict[str, Any]:
        """Return a JSON document from which :meth:`from_document` makes equal rules."""
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
            "clipboard": self.clipboard,
            "withheld": {right.name: sorted(roles) for right, roles in self.withheld.items()},
            "timezone": self.timezone,
        }

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> "DeskRules":
        """Read a document of :meth:`as_document`."""
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
                        tuple(map(AlarmAction, rule["actions"])),
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
            # Documents stored by earlier versions of the program lack these five.
            knowledge=KnowledgeTerms.from_document(document.get("knowledge", {})),
            door=SshTerms.from_document(document.get("door", {})),
            clipboard=document.get("clipboard", True),
            withheld={
                Right[right]: frozenset(map(Role, roles))
                for right, roles in document.get("withheld", {}).items()
            },
            timezone=document.get("timezone", ""),
        )
