"""Filter queries: what each one finds, its cost, and hostile values."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from helpdesk.desk.escalation.hand_over import Escalate
from helpdesk.desk.queue import filters, lists
from helpdesk.desk.session import Desk
from helpdesk.desk.ticket import log_query
from helpdesk.desk.ticket.handling import Assign, Pend
from helpdesk.desk.ticket.links import Link
from helpdesk.desk.ticket.resolving import Reopen, Resolve
from helpdesk.desk.ticket.set_fields import Tag
from helpdesk.desk.ticket.views import NewQuery
from helpdesk.domain.errors import RefusedError
from helpdesk.domain.escalation import HandOver, Level
from helpdesk.domain.priority import Impact, Urgency
from helpdesk.domain.query import QueryError, parse
from helpdesk.domain.tags import TagChange
from helpdesk.domain.ticket import Channel, Kind, LinkKind, Waiting
from helpdesk.store.ticket import queues as stored
from tests.conftest import StillClock
from tests.plans import full_scans
from tests.verbs import do


@pytest.fixture
def floor(desk: Desk, clock: StillClock) -> Desk:
    """Seven tickets; the table below says which query finds which."""

    def log(subject: str, **more: object) -> int:
        return log_query.log_query(desk, NewQuery(subject, **more)).number  # type: ignore[arg-type]

    worst = {"impact": Impact.HIGH, "urgency": Urgency.HIGH, "channel": Channel.MAIL}
    kai = {"requester": "Kai Novak <k.novak@contoso.example>", "customer": "Contoso"}
    log("VPN drops, error 0x80", service="vpn", **kai, **worst)
    clock.advance(days=3)
    log("100% of the disk_is full", body="on 0x80 server", kind=Kind.REQUEST, service="storage")
    three = log("handed over", requester="x@fab.example")
    do(desk, three, Escalate(Level.L2, "defect", HandOver("a", "b", "c")))
    do(desk, three, Assign("bob"))
    four = log("waits")
    do(desk, four, Pend(Waiting.REQUESTER))
    do(desk, four, Tag(TagChange(("vip", "wave-1"))))
    five = log("solved and back")
    do(desk, five, Resolve())
    do(desk, five, Reopen("no"))
    six = log("done")
    do(desk, six, Resolve())
    seven = log("child of one")
    do(desk, seven, Link(1, LinkKind.PARENT))
    clock.advance(minutes=30)
    return desk


def found(desk: Desk, text: str) -> set[int]:
    """Return the numbers of the tickets that a query finds, and check their count."""
    page = lists.page(desk, lists.Selection(query=parse(text)), limit=None)
    assert page.total == len(page.rows)
    return {row.number for row in page.rows}


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("", {1, 2, 3, 4, 5, 7}),
        ("state:any", {1, 2, 3, 4, 5, 6, 7}),
        ("state:resolved,pending", {4, 6}),
        ("state:done", {6}),
        ("-state:pending", {1, 2, 3, 5, 7}),
        ("queue:L2", {3}),
        ("-queue:L2 assignee:none", {1, 2, 7}),
        ("assignee:me", {4, 5}),
        ("assignee:bob,none", {1, 2, 3, 7}),
        ("service:VPN", {1}),
        ("-service:vpn", {2, 3, 4, 5, 7}),
        ("service:none", {3, 4, 5, 7}),
        ("customer:contoso priority:P1,P2", {1}),
        ("requester:k.nov", {1}),
        ("requester:kai", {1}),
        ("requester:none", {2, 4, 5, 7}),
        ("kind:request", {2}),
        ("channel:mail", {1}),
        ("tag:vip", {4}),
        ("tag:none -waiting:requester", {1, 2, 3, 5, 7}),
        ("waiting:requester", {4}),
        ("created>2d", {1}),
        ("created<1h", {2, 3, 4, 5, 7}),
        ("created:2026-11-23", {1}),
        ("created>2026-11-23", {2, 3, 4, 5, 7}),
        ("created>=2026-11-23 created<2026-11-24T10:00", {1}),
        ("created<9999-12-31 updated<999999w", {1, 2, 3, 4, 5, 7}),
        ("handovers>=1", {3}),
        ("handovers:0 reopened>0", {5}),
        ("resolved<1h", {6}),
        ("due<0", {1}),
        ("breached:yes", {1}),
        ("breached:no", {2, 3, 4, 5, 7}),
        ("lead:yes", set()),
        ("link:parent", {1, 7}),
        ("parent:HD-1", {7}),
        ("id:6,7", {6, 7}),
        ("0x80", {1, 2}),
        ('"error 0X80"', {1}),
        ("disk -0x80", set()),
        ("100%", {2}),
        ("k_is", {2}),
        ("l_b", set()),
        ("HD-3", {3}),
    ],
)
def test_each_field_finds_the_right_tickets(floor: Desk, text: str, numbers: set[int]) -> None:
    assert found(floor, text) == numbers


def test_due_within_hours_and_warned(floor: Desk, clock: StillClock) -> None:
    due = {
        row.number: row.clock.due_at
        for row in lists.page(floor, lists.Selection()).rows
        if row.clock is not None and row.clock.due_at is not None
    }
    soon = {number for number, at in due.items() if at < clock.now + timedelta(hours=4)}
    assert found(floor, "due<4h") == soon
    assert found(floor, "due>4h") == {1, 2, 3, 5, 7} - soon


@pytest.mark.parametrize("key", ["due", "created", "updated", "priority", "handovers", "id"])
def test_sorting_both_ways(floor: Desk, key: str) -> None:
    def order(text: str) -> list[int]:
        page = lists.page(floor, lists.Selection(query=parse(text)), limit=None)
        return [row.number for row in page.rows]

    assert order(f"state:any sort:{key}") == list(reversed(order(f"state:any sort:-{key}")))


def test_hostile_values_are_harmless(floor: Desk) -> None:
    evils = ("'; DROP TABLE tickets; --", "%", "_", "\\", "' OR 1=1", "\x00", "\ud800", "😀" * 9)
    for evil in evils:
        escaped = evil.replace("\\", "\\\\")
        for text in (f'"{escaped}"', f'tag:"{escaped}"', f'requester:"{escaped}"'):
            assert found(floor, text) <= {2}
        with pytest.raises(QueryError, match="there is no service"):
            found(floor, f'service:"{escaped}"')
    assert len(found(floor, "state:any")) == 7


def test_an_unknown_name_is_reported_with_its_position(floor: Desk) -> None:
    with pytest.raises(QueryError) as caught:
        filters.check(floor, "queue:L1 service:vpn,stroage")
    assert "is it storage?" in str(caught.value)
    assert caught.value.at == len("queue:L1 service:vpn,")
    with pytest.raises(RefusedError, match="there is no agent 'carl'"):
        filters.check(floor, "assignee:carl")


def test_known_names_are_completed(floor: Desk) -> None:
    def offered(text: str) -> list[str]:
        return [one.shown for one in filters.completions(floor, text)]

    assert offered("tag:wa") == ["wave-1"]
    assert offered("assignee:b") == ["bob"]
    assert offered("customer:con") == ["Contoso"]
    assert offered("requester:k") == ["k.novak@contoso.example"]


@pytest.mark.parametrize(
    "text",
    [
        "", "queue:L1", "queue:L1 0x80 -tag:vip", "state:open queue:L2 due<4h", "assignee:me",
        "assignee:none queue:L1", "state:any service:vpn", "state:any customer:Contoso",
        "state:any assignee:me", "state:any requester:k.novak", "state:any tag:vip", "parent:HD-1",
        "id:6", "breached:yes", "state:any created<1d", "state:done",
    ],
)  # fmt: skip
def test_no_query_reads_the_whole_table(floor: Desk, text: str) -> None:
    with floor.database.read() as session:
        narrowed = filters.resolve(floor, session, parse(text))
        wanted = stored.TicketCriteria(filter=narrowed)
        assert full_scans(session, stored.select_page(wanted, None, 0, 50)) == []


def test_a_query_is_combined_with_the_selected_queue(
    floor: Desk, desk_of: Callable[[str], Desk]
) -> None:
    selection = lists.Selection(queue=Level.L2, query=parse("state:any"))
    assert [row.number for row in lists.page(floor, selection).rows] == [3]
    assert found(desk_of("bob"), "assignee:me") == {3}
