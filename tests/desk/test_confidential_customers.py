"""Tickets of a confidential customer are visible to the named agents and auditors only."""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from helpdesk.desk import audit, scheduler
from helpdesk.desk.exchange.ticket_json import ticket_json
from helpdesk.desk.inbox import alarms, inbox
from helpdesk.desk.people import agents
from helpdesk.desk.policy import apply_policy
from helpdesk.desk.policy.files import PolicyText
from helpdesk.desk.queue import lists
from helpdesk.desk.search import suggest
from helpdesk.desk.session import Desk
from helpdesk.desk.ticket import claiming, log_query, show_ticket
from helpdesk.desk.ticket.follow_ups import FollowUp
from helpdesk.desk.ticket.handling import Assign, Claim, Note, Pend, Reply
from helpdesk.desk.ticket.links import Link, Merge
from helpdesk.desk.ticket.resolving import Close, Resolve
from helpdesk.desk.ticket.set_fields import SetFields
from helpdesk.desk.ticket.views import NewQuery
from helpdesk.desk.unit_of_work import fields
from helpdesk.domain.errors import NotFoundError, NotPermittedError, RefusedError
from helpdesk.domain.escalation import Level
from helpdesk.domain.roles import Role
from helpdesk.domain.ticket import Kind, LinkKind, ReplyWay, Waiting
from tests.conftest import StillClock
from tests.policies import policy_in
from tests.verbs import do

_CUSTOMER = """
[customers.Secret]
domains = ["secret.example"]
confidential = ["ann", "cid"]
"""


@pytest.fixture
def secretive(desk: Desk, tmp_path: Path) -> Desk:
    """HD-1 is of a customer who is confidential to ann and cid, HD-2 has no customer; linked."""
    agents.add(desk, "cid", [Level.L1])
    agents.add(desk, "eve", [Level.L1], Role.AUDITOR)
    file = tmp_path / "policy.toml"
    file.write_text(apply_policy.show(desk).text + _CUSTOMER)
    apply_policy.apply(desk, policy_in(file))
    log_query.log_query(desk, NewQuery("flurbled takeover plan", requester="x@secret.example"))
    log_query.log_query(desk, NewQuery("flurbled printer"))
    do(desk, 2, Link(1, LinkKind.RELATED))
    return desk


def _found(desk: Desk, text: str = "flurbled") -> set[str]:
    """Return the tickets that a search finds, once the index is complete."""
    return {hit.id for hit in suggest.suggest(desk, text, "tickets", typing=False).hits}


@pytest.fixture
def bob(secretive: Desk, desk_of: Callable[[str], Desk]) -> Iterator[Desk]:
    """The desk of bob, who is not named."""
    opened = desk_of("bob")
    yield opened
    opened.close()


def test_other_agents_do_not_see_them_anywhere(bob: Desk, clock: StillClock) -> None:
    assert [row.number for row in lists.page(bob, lists.Selection()).rows] == [2]
    assert lists.page(bob, lists.Selection()).total == 1
    assert lists.counts(bob).queues[Level.L1].open == 1
    assert lists.position(bob, lists.Selection(), 1) is None
    assert _found(bob) == {"HD-2"}
    batch = suggest.run_batch(bob, ['{"q": "flurbled"}'], "tickets", 5)
    assert [hit["id"] for answer in batch for hit in answer["hits"]] == ["HD-2"]
    shown = show_ticket.show(bob, 2)
    assert shown.links == ()
    assert "takeover" not in str(ticket_json(shown))
    clock.advance(hours=100)
    assert scheduler.catch_up(bob) > 2  # due actions are carried out for hidden tickets, too
    assert {one.ticket for one in alarms.recent(bob)} == {2}
    assert claiming.claim_next(bob).number == 2
    with pytest.raises(NotFoundError, match="no unclaimed ticket"):
        claiming.claim_next(bob)


def test_the_named_and_the_auditor_see_them(
    secretive: Desk, desk_of: Callable[[str], Desk]
) -> None:
    for login in ("cid", "eve"):
        seen = desk_of(login)
        assert [row.number for row in lists.page(seen, lists.Selection()).rows] == [1, 2]
        assert show_ticket.show(seen, 1).subject == "flurbled takeover plan"
        seen.close()


@pytest.mark.parametrize(
    "verb",
    [
        lambda desk: show_ticket.show(desk, 1),
        lambda desk: do(desk, 1, Claim()),
        lambda desk: do(desk, 1, Reply("x", ReplyWay.PHONE)),
        lambda desk: do(desk, 2, Link(1, LinkKind.DUPLICATE)),
        lambda desk: do(desk, 2, Merge(1)),
        lambda desk: log_query.log_query(desk, NewQuery("x"), duplicate_of=1),
    ],
)
def test_an_attempt_gets_not_found_and_is_recorded_in_the_audit_trail(
    secretive: Desk, bob: Desk, verb: Callable[[Desk], object]
) -> None:
    with pytest.raises(NotFoundError, match="there is no ticket HD-1 on this desk"):
        verb(bob)
    record = audit.trail(desk=secretive, limit=1)[0]
    assert (record.who.login, record.did) == ("bob", "refused: HD-1 is confidential to others.")


def test_a_ticket_is_not_given_to_an_agent_who_may_not_see_it(secretive: Desk, bob: Desk) -> None:
    with pytest.raises(RefusedError, match="confidential to ann, cid: bob cannot have it"):
        do(secretive, 1, Assign("bob"))
    with pytest.raises(NotPermittedError, match="of this customer are confidential") as refused:
        log_query.log_query(bob, NewQuery("call", requester="y@secret.example"))
    assert not re.search("Secret|ann|cid", str(refused.value))
    with pytest.raises(NotPermittedError, match="of this customer are confidential"):
        do(bob, 2, SetFields(fields.FieldChanges(customer="Secret")))
    assert lists.page(secretive, lists.Selection()).total == 2
    assert show_ticket.show(bob, 2).customer == ""
    do(secretive, 1, Resolve("done"))


def test_other_agents_are_not_notified_of_them(secretive: Desk, bob: Desk) -> None:
    before = inbox.listing(bob)
    do(secretive, 1, Note("@bob @cid look at this"))
    assert inbox.listing(bob) == before


@pytest.mark.parametrize(
    ("prepare", "hours", "done"),
    [
        (lambda desk: None, 3.5, "warned"),
        (lambda desk: do(desk, 1, Pend(Waiting.DATE, "30m")), 0.5, "resumed"),
        (lambda desk: do(desk, 1, FollowUp("45m")), 0.75, "follow_up_due"),
        (lambda desk: do(desk, 1, Resolve("done")), 100 * 24, "closed"),
    ],
)
def test_their_due_actions_are_carried_out_by_agents_who_may_not_see_them(
    secretive: Desk,
    bob: Desk,
    clock: StillClock,
    prepare: Callable[[Desk], object],
    hours: float,
    done: str,
) -> None:
    # No action of HD-2 is due.  If due actions were limited to what bob sees, none would be done.
    do(secretive, 2, Resolve("done"))
    do(secretive, 2, Close())
    prepare(secretive)
    due_at = scheduler.next_due_at(bob)
    assert due_at is not None
    assert due_at - clock.now <= timedelta(hours=hours)
    clock.advance(hours=hours)
    assert scheduler.catch_up(bob) > 0
    assert done in [event.type for event in show_ticket.show(secretive, 1).events]


def test_a_new_policy_moves_their_clocks_even_if_its_author_may_not_see_them(
    secretive: Desk, desk_of: Callable[[str], Desk], tmp_path: Path
) -> None:
    agents.add(secretive, "dan", [Level.L1], Role.ADMIN)
    dan = desk_of("dan")
    text = apply_policy.show(secretive).text
    before = show_ticket.show(secretive, 1).clocks
    shorter = text.replace('resolution = "24h"', 'resolution = "20h"')
    assert shorter != text
    file = tmp_path / "shorter.toml"
    file.write_text(shorter)
    for report in (apply_policy.preview, apply_policy.apply):
        said = report(dan, policy_in(file))
        assert [change.ref for change in said.changes] == ["HD-2"]
        assert (said.open_tickets, said.is_partial) == (1, True)
    dan.close()
    due = [clock.due_at for clock in before]
    assert [clock.due_at for clock in show_ticket.show(secretive, 1).clocks] != due


def test_they_are_in_the_search_index_even_if_another_agent_fills_it(
    secretive: Desk, bob: Desk
) -> None:
    assert _found(bob) == {"HD-2"}
    assert _found(secretive) == {"HD-1", "HD-2"}
    do(secretive, 1, SetFields(fields.FieldChanges(subject="flurbled merger")))
    assert _found(bob) == {"HD-2"}
    assert _found(secretive, "merger") == {"HD-1"}


def test_the_policy_names_agents(desk: Desk) -> None:
    now = datetime(2026, 11, 26, tzinfo=UTC)
    for line, because in (
        ("confidential = []", "name the agents"),
        ('confidential = ["a b"]', "no agent's login"),
    ):
        found = apply_policy.check(
            PolicyText(f"{apply_policy.show(desk).text}\n[customers.X]\n{line}\n", "x"), now
        )
        assert [because in str(one) for one in found] == [True]


def test_hidden_tickets_do_not_keep_a_problem_that_came_back_from_being_marked(
    secretive: Desk, bob: Desk
) -> None:
    subject = "flurbled printer eats the paper of the third tray"
    solved = log_query.log_query(secretive, NewQuery(subject, kind=Kind.PROBLEM))
    do(secretive, solved.number, Resolve("roller changed"))
    for number in range(8):
        hidden = NewQuery(f"{subject} {number}", requester="x@secret.example")
        log_query.log_query(secretive, hidden)
        do(secretive, solved.number + 1 + number, Resolve("roller changed"))
    logged = log_query.log_query(bob, NewQuery(f"{subject} 3"))
    assert logged.reappeared is not None
    assert logged.reappeared.sentence == f"reappeared: {solved.ref}"
