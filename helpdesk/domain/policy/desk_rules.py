"""The desk's own rules in one version of its policy: all settings not agreed with a customer."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from helpdesk.domain.escalation import HandOverPart, Level
from helpdesk.domain.policy.after_close import AfterClose
from helpdesk.domain.policy.knowledge_terms import KnowledgeTerms
from helpdesk.domain.policy.ssh_terms import SshTerms
from helpdesk.domain.priority import MATRIX, Impact, Priority, Urgency
from helpdesk.domain.roles import Right, Role, Withheld
from helpdesk.domain.sla.alarms import AlarmAction, AlarmPlan, AlarmRule
from helpdesk.domain.sla.event_kind import EventKind
from helpdesk.domain.sla.pauses import DEFAULT_PAUSES, Pauses
from helpdesk.domain.sla.targets import NextUpdateFrom
from helpdesk.domain.support_hours import SupportCalendar, dump_calendar, parse_calendar

#: What started the next update in policies that were applied by versions before 0.2.
_START_BEFORE = {"": NextUpdateFrom.RECEIVED}


@dataclass(frozen=True, slots=True)
class LevelTerms:
    """The settings of a support level.

    :ivar name: the name of the level on this desk ("Help desk").
    :ivar ola_s: its OLA in seconds of support time; None: it has no OLA.
    :ivar hours: the name of the calendar in which the level is staffed; "": always.
    :ivar calendar: that calendar, in which the OLA counts; None: it counts in the customer's
        support hours.  Policies that were applied by versions before 0.2 have none.
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
    calendar: SupportCalendar | None = None

    def as_document(self) -> dict[str, Any]:
        """Return a JSON document that :meth:`from_document` can read."""
        return {
            "name": self.name,
            "ola_s": self.ola_s,
            "hours": self.hours,
            "requires": list(self.requires),
            "vendor": self.vendor,
            "vendor_contact": self.vendor_contact,
            "calendar": dump_calendar(self.calendar) if self.calendar else None,
        }

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> "LevelTerms":
        """Read a document of :meth:`as_document`; old documents lack two of its keys."""
        parts = tuple(HandOverPart(part) for part in document.get("requires", ()))
        hours = document.get("calendar")
        calendar = parse_calendar(hours) if hours else None
        return cls(**{**document, "requires": parts, "calendar": calendar})


def _default_levels() -> dict[Level, LevelTerms]:
    return {level: LevelTerms(level.value) for level in Level}


def _default_start() -> dict[str, NextUpdateFrom]:
    return {"": NextUpdateFrom.FIRST_RESPONSE}


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
    :ivar after_close: what a requester's message about a closed ticket does.
    :ivar knowledge: the settings of the knowledge base.
    :ivar door: the settings of SSH access.
    :ivar clipboard: whether the app may copy to the clipboard of the terminal.
    :ivar next_update_from: what starts the next update, by the name of the SLA; "" stands for all
        SLAs that are not named.
    :ivar withheld: the rights that the policy takes from roles.
    :ivar timezone: the IANA name of the desk's time zone; "" in versions that did not record it.
    """

    levels: Mapping[Level, LevelTerms] = field(default_factory=_default_levels)
    pauses: Pauses = DEFAULT_PAUSES
    alarms: AlarmPlan = field(default_factory=AlarmPlan)
    ladder: Mapping[Level, Level] = field(default_factory=_default_ladder)
    matrix: Mapping[tuple[Impact, Urgency], Priority] = field(default_factory=lambda: MATRIX)
    close_after_s: int | None = None
    after_close: AfterClose = field(default_factory=AfterClose)
    knowledge: KnowledgeTerms = field(default_factory=KnowledgeTerms)
    door: SshTerms = field(default_factory=SshTerms)
    clipboard: bool = True
    withheld: Withheld = field(default_factory=dict)
    timezone: str = "UTC"
    next_update_from: Mapping[str, NextUpdateFrom] = field(default_factory=_default_start)

    @property
    def olas(self) -> dict[Level, int]:
        """The OLA of each level that has one, in seconds of support time."""
        return {
            level: terms.ola_s for level, terms in self.levels.items() if terms.ola_s is not None
        }

    @property
    def ola_hours(self) -> dict[Level, SupportCalendar]:
        """The support hours of each level that has its own."""
        return {
            level: terms.calendar
            for level, terms in self.levels.items()
            if terms.calendar is not None
        }

    def start_of_next_update(self, sla: str) -> NextUpdateFrom:
        """Return what starts the next update under an SLA of that name."""
        return self.next_update_from.get(sla, self.next_update_from[""])

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
            "new_after_s": self.after_close.new_after_s,
            "knowledge": self.knowledge.as_document(),
            "door": self.door.as_document(),
            "clipboard": self.clipboard,
            "withheld": {right.name: sorted(roles) for right, roles in self.withheld.items()},
            "timezone": self.timezone,
            "next_update_from": dict(self.next_update_from),
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
            # Documents stored by earlier versions of the program lack these.
            after_close=AfterClose(document.get("new_after_s")),
            knowledge=KnowledgeTerms.from_document(document.get("knowledge", {})),
            door=SshTerms.from_document(document.get("door", {})),
            clipboard=document.get("clipboard", True),
            withheld={
                Right[right]: frozenset(map(Role, roles))
                for right, roles in document.get("withheld", {}).items()
            },
            timezone=document.get("timezone", ""),
            next_update_from={
                sla: NextUpdateFrom(start)
                for sla, start in document.get("next_update_from", _START_BEFORE).items()
            },
        )
