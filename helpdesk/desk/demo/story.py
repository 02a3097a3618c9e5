"""Turn a plan into a timeline: what happens to the ticket, when, and who does it."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from random import Random

from helpdesk.desk.demo.people import DemoAgent, Staff
from helpdesk.desk.demo.plan import Course, Plan
from helpdesk.desk.demo.timeline import DemoTicket
from helpdesk.desk.demo.wording import Wording
from helpdesk.desk.sla.agreement import SlaAgreement
from helpdesk.domain.escalation import REASONS, HandOver, Level
from helpdesk.domain.priority import Urgency
from helpdesk.domain.ticket import State, Waiting

#: The time to resolve a ticket whose SLA has no resolution target, in seconds.
_NO_TARGET_S = 48 * 3600
#: The share of tickets that are resolved late.
_LATE = 0.08
#: The share of the due updates that are sent, and after which share of their target.
_UPDATED, _UPDATE_AT = 0.95, 0.6
#: The share of resolutions that cite the article of their issue.
_ARTICLE_USED = 0.8
#: The share of requesters who rate their ticket, and the scores from which they draw.
_RATED = 0.3
_HAPPY, _UNHAPPY = (5, 5, 5, 4, 4, 4, 3, 2), (5, 4, 3, 3, 2, 1)
#: How long after its resolution a ticket closes by itself, as in the demo desk's policy.
_CLOSED_AFTER = timedelta(days=7)

#: A share (0 to 1) of the ticket's working time, and what happens to the ticket then.
_Step = tuple[float, Callable[[datetime], None]]
_PAST = frozenset(course for course in Course if course.value <= Course.CAME_BACK.value)

#: The levels to which a course climbs, each with the share of its time at which it arrives.
_CLIMBS: dict[Course, tuple[tuple[float, Level], ...]] = {
    Course.TO_L2: ((0.25, Level.L2),),
    Course.TO_L3: ((0.2, Level.L2), (0.5, Level.L3)),
    Course.TO_L4: ((0.15, Level.L2), (0.35, Level.L3), (0.6, Level.L4)),
    Course.IN_WORK_L2: ((0.3, Level.L2),),
    Course.IN_WORK_L3: ((0.2, Level.L2), (0.5, Level.L3)),
    Course.IN_WORK_L4: ((0.15, Level.L2), (0.35, Level.L3), (0.6, Level.L4)),
    Course.AT_VENDOR: ((0.15, Level.L2), (0.35, Level.L3), (0.6, Level.L4)),
    Course.ASKED_REQUESTER_L2: ((0.3, Level.L2),),
    Course.ARRIVED_L2: ((0.85, Level.L2),),
    Course.ARRIVED_L3: ((0.3, Level.L2), (0.85, Level.L3)),
}
#: Courses in which L2 sends the ticket back: for each time, when it goes up and when down.
_PENDULUMS: dict[Course, tuple[tuple[float, float], ...]] = {
    Course.BACK_AND_FORTH: ((0.15, 0.4), (0.55, 0.75)),
    Course.RETURNED: ((0.3, 0.85),),
    Course.PING_PONG: ((0.15, 0.35), (0.5, 0.7)),
}


class Story:
    """Generates the timeline of one ticket from steps that are done in the order of time."""

    def __init__(
        self, rng: Random, staff: Staff, plan: Plan, agreement_of: Callable[[Plan], SlaAgreement]
    ) -> None:
        self._rng = rng
        self._staff = staff
        self._plan = plan
        self._agreement_of = agreement_of
        caller = plan.caller
        first_name = caller.first_name if caller else "colleague"
        self._words = Wording(rng, plan.issue, plan.contract.language, first_name)
        self.ticket = DemoTicket(plan, *self._words.query(plan.odd))
        self._l1 = staff.one_of(rng, Level.L1)
        self._steps: list[_Step] = []
        self._now = plan.at

    def tell(self, now: datetime) -> None:
        """Add every timeline entry until ``now``."""
        plan, ticket, self._now = self._plan, self.ticket, now
        agreement = self._agreement_of(plan)
        ticket.log(self._l1, plan.channel, agreement)
        past = plan.course in _PAST
        end = self._end(agreement, now) if past else now
        self._compose()
        calendar = agreement.calendar
        worked_s = calendar.elapsed(plan.at, end)
        self._keep_informed(agreement.targets.next_update_s, worked_s)
        if plan.duplicate is not None:
            self._steps.append((0.9 if past else 0.95, self._merge_duplicate))
        for share, step in sorted(self._steps, key=lambda item: item[0]):
            # Steps fall into the support hours, unless all work was done outside them.
            worked = calendar.add(plan.at, int(worked_s * share)) if worked_s else None
            step(min(worked or plan.at + (end - plan.at) * share, end).replace(microsecond=0))
        if past:
            self._close(self.ticket, now)
        if self._duplicate is not None:
            self._close(self._duplicate, now)

    def duplicate(self) -> DemoTicket | None:
        """The timeline of the duplicate that was merged into this ticket; None if there is none."""
        return self._duplicate

    _duplicate: DemoTicket | None = None

    def _end(self, agreement: SlaAgreement, now: datetime) -> datetime:
        """Draw when a finished ticket was resolved."""
        rng = self._rng
        target_s = agreement.targets.resolution_s or _NO_TARGET_S
        if self._plan.course is Course.FIRST_CONTACT:
            spent_s = rng.randrange(120, 1500)
        elif rng.random() < _LATE:
            spent_s = int(target_s * rng.uniform(1.05, 1.8))
        else:
            spent_s = int(target_s * rng.uniform(0.08, 0.9))
        end = agreement.calendar.add(self._plan.at, spent_s) or self._plan.at
        return min(end, now - timedelta(minutes=1))

    def _compose(self) -> None:
        """Collect the steps of the course, in any order."""
        course = self._plan.course
        if course is not Course.FIRST_CONTACT and course is not Course.UNTOUCHED:
            self._at_l1()
        if course in _CLIMBS:
            self._climb(_CLIMBS[course])
        if course in _PENDULUMS:
            self._swing(_PENDULUMS[course])
        self._special(course)
        if course in _PAST:
            self._steps.append((1.0, self._resolve))

    def _at_l1(self) -> None:
        ticket, words, l1 = self.ticket, self._words, self._l1
        self._steps.append((0.03, lambda at: ticket.claim(at, l1)))
        if self._plan.course is Course.CLAIMED:
            return
        self._steps.append((0.05, lambda at: self._reply(at, l1, "acknowledged")))
        if self._rng.random() < 0.6:
            self._steps.append((0.1, lambda at: ticket.note(at, l1, words.note("working"))))
        if self._plan.course is Course.WORKED and self._rng.random() < 0.35:
            self._steps += [
                (0.3, lambda at: self._reply(at, l1, "asked")),
                (0.31, lambda at: ticket.pend(at, l1, Waiting.REQUESTER)),
                (0.6, lambda at: ticket.resume(at, l1)),
                (0.61, lambda at: ticket.note(at, l1, words.note("answers_received"))),
            ]
        if self._rng.random() < 0.04:
            self._steps.append((0.12, self._more_urgent))

    def _keep_informed(self, every_s: int | None, worked_s: int) -> None:
        """Add updates to the requester by the assignee, as often as the SLA demands."""
        if not every_s or self._plan.course in (Course.UNTOUCHED, Course.CLAIMED):
            return
        for at_s in range(0, worked_s, int(every_s * _UPDATE_AT)):
            if at_s > worked_s * 0.06 and self._rng.random() < _UPDATED:
                self._steps.append((at_s / worked_s, self._update))

    def _update(self, at: datetime) -> None:
        if self.ticket.state is State.OPEN and self.ticket.assignee is not None:
            self._reply(at, self.ticket.assignee, "updates")

    def _climb(self, stages: tuple[tuple[float, Level], ...]) -> None:
        """Add the escalations of ``_CLIMBS``, and the work at each level."""
        for index, (share, level) in enumerate(stages):
            self._steps.append((share, partial(self._escalate, level=level)))
            until = stages[index + 1][0] if index + 1 < len(stages) else 1.0
            if until - share > 0.2:
                worker = self._staff.one_of(self._rng, level)
                middle = share + (until - share) * 0.4
                self._steps += self._work_at(worker, share + 0.02, middle)

    def _work_at(self, worker: DemoAgent, begins: float, middle: float) -> list[_Step]:
        ticket, words = self.ticket, self._words
        steps: list[_Step] = [
            (begins, lambda at: ticket.claim(at, worker)),
            (middle, lambda at: ticket.note(at, worker, words.note("deep_dive"))),
        ]
        if self._rng.random() < 0.5:
            steps.append((middle + 0.01, lambda at: self._reply(at, worker, "updates")))
        return steps

    def _swing(self, swings: tuple[tuple[float, float], ...]) -> None:
        """Add the escalations and returns of ``_PENDULUMS``."""
        for up, down in swings:
            l2 = self._staff.one_of(self._rng, Level.L2)
            self._steps += [
                (up, lambda at: self._escalate(at, Level.L2)),
                (down, partial(self._send_back, worker=l2)),
            ]
        if self._plan.course is Course.BACK_AND_FORTH:
            self._steps.append((0.8, lambda at: self.ticket.claim(at, self._l1)))

    def _special(self, course: Course) -> None:
        ticket, l1 = self.ticket, self._l1
        match course:
            case Course.CAME_BACK:
                self._steps += [
                    (0.4, self._resolve),
                    (0.7, lambda at: ticket.reopen(at, l1, self._words.note("reopen_reasons"))),
                ]
            case Course.REOPENED:
                self._steps += [
                    (0.4, self._resolve),
                    (0.8, lambda at: ticket.reopen(at, l1, self._words.note("reopen_reasons"))),
                ]
            case Course.ASKED_REQUESTER | Course.ASKED_REQUESTER_L2:
                self._steps += [
                    (0.7, lambda at: self._reply(at, self._assignee(), "asked")),
                    (0.71, lambda at: ticket.pend(at, self._assignee(), Waiting.REQUESTER)),
                ]
            case Course.AT_VENDOR:
                self._steps.append(
                    (0.9, lambda at: ticket.pend(at, self._assignee(), Waiting.VENDOR))
                )
            case Course.SCHEDULED:
                until = timedelta(days=self._rng.randrange(1, 9), hours=2)
                self._steps.append((0.6, lambda at: self._schedule(at, until)))

    def _schedule(self, at: datetime, ahead: timedelta) -> None:
        # The date lies after today, so that the ticket is waiting now.
        day = max(at, self._now) + ahead
        self.ticket.pend(at, self._l1, Waiting.DATE, day.replace(hour=8, minute=0, second=0))

    def _assignee(self) -> DemoAgent:
        return self.ticket.assignee or self._l1

    def _reply(self, at: datetime, worker: DemoAgent, about: str) -> None:
        self.ticket.reply(at, worker, self._words.reply(about, worker.first_name))

    def _escalate(self, at: datetime, level: Level) -> None:
        words = self._words
        note = HandOver(words.note("tried"), words.note("known"), words.note("asks"))
        self.ticket.escalate(at, self._assignee(), level, self._rng.choice(REASONS), note)

    def _send_back(self, at: datetime, worker: DemoAgent) -> None:
        self.ticket.send_back(at, worker, Level.L1, self._words.note("return_reasons"))

    def _more_urgent(self, at: datetime) -> None:
        if self._plan.urgency is Urgency.HIGH:
            return
        # The SLA agreement is looked up by the facts of the plan, so the plan must change as well.
        self._plan.urgency = Urgency.HIGH
        agreement = self._agreement_of(self._plan)
        self.ticket.set_urgency(at, self._assignee(), Urgency.HIGH, agreement)

    def _resolve(self, at: datetime) -> None:
        worker = self._assignee()
        used = self._plan.issue.article is not None and self._rng.random() < _ARTICLE_USED
        article = self._plan.issue.article if used else None
        self.ticket.resolve(at, worker, self._words.answer(worker.first_name), article)

    def _close(self, ticket: DemoTicket, now: datetime) -> None:
        resolved_at = ticket.resolved_at
        if ticket.state is not State.RESOLVED or resolved_at is None:
            return
        self._rate(ticket, resolved_at, now)
        by_itself = resolved_at + _CLOSED_AFTER
        by_hand = resolved_at + timedelta(seconds=self._rng.randrange(3 * 86_400, 9 * 86_400))
        if by_hand < min(by_itself, now):
            ticket.close(by_hand, ticket.assignee or self._l1)
        elif by_itself <= now:
            ticket.close(by_itself, None)

    def _rate(self, ticket: DemoTicket, resolved_at: datetime, now: datetime) -> None:
        if self._rng.random() >= _RATED:
            return
        at = resolved_at + timedelta(seconds=self._rng.randrange(1800, 2 * 86_400))
        # Requesters are less content if the ticket was handed over often or reopened.
        scores = _UNHAPPY if ticket.reopenings or ticket.hand_overs > 1 else _HAPPY
        if at < now:
            ticket.rate(at, ticket.assignee or self._l1, self._rng.choice(scores))

    def _merge_duplicate(self, at: datetime) -> None:
        duplicate = self._plan.duplicate
        if duplicate is None:
            return
        story = Story(self._rng, self._staff, duplicate, self._agreement_of)
        story.ticket.log(self._l1, duplicate.channel, self._agreement_of(duplicate))
        story.ticket.merge(max(at, duplicate.at), self._l1, self.ticket)
        self._duplicate = story.ticket
