"""Timeline entries of a type that this version does not know are shown and exported."""

import json

import pytest
from sqlalchemy import text

from helpdesk.desk.bulk import bulk, undo
from helpdesk.desk.exchange import exporting
from helpdesk.desk.exchange.ticket_json import ticket_json
from helpdesk.desk.exchange.ticket_text import ticket_text
from helpdesk.desk.queue import board
from helpdesk.desk.session import Desk
from helpdesk.desk.ticket import log_query, show_ticket
from helpdesk.desk.ticket.handling import Note
from helpdesk.desk.ticket.views import NewQuery
from helpdesk.domain.entry_type import EntryType


@pytest.fixture
def number(desk: Desk) -> int:
    """A ticket with an entry by ann whose type only a newer version knows."""
    number = log_query.log_query(desk, NewQuery("Cannot log in")).number
    with desk.database.write() as session:
        session.execute(
            text(
                "INSERT INTO ticket_events (ticket_id, at, actor_id, type, public, text, data) "
                "SELECT ticket_id, at, actor_id, 'teleported', public, 'to Mars', "
                """'{"version": 2}' FROM ticket_events WHERE ticket_id = :number"""
            ),
            {"number": number},
        )
        session.execute(
            text("UPDATE tickets SET version = 2 WHERE id = :number"), {"number": number}
        )
    return number


def test_it_is_shown_by_its_word(desk: Desk, number: int) -> None:
    shown = show_ticket.show(desk, number)
    assert [event.type for event in shown.events] == ["logged", "teleported"]
    assert "ann teleported" in ticket_text(shown)
    document = json.loads(json.dumps(ticket_json(shown)))
    assert [event["type"] for event in document["events"]] == ["logged", "teleported"]


def test_it_is_exported_by_its_word(desk: Desk, number: int) -> None:
    (ticket,) = next(exporting.tickets(desk))
    assert ticket.number == number
    assert [event["type"] for event in ticket.events] == ["logged", "teleported"]


def test_it_cannot_be_undone(desk: Desk, number: int) -> None:
    (refused,) = undo.undo(desk, [number]).refused
    assert "it is more than a change of this ticket (teleported)." in str(refused)


def test_work_goes_on_after_it(desk: Desk, number: int) -> None:
    assert not bulk.apply(desk, [number], [Note("still here")]).refused
    assert show_ticket.show(desk, number).events[-1].text == "still here"
    assert sum(line.came[-1] for line in board.read(desk).queues) == 1


def test_every_word_fits_its_column() -> None:
    assert all(len(entry) <= 20 for entry in EntryType)
