"""Each type of timeline entry has a phrase in the timeline and in notices."""

from dataclasses import replace

import pytest

from helpdesk.desk.session import Desk
from helpdesk.desk.ticket import log_query, show_ticket
from helpdesk.desk.ticket.views import EventView, NewQuery, TicketView
from helpdesk.domain.entry_type import EntryType
from helpdesk.tui.text import notices
from helpdesk.tui.text.timeline import timeline_content
from tests.conftest import MONDAY

#: All data that an entry may have.
DATA = {
    "from": "L1",
    "to": "L2",
    "reason": "r",
    "on": "vendor",
    "article": "a.md",
    "with": "HD-9",
    "score": 5,
    "into": "HD-8",
    "duplicate": "HD-7",
    "subject": "s",
    "requester": "r@e.example",
    "problem": "HD-6",
    "change": "HD-5",
    "sop": "sop.md",
    "step": 1,
    "text": "t",
    "count": 2,
    "kind": "parent",
    "spent": "25m",
    "tags": "vpn",
    "what": "claiming",
    "until": "",
    "in": "HD-4",
    "ticket": "HD-3",
    "clock": "resolution",
    "percent": 75,
    "level": "L1",
    "promise": {"version": 1},
    "at": "2026-11-24T09:00:00Z",
    "changes": [{"field": "urgency", "from": "low", "to": "high"}],
}


@pytest.fixture
def ticket(desk: Desk) -> TicketView:
    """A ticket with no entry but its first."""
    return show_ticket.show(desk, log_query.log_query(desk, NewQuery("Cannot log in")).number)


def timeline_line(ticket: TicketView, entry: EntryType) -> str:
    """Return the timeline of a ticket whose only entry is of this type."""
    event = EventView(2, MONDAY, "ann", entry, public=False, text="", data=DATA)
    return timeline_content(replace(ticket, events=(event,)), whole=True).plain


@pytest.mark.parametrize("entry", EntryType)
def test_each_type_has_a_phrase_in_the_timeline(ticket: TicketView, entry: EntryType) -> None:
    assert not timeline_line(ticket, entry).endswith(f"ann {entry}")


def test_a_type_of_a_newer_version_is_shown_by_its_name(ticket: TicketView) -> None:
    assert timeline_line(ticket, EntryType.read("teleported")).endswith("ann teleported")


@pytest.mark.parametrize("entry", [entry for entry in EntryType if not entry.is_routine])
def test_each_type_that_makes_a_notice_has_a_phrase(entry: EntryType) -> None:
    assert notices.CHANGE_PHRASES.get(entry)
