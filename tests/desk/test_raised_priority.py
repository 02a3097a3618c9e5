"""A priority that an alarm raised changes the order of work; the targets in force stay."""

from datetime import timedelta

import pytest

from helpdesk.desk import scheduler
from helpdesk.desk.administration import integrity
from helpdesk.desk.bulk import undo
from helpdesk.desk.policy import apply_policy
from helpdesk.desk.policy.files import starter_text
from helpdesk.desk.session import Desk
from helpdesk.desk.sla.explain import explain_clocks
from helpdesk.desk.ticket import log_query, show_ticket
from helpdesk.desk.ticket.set_fields import SetFields
from helpdesk.desk.ticket.views import NewQuery, TicketView
from helpdesk.desk.unit_of_work.fields import FieldChanges
from helpdesk.domain.priority import Impact, Priority, Urgency
from helpdesk.domain.sla.explain import explanation_text
from helpdesk.tui.text.timeline import timeline_content
from tests.conftest import MONDAY, StillClock
from tests.policies import apply_text
from tests.verbs import do

_RAISE = '[[alarms]]\nat = "{at}"\nclocks = ["first_response"]\ndo = ["raise priority"]\n'


def _raising(*shares: str) -> str:
    """Return the starter policy with alarms that raise the priority, and no others."""
    before, _, after = starter_text().partition("[[alarms]]")
    rest = after[after.index("[matrix]") :] if "[matrix]" in after else ""
    return before + "".join(_RAISE.format(at=at) for at in shares) + rest


def _due(ticket: TicketView) -> dict[str, object]:
    return {clock.name: (clock.due_at, clock.target_s) for clock in ticket.clocks}


@pytest.fixture
def raised(desk: Desk, clock: StillClock) -> TicketView:
    """A ticket of P3 (4 hours to answer) that an alarm raised to P2 (30 minutes) after 3 hours."""
    apply_text(desk, _raising("75%"))
    logged = log_query.log_query(desk, NewQuery("one"))
    assert logged.priority is Priority.P3
    clock.advance(hours=3, seconds=1)
    scheduler.catch_up(desk)
    shown = show_ticket.show(desk, 1)
    assert shown.priority is Priority.P2
    assert _due(shown) == _due(logged)
    return shown


def test_the_alarm_does_not_breach_what_it_should_save(
    desk: Desk, clock: StillClock, raised: TicketView
) -> None:
    types = [event.type for event in raised.events]
    assert types == ["logged", "warned", "changed"]
    assert raised.clocks[0].due_at == MONDAY + timedelta(hours=4)
    clock.advance(minutes=30)
    assert scheduler.catch_up(desk) == 0
    problems = [problem for each in integrity.check_all(desk) for problem in each.problems]
    assert problems == []


def test_the_explanation_and_the_timeline_say_so(desk: Desk, raised: TicketView) -> None:
    line = "priority raised to P2 (first response: 75 % used): the targets of P3 stay in force"
    for lines in explain_clocks(desk, 1).values():
        text = explanation_text(lines)
        assert f"Mon 2026-11-23 12:00 UTC  {line}\n" in text
        assert "targets changed" not in text
    told = "priority P3 → P2 (first response: 75 % used); the targets of P3 stay"
    assert told in timeline_content(raised, whole=True).plain


def test_the_targets_stay_when_something_else_is_changed(
    desk: Desk, clock: StillClock, raised: TicketView
) -> None:
    changed = do(desk, 1, SetFields(FieldChanges(subject="two", service="vpn")))
    assert changed.priority is Priority.P2
    assert _due(changed) == _due(raised)
    policy = apply_policy.show(desk).text
    assert apply_text(desk, f"# the same again\n{policy}").clocks == 0
    assert _due(show_ticket.show(desk, 1)) == _due(raised)
    # A new policy moves what it says of the priority whose targets are in force.
    longer = policy.replace('first_response = "4h"', 'first_response = "5h"')
    assert longer != policy
    preview = apply_text(desk, longer)
    assert (preview.clocks, preview.breached) == (1, 0)
    assert show_ticket.show(desk, 1).clocks[0].due_at == MONDAY + timedelta(hours=5)
    clock.advance(minutes=1)
    assert scheduler.catch_up(desk) == 0


def test_they_follow_when_a_person_changes_the_priority(
    desk: Desk, clock: StillClock, raised: TicketView
) -> None:
    decided = do(desk, 1, SetFields(FieldChanges(impact=Impact.HIGH, urgency=Urgency.HIGH)))
    assert decided.priority is Priority.P1
    assert _due(decided) != _due(raised)
    undo.undo(desk, [1])
    again = show_ticket.show(desk, 1)
    assert again.priority is Priority.P2
    assert _due(again) == _due(raised)
    lowered = do(desk, 1, SetFields(FieldChanges(impact=Impact.LOW, urgency=Urgency.LOW)))
    assert lowered.priority is Priority.P4
    renamed = do(desk, 1, SetFields(FieldChanges(subject="renamed")))
    assert _due(renamed) == _due(lowered)
    assert _due(renamed) != _due(raised)


def test_a_second_alarm_keeps_them_too(desk: Desk, clock: StillClock) -> None:
    apply_text(desk, _raising("50%", "75%"))
    logged = log_query.log_query(desk, NewQuery("one"))
    clock.advance(hours=3, seconds=1)
    scheduler.catch_up(desk)
    shown = show_ticket.show(desk, 1)
    assert shown.priority is Priority.P1
    assert _due(shown) == _due(logged)
    assert [event.data.get("targets_of") for event in shown.events if event.type == "changed"] == [
        "P3",
        "P3",
    ]
