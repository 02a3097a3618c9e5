"""Beside the timeline: clocks with their live countdowns, people, links."""

from datetime import datetime

from textual.content import Content

from helpdesk.desk.views import ClockView, ContractView, LinkView, TicketView
from helpdesk.domain.spending import minutes_text
from helpdesk.domain.text import one_line
from helpdesk.domain.ticket import LinkKind
from helpdesk.domain.ticket_fields import FACTS
from helpdesk.tui.countdown_text import Mood, countdown_text, left_text

_CHILDREN_SHOWN = 12
_COLOURS = {
    Mood.OK: "",
    Mood.WARNING: "$warning",
    Mood.BREACHED: "bold $error",
    Mood.PAUSED: "$secondary",
    Mood.MET: "$success",
}


def clocks_content(ticket: TicketView, now: datetime, *, compact: bool) -> Content:
    """Return a line for each clock: name, what is left, when it is due."""
    lines = [_clock(clock, now, clock.name.replace("_", " ")) for clock in ticket.clocks]
    if ticket.level_clock is not None:
        lines.append(_clock(ticket.level_clock, now, f"{ticket.queue} OLA"))
    joint = Content("   ") if compact else Content("\n")
    return joint.join(lines) if lines else Content("no SLA clocks")


def _clock(clock: ClockView, now: datetime, name: str) -> Content:
    shown = countdown_text(clock, now)
    due = f"  due {clock.due_at.astimezone():%a %H:%M}" if clock.due_at and clock.open else ""
    text = f"{shown.symbol} {shown.text}".strip()
    return Content(f"{name} ") + Content.styled(text, _COLOURS[shown.mood]) + Content(due)


def compact_facts(ticket: TicketView) -> Content:
    """Return the facts in two lines, for narrow terminals."""
    parts: list[str] = [ticket.queue, ticket.priority, ticket.state, ticket.kind]
    if ticket.waiting_on:
        parts.append(f"⏸ {ticket.waiting_on}")
    names = (ticket.service, ticket.customer, ticket.assignee or "nobody")
    parts += [one_line(name) for name in names if name]
    if ticket.hand_overs:
        parts.append(f"↩{ticket.hand_overs}")
    if ticket.reopenings:
        parts.append(f"↻{ticket.reopenings}")
    if ticket.follow_up_at:
        parts.append(_follow_up(ticket))
    if ticket.with_lead_since:
        parts.append("with the lead")
    if ticket.reappeared:
        parts.append(ticket.reappeared.sentence)
    if children := children_text(ticket):
        parts.append(children)
    parents = [link for link in ticket.links if link.kind is LinkKind.PARENT and link.outward]
    parts += [f"child of {link.ref} ({link.state})" for link in parents]
    parts += [f"#{tag}" for tag in ticket.tags]
    return Content(" · ".join(parts))


def facts_content(ticket: TicketView) -> Content:
    """Return the facts, a line each."""
    person = ticket.requester
    waits = f", waits for {ticket.waiting_on}" if ticket.waiting_on else ""
    if ticket.waiting_until:
        waits += f" until {ticket.waiting_until.astimezone():%b %d %H:%M}"
    facts = [
        ("state", f"{ticket.state}{waits}"),
        ("queue", f"{ticket.queue} · {ticket.priority} ({ticket.impact}/{ticket.urgency})"),
        ("kind", ticket.kind),
        ("assignee", one_line(ticket.assignee) or "–"),
        ("requester", one_line(person.name) if person else "–"),
        ("mail", one_line(person.mail) if person else ""),
        ("asked by", ", ".join(one_line(one.mail) for one in ticket.further_requesters)),
        ("customer", one_line(ticket.customer) or "–"),
        ("hours", one_line(ticket.support_hours)),
        ("service", one_line(ticket.service) or "–"),
        ("policy", f"{one_line(ticket.policy)} (version {ticket.policy_version})"),
        ("contract", _contract(ticket.contract)),
        ("at breach", ", ".join(ticket.at_breach)),
        ("lead", _since(ticket.with_lead_since)),
        ("follow up", _follow_up(ticket)),
        *((field.label.lower(), one_line(getattr(ticket, field.name))) for field in FACTS),
        ("tags", " ".join(ticket.tags)),
        ("handed over", _hand_overs(ticket)),
        ("at levels", _stays(ticket) if ticket.hand_overs else ""),
        ("time spent", _time_spent(ticket)),
        ("reopened", f"↻{ticket.reopenings}" if ticket.reopenings else ""),
        ("watched by", ", ".join(map(one_line, ticket.watchers))),
        ("targets", ", ".join(_targets(ticket))),
    ]
    lines = (
        [Content.styled(f"⟲ {ticket.reappeared.sentence}", "bold $warning")]
        if (ticket.reappeared)
        else []
    )
    lines += [
        Content.styled(f"{name:11} ", "$secondary") + Content(text) for name, text in facts if text
    ]
    lines += _children(ticket)
    for link in ticket.links:
        if _is_child(link):
            continue
        kind = link.kind if link.outward else f"{link.kind} of this"
        lines.append(Content(f"→ {kind}: {link.ref} ({link.state}) {one_line(link.subject)[:40]}"))
    lines += [Content(f"→ article {one_line(path)}") for path in ticket.articles]
    return Content("\n").join(lines)


def _is_child(link: LinkView) -> bool:
    return link.kind is LinkKind.PARENT and not link.outward


def _children(ticket: TicketView) -> list[Content]:
    """Return the children of a major incident, with how each stands."""
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
    """Return how many children a ticket has and how many are open; "" if it has none."""
    children = [link for link in ticket.links if _is_child(link)]
    still = sum(link.state.is_active for link in children)
    return f"{len(children)} children, {still} open" if children else ""


def _contract(contract: ContractView | None) -> str:
    if contract is None:
        return ""
    levels = dict.fromkeys((contract.levels[0], contract.levels[-1]))
    if contract.valid:
        return "–".join(levels) + (f", until {contract.ends}" if contract.ends else "")
    ended = contract.ends and f"ended on {contract.ends}"
    return f"not valid: {ended or f'begins on {contract.starts}'}"


def _hand_overs(ticket: TicketView) -> str:
    if not ticket.hand_overs:
        return ""
    back = f", {ticket.returns} of them back" if ticket.returns else ""
    return f"↩{ticket.hand_overs}{back}"


def _stays(ticket: TicketView) -> str:
    """Return the time at each level on the wall clock, ``L1 2h 10m (2×) · L2 1d 3h``."""
    return " · ".join(
        f"{stay.level} {left_text(stay.wall_s)}{f' ({stay.visits}×)' if stay.visits > 1 else ''}"
        for stay in ticket.stays
    )


def _follow_up(ticket: TicketView) -> str:
    if ticket.follow_up_at is None:
        return ""
    if ticket.follow_up_due:
        return "◴ now"
    return f"◴ {ticket.follow_up_at.astimezone():%b %d %H:%M}"


def _time_spent(ticket: TicketView) -> str:
    if not ticket.minutes and not ticket.billable_minutes:
        return ""
    billable = minutes_text(ticket.billable_minutes)
    return f"{minutes_text(ticket.minutes)} ({billable} billable)"


def _since(at: datetime | None) -> str:
    return f"since {at.astimezone():%b %d %H:%M}" if at else ""


def _targets(ticket: TicketView) -> list[str]:
    return [
        f"{clock.name.replace('_', ' ')} {left_text(clock.target_s)}" for clock in ticket.clocks
    ]
