"""Say what was recorded as the answer to whom, for the message after a reply."""

from helpdesk.desk.ticket.views import TicketView
from helpdesk.domain.i18n import _
from helpdesk.domain.text import one_line
from helpdesk.domain.ticket import ReplyWay

#: How much of the answer is repeated, in characters.
_SHOWN = 60


def sent_text(ticket: TicketView, text: str, way: ReplyWay | None = None) -> str:
    """Return for whom a reply is and how it begins, as the end of a sentence.

    :param way: how the requester got it; None: at the address of the ticket.
    """
    words = one_line(text)
    if not words:
        return _("nothing was said to the requester")
    start = words if len(words) <= _SHOWN else words[: _SHOWN - 1].rstrip() + "…"
    if way is not None and way.is_spoken:
        return _("said {way}: “{start}”").format(way=way.words, start=start)
    people = [ticket.requester, *ticket.further_requesters]
    known = [one_line(person.mail) for person in people if person is not None and person.mail]
    if not known:
        return _("no address is known, so tell the requester: “{start}”").format(start=start)
    recipients = known[0]
    if known[1:]:
        recipients = _("{first} and {count} more").format(first=known[0], count=len(known) - 1)
    return _("recorded for {recipients}, not mailed: “{start}”").format(
        recipients=recipients, start=start
    )
