"""Each type of timeline entry has its words on the screens."""

from dataclasses import replace

import pytest

from helpdesk.desk.session import Desk
from helpdesk.desk.ticket import log_query, show_ticket
from helpdesk.desk.ticket.views import EventView, Query, TicketView
from helpdesk.domain.entry_type import EntryType
from helpdesk.tui.text import notices
from helpdesk.tui.text.timeline import timeline_content
from tests.conftest import MONDAY

#: Every particular that an entry may have.
PARTICULARS = {
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
    "clock": "resolution",
    "percent": 75,
    "level": "L1",
    "promise": {"version": 1},
    "at": "2026-11-24T09:00:00Z",
    "changes": [{"field": "urgency", "from": "low", "to": "high"}],
}


@pytest.fixture
def ticket(desk: Desk) -> TicketView:
    """A ticket that was only logged."""
    return show_ticket.show(desk, log_query.log_query(desk, Query("Cannot log in")).number)


def told(ticket: TicketView, entry: EntryType) -> str:
    """Return the line of the timeline for an entry of that type."""
    event = EventView(2, MONDAY, "ann", entry, public=False, text="", data=PARTICULARS)
    return timeline_content(replace(ticket, events=(event,)), whole=True).plain


@pytest.mark.parametrize("entry", EntryType)
def test_each_type_has_its_sentence_in_the_timeline(ticket: TicketView, entry: EntryType) -> None:
    assert not told(ticket, entry).endswith(f"ann {entry}")


def test_a_type_of_a_newer_version_is_told_by_its_word(ticket: TicketView) -> None:
    assert told(ticket, EntryType.read("teleported")).endswith("ann teleported")


@pytest.mark.parametrize("entry", [one for one in EntryType if not one.is_routine])
def test_each_type_that_is_news_has_its_words_in_a_notice(entry: EntryType) -> None:
    assert notices.DONE.get(entry)
