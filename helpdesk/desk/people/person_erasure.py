"""Erase what is known of a person who must be forgotten."""

from collections.abc import Iterable
from typing import Any

from helpdesk.desk.people.person_records import TEXTS, count_change, one_person
from helpdesk.desk.session import Desk
from helpdesk.domain import person
from helpdesk.domain.redact import REDACTED
from helpdesk.domain.roles import Right
from helpdesk.store.database.audit_erasure import Erasure
from helpdesk.store.people import persons


def erase(desk: Desk, who: str) -> str:
    """Erase what is known of a person: the record, and the values that the audit trail keeps of it.

    Their tickets stay, with what was written in them.  Their numbers to call back are erased, and
    their name, addresses and numbers in the data of timeline entries.

    :returns: the reference, under which the record stays without anything about the person.
    :raises UnknownPersonError: if nobody is meant by the text, or several people are.
    """
    desk.require(Right.MANAGE_DATABASE)
    with desk.database.write(as_desk=True) as session:
        row = one_person(session, who)
        every = [row, *persons.records(session, row.id)]
        called = persons.with_callback(session, [one.id for one in every])
        words = {
            word
            for one in every
            for word in (one.name, one.mail, one.phone)
            if word and len(word) > 1
        } | {ticket.callback for ticket in called}
        for entry in persons.entries_naming(session, words):
            entry.data = _without(entry.data, words)
            session.change_log.erase(Erasure("ticket_events", (entry.id,), frozenset({"data"})))
        for ticket in called:
            ticket.callback = ""
            session.change_log.erase(Erasure("tickets", (ticket.id,), frozenset({"callback"})))
        for one in every:
            one.name, one.mail, one.vip = f"erased {person.person_ref(one.id)}", None, False
            for name in TEXTS:
                setattr(one, name, "")
            count_change(one, desk)
            columns = frozenset({"name", "mail", "vip", *TEXTS})
            session.change_log.erase(Erasure("requesters", (one.id,), columns))
        desk.database.announce(session)
        return person.person_ref(row.id)


def _without(data: Any, words: Iterable[str]) -> Any:
    """Return data of an entry without texts that are one of these words."""
    if isinstance(data, dict):
        return {name: _without(value, words) for name, value in data.items()}
    if isinstance(data, list):
        return [_without(value, words) for value in data]
    return REDACTED if isinstance(data, str) and data in words else data
