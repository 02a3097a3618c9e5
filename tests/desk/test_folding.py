"""Duplicates are folded under the ticket that they follow, in queues, counts and on the board."""

import pytest

from helpdesk.desk.queue import board, folding, lists
from helpdesk.desk.queue.views import FoldedRow
from helpdesk.desk.session import Desk
from helpdesk.desk.ticket import log_query
from helpdesk.desk.ticket.handling import Assign
from helpdesk.desk.ticket.resolving import Resolve
from helpdesk.desk.ticket.views import NewQuery
from helpdesk.domain.escalation import Level
from helpdesk.domain.priority import Impact, Urgency
from tests.verbs import do

_FOLDED = lists.Selection(queue=Level.L1, folded=True)


def log(desk: Desk, subject: str, into: int | None = None, **fields: object) -> int:
    """Log a query, as a duplicate if ``into`` is given; return its number."""
    log_query.log_query(desk, NewQuery(subject, **fields), duplicate_of=into)  # type: ignore[arg-type]
    return max(row.number for row in lists.page(desk, lists.Selection()).rows)


@pytest.fixture
def outage(desk: Desk) -> tuple[int, list[int]]:
    """An outage with three callers, the second of whom is the most urgent; and other tickets."""
    log(desk, "first of others", urgency=Urgency.HIGH, impact=Impact.HIGH)
    number = log(desk, "network is down")
    callers = [log(desk, "no network", number)]
    callers.append(log(desk, "no till", number, urgency=Urgency.HIGH, impact=Impact.HIGH))
    callers.append(log(desk, "no internet", number))
    log(desk, "last of others", urgency=Urgency.LOW, impact=Impact.LOW)
    return number, callers


def numbers(desk: Desk, **more: object) -> list[int]:
    """Return the numbers in the folded list of L1."""
    selection = lists.Selection(queue=Level.L1, folded=True, **more)  # type: ignore[arg-type]
    return [row.number for row in lists.page(desk, selection).rows]


def test_a_group_is_one_row_with_its_size_and_the_most_urgent_clock(
    desk: Desk, outage: tuple[int, list[int]]
) -> None:
    number, callers = outage
    page = lists.page(desk, _FOLDED)
    assert [row.number for row in page.rows] == [1, number, 6]
    assert page.total == 3
    row = page.rows[1]
    assert isinstance(row, FoldedRow)
    assert (row.subject, row.duplicates, row.unfolded) == ("network is down", 3, False)
    urgent = {each.number: each for each in lists.page(desk, lists.Selection()).rows}[callers[1]]
    assert row.clock == urgent.clock
    assert row.clock != next(
        each for each in row.clocks if row.clock and each.name == row.clock.name
    )


def test_a_group_stands_where_its_most_urgent_ticket_is_due(desk: Desk) -> None:
    number = log(desk, "network is slow", urgency=Urgency.LOW, impact=Impact.LOW)
    other = log(desk, "no sound")
    log(desk, "nothing works", number, urgency=Urgency.HIGH, impact=Impact.HIGH)
    assert numbers(desk) == [number, other]


def test_unfolded_duplicates_stand_below_their_group_on_any_page(
    desk: Desk, outage: tuple[int, list[int]]
) -> None:
    number, callers = outage
    by_due = [callers[1], callers[0], callers[2]]
    wanted = [1, number, *by_due, 6]
    assert numbers(desk, unfolded=number) == wanted
    selection = lists.Selection(queue=Level.L1, folded=True, unfolded=number)
    for offset in range(7):
        for limit in range(1, 7):
            page = lists.page(desk, selection, offset, limit)
            assert [row.number for row in page.rows] == wanted[offset : offset + limit]
            assert page.total == len(wanted)
            assert all(row.unfolded for row in page.rows if isinstance(row, FoldedRow))
    assert [lists.position(desk, selection, each) for each in wanted] == list(range(6))


def test_a_folded_duplicate_has_the_position_of_its_group(
    desk: Desk, outage: tuple[int, list[int]]
) -> None:
    number, callers = outage
    assert {lists.position(desk, _FOLDED, each) for each in (number, *callers)} == {1}
    assert lists.position(desk, _FOLDED, 6) == 2


def test_header_and_board_count_a_group_once(desk: Desk, outage: tuple[int, list[int]]) -> None:
    assert lists.counts(desk).queues[Level.L1].open == 3
    read = board.read(desk)
    assert read.queues[0].count.open == 3
    assert [row.number for row in read.at_risk] == [1, outage[0], 6]


def test_the_lists_of_the_command_line_show_each_ticket(
    desk: Desk, outage: tuple[int, list[int]]
) -> None:
    assert lists.page(desk, lists.Selection(queue=Level.L1)).total == 6


def test_a_duplicate_in_another_list_than_its_ticket_has_a_row_of_its_own(
    desk: Desk, outage: tuple[int, list[int]]
) -> None:
    number, callers = outage
    do(desk, callers[0], Assign("ann"))
    mine = lists.Selection(assignee="ann", folded=True)
    assert [row.number for row in lists.page(desk, mine).rows] == [callers[0]]
    assert lists.counts(desk).mine.open == 1
    do(desk, number, Assign("ann"))
    assert [row.number for row in lists.page(desk, mine).rows] == [number]
    assert lists.counts(desk).mine.open == 1


def test_nothing_is_folded_any_more_once_the_group_is_resolved(
    desk: Desk, outage: tuple[int, list[int]]
) -> None:
    do(desk, outage[0], Resolve("the switch was replaced"))
    assert numbers(desk) == [1, 6]
    assert lists.counts(desk).queues[Level.L1].open == 2


@pytest.mark.parametrize(
    ("pairs", "members", "hidden"),
    [
        ([], {}, ()),
        ([(2, 20, 1, 10)], {1: (2,)}, (2,)),
        ([(2, 10, 1, 20)], {1: (2,)}, (1,)),  # the duplicate is due first and stands for both
        ([(2, 10, 1, 10)], {1: (2,)}, (2,)),
        ([(3, 30, 2, 20), (2, 20, 1, 10)], {1: (2,)}, (2,)),  # 3 follows one that is folded
        ([(3, 30, 1, 10), (3, 30, 2, 20)], {2: (3,)}, (3,)),  # of several, the newest
        ([(2, 20, 1, 10), (1, 10, 2, 20)], {}, ()),  # a ring
    ],
)
def test_groups_have_one_level_and_no_ticket_is_in_two(
    pairs: list[tuple[int, int, int, int]],
    members: dict[int, tuple[int, ...]],
    hidden: tuple[int, ...],
) -> None:
    folds = folding.group(pairs)
    assert (folds.members, folds.hidden) == (members, hidden)
    assert len(folds.followed) == len(members)
