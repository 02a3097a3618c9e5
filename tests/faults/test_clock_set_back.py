"""The host's clock is set back an hour in the middle of the day: nothing is lost, order stays."""

from collections.abc import Callable

from helpdesk.desk import (
    attention,
    checkup,
    claiming,
    fields,
    handover,
    inbox,
    intake,
    keeper,
    links,
    outcome,
    presence,
    queues,
    spending,
    tickets,
    undo,
    work,
)
from helpdesk.desk import feed as news
from helpdesk.desk.presence import Whereabouts
from helpdesk.desk.session import Desk
from helpdesk.desk.ticket.views import Query
from helpdesk.domain.escalation import HandOver, Level
from helpdesk.domain.priority import Impact, Urgency
from helpdesk.domain.ticket import State, Waiting
from tests.conftest import StillClock


def test_a_clock_that_is_set_back(
    desk: Desk, clock: StillClock, desk_of: Callable[[str], Desk]
) -> None:
    bob = desk_of("bob")
    for subject in ("one", "two", "three", "four"):
        intake.log_query(desk, Query(subject, impact=Impact.HIGH, urgency=Urgency.HIGH))
    attention.watch(bob, 1)
    work.pend(desk, 2, Waiting.DATE, "30m")
    clock.advance(minutes=90)
    assert keeper.catch_up(desk) > 0  # breaches, and a wait that ended
    work.reply(desk, 1, "said before")
    spending.spend(desk, 1, "5m")
    presence.tell(bob, "killed", Whereabouts(3, writing=True))
    marks = [news.mark(desk)]

    def acknowledged(action: Callable[[], object]) -> None:
        action()
        marks.append(news.mark(bob))

    clock.advance(hours=-1)
    acknowledged(lambda: keeper.catch_up(desk))
    acknowledged(lambda: work.note(desk, 1, "said after @bob"))
    acknowledged(lambda: work.reply(desk, 1, "answered after"))
    acknowledged(lambda: work.set_fields(desk, 1, fields.Wanted(impact=Impact.LOW)))
    acknowledged(
        lambda: handover.escalate(desk, 1, Level.L2, "beyond me", HandOver("a", "b", "look"))
    )
    acknowledged(lambda: undo.undo(desk, [1]))
    acknowledged(lambda: work.pend(desk, 2, Waiting.REQUESTER))
    acknowledged(lambda: work.receive(desk, 2, "here it is"))
    acknowledged(lambda: outcome.resolve(desk, 2, text="solved"))
    acknowledged(lambda: outcome.reopen(desk, 2, "not solved"))
    acknowledged(lambda: spending.spend(desk, 2, "10m"))
    acknowledged(lambda: links.merge(desk, 3, 4))
    acknowledged(lambda: claiming.claim_next(bob))
    number = intake.log_query(desk, Query("after")).number
    clock.advance(minutes=30)
    keeper.catch_up(desk)

    assert marks == sorted(marks)
    for each in range(1, number + 1):
        shown = tickets.show(desk, each)
        times = [event.at for event in shown.events]
        assert times == sorted(times), shown.ref
        assert shown.updated_at == max(times)
        assert all(clock_.remaining_s is not None for clock_ in shown.clocks)
    said = {event.text for each in (1, 2) for event in tickets.show(desk, each).events}
    assert {"said before", "said after @bob", "answered after", "solved", "here it is"} <= said
    assert tickets.show(desk, 2).state is State.OPEN
    assert {"mentioned", "changed"} <= {one.kind for one in inbox.listing(bob)}
    # An app that was killed before is not thought to be open for another hour.
    assert presence.others(desk) == {}
    assert queues.page(desk, queues.Selection()).total == 4
    assert [one.problems for one in checkup.check_all(desk) if one.problems] == []
    bob.close()
