"""Which tickets have a requester who has written since the last answer."""

import pytest
from sqlalchemy import Engine, event

from helpdesk.desk.exchange.ticket_json import row_json, ticket_json
from helpdesk.desk.queue import lists
from helpdesk.desk.session import Desk
from helpdesk.desk.ticket import log_query, show_ticket
from helpdesk.desk.ticket.handling import Note, Receive, Reply
from helpdesk.desk.ticket.views import NewQuery
from helpdesk.domain.query import parse
from helpdesk.domain.ticket import ReplyWay
from tests.plans import full_scans_of
from tests.verbs import do


@pytest.fixture
def written(desk: Desk) -> Desk:
    """A ticket whose requester waits, one that was answered, one that nobody wrote about."""
    for subject in ("no sound", "lamp broken", "new badge"):
        log_query.log_query(desk, NewQuery(subject))
    for number in (1, 2):
        do(desk, number, Reply("please restart it", ReplyWay.PHONE))
        do(desk, number, Receive("it did not help"))
    do(desk, 2, Reply("then we come by", ReplyWay.PHONE))
    do(desk, 1, Note("asked the vendor"))
    return desk


def test_the_filter_finds_them_and_turned_round_all_others(written: Desk) -> None:
    for text, numbers in (("wrote:yes", {1}), ("wrote:no", {2, 3}), ("-wrote:yes", {2, 3})):
        page = lists.page(written, lists.Selection(query=parse(text)))
        assert {row.number for row in page.rows} == numbers


def test_lists_and_tickets_say_it_in_json(written: Desk) -> None:
    rows = lists.page(written, lists.Selection()).rows
    assert {row.number: row_json(row)["requester_wrote"] for row in rows} == {
        number: ticket_json(show_ticket.show(written, number))["requester_wrote"]
        for number in (1, 2, 3)
    }
    assert ticket_json(show_ticket.show(written, 1))["requester_wrote"] is True


def test_a_page_reads_the_messages_of_all_rows_at_once_and_by_an_index(written: Desk) -> None:
    statements: list[str] = []

    def note(_c: object, _d: object, text: str, *_more: object) -> None:
        statements.append(text)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        lists.page(written, lists.Selection())
    finally:
        event.remove(Engine, "before_cursor_execute", note)
    assert sum("FROM ticket_events" in text for text in statements) == 1
    waiting = lists.Selection(query=parse("wrote:yes"))
    assert full_scans_of(written, lambda: lists.page(written, waiting)) == []
