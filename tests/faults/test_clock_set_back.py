"""The host's clock is set back an hour during work: nothing is lost, and the order stays."""

from collections.abc import Callable

from helpdesk.desk import change_feed, scheduler
from helpdesk.desk.administration import integrity
from helpdesk.desk.bulk import undo
from helpdesk.desk.escalation.hand_over import Escalate
from helpdesk.desk.inbox import inbox
from helpdesk.desk.people import presence
from helpdesk.desk.people.presence import OpenTicket
from helpdesk.desk.queue import lists
from helpdesk.desk.session import Desk
from helpdesk.desk.ticket import claiming, follow_ups, log_query, show_ticket
from helpdesk.desk.ticket.handling import Note, Pend, Receive, Reply
from helpdesk.desk.ticket.links import Merge
from helpdesk.desk.ticket.resolving import Reopen, Resolve
from helpdesk.desk.ticket.set_fields import SetFields
from helpdesk.desk.ticket.views import NewQuery
from helpdesk.desk.time_spent import entries
from helpdesk.desk.unit_of_work import fields
from helpdesk.domain.escalation import HandOver, Level
from helpdesk.domain.priority import Impact, Urgency
from helpdesk.domain.ticket import ReplyWay, State, Waiting
from tests.conftest import StillClock
from tests.verbs import do


def test_a_clock_that_is_set_back(
    desk: Desk, clock: StillClock, desk_of: Callable[[str], Desk]
) -> None:
    bob = desk_of("bob")
    for subject in ("one", "two", "three", "four"):
        log_query.log_query(desk, NewQuery(subject, impact=Impact.HIGH, urgency=Urgency.HIGH))
    follow_ups.watch(bob, 1)
    do(desk, 2, Pend(Waiting.DATE, "30m"))
    clock.advance(minutes=90)
    assert scheduler.catch_up(desk) > 0  # breaches, and the end of a wait
    do(desk, 1, Reply("said before", ReplyWay.PHONE))
    entries.record_time(desk, 1, "5m")
    presence.announce(bob, "killed", OpenTicket(3, writing=True))
    marks = [change_feed.mark(desk)]

    def do_and_mark(action: Callable[[], object]) -> None:
        action()
        marks.append(change_feed.mark(bob))

    clock.advance(hours=-1)
    do_and_mark(lambda: scheduler.catch_up(desk))
    do_and_mark(lambda: do(desk, 1, Note("said after @bob")))
    do_and_mark(lambda: do(desk, 1, Reply("answered after", ReplyWay.PHONE)))
    do_and_mark(lambda: do(desk, 1, SetFields(fields.FieldChanges(impact=Impact.LOW))))
    do_and_mark(lambda: do(desk, 1, Escalate(Level.L2, "beyond me", HandOver("a", "b", "look"))))
    do_and_mark(lambda: undo.undo(desk, [1]))
    do_and_mark(lambda: do(desk, 2, Pend(Waiting.REQUESTER)))
    do_and_mark(lambda: do(desk, 2, Receive("here it is")))
    do_and_mark(lambda: do(desk, 2, Resolve("solved")))
    do_and_mark(lambda: do(desk, 2, Reopen("not solved")))
    do_and_mark(lambda: entries.record_time(desk, 2, "10m"))
    do_and_mark(lambda: do(desk, 3, Merge(4)))
    do_and_mark(lambda: claiming.claim_next(bob))
    number = log_query.log_query(desk, NewQuery("after")).number
    clock.advance(minutes=30)
    scheduler.catch_up(desk)

    assert marks == sorted(marks)
    for each in range(1, number + 1):
        shown = show_ticket.show(desk, each)
        times = [event.at for event in shown.events]
        assert times == sorted(times), shown.ref
        assert shown.updated_at == max(times)
        assert all(clock_.remaining_s is not None for clock_ in shown.clocks)
    texts = {event.text for each in (1, 2) for event in show_ticket.show(desk, each).events}
    assert {"said before", "said after @bob", "answered after", "solved", "here it is"} <= texts
    assert show_ticket.show(desk, 2).state is State.OPEN
    assert {"mentioned", "changed"} <= {one.kind for one in inbox.listing(bob)}
    # The killed app does not count as open for another hour.
    assert presence.others(desk) == {}
    assert lists.page(desk, lists.Selection()).total == 4
    assert [one.problems for one in integrity.check_all(desk) if one.problems] == []
    bob.close()
