"""Hand-overs between levels: required parts, skipped levels, and tickets returned too often."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from helpdesk.desk.escalation import hand_over
from helpdesk.desk.escalation.hand_over import Escalate, FromLead, SendBack, ToLead
from helpdesk.desk.people import agents, levels
from helpdesk.desk.policy.files import starter_text
from helpdesk.desk.session import Desk
from helpdesk.desk.ticket import log_query, show_ticket
from helpdesk.desk.ticket.handling import Claim, Receive, Reply
from helpdesk.desk.ticket.links import Link
from helpdesk.desk.ticket.resolving import Reopen, Resolve, resolve_with
from helpdesk.desk.ticket.views import NewQuery
from helpdesk.domain.errors import NotPermittedError, RefusedError
from helpdesk.domain.escalation import HandOver, HandOverPart, Level
from helpdesk.domain.roles import Role
from helpdesk.domain.ticket import LinkKind, ReplyWay
from tests.conftest import StillClock
from tests.policies import apply_text
from tests.verbs import do

_ASKED = HandOver(asked="please look")


def _policy(desk: Desk, *changes: tuple[str, str]) -> None:
    """Apply the starter policy with these replacements."""
    text = starter_text()
    for before, after in changes:
        assert before in text
        text = text.replace(before, after, 1)
    apply_text(desk, text)


def _l3(more: str) -> tuple[str, str]:
    return '[levels.L3]\nname = "Development"\n', f'[levels.L3]\nname = "Development"\n{more}\n'


def test_one_message_names_every_missing_part_that_the_policy_requires(desk: Desk) -> None:
    _policy(
        desk,
        ('ola = "40h"\nrequires = ["asked"]', 'requires = ["tried", "references", "asked"]'),
    )
    log_query.log_query(desk, NewQuery("one"))
    with pytest.raises(RefusedError) as refused:
        do(desk, 1, Escalate(Level.L3, " ", HandOver(known="k", references=" ")))
    assert str(refused.value) == (
        "HD-1 is not escalated to L3: add a reason (--reason), what was tried (--tried), "
        "attachments or references (--references) and what is asked (--note)."
    )
    assert show_ticket.show(desk, 1).queue is Level.L1
    full = HandOver(tried="t", asked="a", references="HD-7")
    shown = do(desk, 1, Escalate(Level.L3, "r", full)).hand_over
    assert shown is not None
    assert shown.note == full


def test_a_skipped_level_is_recorded_unless_the_policy_skips_it_itself(
    desk: Desk,
) -> None:
    for subject in ("one", "two"):
        log_query.log_query(desk, NewQuery(subject))
    up = do(desk, 1, Escalate(Level.L4, "r", _ASKED))
    assert up.events[-1].data["skipped"] == ["L2", "L3"]
    _policy(desk, ('[escalation]\nL1 = "L2"', '[escalation]\nL1 = "L3"'))
    assert hand_over.draft(desk, 2).targets[0].level.level is Level.L3
    assert "skipped" not in do(desk, 2, Escalate(Level.L3, "r", _ASKED)).events[-1].data


def test_a_level_that_nobody_serves_gets_no_ticket_unless_it_has_a_vendor(
    desk: Desk, desk_of: Callable[[str], Desk]
) -> None:
    with desk.database.write() as session:  # ann keeps L1 and L2
        from helpdesk.store.models import AgentLevel

        for level in (Level.L3, Level.L4):
            session.delete(session.get_one(AgentLevel, (desk.agent_id, level)))
    log_query.log_query(desk, NewQuery("one"))
    with pytest.raises(RefusedError, match="nobody serves it and nobody would see the ticket"):
        do(desk, 1, Escalate(Level.L3, "r", _ASKED))
    _policy(desk, _l3('vendor = { name = "Acme", contact = "support@acme.example" }'))
    assert do(desk, 1, Escalate(Level.L3, "r", _ASKED)).queue is Level.L3
    target = levels.levels(desk)[2]
    assert (target.vendor, target.vendor_contact) == ("Acme", "support@acme.example")


def test_a_level_shows_its_members_whether_it_is_on_duty_and_its_open_tickets(
    desk: Desk, clock: StillClock
) -> None:
    _policy(desk, _l3('hours = "8/5"'))
    agents.add(desk, "zoe", [Level.L3], Role.AUDITOR)  # an auditor reads only and is not a member
    log_query.log_query(desk, NewQuery("one"))
    do(desk, 1, Claim())
    log_query.log_query(desk, NewQuery("two"))
    first, second, third, _ = levels.levels(desk)
    assert (first.name, first.members, first.open, first.unassigned) == (
        *("Help desk", ("ann", "bob")),
        *(2, 1),
    )
    assert (second.requires, second.hours, second.on_duty) == ((HandOverPart.ASKED,), "", True)
    assert third.members == ("ann",)
    assert (third.on_duty, third.changes_at) == (True, desk.now() + timedelta(hours=8))
    clock.advance(hours=8)
    third = levels.levels(desk)[2]
    assert (third.on_duty, third.changes_at) == (False, desk.now() + timedelta(hours=16))


def test_a_hand_over_is_filled_from_the_timeline(desk: Desk) -> None:
    body = "see https://status.example/42 for it"
    log_query.log_query(desk, NewQuery("cannot print", body=body))
    log_query.log_query(desk, NewQuery("another"))
    do(desk, 1, Link(2, LinkKind.RELATED))
    do(desk, 1, Reply("please restart the printer", ReplyWay.PHONE))
    do(desk, 1, Receive("did not help"))
    do(desk, 1, resolve_with(desk, "", "print/printer-or-queue.md"))
    do(desk, 1, Reopen("no"))
    note = hand_over.draft(desk, 1).note
    assert "article print/printer-or-queue.md" in note.tried
    assert "please restart the printer" in note.tried
    assert note.known == "did not help"
    assert note.references.splitlines() == [
        *("print/printer-or-queue.md", "HD-2", "https://status.example/42")
    ]
    given = do(
        desk, 1, Escalate(Level.L2, "r", HandOver(asked="why", known="mine"), fill=True)
    ).hand_over
    assert given is not None
    assert (given.note.known, given.note.asked) == ("mine", "why")
    assert given.note.tried == note.tried


def test_the_third_return_marks_the_ticket_for_the_lead(desk: Desk, clock: StillClock) -> None:
    log_query.log_query(desk, NewQuery("hot potato"))
    for count in range(1, 4):
        clock.advance(hours=1)
        do(desk, 1, Escalate(Level.L2, "yours", _ASKED))
        clock.advance(hours=2)
        back = do(desk, 1, SendBack(None, "no, yours", note="it is the proxy"))
        assert (back.with_lead_since is not None) == (count == 3)
    assert (back.hand_overs, back.returns) == (6, 3)
    assert [event.type for event in back.events[-2:]] == ["returned", "escalated_to_lead"]
    assert back.events[-1].data["reason"] == "returned 3 times"
    assert back.hand_over is not None
    assert back.hand_over.note.known == "it is the proxy"
    clock.advance(minutes=30)
    assert [(stay.level, stay.wall_s, stay.visits) for stay in show_ticket.show(desk, 1).stays] == [
        (Level.L1, 3 * 3600 + 1800, 4),
        (Level.L2, 6 * 3600, 3),
    ]


def test_time_at_a_level_excludes_the_time_in_resolved(desk: Desk, clock: StillClock) -> None:
    log_query.log_query(desk, NewQuery("one"))
    clock.advance(hours=1)
    do(desk, 1, Resolve("done"))
    clock.advance(hours=5)
    do(desk, 1, Reopen("no"))
    clock.advance(hours=2)
    assert [stay.wall_s for stay in show_ticket.show(desk, 1).stays] == [3 * 3600]


def test_a_ticket_is_escalated_to_the_lead_once_and_given_back(
    desk: Desk, desk_of: Callable[[str], Desk]
) -> None:
    log_query.log_query(desk, NewQuery("one"))
    bob = desk_of("bob")
    asked = do(bob, 1, ToLead("the customer shouts"))
    assert (asked.with_lead_since, asked.queue) == (desk.now(), Level.L1)
    with pytest.raises(RefusedError, match="has been with the lead since"):
        do(bob, 1, ToLead("again"))
    with pytest.raises(NotPermittedError, match=r"bob \(agent\) may not act as the lead"):
        do(bob, 1, FromLead("x"))
    assert do(desk, 1, FromLead("called them")).with_lead_since is None
    with pytest.raises(RefusedError, match="is not with the lead"):
        do(desk, 1, FromLead("again"))
    bob.close()
