"""The stories themselves: how a ticket came to be closed, or to where it stands now."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random

from helpdesk.desk.demo.agreed import Agreed
from helpdesk.desk.demo.chronicle import Chronicle
from helpdesk.desk.demo.people import Staff
from helpdesk.desk.demo.plan import Course, Plan
from helpdesk.desk.demo.teller import Teller
from helpdesk.domain.escalation import Level

_DAY = 86_400


def tell(
    rng: Random, staff: Staff, agreed: Agreed, plan: Plan, now: datetime
) -> tuple[Chronicle, ...]:
    """Return what became of a planned ticket until ``now``, and of its echo if it has one."""
    story = _PRESENT.get(plan.course)
    if story is not None:
        teller = Teller(rng, staff, agreed, plan, now)
        story(teller)
    else:
        # A story may change its plan; told a second time, it begins with the first one.
        teller = Teller(rng, staff, agreed, replace(plan), now)
        _PAST[plan.course](teller)
        if teller.chronicle.updated_at > now:
            teller = Teller(rng, staff, agreed, plan, now)
            _soon_done(teller)
    return (teller.chronicle, teller.echo) if teller.echo else (teller.chronicle,)


# Stories that have ended.


def _soon_done(story: Teller) -> None:
    """Resolve at once, whatever the support hours: for tickets whose story would not be over."""
    age_s = int((story.now - story.at).total_seconds())
    story.at += timedelta(seconds=min(age_s, story.rng.randrange(60, 1500)))
    story.resolve()


def _first_contact(story: Teller) -> None:
    story.let_pass(min(story.answer_after_s(), story.rng.randrange(60, 1200)))
    story.resolve()
    story.close()


def _worked(story: Teller) -> None:
    _at_l1(story, story.resolve_after_s())
    _end(story)


def _to(*levels: Level) -> Callable[[Teller], None]:
    def climb(story: Teller) -> None:
        budget = story.resolve_after_s()
        share = budget / (len(levels) + 1)
        _at_l1(story, share * 0.8)
        for level in levels:
            _hand_up(story, level, share)
        _end(story)

    return climb


def _back_and_forth(story: Teller) -> None:
    share = story.resolve_after_s() / 4
    _at_l1(story, share * 0.6)
    _hand_up(story, Level.L2, share)
    story.send_back(Level.L1)
    story.let_pass(share * 0.2)
    story.take(Level.L1)
    if story.rng.random() < 0.5:
        story.ask_requester()
        story.hear_from_requester()
        _hand_up(story, Level.L2, share)
    story.work(share * 0.5)
    _end(story)


def _came_back(story: Teller) -> None:
    share = story.resolve_after_s() / 2
    _at_l1(story, share)
    story.resolve()
    story.wait(_DAY // 4, _DAY * 4)
    story.reopen()
    story.work(share * 0.2)
    story.reply("asked")
    if story.rng.random() < 0.4:
        _hand_up(story, Level.L2, share)
    else:
        story.work(share * 0.6)
    _end(story)


def _at_l1(story: Teller, budget_s: float) -> None:
    """Answer, look into it, perhaps ask back."""
    chance = story.rng.random
    story.respond(min(story.answer_after_s(), budget_s * 0.9))
    if chance() < 0.06:
        story.change_urgency()
    story.work(budget_s * 0.35)
    if chance() < 0.6:
        story.note("working")
    if chance() < 0.03:
        story.take_over()
    if chance() < 0.3:
        story.ask_requester()
        story.hear_from_requester()
    story.work(budget_s * 0.5)


def _hand_up(story: Teller, level: Level, share_s: float) -> None:
    """Escalate, and let the level take it and look into it."""
    story.escalate(level)
    story.let_pass(share_s * story.rng.uniform(0.05, 0.35))
    story.take(level)
    story.work(share_s * 0.4)
    story.note("deep_dive" if story.rng.random() < 0.6 else "working")
    if level is Level.L4 and story.rng.random() < 0.5:
        story.wait_for_vendor()
        story.wait(_DAY // 2, _DAY * 3)
        story.chronicle.resume(story.at, story.agent)
    story.work(share_s * 0.3)


def _end(story: Teller) -> None:
    story.resolve()
    story.close()


# Stories that have come to where they stand now: their steps share the time that has passed.


def _untouched(story: Teller) -> None:
    """Nobody has looked at it."""


def _claimed(story: Teller) -> None:
    story.let_pass(story.age_s * story.rng.uniform(0.1, 0.6))
    story.take(Level.L1)
    if story.rng.random() < 0.5:
        story.note("working")


def _in_work(*levels: Level) -> Callable[[Teller], None]:
    def stand(story: Teller) -> None:
        _up_to(story, levels, 0.75)
        story.note("deep_dive" if levels else "working")
        _until_now(story)

    return stand


def _arrived(*levels: Level) -> Callable[[Teller], None]:
    def stand(story: Teller) -> None:
        _up_to(story, levels[:-1], story.rng.uniform(0.4, 0.9))
        story.escalate(levels[-1])

    return stand


def _returned(story: Teller) -> None:
    _up_to(story, (Level.L2,), 0.85)
    story.send_back(Level.L1)


def _ping_pong(story: Teller) -> None:
    _up_to(story, (Level.L2,), 0.5)
    story.send_back(Level.L1)
    _next(story, Level.L1, 0.1)
    story.note("answers_received")
    story.escalate(Level.L2)
    if story.rng.random() < 0.6:
        _next(story, Level.L2, 0.05)
        if story.rng.random() < 0.5:
            story.send_back(Level.L1)
            return
        _until_now(story)


def _asked(*levels: Level) -> Callable[[Teller], None]:
    def stand(story: Teller) -> None:
        _up_to(story, levels, story.rng.uniform(0.3, 0.9))
        story.ask_requester()

    return stand


def _at_vendor(story: Teller) -> None:
    _up_to(story, (Level.L2, Level.L4), 0.7)
    story.wait_for_vendor()


def _scheduled(story: Teller) -> None:
    _up_to(story, (), 0.6)
    story.reply("updates")
    story.schedule()


def _reopened(story: Teller) -> None:
    _up_to(story, (), 0.5)
    story.resolve()
    story.let_pass(story.age_s * 0.3)
    story.reopen()
    if story.rng.random() < 0.6:
        story.reply("asked")


def _up_to(story: Teller, levels: tuple[Level, ...], share: float) -> None:
    """Answer, work at L1, and go through the levels, in that share of the ticket's age."""
    age_s = story.age_s * share / (len(levels) + 1)
    target_s = story.promise.targets.first_response_s or age_s
    story.respond(min(target_s * story.rng.uniform(0.05, 0.8), age_s * 0.3))
    story.work(age_s * 0.5)
    for level in levels:
        story.note("working")
        story.escalate(level)
        story.let_pass(age_s * 0.2)
        story.take(level)
        story.work(age_s * 0.5)


def _next(story: Teller, level: Level, share: float) -> None:
    story.let_pass(story.age_s * share)
    story.take(level)
    story.work(story.age_s * share)


def _until_now(story: Teller) -> None:
    story.work(story.promise.calendar.elapsed(story.at, story.now) * 0.95)


_PAST: dict[Course, Callable[[Teller], None]] = {
    Course.FIRST_CONTACT: _first_contact,
    Course.WORKED: _worked,
    Course.TO_L2: _to(Level.L2),
    Course.TO_L3: _to(Level.L2, Level.L3),
    Course.TO_L4: _to(Level.L2, Level.L3, Level.L4),
    Course.BACK_AND_FORTH: _back_and_forth,
    Course.CAME_BACK: _came_back,
}
_PRESENT: dict[Course, Callable[[Teller], None]] = {
    Course.UNTOUCHED: _untouched,
    Course.CLAIMED: _claimed,
    Course.IN_WORK_L1: _in_work(),
    Course.IN_WORK_L2: _in_work(Level.L2),
    Course.IN_WORK_L3: _in_work(Level.L2, Level.L3),
    Course.IN_WORK_L4: _in_work(Level.L2, Level.L3, Level.L4),
    Course.ARRIVED_L2: _arrived(Level.L2),
    Course.ARRIVED_L3: _arrived(Level.L2, Level.L3),
    Course.RETURNED: _returned,
    Course.PING_PONG: _ping_pong,
    Course.ASKED_REQUESTER: _asked(),
    Course.ASKED_REQUESTER_L2: _asked(Level.L2),
    Course.AT_VENDOR: _at_vendor,
    Course.SCHEDULED: _scheduled,
    Course.REOPENED: _reopened,
}
