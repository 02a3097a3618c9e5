"""Record time spent on tickets, typed or measured by a timer, and correct it."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from helpdesk.desk.session import Desk
from helpdesk.desk.ticket.show_ticket import show
from helpdesk.desk.ticket.views import TicketView
from helpdesk.desk.unit_of_work.recorder import TicketChange
from helpdesk.desk.unit_of_work.transaction import changing
from helpdesk.domain.desk_zone import to_local
from helpdesk.domain.entry_type import EntryType
from helpdesk.domain.errors import NotFoundError, RefusedError
from helpdesk.domain.roles import Right
from helpdesk.domain.text import accept
from helpdesk.domain.ticket import Verb
from helpdesk.domain.time_spent import MAX_MINUTES, minutes_text, read_minutes
from helpdesk.store.models import TimeEntry, Timer
from helpdesk.store.ticket import tickets, time_entries


@dataclass(frozen=True, slots=True)
class TimeEntryView:
    """A time entry.

    :ivar agent: the login of the agent who spent the time.
    :ivar minutes: the time spent; below zero if the entry cancels another.
    :ivar corrects: the number of the entry that it cancels, or None.
    :ivar corrected: whether it was cancelled by another entry.
    """

    number: int
    at: datetime
    agent: str
    minutes: int
    billable: bool
    note: str
    corrects: int | None
    corrected: bool


@dataclass(frozen=True, slots=True)
class RunningTimer:
    """An agent's running timer.

    :ivar number: the number of the ticket.
    :ivar minutes: the minutes so far, rounded up.
    """

    number: int
    started_at: datetime
    minutes: int


def record_time(
    desk: Desk,
    number: int,
    spent: str,
    note: str = "",
    *,
    billable: bool = True,
    version: int | None = None,
) -> TicketView:
    """Record time that the acting agent spent on a ticket, whatever its state.

    If the agent's timer runs on this ticket, it is stopped.

    :param spent: a time such as ``25m`` or ``1h 30m``.
    :param version: the version of the ticket that the agent has seen; None: any.
    :raises RefusedError: if the time or the note is not valid.
    :raises NotFoundError: if there is no such ticket.
    :raises ConflictError: if somebody has changed the ticket since that version.
    """
    minutes = read_minutes(spent)
    with changing(desk, number, Verb.SPEND, version) as change:
        _record(change, desk.agent_id, minutes, billable=billable, note=note)
        running = time_entries.timer(change.session, desk.agent_id)
        if running is not None and running.ticket_id == number:
            change.session.delete(running)
    return show(desk, number)


def correct(desk: Desk, number: int, entry: int, note: str = "") -> TicketView:
    """Cancel a time entry by adding one with the negative time; both stay in the record.

    :raises NotFoundError: if the ticket has no such entry.
    :raises RefusedError: if it was cancelled already, or cancels another entry itself.
    :raises NotPermittedError: if it is another agent's and the acting agent is not a lead.
    """
    with changing(desk, number, Verb.SPEND, None) as change:
        row = change.session.get(TimeEntry, entry)
        if row is None or row.ticket_id != number:
            raise NotFoundError(
                f"{change.ref} has no entry {entry} of time spent: 'ticket time "
                f"{change.ref}' lists them."
            )
        if row.agent_id != desk.agent_id:
            desk.require(Right.CORRECT_TIME)
        _cancel(change, row, note)
    return show(desk, number)


def undo_recording(change: TicketChange, entry: int) -> None:
    """Cancel a time entry because the change that recorded it is undone.

    :raises RefusedError: as for :func:`correct`.
    """
    row = change.session.get(TimeEntry, entry)
    if row is not None:
        _cancel(change, row, "")


def _cancel(change: TicketChange, row: TimeEntry, note: str) -> None:
    if row.corrects_id is not None:
        raise RefusedError(f"entry {row.id} takes another back: enter the time again instead.")
    if time_entries.correction_of(change.session, row.id) is not None:
        raise RefusedError(f"entry {row.id} was taken back already: there is nothing to correct.")
    _record(change, row.agent_id, -row.minutes, billable=row.billable, note=note, corrects=row.id)


def _record(
    change: TicketChange,
    agent_id: int,
    minutes: int,
    *,
    billable: bool,
    note: str,
    corrects: int | None = None,
) -> None:
    note = accept(note.strip(), "note", 2_000)
    row = TimeEntry(
        ticket_id=change.ticket.id,
        agent_id=agent_id,
        at=change.now,
        minutes=minutes,
        billable=billable,
        note=note,
        corrects_id=corrects,
    )
    change.session.add(row)
    change.session.flush()
    data = {"entry": row.id, "minutes": minutes, "billable": billable}
    if corrects is not None:
        data["corrects"] = corrects
    change.record(EntryType.SPENT, note, data={"spent": minutes_text(minutes), **data})


def entries(desk: Desk, number: int) -> tuple[TimeEntryView, ...]:
    """Return the time entries of a ticket, oldest first.

    :raises NotFoundError: if there is no such ticket.
    """
    desk.require(Right.READ)
    with desk.database.read() as session:
        tickets.load(session, number)
        rows = time_entries.of_ticket(session, number)
    cancelled = {row.corrects_id for row, _ in rows}
    return tuple(
        TimeEntryView(
            row.id,
            row.at,
            login,
            row.minutes,
            row.billable,
            row.note,
            row.corrects_id,
            row.id in cancelled,
        )
        for row, login in rows
    )


def running(desk: Desk) -> RunningTimer | None:
    """Return the acting agent's running timer, or None."""
    desk.require(Right.READ)
    with desk.database.read() as session:
        row = time_entries.timer(session, desk.agent_id)
        return None if row is None else _view(row, desk.now())


def _view(row: Timer, now: datetime) -> RunningTimer:
    seconds = max(0, int((now - row.started_at).total_seconds()))
    return RunningTimer(row.ticket_id, row.started_at, min(MAX_MINUTES, -(-seconds // 60)))


def start(desk: Desk, number: int) -> RunningTimer:
    """Start the acting agent's timer on a ticket; if it already runs there, it goes on.

    :raises NotFoundError: if there is no such ticket.
    :raises RefusedError: if the timer runs on another ticket.
    """
    desk.require(Right.WORK)
    with desk.database.write() as session:
        tickets.load(session, number)
        row = time_entries.timer(session, desk.agent_id)
        if row is not None and row.ticket_id != number:
            raise RefusedError(
                f"your timer runs on {tickets.shown_ref(session, row.ticket_id)} since "
                f"{to_local(row.started_at):%H:%M}: stop it there first (--stop, or --drop)."
            )
        if row is None:
            row = Timer(agent_id=desk.agent_id, ticket_id=number, started_at=desk.now())
            session.add(row)
        return _view(row, desk.now())


def stop(desk: Desk, note: str = "", *, billable: bool = True) -> TicketView:
    """Stop the acting agent's timer, and record its minutes on the ticket.

    :raises RefusedError: if no timer is running.
    """
    found = _require_running(desk)
    return record_time(desk, found.number, f"{max(1, found.minutes)}m", note, billable=billable)


def discard_timer(desk: Desk) -> RunningTimer:
    """Stop the acting agent's timer without recording its time.

    :raises RefusedError: if no timer is running.
    """
    found = _require_running(desk)
    with desk.database.write() as session:
        _delete(session, desk.agent_id)
    return found


def _require_running(desk: Desk) -> RunningTimer:
    desk.require(Right.WORK)
    found = running(desk)
    if found is None:
        raise RefusedError("no timer of yours is running: 'ticket time ID --start' starts one.")
    return found


def _delete(session: Session, agent_id: int) -> None:
    row = time_entries.timer(session, agent_id)
    if row is not None:
        session.delete(row)
