"""``helpdesk ticket …``: log, list and work on tickets."""

import argparse
import sys
from collections.abc import Callable
from typing import TypeGuard

from helpdesk.cli.files import text_of
from helpdesk.cli.open_desk import opened_desk, wants_json
from helpdesk.cli.output import print_json, print_remarks, print_text
from helpdesk.desk.bulk import bulk, undo
from helpdesk.desk.escalation.hand_over import Escalate, FromLead, SendBack, ToLead
from helpdesk.desk.exchange.ticket_json import ticket_json
from helpdesk.desk.people.views import PersonView
from helpdesk.desk.session import Desk
from helpdesk.desk.ticket import (
    claiming,
    follow_ups,
    log_query,
    merge_check,
    parents,
    show_ticket,
    splitting,
)
from helpdesk.desk.ticket.follow_ups import FollowUp
from helpdesk.desk.ticket.handling import Assign, Claim, Note, Pend, Receive, Release, Reply, Resume
from helpdesk.desk.ticket.links import Link, Merge
from helpdesk.desk.ticket.parents import Unlink
from helpdesk.desk.ticket.resolving import Close, Rate, Reopen, resolve_with
from helpdesk.desk.ticket.set_fields import field_action
from helpdesk.desk.ticket.taking_over import ANY_HOLDER
from helpdesk.desk.ticket.views import NewQuery, TicketView
from helpdesk.desk.unit_of_work import fields
from helpdesk.desk.unit_of_work.action import Action
from helpdesk.desk.unit_of_work.further_requesters import FurtherRequesters
from helpdesk.domain.desk_zone import zoned_text
from helpdesk.domain.entry_type import EntryType
from helpdesk.domain.errors import RefusedError
from helpdesk.domain.escalation import LEAD, TEAM, HandOver
from helpdesk.domain.i18n import _
from helpdesk.domain.tags import TagChange, read_change
from helpdesk.domain.text import one_line
from helpdesk.domain.ticket import ReplyWay, parse_ref, ref
from helpdesk.domain.ticket_fields import LOGGED, SETTABLE, given_values


def new(arguments: argparse.Namespace) -> None:
    """Log a query."""
    given = given_values(arguments, LOGGED)
    query = NewQuery(**given, body=text_of(arguments.body), new_person=arguments.new_person)
    with opened_desk(arguments) as desk:
        logged = log_query.log_query(desk, query)
    requester = logged.requester
    who = f", requester {requester.name}, {requester.ref}" if _is_by_name(requester) else ""
    _report(arguments, f"logged{who}{outside_contract(logged)}", logged)


def _is_by_name(requester: PersonView | None) -> TypeGuard[PersonView]:
    """Whether a requester has no address, so that it is worth saying who is meant."""
    return requester is not None and not requester.mail


def take_next(arguments: argparse.Namespace) -> None:
    """Claim the unclaimed ticket that is due first."""
    with opened_desk(arguments) as desk:
        _report(arguments, "is yours", claiming.claim_next(desk, arguments.queue))


def claim(arguments: argparse.Namespace) -> None:
    """Claim tickets."""
    take_from = _take_from(arguments)
    _act(arguments, "claimed", lambda _: Claim(take_from), _taken_from if take_from else _nothing)


def release(arguments: argparse.Namespace) -> None:
    """Release tickets, for others to claim."""
    _act(arguments, "released", lambda _: Release())


def assign(arguments: argparse.Namespace) -> None:
    """Give tickets to an agent."""
    take_from = _take_from(arguments)
    _act(
        arguments,
        f"assigned to {arguments.to}",
        lambda _: Assign(arguments.to, take_from),
        _taken_from if take_from else _nothing,
    )


def _take_from(arguments: argparse.Namespace) -> frozenset[str]:
    return frozenset({ANY_HOLDER}) if arguments.take_over else frozenset()


def _taken_from(ticket: TicketView) -> str:
    """Return from whom the newest entry took the ticket over, such as ``, taken over from bob``."""
    newest = ticket.events[-1]
    holder = newest.data.get("from") if newest.type is EntryType.ASSIGNED else None
    return f", taken over from {holder}" if holder and newest.data["to"] == newest.actor else ""


def _nothing(ticket: TicketView) -> str:
    return ""


def reply(arguments: argparse.Namespace) -> None:
    """Answer the requester."""
    text = text_of(arguments.text)
    way: ReplyWay | None = arguments.by
    done = f"answered {way.words}" if way else "answered"
    _act(arguments, done, lambda _: Reply(text, way))


def note(arguments: argparse.Namespace) -> None:
    """Add an internal note."""
    text = text_of(arguments.text)
    _act(arguments, "noted", lambda _: Note(text))


def receive(arguments: argparse.Namespace) -> None:
    """Record what the requester wrote or said."""
    text = text_of(arguments.text)
    message = Receive(text, reopen=not arguments.leave_resolved)
    _act(arguments, "has the requester's message", lambda _: message)


def watch(arguments: argparse.Namespace) -> None:
    """Get a notice of every change of a ticket."""
    _work(arguments, "is watched by you", lambda desk, number: follow_ups.watch(desk, number))


def unwatch(arguments: argparse.Namespace) -> None:
    """Get no more notices about a ticket."""
    _work(
        arguments,
        "is not watched by you",
        lambda desk, number: follow_ups.watch(desk, number, wanted=False),
    )


def follow_up(arguments: argparse.Namespace) -> None:
    """Set or remove the date on which to look at tickets again."""
    when = "" if arguments.never else arguments.at
    if not arguments.never and not when.strip():
        raise RefusedError("--at needs a time such as 2h, 3d, tomorrow or 2026-12-01 09:00.")
    done = "has no follow-up date" if arguments.never else "is to be looked at again"
    _act(arguments, done, lambda _: FollowUp(when), _follow_up_date)


def _follow_up_date(ticket: TicketView) -> str:
    return f": {zoned_text(ticket.follow_up_at)}" if ticket.follow_up_at else ""


def escalate(arguments: argparse.Namespace) -> None:
    """Hand tickets to a higher level, or ask the lead to step in.

    The note may name its parts: ``known: …; asked: …``.
    If it is not given, what was tried and what is known is taken from the timeline, as in the app.
    """
    note, reason = text_of(arguments.note), arguments.reason
    if arguments.to == LEAD:
        request = " · ".join(part for part in (reason.strip(), note.strip()) if part)
        _act(arguments, "left to the lead", lambda _: ToLead(request))
        return
    hand_over = HandOver(
        tried=arguments.tried, known=arguments.known, references=arguments.references
    ).joined(HandOver.of_text(note))
    _act(
        arguments,
        f"escalated to {arguments.to}",
        lambda _: Escalate(arguments.to, reason, hand_over, fill=True),
        lambda ticket: f"{skipped_levels(ticket)}{outside_contract(ticket)}",
    )


def outside_contract(ticket: TicketView) -> str:
    """Return which of a ticket's level and channel the customer has not bought, or ""."""
    lacking = ticket.contract.lacks(ticket) if ticket.contract else ()
    if not lacking:
        return ""
    text = _("; not in the contract of {customer}: {lacking}")
    return text.format(customer=ticket.customer, lacking=", ".join(lacking))


def skipped_levels(ticket: TicketView) -> str:
    """Return the levels that the newest escalation skipped, such as ``, past L2``, or ""."""
    moves = [event for event in ticket.events if event.type is EntryType.ESCALATED]
    skipped = moves[-1].data.get("skipped") if moves else None
    return f", past {', '.join(map(str, skipped))}" if isinstance(skipped, list) else ""


def send_back(arguments: argparse.Namespace) -> None:
    """Send tickets back to a lower level, or give them back from the lead."""
    note, reason = text_of(arguments.note), arguments.reason
    if arguments.to == TEAM:
        message = " · ".join(part for part in (reason.strip(), note.strip()) if part)
        _act(arguments, "given back to its team", lambda _: FromLead(message))
        return
    _act(arguments, "returned", lambda _: SendBack(arguments.to, reason, note))


def pend(arguments: argparse.Namespace) -> None:
    """Make tickets wait."""
    _act(
        arguments,
        f"pending on {arguments.on}",
        lambda _: Pend(arguments.on, arguments.until),
        _end_of_waiting,
    )


def _end_of_waiting(ticket: TicketView) -> str:
    return f" until {zoned_text(ticket.waiting_until)}" if ticket.waiting_until else ""


def resume(arguments: argparse.Namespace) -> None:
    """Resume pending tickets."""
    _act(arguments, "resumed", lambda _: Resume())


def resolve(arguments: argparse.Namespace) -> None:
    """Resolve tickets."""
    text = text_of(arguments.text)
    _act(
        arguments,
        "resolved",
        lambda desk: _resolution(desk, text, arguments.article, arguments.language),
        with_children=arguments.with_children,
    )


def _resolution(desk: Desk, text: str, article: str | None, language: str) -> Action:
    """Return the action; warn of errors in the article whose answer is sent."""
    from helpdesk.desk.knowledge import articles  # for this command only

    action = resolve_with(desk, text, article, language)
    if action.article is not None and (problem := articles.problem_of(desk, action.article)):
        print(f"helpdesk: warning: {one_line(problem)}", file=sys.stderr)
    return action


def reopen(arguments: argparse.Namespace) -> None:
    """Reopen resolved or closed tickets."""
    _act(arguments, "reopened", lambda _: Reopen(arguments.reason))


def close(arguments: argparse.Namespace) -> None:
    """Close resolved tickets."""
    _act(arguments, "closed", lambda _: Close())


def take_back(arguments: argparse.Namespace) -> None:
    """Undo the agent's last change to tickets."""
    numbers = _numbers(arguments)
    with opened_desk(arguments) as desk:
        _report_all(arguments, desk, "put back", undo.undo(desk, numbers, rest=arguments.rest))


def merge(arguments: argparse.Namespace) -> None:
    """Merge a duplicate into another ticket."""
    into = parse_ref(arguments.into)
    _work(
        arguments,
        f"goes on for {arguments.id}",
        lambda desk, number: _merge(desk, number, into, _seen(arguments)),
    )


def _merge(desk: Desk, number: int, into: int, seen: int | None) -> TicketView:
    warnings = merge_check.merge_check(desk, [number], into).warnings
    versions = None if seen is None else {number: seen}
    bulk.require_done(bulk.apply(desk, [number], [Merge(into)], versions=versions))
    for warning in warnings:
        print(f"helpdesk: warning: {warning}.", file=sys.stderr)
    return show_ticket.show(desk, into)


def link(arguments: argparse.Namespace) -> None:
    """Link tickets to another ticket, or remove the link."""
    other, kind = parse_ref(arguments.to), arguments.kind
    if arguments.remove:
        _act(arguments, f"unlinked from {ref(other)}", lambda _: Unlink(other, kind))
    else:
        _act(arguments, f"linked to {ref(other)}", lambda _: Link(other, kind))


def split(arguments: argparse.Namespace) -> None:
    """Log a part of a ticket as a new one."""
    body = text_of(arguments.body)
    _work(
        arguments,
        f"split from {arguments.id}",
        lambda desk, number: splitting.split(
            desk, number, arguments.subject, body, _seen(arguments), arguments.entries
        ),
    )


def set_fields(arguments: argparse.Namespace) -> None:
    """Change fields of tickets, or record a rating."""
    given = given_values(arguments, SETTABLE)
    further = None
    if arguments.add_requester or arguments.remove_requester:
        further = FurtherRequesters(
            tuple(arguments.add_requester or ()), tuple(arguments.remove_requester or ())
        )
    if arguments.csat is not None:
        if given or arguments.tag is not None or arguments.untag is not None or further:
            raise RefusedError("--csat is set by itself: it is for a ticket that is resolved.")
        _act(arguments, f"rated {arguments.csat} of 5", lambda _: Rate(arguments.csat))
        return
    changes = fields.FieldChanges(
        **given, tags=_tags(arguments), further=further, new_person=arguments.new_person
    )
    _act(arguments, "changed", lambda _: field_action(changes))


def _tags(arguments: argparse.Namespace) -> TagChange | None:
    changes = [] if arguments.tag is None else [arguments.tag]
    # --untag exists because argparse takes a value that begins with "-" for an option.
    changes += [f"-{tag}" for tag in (arguments.untag or "").replace(",", " ").split()]
    return read_change(" ".join(changes)) if changes else None


def _seen(arguments: argparse.Namespace) -> int | None:
    seen: int | None = arguments.seen_version
    return seen


def _work(
    arguments: argparse.Namespace, done: str, verb: Callable[[Desk, int], TicketView]
) -> None:
    number = parse_ref(arguments.id)
    with opened_desk(arguments) as desk:
        _report(arguments, done, verb(desk, number))


def _numbers(arguments: argparse.Namespace) -> list[int]:
    refs: list[str] = arguments.ids
    if refs == ["-"]:
        refs = text_of("-").split()
    return [parse_ref(each) for each in refs]


def _act(
    arguments: argparse.Namespace,
    done: str,
    action: Callable[[Desk], Action],
    more: Callable[[TicketView], str] = _nothing,
    *,
    with_children: bool = False,
) -> None:
    """Apply an action to all tickets named and print each.

    :param done: the word that is printed for a changed ticket, such as ``claimed``.
    :param more: returns further words about a ticket, printed after ``done``.
    """
    numbers = _numbers(arguments)
    seen = _seen(arguments)
    if seen is not None and len(numbers) > 1:
        raise RefusedError("--version is the version of one ticket: name only one.")
    versions = None if seen is None else {numbers[0]: seen}
    with opened_desk(arguments) as desk:
        if with_children:
            numbers += [
                child for number in numbers for child in parents.open_children(desk, number)
            ]
        found = bulk.apply(desk, numbers, [action(desk)], rest=arguments.rest, versions=versions)
        _report_all(arguments, desk, done, found, more)


def _report_all(
    arguments: argparse.Namespace,
    desk: Desk,
    done: str,
    found: bulk.BulkOutcome,
    more: Callable[[TicketView], str] = _nothing,
) -> None:
    """Print the changed tickets, then raise an error if any ticket refused the change."""
    elsewhere = found.elsewhere
    changed = [show_ticket.show(desk, elsewhere.get(number, number)) for number in found.done]
    if wants_json(arguments) and changed:
        several = len(found.done) + len(found.refused) > 1
        print_json(
            [ticket_json(ticket) for ticket in changed] if several else ticket_json(changed[0])
        )
    elif not wants_json(arguments):
        for number, ticket in zip(found.done, changed, strict=True):
            others = f" and goes on for {ref(number)}" if number in elsewhere else ""
            _report(arguments, f"{done}{more(ticket)}{others}", ticket)
    print_remarks(found.unreached)
    bulk.require_done(found, hint="; --rest does the others" if found.would else "")


def _report(arguments: argparse.Namespace, done: str, ticket: TicketView) -> None:
    if wants_json(arguments):
        print_json(ticket_json(ticket))
    else:
        assignee = f", {ticket.assignee}" if ticket.assignee else ""
        print_text(
            f"{ticket.ref} {done} ({ticket.queue}, {ticket.priority}, {ticket.state}{assignee}): "
            f"{ticket.subject}"
        )
