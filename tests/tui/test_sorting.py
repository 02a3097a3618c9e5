"""A key sorts the list; the title says how, and the order is kept for each queue."""

from dataclasses import replace

import pytest

from helpdesk.desk.session import Desk
from helpdesk.desk.ticket import log_query
from helpdesk.desk.ticket.handling import Note
from helpdesk.desk.ticket.views import NewQuery
from helpdesk.domain.priority import Impact, Urgency
from tests.conftest import StillClock
from tests.tui.conftest import RunApp, screen_text, settled
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


def order(text: str) -> list[str]:
    """Return the subjects in the order in which the screen shows them."""
    subjects = ("lamp", "no sound", "badge")
    lines = text.splitlines()[3:8]
    return [word for line in lines for word in subjects if f" {word}  " in line]


async def test_f_sorts_the_queue_and_turns_the_order_round(mixed: Desk, run_app: RunApp) -> None:
    async with run_app() as pilot:
        assert order(screen_text(pilot)) == ["badge", "no sound", "lamp"]
        await pilot.press("F", *"age", "enter")
        await settled(pilot)
        assert order(screen_text(pilot)) == ["lamp", "no sound", "badge"]
        assert "L1 · open, oldest first" in screen_text(pilot)
        await pilot.press("F", "enter")
        await settled(pilot)
        assert order(screen_text(pilot)) == ["badge", "no sound", "lamp"]
        assert "L1 · open, newest first" in screen_text(pilot)


async def test_each_queue_keeps_its_own_order(mixed: Desk, run_app: RunApp) -> None:
    async with run_app() as pilot:
        await pilot.press("F", *"requester", "enter")
        await settled(pilot)
        await pilot.press("2")
        await settled(pilot)
        assert "L2 · open, due first" in screen_text(pilot)
        await pilot.press("1")
        await settled(pilot)
        assert "L1 · open, by requester" in screen_text(pilot)
        assert order(screen_text(pilot)) == ["badge", "lamp", "no sound"]


async def test_the_cursor_stays_on_its_ticket_when_the_list_is_sorted(
    mixed: Desk, run_app: RunApp
) -> None:
    async with run_app() as pilot:
        await pilot.press("F", *"age", "enter")
        await settled(pilot)
        await pilot.press("enter")
        await settled(pilot)
        assert "HD-3" in screen_text(pilot).splitlines()[1]


async def test_in_a_filter_it_is_the_sort_of_the_query(mixed: Desk, run_app: RunApp) -> None:
    async with run_app() as pilot:
        await pilot.press("f", *"assignee:none", "enter")
        await settled(pilot)
        await pilot.press("F", *"changed", "enter")
        await settled(pilot)
        assert "sort:-updated" in screen_text(pilot).splitlines()[1]
        await pilot.press("F", "enter")
        await settled(pilot)
        assert "sort:updated" in screen_text(pilot).splitlines()[1]
