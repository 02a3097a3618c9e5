"""The steps that stories are made of: time passes, somebody does something."""

from datetime import datetime, timedelta
from random import Random

from helpdesk.desk.demo.agreed import Agreed
from helpdesk.desk.demo.chronicle import Chronicle
from helpdesk.desk.demo.people import Staff
from helpdesk.desk.demo.plan import Plan
from helpdesk.desk.demo.wording import Wording
from helpdesk.domain.escalation import REASONS, HandOver, Level
from helpdesk.domain.priority import Urgency
from helpdesk.domain.ticket import Channel, Waiting

_HOUR, _DAY = 3600, 86_400
#: Channels by which a query comes without an agent who logs it.
_BY_ITSELF = frozenset({Channel.MAIL, Channel.PORTAL, Channel.MONITOR})
#: The share of the tickets whose promise is broken, and by how much of it.
_LATE, _HOW_LATE = 0.06, (1.03, 1.7)
#: The resolution target that work is paced by where none is promised.
_NOMINAL_S = 80 * _HOUR


class Teller:
    """Tells one ticket's story.

    :ivar at: where the story has come to (aware UTC).
    :ivar agent: who acts.
    :ivar chronicle: what was recorded; of a ticket with an echo, ``echo`` is the other's.
    """

    def __init__(
        self, rng: Random, staff: Staff, agreed: Agreed, plan: Plan, now: datetime
    ) -> None:
        self.rng = rng
        self.now = now
        self.plan = plan
        self.at = plan.at
        self.agent = staff.one_of(rng, Level.L1)
        self._staff = staff
        self._agreed = agreed
        self.promise = agreed.promise(plan.contract, plan.issue, plan.priority)
        self.chronicle, self._wording = self._begin(plan)
        self.echo = self._begin(plan.echo)[0] if plan.echo else None
        self._merge_at = (
            plan.echo.at + timedelta(seconds=rng.randrange(90, 900)) if plan.echo else None
        )
        self._silent_s = 0

    def _begin(self, plan: Plan) -> tuple[Chronicle, Wording]:
        name = plan.caller.first_name if plan.caller else "all"
        wording = Wording(self.rng, plan.issue, plan.contract.language, name)
        chronicle = Chronicle(plan, *wording.query(plan.odd))
        promise = self._agreed.promise(plan.contract, plan.issue, plan.priority)
        chronicle.log(None if plan.channel in _BY_ITSELF else self.agent, plan.channel, promise)
        return chronicle, wording

    # How long things take.

    @property
    def age_s(self) -> int:
        """The support seconds from the ticket's beginning until now."""
        return self.promise.calendar.elapsed(self.plan.at, self.now)

    def answer_after_s(self) -> int:
        """Draw the support seconds until the first answer."""
        return self._drawn(self.promise.targets.first_response_s or _HOUR, 1.3, 3.6)

    def resolve_after_s(self) -> int:
        """Draw the support seconds until the solution."""
        return self._drawn(self.promise.targets.resolution_s or _NOMINAL_S, 1.5, 2.8)

    def _drawn(self, target_s: int, alpha: float, beta: float) -> int:
        late = self.rng.random() < _LATE
        share = self.rng.uniform(*_HOW_LATE) if late else self.rng.betavariate(alpha, beta)
        return max(40, int(target_s * share))

    # Time passes.

    def let_pass(self, seconds: float) -> None:
        """Let support time pass in silence."""
        later = self.promise.calendar.add(self.at, max(1, int(seconds)))
        self.at = later or self.at
        self._silent_s += int(seconds)
        self._merge_if_due()

    def work(self, seconds: float) -> None:
        """Let support time pass in which the agent works, with the updates that were promised."""
        left, every = int(seconds), self.promise.targets.next_update_s
        while every and self.chronicle.assignee and self._silent_s + left > every * 0.85:
            share = (1.05, 1.4) if self.rng.random() < _LATE else (0.4, 0.8)
            step = max(60, int(every * self.rng.uniform(*share)) - self._silent_s)
            step = min(step, left)
            self.let_pass(step)
            self.reply("updates")
            left -= step
        if left:
            self.let_pass(left)

    def wait(self, low_s: int, high_s: int) -> None:
        """Let wall time pass, and then until somebody is at work again."""
        later = self.at + timedelta(seconds=self.rng.randrange(low_s, high_s))
        self.at = self.promise.calendar.next_opening(later) or later
        self._merge_if_due()

    def _merge_if_due(self) -> None:
        if self.echo and self._merge_at and self._merge_at <= self.at:
            self.echo.merge(self._merge_at, self.agent, self.chronicle)
            self._merge_at = None
            self._close(self.echo)

    # Somebody does something.

    def take(self, level: Level) -> None:
        """Let an agent of the level take it, or be given it by a colleague."""
        giver = self.agent
        self.agent = self._staff.one_of(self.rng, level)
        if giver is not self.agent and self.rng.random() < 0.12:
            self.chronicle.assign(self.at, giver, self.agent)
        else:
            self.chronicle.claim(self.at, self.agent)

    def take_over(self) -> None:
        """Let the agent put it back and another one take it."""
        self.chronicle.release(self.at, self.agent)
        self.let_pass(self.rng.randrange(120, 1800))
        self.take(self.chronicle.queue)

    def respond(self, seconds: float) -> None:
        """Give the first answer after so much support time."""
        early = seconds * self.rng.uniform(0.2, 0.9)
        self.let_pass(early)
        if self.plan.channel in _BY_ITSELF:
            self.take(Level.L1)
        else:
            self.chronicle.claim(self.at, self.agent)
        self.let_pass(seconds - early)
        self.reply("acknowledged")

    def reply(self, about: str) -> None:
        """Answer the requester with a text of that kind."""
        text = self._wording.reply(about, self.agent.first_name)
        self.chronicle.reply(self.at, self.agent, text)
        self._silent_s = 0

    def note(self, about: str) -> None:
        """Write an internal note of that kind."""
        self.chronicle.note(self.at, self.agent, self._wording.note(about))

    def ask_requester(self) -> None:
        """Ask something back and wait for it."""
        self.reply("asked")
        days = self.rng.choice((None, None, 2, 3))
        until = self.at + timedelta(days=days) if days else None
        self.chronicle.pend(self.at, self.agent, Waiting.REQUESTER, until)

    def hear_from_requester(self) -> None:
        """Let the answer come, and go on."""
        self.wait(_HOUR // 2, _DAY * 5 // 2)
        self.note("answers_received")
        self.chronicle.resume(self.at, self.agent)
        self._silent_s = 0

    def wait_for_vendor(self) -> None:
        """Let it wait for a vendor."""
        self.note("deep_dive")
        self.chronicle.pend(self.at, self.agent, Waiting.VENDOR)

    def schedule(self) -> None:
        """Let it wait for a date after now."""
        until = self.now + timedelta(seconds=self.rng.randrange(_DAY // 2, _DAY * 6))
        self.chronicle.pend(self.at, self.agent, Waiting.DATE, until.replace(minute=0, second=0))

    def escalate(self, to: Level) -> None:
        """Hand it to a higher level."""
        tell = self._wording.note
        note = HandOver(tell("tried"), tell("known"), tell("asks"))
        reason = self.rng.choice(REASONS)
        self.chronicle.escalate(self.at, self.agent, to, reason, note)

    def send_back(self, to: Level) -> None:
        """Return it to a lower level."""
        reason = self._wording.note("return_reasons")
        self.chronicle.send_back(self.at, self.agent, to, reason)

    def change_urgency(self) -> None:
        """Learn that it is more, or less, urgent than thought."""
        others = [urgency for urgency in Urgency if urgency is not self.chronicle.urgency]
        self.note("change_notes")
        self.plan.urgency = self.rng.choice(others)
        self.promise = self._agreed.promise(
            self.plan.contract, self.plan.issue, self.plan.priority
        )
        self.chronicle.set_urgency(self.at, self.agent, self.plan.urgency, self.promise)

    def resolve(self) -> None:
        """Answer and resolve it, with its article if it has one."""
        if self._merge_at:
            self.at = max(self.at, self._merge_at + timedelta(minutes=3))
            self._merge_if_due()
        article = self.plan.issue.article if self.rng.random() < 0.8 else None
        text = self._wording.answer(self.agent.first_name)
        self.chronicle.resolve(self.at, self.agent, text, article)

    def reopen(self) -> None:
        """Take it up again."""
        reason = self._wording.note("reopen_reasons")
        self.chronicle.reopen(self.at, self.agent, reason)
        self._silent_s = 0

    def close(self) -> None:
        """Close it some days later, unless that is still to come."""
        self._close(self.chronicle)

    def _close(self, chronicle: Chronicle) -> None:
        at = chronicle.updated_at + timedelta(seconds=self.rng.randrange(_HOUR * 3, _DAY * 5))
        if at <= self.now:
            chronicle.close(at, self.agent)
