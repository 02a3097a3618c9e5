"""A desk with a confidential customer: a marker stands in each thing that others may not see."""

import re

from sqlalchemy import text

from helpdesk.desk.knowledge import articles
from helpdesk.desk.people import agents, person_lookup, person_records
from helpdesk.desk.people.person_records import PersonValues
from helpdesk.desk.policy import apply_policy
from helpdesk.desk.search import search_log, suggest
from helpdesk.desk.session import Desk
from helpdesk.desk.ticket import log_query, splitting
from helpdesk.desk.ticket.follow_ups import FollowUp
from helpdesk.desk.ticket.handling import Note, Reply
from helpdesk.desk.ticket.links import Link, Merge
from helpdesk.desk.ticket.parents import Unlink
from helpdesk.desk.ticket.resolving import Reopen, Resolve
from helpdesk.desk.ticket.set_fields import SetFields
from helpdesk.desk.ticket.views import NewQuery
from helpdesk.desk.time_spent import entries
from helpdesk.desk.unit_of_work import fields
from helpdesk.domain.escalation import Level
from helpdesk.domain.roles import Role
from helpdesk.domain.search_outcome import SearchOutcome
from helpdesk.domain.tags import TagChange
from helpdesk.domain.ticket import Kind, LinkKind
from tests.policies import apply_text
from tests.verbs import do

#: The number before the first hidden ticket: no other number on the desk looks like it.
BASE = 7_700_000
CUSTOMER = "Zyxcorp Holding"
#: A word of everything hidden; numbers are found as well.
MARKER = re.compile(r"zyx|77000(?!23)(?:1[0-9]|2[0-6])(?![0-9])", re.IGNORECASE)
MAIL = "zyxanna@zyxcorp.example"
#: The person with this address, the telephone number, and the name of another record of theirs.
PERSON, PHONE, SECOND = "P-2", "7700018", "Zyxanna Second"
#: The ticket that everybody sees, which is related to hidden ones in every way.
VISIBLE = BASE + 2
#: A ticket without any secret.
PLAIN = BASE + 3
HIDDEN = BASE + 10
#: The hidden ticket that is given to another customer in the end, so that all see it.
_MOVED = 13
MOVED = HIDDEN + _MOVED
#: A number that no ticket has.
MISSING = BASE + 99

CONFIDENTIAL = 'confidential = ["ann", "cid"]\n'
POLICY = f"""
# Zyxcorp Holding pays well.
[customers."{CUSTOMER}"]
domains = ["zyxcorp.example"]
{CONFIDENTIAL}
[sla.Special]
calendar = "8/5"
customers = ["{CUSTOMER}"]
[sla.Special.targets]
P1 = {{ resolution = "4h" }}
P2 = {{ resolution = "8h" }}
P3 = {{ resolution = "16h" }}
P4 = {{ resolution = "40h" }}
"""


def make(desk: Desk) -> None:
    """Fill a new desk of ann and bob; bob may not see the customer."""
    agents.add(desk, "cid", [Level.L1])
    agents.add(desk, "eve", [Level.L1], Role.AUDITOR)
    apply_text(desk, apply_policy.show(desk).text + POLICY)
    _first_ticket(desk)
    log_query.log_query(desk, NewQuery("printer is out of toner", requester="p@fab.example"))
    log_query.log_query(desk, NewQuery("screen flickers", requester="p@fab.example"))
    for number in range(BASE + 4, HIDDEN):
        log_query.log_query(desk, NewQuery(f"filler {number % 10}"))
    hidden = [_hidden(desk, number) for number in range(16)]
    assert hidden[0] == HIDDEN
    _people(desk)
    _relate(desk, hidden)
    _work(desk, hidden)


def _people(desk: Desk) -> None:
    """Put down what is known of the customer's person, who has two records, and of the customer."""
    values = PersonValues(phone=PHONE, room="zyxroom", device="zyxdevice", note="zyxnote", vip=True)
    person_records.change(desk, PERSON, values)
    second = PersonValues(mail="second@zyxcorp.example", customer=CUSTOMER, phone="7700019 0")
    person_records.join(desk, person_records.add(desk, SECOND, second).ref, PERSON)
    person_lookup.set_customer_note(desk, CUSTOMER, "zyxnote")


def _hidden(desk: Desk, number: int) -> int:
    query = NewQuery(
        "about nothing" if number == _MOVED else f"zyxsubject {number} takeover of printers",
        body="" if number == _MOVED else "zyxbody toner",
        requester=f"Zyxanna <{MAIL}>",
        kind={1: Kind.PROBLEM, 2: Kind.CHANGE, 9: Kind.PROBLEM, 10: Kind.CHANGE}.get(number),
    )
    return log_query.log_query(desk, query).number


def _relate(desk: Desk, hidden: list[int]) -> None:
    """Relate the visible ticket to a hidden one in every way, in both directions."""
    for kind, number in zip(LinkKind, hidden, strict=False):
        if kind is not LinkKind.DUPLICATE:
            do(desk, VISIBLE, Link(number, kind))
    do(desk, hidden[6], Link(VISIBLE, LinkKind.RELATED))
    do(desk, VISIBLE, Link(hidden[7], LinkKind.RELATED))
    do(desk, VISIBLE, Unlink(hidden[7], LinkKind.RELATED))
    _join(desk, hidden)
    do(desk, hidden[9], Link(hidden[10], LinkKind.CHANGE))
    for number in (hidden[10], hidden[9]):
        do(desk, number, Resolve("zyxfixed"))
    do(desk, BASE + 6, Link(hidden[9], LinkKind.PROBLEM))
    # A ticket of the customer turned out to be somebody else's, and a part of it stayed.
    moved = hidden[_MOVED]
    splitting.split(desk, moved, "zyxpart")
    do(
        desk,
        moved,
        SetFields(fields.FieldChanges(customer="Fab", requester="p@fab.example")),
    )


def _join(desk: Desk, hidden: list[int]) -> None:
    """Join visible and hidden tickets as could be done before the customer was confidential."""
    policy = apply_policy.show(desk).text
    apply_text(desk, policy.replace(CONFIDENTIAL, ""))
    desk.database.forget_visibility()
    do(desk, hidden[8], Merge(VISIBLE))
    do(desk, hidden[11], Link(VISIBLE, LinkKind.DUPLICATE))
    # The other way round: visible tickets that were merged into, or follow, a hidden one.
    do(desk, BASE + 4, Merge(hidden[12]))
    do(desk, BASE + 5, Link(hidden[12], LinkKind.DUPLICATE))
    apply_text(desk, policy)
    desk.database.forget_visibility()


def _work(desk: Desk, hidden: list[int]) -> None:
    first, resolved = hidden[0], hidden[14]
    article = articles.rows(desk)[0].path
    do(desk, first, Note("zyxnote @bob"), Reply("zyxreply"))
    do(desk, first, SetFields(fields.FieldChanges(tags=TagChange(("zyxtag",)))))
    do(desk, first, FollowUp("2h"))
    entries.record_time(desk, first, "30m", "zyxtime")
    do(desk, resolved, Resolve("zyxanswer", article))
    do(desk, hidden[12], Resolve("the cable was loose"))
    do(desk, BASE + 4, Reopen("again"))
    # bob gets a notice of each change of the visible ticket, and searches were made.
    do(desk, VISIBLE, Note("@bob please look"))
    found = suggest.suggest(desk, "takeover zyxsubject", "tickets", typing=False)
    shown = [hit.id for hit in found.hits]
    search_log.record(desk, "search", "zyxsubject takeover", shown, SearchOutcome.NONE)
    search_log.record(desk, "form", "zyxform question", [], SearchOutcome.NONE, whose=(MAIL, ""))


def _first_ticket(desk: Desk) -> None:
    """Log a ticket with the number ``BASE + 1``, which later ones follow."""
    query = NewQuery("first", requester="p@fab.example")
    if desk.database.file is None:
        statement = "SELECT setval(pg_get_serial_sequence('tickets', 'id'), :number)"
        with desk.database.restructure() as connection:
            connection.execute(text(statement), {"number": BASE})
        log_query.log_query(desk, query)
        return
    log_query.log_query(desk, query)
    with desk.database.restructure() as connection:
        connection.execute(text("UPDATE tickets SET id = :number"), {"number": BASE + 1})
        for table in ("ticket_events", "ticket_clocks"):
            statement = f"UPDATE {table} SET ticket_id = :number"
            connection.execute(text(statement), {"number": BASE + 1})
