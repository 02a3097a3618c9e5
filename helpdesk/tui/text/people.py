"""What is known of a person, in lines of text."""

from datetime import datetime

from helpdesk.desk.people.views import PersonCard
from helpdesk.domain.i18n import _
from helpdesk.domain.text import one_line
from helpdesk.tui.text.moments import day_text

#: How many tickets of a person are listed.
TICKETS = 3


def card_lines(card: PersonCard, now: datetime) -> list[str]:
    """Return what is known of a person in a few lines: how to reach them, notes, tickets."""
    person = card.person
    parts = [
        person.phone,
        person.room,
        person.device,
        person.language,
        person.customer,
        person.mail,
    ]
    lines = [
        " · ".join(
            one_line(part)
            for part in (f"{'★ VIP ' if person.vip else ''}{person.name}", *parts)
            if part
        )
    ]
    lines += [f"✎ {one_line(note)}" for note in (person.note, person.customer_note) if note]
    lines += ticket_lines(card, now)
    return lines


def ticket_lines(card: PersonCard, now: datetime, without: str = "") -> list[str]:
    """Return how many tickets a person has, and the newest of them, open ones first.

    :param without: the reference of a ticket that is left out of the list.
    """
    if not card.tickets:
        return [_("no tickets so far")]
    counted = _("{open} open, {past} past").format(open=card.open, past=card.past)
    newest = [
        f"  {one.ref} {one.state} {day_text(one.at, now)} {one_line(one.subject)}"
        for one in [one for one in card.tickets if one.ref != without][:TICKETS]
    ]
    return [counted, *newest]
