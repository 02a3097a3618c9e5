"""The orders of a list: their sequence, the place of a ticket, and folded duplicates."""

from dataclasses import replace

import pytest

from helpdesk.desk.queue import lists
from helpdesk.desk.session import Desk
from helpdesk.desk.ticket import log_query
from helpdesk.desk.ticket.handling import Note
from helpdesk.desk.ticket.views import NewQuery
from helpdesk.domain.priority import Impact, Urgency
from helpdesk.domain.query import parse
from tests.conftest import StillClock
from tests.verbs import do


@pytest.fixture
def mixed(desk: Desk, clock: StillClock) -> Desk:
    """Three tickets that each order puts into another sequence."""
    worst = {"urgency": Urgency.HIGH, "impact": Impact.HIGH}
    query = NewQuery("lamp", requester="Zoe <z@fab.example>")
    log_query.log_query(desk, replace(query, urgency=Urgency.LOW, impact=Impact.LOW))
    clock.advance(minutes=10)
    log_query.log_query(desk, NewQuery("no sound"))
    clock.advance(minutes=10)
    badge = NewQuery("badge", requester="b@fab.example", **worst)  # type: ignore[arg-type]
    log_query.log_query(desk, badge)
    clock.advance(minutes=10)
    do(desk, 2, Note("asked the vendor"))
    return desk


def numbers(desk: Desk, sort: str) -> list[int]:
    """Return the tickets in an order."""
    return [row.number for row in lists.page(desk, lists.Selection(sort=sort)).rows]


@pytest.mark.parametrize(
    ("sort", "expected"),
    [
        ("due", [3, 2, 1]),
        ("priority", [3, 2, 1]),
        ("created", [1, 2, 3]),
        ("updated", [1, 3, 2]),
        ("requester", [3, 1, 2]),
    ],
)
def test_each_order_and_its_place_both_ways(mixed: Desk, sort: str, expected: list[int]) -> None:
    for order, wanted in ((sort, expected), (f"-{sort}", expected[::-1])):
        assert numbers(mixed, order) == wanted
        assert [
            lists.position(mixed, lists.Selection(sort=order), number) for number in wanted
        ] == [0, 1, 2]


def test_a_query_sorts_by_requester(mixed: Desk) -> None:
    for text, wanted in (("sort:requester", [3, 1, 2]), ("sort:-requester", [2, 1, 3])):
        page = lists.page(mixed, lists.Selection(query=parse(text)))
        assert [row.number for row in page.rows] == wanted


@pytest.mark.parametrize("sort", ["due", "-due", "created", "-created", "requester"])
def test_folded_duplicates_are_reached_in_every_order(mixed: Desk, sort: str) -> None:
    for caller in range(3):
        log_query.log_query(mixed, NewQuery(f"caller {caller}"), duplicate_of=2)
    for unfolded in (None, 2):
        selection = lists.Selection(sort=sort, folded=True, unfolded=unfolded)
        listed = [row.number for row in lists.page(mixed, selection).rows]
        assert len(listed) == len(set(listed)) == (6 if unfolded else 3)
        assert [lists.position(mixed, selection, number) for number in listed] == [*range(6)][
            : len(listed)
        ]
        if unfolded:
            place = listed.index(2)
            assert set(listed[place + 1 : place + 4]) == {4, 5, 6}
