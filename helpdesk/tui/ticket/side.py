"""The content beside the timeline: clocks with live countdowns, facts, links."""

from datetime import date, datetime

from textual.content import Content

from helpdesk.desk.people.views import PersonCard, PersonView
from helpdesk.desk.sla.views import ClockView
from helpdesk.desk.ticket.views import ContractView, LinkView, TicketView
from helpdesk.domain.i18n import _
from helpdesk.domain.person import LINES
from helpdesk.domain.sla.clock import OLA, clock_title
from helpdesk.domain.text import one_line
from helpdesk.domain.ticket import LinkKind
from helpdesk.domain.ticket_fields import FACTS
from helpdesk.domain.time_spent import minutes_text
from helpdesk.tui.text.countdown import CountdownStatus, countdown_text, remaining_text
from helpdesk.tui.text.moments import moment_text, stamp_text
from helpdesk.tui.text.people import ticket_lines

_CHILDREN_SHOWN = 12
_LINKS_SHOWN = 2
WROTE = _("« requester wrote, no answer yet")
_COLOURS = {
    CountdownStatus.OK: "",
    CountdownStatus.WARNING: "$warning",
    CountdownStatus.BREACHED: "bold $error",
    CountdownStatus.PAUSED: "$secondary",
    CountdownStatus.MET: "$success",
}


def clocks_content(ticket: TicketView, now: datetime, *, compact: bool) -> Content:
    """Return for each clock its name, the time left and when it is due.

    :param compact: whether all clocks go into one line.
    """
    lines = [_clock(clock, now, clock_title(clock.name)) for clock in ticket.clocks]
    if ticket.level_clock is not None:
        lines.append(_clock(ticket.level_clock, now, clock_title(OLA, ticket.queue)))
    separator = Content("   ") if compact else Content("\n")
    return separator.join(lines) if lines else Content("no SLA clocks")


def _clock(clock: ClockView, now: datetime, name: str) -> Content:
    shown = countdown_text(clock, now)
    due = f"  due {moment_text(clock.due_at, now)}" if clock.due_at and clock.open else ""
    text = f"{shown.symbol} {shown.text}".strip()
    return Content(f"{name} ") + Content.styled(text, _COLOURS[shown.status]) + Content(due)


def compact_facts(ticket: TicketView, now: datetime, card: PersonCard | None = None) -> Content:
    """Return the most important facts as one text, for narrow terminals.

    :param card: the requester with their tickets, once they are known.
    """
    parts: list[str] = [ticket.queue, ticket.priority, ticket.state, ticket.kind]
    if ticket.waiting_on:
        parts.append(f"⏸ {ticket.waiting_on}")
    names = (ticket.service, ticket.customer, ticket.assignee or "nobody")
    parts += [one_line(name) for name in names if name]
    parts += [text for text in _special(ticket, now) if text]
    parents = [link for link in ticket.links if link.kind is LinkKind.PARENT and link.outward]
    parts += [f"child of {link.ref} ({link.state})" for link in parents]
    parts += [f"#{tag}" for tag in ticket.tags]
    lines = [" · ".join(parts), *_compact_links(ticket), *_compact_person(ticket, now, card)]
    return Content("\n".join(lines))


def _compact_links(ticket: TicketView) -> list[str]:
    """Return a line with the first links, and the key that lists all of them."""
    if not ticket.links:
        return []
    first = [f"{link.words} {link.ref} ({link.state})" for link in ticket.links[:_LINKS_SHOWN]]
    more = len(ticket.links) - len(first)
    rest = _(" and {count} more").format(count=more) if more else ""
    return [_("→ {links}{rest}   l opens one").format(links=" · ".join(first), rest=rest)]


def _compact_person(ticket: TicketView, now: datetime, card: PersonCard | None) -> list[str]:
    """Return a line about the requester, if there is something to know, and one for each note."""
    person = ticket.requester
    if person is None:
        return []
    parts = ["★ VIP"] if person.vip else []
    parts += [one_line(part) for part in (person.phone, person.room, person.device) if part]
    if ticket.callback:
        parts.append(f"call back {one_line(ticket.callback)}")
    if card is not None and card.open + card.past > 1:
        parts.append(ticket_lines(card, now)[0])
    notes = [f"✎ {one_line(note)}" for note in (person.note, person.customer_note) if note]
    return [" · ".join([one_line(person.name), *parts]), *notes] if parts else notes


def _special(ticket: TicketView, now: datetime) -> tuple[str, ...]:
    """Return what is special about the ticket; "" for what does not apply."""
    return (
        _merged(ticket),
        WROTE if ticket.requester_wrote else "",
        f"↩{ticket.hand_overs}" if ticket.hand_overs else "",
        _reopenings(ticket),
        _follow_up(ticket, now),
        "with the lead" if ticket.with_lead_since else "",
        ticket.reappeared.sentence if ticket.reappeared else "",
        children_text(ticket),
    )


def _merged(ticket: TicketView) -> str:
    if not ticket.merged_into:
        return ""
    return _("⇒ merged into {other}, which goes on").format(other=ticket.merged_into)


def facts_content(ticket: TicketView, now: datetime, card: PersonCard | None = None) -> Content:
    """Return the facts in a line each, then children, links and the requester's other tickets.

    :param card: the requester with their tickets, once they are known.
    """
    lines = (
        [Content.styled(f"⟲ {ticket.reappeared.sentence}", "bold $warning")]
        if ticket.reappeared
        else []
    )
    if ticket.merged_into:
        lines.insert(0, Content.styled(_merged(ticket), "bold $warning"))
    if ticket.requester_wrote:
        lines.append(Content.styled(WROTE, "bold"))
    lines += [
        Content.styled(f"{name:11} ", "$secondary") + Content(text)
        for name, text in _facts(ticket, now)
        if text
    ]
    lines += _children(ticket)
    lines += _links(ticket)
    if card is not None and card.open + card.past > 1:
        head, *others = ticket_lines(card, now, ticket.ref)
        title = f"{one_line(card.person.name)}: {head}"
        lines += [Content.styled(title, "bold"), *(Content(line[:41]) for line in others)]
    return Content("\n").join(lines)


def _facts(ticket: TicketView, now: datetime) -> list[tuple[str, str]]:
    """Return the facts as label and text; the text is "" if there is nothing to show."""
    requester = ticket.requester
    return [
        ("state", f"{ticket.state}{_waits(ticket, now)}"),
        ("queue", f"{ticket.queue} · {ticket.priority} ({ticket.impact}/{ticket.urgency})"),
        ("kind", ticket.kind),
        ("assignee", one_line(ticket.assignee) or "–"),
        ("requester", one_line(requester.name) if requester else "–"),
        *_known(requester),
        ("asked by", ", ".join(one_line(person.called) for person in ticket.further_requesters)),
        ("customer", one_line(ticket.customer) or "–"),
        ("hours", one_line(ticket.support_hours)),
        ("service", one_line(ticket.service) or "–"),
        ("policy", f"{one_line(ticket.policy)} (version {ticket.policy_version})"),
        ("contract", _contract(ticket)),
        ("at breach", ", ".join(ticket.at_breach)),
        ("lead", _since(ticket.with_lead_since, now)),
        ("follow up", _follow_up(ticket, now)),
        *((field.label.lower(), one_line(getattr(ticket, field.name))) for field in FACTS),
        ("tags", " ".join(ticket.tags)),
        ("handed over", _hand_overs(ticket)),
        ("at levels", _stays(ticket) if ticket.hand_overs else ""),
        ("time spent", _time_spent(ticket)),
        ("reopened", _reopenings(ticket)),
        ("watched by", ", ".join(map(one_line, ticket.watchers))),
        ("targets", ", ".join(_targets(ticket))),
    ]


def _known(person: PersonView | None) -> list[tuple[str, str]]:
    """Return what is known of the requester, and the notes on them and on their customer."""
    if person is None:
        return []
    return [
        ("", "★ VIP" if person.vip else ""),
        *((name, one_line(getattr(person, name))) for name in ("mail", *LINES, "language")),
        ("✎ requester", one_line(person.note)),
        ("✎ customer", one_line(person.customer_note)),
    ]


def _waits(ticket: TicketView, now: datetime) -> str:
    if not ticket.waiting_on:
        return ""
    until = ticket.waiting_until
    return f", waits for {ticket.waiting_on}" + (
        f" until {stamp_text(until, now)}" if until else ""
    )


def _reopenings(ticket: TicketView) -> str:
    return f"↻{ticket.reopenings}" if ticket.reopenings else ""


def _links(ticket: TicketView) -> list[Content]:
    """Return a line for each link and article, except for children, which are listed separately."""
    lines = []
    for link in ticket.links:
        if _is_child(link):
            continue
        lines.append(
            Content(f"→ {link.words}: {link.ref} ({link.state}) {one_line(link.subject)[:40]}")
        )
    return lines + [Content(f"→ article {one_line(path)}") for path in ticket.articles]


def _is_child(link: LinkView) -> bool:
    return link.kind is LinkKind.PARENT and not link.outward


def _children(ticket: TicketView) -> list[Content]:
    """Return the children of a major incident with their states."""
    children = [link for link in ticket.links if _is_child(link)]
    if not children:
        return []
    lines = [Content.styled(children_text(ticket), "bold")]
    for link in children[:_CHILDREN_SHOWN]:
        sign = "·" if link.state.is_active else "✓"
        lines.append(Content(f" {sign} {link.ref} {link.state}  {one_line(link.subject)[:30]}"))
    if len(children) > _CHILDREN_SHOWN:
        lines.append(Content(f"   … and {len(children) - _CHILDREN_SHOWN} more"))
    return lines


def children_text(ticket: TicketView) -> str:
    """Return how many children a ticket has and how many of them are open; "" if it has none."""
    children = [link for link in ticket.links if _is_child(link)]
    active = sum(link.state.is_active for link in children)
    return f"{len(children)} children, {active} open" if children else ""


def _contract(ticket: TicketView) -> str:
    contract = ticket.contract
    if contract is None:
        return ""
    lacking = contract.lacks(ticket)
    text = _("▲ without {lacking}; ").format(lacking=", ".join(lacking)) if lacking else ""
    return text + _contract_terms(contract)


def _contract_terms(contract: ContractView) -> str:
    levels = dict.fromkeys((contract.levels[0], contract.levels[-1]))
    if contract.valid:
        return "–".join(levels) + (f", until {_day(contract.ends)}" if contract.ends else "")
    ended = contract.ends and f"ended on {_day(contract.ends)}"
    return f"not valid: {ended or f'begins on {_day(contract.starts)}'}"


def _day(stored: str) -> str:
    """Return a day of the policy, which is written in ISO 8601, as the screens show days."""
    return f"{date.fromisoformat(stored):%b %d %Y}" if stored else ""


def _hand_overs(ticket: TicketView) -> str:
    if not ticket.hand_overs:
        return ""
    back = f", {ticket.returns} of them back" if ticket.returns else ""
    return f"↩{ticket.hand_overs}{back}"


def _stays(ticket: TicketView) -> str:
    """Return the elapsed time at each level: ``L1 2h 10m (2×) · L2 1d 3h``.

    Time outside support hours counts too.
    """
    return " · ".join(
        f"{stay.level} {remaining_text(stay.wall_s)}"
        + (f" ({stay.visits}×)" if stay.visits > 1 else "")
        for stay in ticket.stays
    )


def _follow_up(ticket: TicketView, now: datetime) -> str:
    if ticket.follow_up_at is None:
        return ""
    if ticket.follow_up_due:
        return "◴ now"
    return f"◴ {stamp_text(ticket.follow_up_at, now)}"


def _time_spent(ticket: TicketView) -> str:
    if not ticket.minutes and not ticket.billable_minutes:
        return ""
    billable = minutes_text(ticket.billable_minutes)
    return f"{minutes_text(ticket.minutes)} ({billable} billable)"


def _since(at: datetime | None, now: datetime) -> str:
    return f"since {stamp_text(at, now)}" if at else ""


def _targets(ticket: TicketView) -> list[str]:
    return [
        f"{clock_title(clock.name)} {remaining_text(clock.target_s)}" for clock in ticket.clocks
    ]
