"""``helpdesk people …`` and ``helpdesk customer …``: those who send queries."""

import argparse
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from helpdesk.cli.files import text_of
from helpdesk.cli.open_desk import opened_desk, wants_json
from helpdesk.cli.output import iso, local, print_json, print_table, print_text
from helpdesk.desk.exchange.ticket_json import person_json
from helpdesk.desk.people import (
    person_erasure,
    person_lookup,
    person_records,
    person_separation,
    requesters,
)
from helpdesk.desk.people.person_records import PersonValues, given_person_values
from helpdesk.desk.people.views import CustomerView, PersonCard, PersonView
from helpdesk.domain.errors import NotFoundError, RefusedError
from helpdesk.domain.i18n import _
from helpdesk.domain.text import one_line


def find(arguments: argparse.Namespace) -> None:
    """Find people by name, telephone number or mail address."""
    with opened_desk(arguments) as desk:
        found = requesters.requesters(desk, arguments.text, arguments.limit)
    _print_people(arguments, found, _("nobody is found: try fewer letters, or another spelling."))


def list_people(arguments: argparse.Namespace) -> None:
    """List all people."""
    with opened_desk(arguments) as desk:
        found = list(person_lookup.everybody(desk))
    _print_people(arguments, found)


def show(arguments: argparse.Namespace) -> None:
    """Show a person with their tickets."""
    with opened_desk(arguments) as desk:
        found = person_lookup.card(desk, arguments.person, arguments.limit)
        near = () if found else requesters.requesters(desk, arguments.person)
    if found is None:
        raise NotFoundError(_not_one(arguments.person, near))
    if wants_json(arguments):
        print_json(_card_json(found))
    else:
        print_text("\n".join(_card_lines(found)))


def add(arguments: argparse.Namespace) -> None:
    """Add a person."""
    with opened_desk(arguments) as desk:
        added = person_records.add(desk, arguments.name, _values(arguments))
    _report(arguments, added, "added")


def change(arguments: argparse.Namespace) -> None:
    """Change what is known of a person."""
    with opened_desk(arguments) as desk:
        changed = person_records.change(
            desk, arguments.person, _values(arguments), arguments.seen_version
        )
    _report(arguments, changed, "changed")


def join(arguments: argparse.Namespace) -> None:
    """Join two records of one person."""
    with opened_desk(arguments) as desk:
        joined = person_records.join(desk, arguments.person, arguments.into)
    if wants_json(arguments):
        print_json(_card_json(joined))
    else:
        print_text(
            f"{joined.person.ref} stands for {', '.join(joined.joined)} now: {joined.person.name}, "
            f"{joined.open} open and {joined.past} past tickets."
        )


def separate(arguments: argparse.Namespace) -> None:
    """Take back the join of two records."""
    with opened_desk(arguments) as desk:
        separated = person_separation.separate(desk, arguments.person)
    if wants_json(arguments):
        print_json(_card_json(separated))
    else:
        print_text(
            f"{separated.person.ref} is a record of its own again: {separated.person.name}, "
            f"{separated.open} open and {separated.past} past tickets."
        )


def erase(arguments: argparse.Namespace) -> None:
    """Erase what is known of a person."""
    if not arguments.yes:
        raise RefusedError(
            _("nothing was erased: add --yes if {person!r} is to be erased for ever.").format(
                person=one_line(arguments.person)[:60]
            )
        )
    with opened_desk(arguments) as desk:
        ref = person_erasure.erase(desk, arguments.person)
    if wants_json(arguments):
        print_json({"id": ref, "erased": True})
    else:
        print_text(f"{ref} erased; the tickets stay, with what was written in them.")


def list_customers(arguments: argparse.Namespace) -> None:
    """List the customers with the notes on them."""
    with opened_desk(arguments) as desk:
        found = person_lookup.customers(desk)
    if wants_json(arguments):
        print_json([_customer_json(one) for one in found])
        return
    print_table(
        ("CUSTOMER", "DOMAINS", "NOTE"),
        ((one.name, ", ".join(one.domains) or "-", one_line(one.note) or "-") for one in found),
    )


def set_customer(arguments: argparse.Namespace) -> None:
    """Set the note on a customer."""
    note = text_of(arguments.note)
    with opened_desk(arguments) as desk:
        changed = person_lookup.set_customer_note(
            desk, arguments.name, note, arguments.seen_version
        )
    if wants_json(arguments):
        print_json(_customer_json(changed))
    else:
        print_text(f"{changed.name} {'has a note' if changed.note else 'has no note'} now.")


def _values(arguments: argparse.Namespace) -> PersonValues:
    values = given_person_values(arguments)
    return values if values.note is None else replace(values, note=text_of(values.note))


def _not_one(text: str, near: Iterable[PersonView]) -> str:
    refs = ", ".join(f"{one.ref} {one_line(one.name)[:40]}" for one in near)
    shown = one_line(text)[:60]
    if refs:
        return _("{text!r} can be {people}: write the number of one.").format(
            text=shown, people=refs
        )
    return _("nobody is known by {text!r}: 'helpdesk people list' shows everybody.").format(
        text=shown
    )


def _report(arguments: argparse.Namespace, person: PersonView, done: str) -> None:
    if wants_json(arguments):
        print_json(person_json(person))
    else:
        print_text(f"{person.ref} {done}: {_in_one_line(person)}")


def _in_one_line(person: PersonView) -> str:
    parts = (person.name, "VIP" if person.vip else "", person.mail, person.phone, person.customer)
    return ", ".join(part for part in parts if part)


def _print_people(
    arguments: argparse.Namespace, found: Sequence[PersonView], nobody: str = ""
) -> None:
    """Print people as JSON or as a table, or a sentence if there are none."""
    if wants_json(arguments):
        print_json([person_json(one) for one in found])
        return
    if not found and nobody:
        print_text(nobody)
        return
    print_table(
        ("ID", "NAME", "MAIL", "PHONE", "ROOM", "CUSTOMER"),
        (
            (
                *(one.ref, f"{one.name}{' (VIP)' if one.vip else ''}", one.mail or "-"),
                *(one.phone or "-", one.room or "-", one.customer or "-"),
            )
            for one in found
        ),
    )


def _card_lines(card: PersonCard) -> Iterable[str]:
    person = card.person
    yield f"{person.ref} {_in_one_line(person)}"
    also = (("also", ", ".join(person.further_mails)), ("joined", ", ".join(card.joined)))
    known = ((name, getattr(person, name)) for name in ("room", "device", "language"))
    yield from (f"  {name} {one_line(value)}" for name, value in (*known, *also) if value)
    for what, note in (("note", person.note), (f"note on {person.customer}", person.customer_note)):
        if note:
            yield f"  {what}: {one_line(note)}"
    yield f"  {card.open} open and {card.past} past tickets"
    for one in card.tickets:
        yield f"  {one.ref} {one.state} {local(one.at)} {one_line(one.subject)}"


def _card_json(card: PersonCard) -> dict[str, Any]:
    return {
        **person_json(card.person),
        "joined": list(card.joined),
        "open_tickets": card.open,
        "past_tickets": card.past,
        "tickets": [
            {"id": one.ref, "subject": one.subject, "state": one.state, "at": iso(one.at)}
            for one in card.tickets
        ],
    }


def _customer_json(customer: CustomerView) -> dict[str, Any]:
    return {
        "name": customer.name,
        "note": customer.note or None,
        "domains": list(customer.domains),
        "version": customer.version,
    }
