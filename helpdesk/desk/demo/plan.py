"""Plan a demo ticket: who asks what, when, and which course the ticket takes."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum, auto
from random import Random

from helpdesk.desk.demo.contracts import DEMO_CUSTOMERS, NO_CUSTOMER, DemoCustomer
from helpdesk.desk.demo.issues import Issue, Issues
from helpdesk.desk.demo.people import DemoRequester, DemoRequesters
from helpdesk.domain.escalation import Level
from helpdesk.domain.priority import MATRIX, Impact, Priority, Urgency
from helpdesk.domain.ticket import Channel

_CUSTOMERS = (*DEMO_CUSTOMERS, NO_CUSTOMER)
_CUSTOMER_WEIGHTS = [contract.weight for contract in _CUSTOMERS]
_CHANNELS = (Channel.PHONE, Channel.MAIL, Channel.CHAT, Channel.PORTAL, Channel.WALK_IN)
_CHANNEL_WEIGHTS = (42, 31, 13, 11, 3)


class Course(Enum):
    """The course of a ticket: up to ``CAME_BACK`` it is finished, after that still active."""

    FIRST_CONTACT = auto()
    WORKED = auto()
    TO_L2 = auto()
    TO_L3 = auto()
    TO_L4 = auto()
    BACK_AND_FORTH = auto()
    CAME_BACK = auto()

    UNTOUCHED = auto()
    CLAIMED = auto()
    IN_WORK_L1 = auto()
    IN_WORK_L2 = auto()
    IN_WORK_L3 = auto()
    IN_WORK_L4 = auto()
    ARRIVED_L2 = auto()
    ARRIVED_L3 = auto()
    RETURNED = auto()
    PING_PONG = auto()
    ASKED_REQUESTER = auto()
    ASKED_REQUESTER_L2 = auto()
    AT_VENDOR = auto()
    SCHEDULED = auto()
    REOPENED = auto()


#: The highest level that a course reaches; courses that are not listed stay at L1.
_REACHES = {
    Course.TO_L2: Level.L2,
    Course.TO_L3: Level.L3,
    Course.TO_L4: Level.L4,
    Course.BACK_AND_FORTH: Level.L2,
    Course.IN_WORK_L2: Level.L2,
    Course.IN_WORK_L3: Level.L3,
    Course.IN_WORK_L4: Level.L4,
    Course.ARRIVED_L2: Level.L2,
    Course.ARRIVED_L3: Level.L3,
    Course.RETURNED: Level.L2,
    Course.PING_PONG: Level.L2,
    Course.ASKED_REQUESTER_L2: Level.L2,
    Course.AT_VENDOR: Level.L4,
}


@dataclass(slots=True)
class Plan:
    """A ticket whose timeline is still to be generated.

    :ivar at: when it was received (UTC). For an active ticket it is computed from the due time that
        the ticket should have now, after everything else has been drawn.
    :ivar odd: the table of ``odd.toml`` from which its text comes, or "" for ordinary text.
    :ivar number: the ticket number, given once all tickets are sorted by time.
    :ivar duplicate: a later ticket about the same thing, which is merged into this one.
    :ivar is_duplicate: whether this is such a later ticket.
    """

    at: datetime
    course: Course
    contract: DemoCustomer
    caller: DemoRequester | None
    issue: Issue
    channel: Channel
    impact: Impact
    urgency: Urgency
    odd: str = ""
    number: int = 0
    duplicate: "Plan | None" = field(default=None, repr=False)
    is_duplicate: bool = False

    @property
    def priority(self) -> Priority:
        """The priority that follows from impact and urgency."""
        return MATRIX[self.impact, self.urgency]


class Planner:
    """Draw the facts of tickets: customer, requester, issue, channel, impact, urgency."""

    def __init__(self, rng: Random, callers: DemoRequesters, issues: Issues) -> None:
        self._rng = rng
        self._callers = callers
        self._issues = issues

    def draw(self, course: Course, at: datetime) -> Plan:
        """Draw a plan of that course; frequent facts are drawn more often."""
        rng = self._rng
        contract = rng.choices(_CUSTOMERS, weights=_CUSTOMER_WEIGHTS)[0]
        issue = self._issues.one_of(rng, _REACHES.get(course, Level.L1))
        return self._about(issue, contract, course, at)

    def plan_duplicate(self, plan: Plan, at: datetime) -> Plan:
        """Draw a duplicate of ``plan``: the same issue from the same customer."""
        duplicate = self._about(plan.issue, plan.contract, Course.WORKED, at)
        duplicate.is_duplicate = True
        return duplicate

    def _about(self, issue: Issue, contract: DemoCustomer, course: Course, at: datetime) -> Plan:
        rng = self._rng
        channel = issue.channel or rng.choices(_CHANNELS, weights=_CHANNEL_WEIGHTS)[0]
        from_monitoring = channel is Channel.MONITOR
        return Plan(
            at=at,
            course=course,
            contract=contract,
            caller=None if from_monitoring else self._callers.one_of(rng, contract),
            issue=issue,
            channel=channel,
            impact=rng.choice(issue.impacts),
            urgency=rng.choice(issue.urgencies),
        )
