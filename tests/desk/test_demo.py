"""The demo desk: reproducible, and consistent with the rules of a real desk."""

import json
import sqlite3
from collections import Counter
from pathlib import Path

import pytest
from sqlalchemy import select

from helpdesk.desk import scheduler
from helpdesk.desk.demo.fill import fill
from helpdesk.desk.macro import macros
from helpdesk.desk.opening import open_desk
from helpdesk.desk.queue import lists
from helpdesk.desk.session import Desk
from helpdesk.desk.settings import Settings
from helpdesk.desk.sla import ticket_clocks
from helpdesk.desk.ticket import log_query, show_ticket
from helpdesk.desk.ticket.views import NewQuery
from helpdesk.domain.entry_type import EntryType
from helpdesk.domain.errors import RefusedError
from helpdesk.domain.ticket import ACTIVE_STATES, State
from helpdesk.store.models import Ticket, TicketArticle, TicketClock, TicketEvent
from tests.conftest import KB, MONDAY, StillClock

_COUNT = 300


@pytest.fixture
def engine() -> str:
    """SQLite only, because filling a desk is slow; one test fills a desk on PostgreSQL."""
    return "sqlite"


@pytest.fixture
def made(desk: Desk) -> Desk:
    """A desk with 300 generated tickets."""
    fill(desk, _COUNT, 7, desk.now())
    return desk


def _contents(file: str) -> list[tuple[object, ...]]:
    with sqlite3.connect(file) as connection:
        return [
            row
            for table in ("tickets", "ticket_events", "ticket_clocks", "requesters")
            for row in connection.execute(f"SELECT * FROM {table} ORDER BY 1, 2")
        ]


def test_the_same_seed_makes_the_same_desk(tmp_path: Path, kb: Path, clock: StillClock) -> None:
    desks = []
    for name, seed in (("a", 1), ("b", 1), ("c", 2)):
        desk = open_desk(Settings(str(tmp_path / f"{name}.db"), kb), clock)
        fill(desk, 60, seed, desk.now())
        desks.append(_contents(desk.database.name))
        desk.close()
    assert desks[0] == desks[1]
    assert desks[0] != desks[2]


def test_it_contains_what_a_real_desk_contains(made: Desk) -> None:
    with made.database.read() as session:
        rows = list(session.scalars(select(Ticket).order_by(Ticket.id)))
    assert len(rows) == _COUNT
    assert [row.created_at for row in rows] == sorted(row.created_at for row in rows)
    assert all(row.created_at <= row.updated_at <= MONDAY for row in rows)
    states = Counter(row.state for row in rows)
    assert states[State.CLOSED] + states[State.RESOLVED] > _COUNT * 0.7
    assert set(states) >= ACTIVE_STATES
    assert len({row.queue for row in rows if row.state in ACTIVE_STATES}) == 4
    assert max(row.hand_overs for row in rows) >= 2
    assert any(row.reopenings for row in rows)
    counts = lists.counts(made)
    assert sum(count.breached for count in counts.queues.values())
    assert sum(count.warning for count in counts.queues.values())
    assert any("\x1b" in row.subject or "[" in row.subject for row in rows)


def test_clocks_and_versions_are_those_that_the_desk_would_compute(made: Desk) -> None:
    with made.database.read() as session:
        made_tickets = session.scalars(select(Ticket)).all()
        assert len(made_tickets) > 100
        for ticket in made_tickets:
            history = ticket_clocks.history_of(session, ticket.id)
            readings = ticket_clocks.readings(history, ticket.updated_at)
            stored = {
                clock.name: (clock.due_at, clock.elapsed_s, clock.state, clock.met_at)
                for clock in session.scalars(
                    select(TicketClock).where(TicketClock.ticket_id == ticket.id)
                )
            }
            assert stored == {
                name: (one.due_at, one.elapsed_s, one.state, one.met_at)
                for name, one in readings.items()
            }
            events = list(
                session.scalars(
                    select(TicketEvent)
                    .where(TicketEvent.ticket_id == ticket.id)
                    .order_by(TicketEvent.id)
                )
            )
            assert events[0].type == "logged"
            assert [event.at for event in events] == sorted(event.at for event in events)
            assert events[-1].data["version"] == ticket.version


def test_no_action_is_overdue(made: Desk) -> None:
    assert scheduler.catch_up(made) == 0
    with made.database.read() as session:
        types = Counter(session.scalars(select(TicketEvent.type)))
    assert types[EntryType.WARNED] > 20
    assert types[EntryType.BREACHED] > 5


def test_every_reference_points_to_an_existing_row_or_file(made: Desk) -> None:
    with made.database.read() as session:
        if made.database.file is not None:  # PostgreSQL enforces foreign keys always
            assert session.connection().exec_driver_sql("PRAGMA foreign_key_check").first() is None
        paths = list(session.scalars(select(TicketArticle.path).distinct()))
    assert paths
    assert all((KB / path).is_file() for path in paths)


def test_generated_tickets_can_be_shown(made: Desk) -> None:
    page = lists.page(made, lists.Selection())
    assert len(page.rows) >= 20
    for row in page.rows[:20]:
        ticket = show_ticket.show(made, row.number)
        assert ticket.events
        json.dumps([dict(event.data) for event in ticket.events])


def test_a_desk_that_has_tickets_is_not_filled(made: Desk) -> None:
    with pytest.raises(RefusedError, match="holds tickets already"):
        fill(made, 10, 1, made.now())


@pytest.mark.parametrize("engine", ["postgresql"])
def test_a_desk_on_postgresql_is_filled(desk: Desk) -> None:
    fill(desk, 10, 1, desk.now())
    assert lists.page(desk, lists.Selection()).total > 0
    assert log_query.log_query(desk, NewQuery("one more")).number == 11


def test_the_demo_has_macros_and_canned_replies_without_mistakes(made: Desk) -> None:
    found = macros.list_macros(made)
    assert any(macro.steps for macro in found)
    assert any(not macro.steps for macro in found)
    assert all(macro.shared for macro in found)
    assert macros.check(made) == ()
