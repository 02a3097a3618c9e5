"""Erase what is known of a person who must be forgotten."""

from collections.abc import Collection, Iterable
from typing import Any

from helpdesk.desk.people.person_records import TEXTS, count_change, one_person
from helpdesk.desk.session import Desk
from helpdesk.domain import person
from helpdesk.domain.redact import REDACTED
from helpdesk.domain.roles import Right
from helpdesk.store.database.audit_erasure import Erasure
from helpdesk.store.database.change_log import AuditedSession
from helpdesk.store.database.former_values import former_texts
from helpdesk.store.models import Requester, Ticket
from helpdesk.store.people import person_tickets, persons
from helpdesk.store.search import search_log

_CALLBACK = "callback"
#: The columns by whose values others name a person.
_NAMING = ("name", "mail", "phone")
#: The fields whose changes name a person, and the parts of an entry's data that do.
_FIELDS = frozenset({"requester", person.FURTHER_REQUESTER, _CALLBACK})
_PARTS = frozenset({"requester", _CALLBACK})


def erase(desk: Desk, who: str) -> str:
    """Erase what is known of a person: the record, and the values that the audit trail keeps of it.

    Their tickets stay, with what was written in them.  Their numbers to call back are erased, also
    former ones, and their names, addresses and numbers of all times in the data of timeline
    entries and in the log of searches.

    :returns: the reference, under which the record stays without anything about the person.
    :raises UnknownPersonError: if nobody is meant by the text, or several people are.
    """
    desk.require(Right.MANAGE_DATABASE)
    with desk.database.write(as_desk=True) as session:
        row = one_person(session, who)
        every = [row, *persons.records(session, row.id)]
        tickets = person_tickets.own_tickets(session, [one.id for one in every])
        former = former_texts(
            session,
            {("requesters", (str(one.id),)): _NAMING for one in every}
            | {("tickets", (str(ticket.id),)): (_CALLBACK,) for ticket in tickets},
        )
        called = [one for one in tickets if one.callback or former["tickets", (str(one.id),)]]
        words = {
            *(text for texts in former.values() for text in texts),
            *(getattr(one, name) or "" for one in every for name in _NAMING),
            *(ticket.callback for ticket in called),
        } - {""}
        _erase_entries(session, words, called)
        for ticket in called:
            ticket.callback = ""
            session.change_log.erase(Erasure("tickets", (ticket.id,), frozenset({_CALLBACK})))
        search_log.erase(session, (word for word in words if " " in word or "@" in word))
        for one in every:
            _erase_record(session, one, desk)
        desk.database.announce(session)
        return person.person_ref(row.id)


def _erase_entries(
    session: AuditedSession, words: Collection[str], called: Iterable[Ticket]
) -> None:
    own = {ticket.id for ticket in called}
    found = person_tickets.entries_naming(session, words, own)
    for entry in found:
        kept = _without(entry.data, words, of_them=entry.ticket_id in own)
        if kept != entry.data:
            entry.data = kept
            session.change_log.erase(Erasure("ticket_events", (entry.id,), frozenset({"data"})))


def _erase_record(session: AuditedSession, row: Requester, desk: Desk) -> None:
    row.name, row.mail, row.vip = f"erased {person.person_ref(row.id)}", None, False
    for name in TEXTS:
        setattr(row, name, "")
    count_change(row, desk)
    columns = frozenset({"name", "mail", "vip", *TEXTS})
    session.change_log.erase(Erasure("requesters", (row.id,), columns))


def _without(data: Any, words: Collection[str], *, of_them: bool) -> Any:
    """Return data of an entry without what names a person.

    Only parts that name people are looked at: a person may be called as a value is, "vendor".

    :param of_them: whether the ticket is the person's: then all numbers to call back go.
    """
    if isinstance(data, list):
        return [_without(one, words, of_them=of_them) for one in data]
    if not isinstance(data, dict):
        return data
    naming = {"from", "to"} if data.get("field") in _FIELDS else _PARTS
    is_number = data.get("field") == _CALLBACK

    def kept(name: str, value: Any) -> Any:
        if name not in naming or not isinstance(value, str):
            return _without(value, words, of_them=of_them)
        if of_them and value and (is_number or name == _CALLBACK):
            return "" if name == _CALLBACK else REDACTED
        return REDACTED if value in words else value

    return {name: kept(name, value) for name, value in data.items()}
