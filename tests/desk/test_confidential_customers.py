"""The tickets of a customer who is confidential to named agents exist for nobody else."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from helpdesk.cli.ticket_json import ticket_json
from helpdesk.desk import (
    agents,
    alarms,
    audit,
    claiming,
    fields,
    inbox,
    intake,
    keeper,
    links,
    outcome,
    queues,
    suggest,
    tickets,
    work,
)  # fmt: skip
from helpdesk.desk.policy import verbs
from helpdesk.desk.session import Desk
from helpdesk.desk.views import Query
from helpdesk.domain.errors import NotFoundError, NotPermittedError, RefusedError
from helpdesk.domain.escalation import Level
from helpdesk.domain.roles import Role
from helpdesk.domain.ticket import LinkKind
from tests.conftest import StillClock

_CUSTOMER = """
[customers.Secret]
domains = ["secret.example"]
confidential = ["ann", "cid"]
"""


@pytest.fixture
def secretive(desk: Desk, tmp_path: Path) -> Desk:
    """HD-1 is of a customer who is confidential to ann and cid, HD-2 is of nobody's; linked."""
    agents.add(desk, "cid", [Level.L1])
    agents.add(desk, "eve", [Level.L1], Role.AUDITOR)
    file = tmp_path / "policy.toml"
    file.write_text(verbs.show(desk).text + _CUSTOMER)
    verbs.apply(desk, file)
    intake.log_query(desk, Query("flurbled takeover plan", requester="x@secret.example"))
    intake.log_query(desk, Query("flurbled printer"))
    links.link(desk, 2, 1, LinkKind.RELATED)
    return desk


@pytest.fixture
def bob(secretive: Desk, desk_of: Callable[[str], Desk]) -> Iterator[Desk]:
    """The desk as bob sees it, who is not named."""
    opened = desk_of("bob")
    yield opened
    opened.close()


def test_nobody_else_sees_them_anywhere(bob: Desk, clock: StillClock) -> None:
    assert [row.number for row in queues.page(bob, queues.Selection()).rows] == [2]
    assert queues.page(bob, queues.Selection()).total == 1
    assert queues.counts(bob).queues[Level.L1].open == 1
    assert queues.position(bob, queues.Selection(), 1) is None
    found = suggest.suggest(bob, "flurbled", "tickets", typing=False)  # waits for the index
    assert [hit.id for hit in found.hits] == ["HD-2"]
    batch = suggest.run_batch(bob, ['{"q": "flurbled"}'], "tickets", 5)
    assert [hit["id"] for answer in batch for hit in answer["hits"]] == ["HD-2"]
    shown = tickets.show(bob, 2)
    assert shown.links == ()
    assert "takeover" not in str(ticket_json(shown))
    clock.advance(hours=100)
    assert keeper.catch_up(bob) > 2  # what the desk does by itself it does for all
    assert {one.ticket for one in alarms.since(bob, 0)} == {2}
    assert claiming.claim_next(bob).number == 2
    with pytest.raises(NotFoundError, match="no unclaimed ticket"):
        claiming.claim_next(bob)


def test_the_named_and_the_auditor_see_them(
    secretive: Desk, desk_of: Callable[[str], Desk]
) -> None:
    for login in ("cid", "eve"):
        seen = desk_of(login)
        assert [row.number for row in queues.page(seen, queues.Selection()).rows] == [1, 2]
        assert tickets.show(seen, 1).subject == "flurbled takeover plan"
        seen.close()


@pytest.mark.parametrize(
    "verb",
    [
        lambda desk: tickets.show(desk, 1),
        lambda desk: work.claim(desk, 1),
        lambda desk: work.reply(desk, 1, "x"),
        lambda desk: links.link(desk, 2, 1, LinkKind.DUPLICATE),
        lambda desk: links.merge(desk, 2, 1),
        lambda desk: intake.log_query(desk, Query("x"), duplicate_of=1),
    ],
)
def test_a_try_is_answered_as_if_there_were_none_and_is_of_record(
    secretive: Desk, bob: Desk, verb: Callable[[Desk], object]
) -> None:
    with pytest.raises(NotFoundError, match="there is no ticket HD-1 on this desk"):
        verb(bob)
    record = audit.trail(desk=secretive, limit=1)[0]
    assert (record.who.login, record.did) == ("bob", "refused: HD-1 is confidential to others.")


def test_nobody_is_handed_what_they_may_not_see(secretive: Desk, bob: Desk) -> None:
    with pytest.raises(RefusedError, match="confidential to ann, cid: bob cannot have it"):
        work.assign(secretive, 1, "bob")
    with pytest.raises(NotPermittedError, match="queries of Secret are confidential to ann, cid"):
        intake.log_query(bob, Query("call", requester="y@secret.example"))
    with pytest.raises(NotPermittedError, match="queries of Secret are confidential"):
        work.set_fields(bob, 2, fields.Wanted(customer="Secret"))
    assert queues.page(secretive, queues.Selection()).total == 2
    assert tickets.show(bob, 2).customer == ""
    outcome.resolve(secretive, 1, "done")


def test_nobody_else_is_told_of_them(secretive: Desk, bob: Desk) -> None:
    before = inbox.listing(bob)
    work.note(secretive, 1, "@bob @cid look at this")
    assert inbox.listing(bob) == before


def test_the_policy_names_agents(desk: Desk) -> None:
    now = datetime(2026, 11, 26, tzinfo=UTC)
    for line, because in (
        ("confidential = []", "name the agents"),
        ('confidential = ["a b"]', "no agent's login"),
    ):
        found = verbs.check(verbs.show(desk).text + f"\n[customers.X]\n{line}\n", None, now)
        assert [because in str(one) for one in found] == [True]
