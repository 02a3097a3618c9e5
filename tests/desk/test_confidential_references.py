"""What visible tickets, counts and errors tell about tickets that are confidential to others."""

import json
from collections.abc import Callable, Iterator
from functools import partial

import pytest
from sqlalchemy import event
from sqlalchemy.engine import Engine

from helpdesk.desk import audit
from helpdesk.desk.exchange import exporting
from helpdesk.desk.exchange.ticket_json import row_json, ticket_json
from helpdesk.desk.exchange.ticket_text import ticket_text
from helpdesk.desk.inbox import inbox
from helpdesk.desk.knowledge import articles, gaps
from helpdesk.desk.people import agents, presence
from helpdesk.desk.people.requesters import requesters
from helpdesk.desk.policy import apply_policy
from helpdesk.desk.queue import filters, lists
from helpdesk.desk.search import suggest
from helpdesk.desk.session import Desk
from helpdesk.desk.ticket import log_query, show_ticket
from helpdesk.desk.ticket.handling import Assign, Note
from helpdesk.desk.ticket.links import Link, Merge
from helpdesk.desk.ticket.parents import Unlink
from helpdesk.desk.ticket.views import NewQuery
from helpdesk.desk.time_spent import entries
from helpdesk.domain.errors import DeskError, NotFoundError, RefusedError
from helpdesk.domain.escalation import Level
from helpdesk.domain.query import parse
from helpdesk.domain.references import HIDDEN_TICKET
from helpdesk.domain.roles import Role
from helpdesk.domain.ticket import LinkKind
from helpdesk.store.database.visibility import belonging_to_tickets
from helpdesk.store.models import Ticket
from helpdesk.store.models.base import Base
from helpdesk.tui.text.notices import notice_sentence
from helpdesk.tui.text.timeline import timeline_content
from tests.conftest import StillClock
from tests.hidden_desk import BASE, CUSTOMER, HIDDEN, MARKER, MISSING, MOVED, PLAIN, VISIBLE, make
from tests.policies import apply_text
from tests.verbs import do


@pytest.fixture
def ann(desk: Desk) -> Desk:
    """The desk of ann, who may see the customer's tickets."""
    make(desk)
    return desk


@pytest.fixture
def bob(ann: Desk, desk_of: Callable[[str], Desk]) -> Iterator[Desk]:
    """The desk of bob, who may not."""
    opened = desk_of("bob")
    yield opened
    opened.close()


def _words(desk: Desk, number: int) -> str:
    """Return a ticket as its screen, its command and its JSON show it."""
    ticket = show_ticket.show(desk, number)
    timeline = timeline_content(ticket, whole=True).plain
    return "\n".join((timeline, ticket_text(ticket), json.dumps(ticket_json(ticket))))


def test_a_visible_ticket_names_no_hidden_one(ann: Desk, bob: Desk) -> None:
    for number in (VISIBLE, BASE + 4, BASE + 5, BASE + 6, MOVED):
        words = _words(bob, number)
        assert MARKER.findall(words) == [], number
        assert "None" not in words
        assert MARKER.search(_words(ann, number)), number
    timeline = timeline_content(show_ticket.show(bob, VISIBLE), whole=True).plain
    assert f"linked it: parent {HIDDEN_TICKET}\n" in timeline
    assert f"joined {HIDDEN_TICKET} to it\n" in timeline
    joined = [one for one in show_ticket.show(bob, VISIBLE).events if one.type == "joined"]
    assert {(one.data["duplicate"], one.data["subject"]) for one in joined} == {(None, "")}
    assert show_ticket.show(bob, VISIBLE).further_requesters == ()
    shown = ticket_json(show_ticket.show(bob, BASE + 6))
    assert shown["reappeared"] == {"problem": None, "change": None}


def test_lists_and_exports_name_none_either(ann: Desk, bob: Desk) -> None:
    page = lists.page(bob, lists.Selection(query=parse("state:new,open,pending,resolved,closed")))
    rows = {row.number: row_json(row) for row in page.rows}
    assert MARKER.findall(json.dumps(rows)) == []
    assert (rows[BASE + 4]["duplicate_of"], rows[BASE + 6]["reappeared"]) == (None, None)
    exported = [one for chunk in exporting.tickets(bob) for one in chunk]
    assert {one.number for one in exported} == rows.keys()
    assert MARKER.findall(json.dumps([(one.facts, one.events) for one in exported])) == []
    whole = [one for chunk in exporting.tickets(ann) for one in chunk]
    assert len(whole) > len(exported)


def test_notices_name_none_and_are_counted_without_them(ann: Desk, bob: Desk) -> None:
    do(ann, PLAIN, Assign("bob"))
    do(ann, PLAIN, Link(HIDDEN, LinkKind.RELATED))
    found = inbox.listing(bob)
    assert [one.data.get("to", "") for one in found if one.data.get("entry") == "linked"] == [None]
    assert MARKER.findall(repr(found) + "".join(map(notice_sentence, found))) == []
    # A notice that was sent before the customer became confidential.
    apply_text(ann, apply_policy.show(ann).text.replace('"ann", "cid"', '"ann", "bob"'))
    do(ann, HIDDEN, Note("@bob read this"))
    apply_text(ann, apply_policy.show(ann).text.replace('"ann", "bob"', '"ann", "cid"'))
    bob.database.forget_visibility()
    assert len(inbox.listing(bob)) == len(found)
    assert inbox.mark_all_read(bob) == len(found)


def test_counts_are_of_what_the_reader_may_see(ann: Desk, bob: Desk) -> None:
    (used,) = [row for row in articles.rows(ann) if row.times_used]
    assert [row.times_used for row in articles.rows(bob) if row.path == used.path] == [0]
    assert gaps.gaps(ann).most_used
    assert gaps.gaps(bob).most_used == ()
    assert "zyxsubject takeover" in [one.text for one in gaps.gaps(ann).unanswered]
    for desk in (ann, bob):
        assert "zyxform question" not in [one.text for one in gaps.gaps(desk).unanswered]
    assert MARKER.findall(repr(gaps.gaps(bob))) == []
    assert [one.text for one in filters.completions(ann, "tag:zyx")] != []
    for typed in ("tag:zyx", "customer:zyx", "requester:zyx"):
        assert filters.completions(bob, typed) == []
    assert requesters(bob, "zyx") == ()
    assert len(requesters(ann, "zyx")) == 1


def test_hidden_hits_take_no_place_and_offer_no_spelling(ann: Desk, bob: Desk) -> None:
    ours = suggest.suggest(ann, "takeovr of toner", "tickets", typing=False)
    assert ours.corrected == ("takeover",)
    theirs = suggest.suggest(bob, "takeovr of toner", "tickets", limit=1, typing=False)
    assert [hit.id for hit in theirs.hits] == [f"HD-{VISIBLE}"]
    assert theirs.corrected == ()


def test_the_app_of_a_confidant_is_not_seen_on_a_hidden_ticket(
    ann: Desk, bob: Desk, clock: StillClock
) -> None:
    for number, process in ((HIDDEN, "a"), (VISIBLE, "b")):
        presence.announce(ann, process, presence.OpenTicket(number, writing=True))
    assert presence.others(bob).keys() == {VISIBLE}
    assert presence.others(ann).keys() == {HIDDEN, VISIBLE}


def test_refusals_do_not_name_them(ann: Desk, bob: Desk) -> None:
    with pytest.raises(RefusedError, match=f"is a child of {HIDDEN_TICKET} already"):
        do(bob, VISIBLE, Link(PLAIN, LinkKind.PARENT))
    entries.start(ann, HIDDEN)
    with pytest.raises(RefusedError, match=f"HD-{HIDDEN} since"):
        entries.start(ann, VISIBLE)
    with pytest.raises(RefusedError, match="is not linked to"):
        do(bob, VISIBLE, Unlink(HIDDEN, LinkKind.PROBLEM))
    assert show_ticket.show(ann, VISIBLE).links


def test_a_timer_on_a_ticket_that_became_hidden_is_not_named(ann: Desk, bob: Desk) -> None:
    apply_text(ann, apply_policy.show(ann).text.replace('"ann", "cid"', '"ann", "bob"'))
    bob.database.forget_visibility()
    entries.start(bob, HIDDEN)
    apply_text(ann, apply_policy.show(ann).text.replace('"ann", "bob"', '"ann", "cid"'))
    bob.database.forget_visibility()
    assert entries.running(bob) is None
    with pytest.raises(RefusedError, match=f"your timer runs on {HIDDEN_TICKET}"):
        entries.start(bob, VISIBLE)


def _names(desk: Desk) -> set[str]:
    """Return the customers of all tickets that an agent sees."""
    return {one.facts["customer"] for chunk in exporting.tickets(desk) for one in chunk}


def _statements(desk: Desk, action: Callable[[], object]) -> list[str]:
    """Return the statements that are sent to the database until an action is refused."""
    sent: list[str] = []

    def note(_: object, __: object, statement: str, *rest: object) -> None:
        sent.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        with pytest.raises(DeskError):
            action()
    finally:
        event.remove(Engine, "before_cursor_execute", note)
    return sent


@pytest.mark.parametrize(
    "action",
    [
        show_ticket.show,
        lambda desk, number: do(desk, number, Note("x")),
        lambda desk, number: do(desk, VISIBLE, Merge(number)),
        lambda desk, number: do(desk, VISIBLE, Link(number, LinkKind.RELATED)),
        lambda desk, number: do(desk, VISIBLE, Unlink(number, LinkKind.RELATED)),
        entries.entries,
        entries.start,
    ],
)
def test_a_hidden_ticket_takes_the_path_of_a_missing_one(
    bob: Desk, action: Callable[[Desk, int], object]
) -> None:
    for number in (HIDDEN, MISSING):  # the statements of the first time are not compared
        _statements(bob, partial(action, bob, number))
    first = _statements(bob, partial(action, bob, HIDDEN))
    assert _statements(bob, partial(action, bob, MISSING)) == first
    assert len(first) > 1


def test_each_agent_gets_their_own_answer_in_one_process(
    ann: Desk, bob: Desk, desk_of: Callable[[str], Desk]
) -> None:
    more = '\n[customers.Other]\ndomains = ["fab.example"]\nconfidential = ["bob"]\n'
    apply_text(ann, apply_policy.show(ann).text + more)
    bob.database.forget_visibility()
    log_query.log_query(bob, NewQuery("new", requester="p@fab.example", customer="Other"))
    cid = desk_of("cid")
    for _ in range(2):
        assert _names(bob) & {CUSTOMER, "Other"} == {"Other"}
        assert _names(cid) & {CUSTOMER, "Other"} == {CUSTOMER}
    cid.close()


def test_the_trail_is_whole_for_an_administrator_who_may_not_see_all(
    ann: Desk, desk_of: Callable[[str], Desk]
) -> None:
    agents.add(ann, "dan", [Level.L1], Role.ADMIN)
    dan = desk_of("dan")
    with pytest.raises(NotFoundError):
        show_ticket.show(dan, HIDDEN)
    assert audit.faults(dan) == audit.faults(ann)
    assert CUSTOMER in apply_policy.show(dan).text
    dan.close()


def test_every_reference_that_is_a_key_is_covered() -> None:
    """Rows that belong to a ticket name it ``ticket_id``; a link, in addition, ``other_id``."""
    covered = {name for _, name in belonging_to_tickets()}
    assert covered == {"ticket_id", "other_id"}
    named = {
        mapper.class_
        for mapper in Base.registry.mappers
        if "ticket_id" in mapper.columns and mapper.class_.__name__ != "Presence"
    }
    assert {class_ for class_, _ in belonging_to_tickets()} == named
    assert Ticket not in named
