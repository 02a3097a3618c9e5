"""Translate a query of the query language into an SQL condition and an order."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import reduce
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    and_,
    exists,
    false,
    func,
    or_,
    select,
    true,
    type_coerce,
)

from helpdesk.domain.desk_zone import from_local
from helpdesk.domain.query import Comparison, Op, RelativeTime, Term, TextTerm, TicketQuery
from helpdesk.domain.query.fields import ACTIVE as ACTIVE_WORD
from helpdesk.domain.query.fields import ANY, DONE, NONE, YES
from helpdesk.domain.query.terms import Value
from helpdesk.domain.ticket import (
    ACTIVE_STATES,
    FINISHED_STATES,
    LinkKind,
    State,
    number_in_ref,
)
from helpdesk.domain.ticket_fields import TICKET_FIELDS, FieldType
from helpdesk.store.models import Requester, Ticket, TicketClock, TicketLink, TicketTag
from helpdesk.store.models.ticket_states import ACTIVE
from helpdesk.store.people import persons
from helpdesk.store.ticket import messages, orders
from helpdesk.store.ticket.queues import NOT_RUNNING_RANK

#: Seconds before and after all stored times.
_FIRST, _LAST = -(2**40), 2**40


def _columns(*types: FieldType) -> dict[str, ColumnElement[Any]]:
    """Return the ticket columns of all query fields of these types, by field name."""
    return {
        field.query: getattr(Ticket, field.attribute).expression
        for field in TICKET_FIELDS
        if field.query and field.field_type in types
    }


_SORTS: Mapping[str, ColumnElement[Any]] = {
    "due": Ticket.due_rank.expression,
    **{
        field.query: getattr(Ticket, field.attribute).expression
        for field in TICKET_FIELDS
        if field.can_sort
    },
}
_REFERENCES = _columns(FieldType.NAME)
_CHOICES = _columns(FieldType.CHOICE)
_TEXTS = _columns(FieldType.TEXT)
_TIMES: Mapping[str, ColumnElement[int]] = {
    name: type_coerce(column, BigInteger) for name, column in _columns(FieldType.TIME).items()
}
_NUMBERS = _columns(FieldType.NUMBER)
#: If a query includes finished tickets, words are only looked for in so many newest tickets: older
#: ones can be found with the search.
TEXT_SEARCH_NEWEST = 200_000
#: A query with one of these fields includes finished tickets.
_FIELDS_OF_ANY_STATE = {"state", "id", "parent", "problem", "change", "duplicate", "resolved"}


@dataclass(frozen=True, slots=True)
class TicketFilter:
    """A query with the values that the query language does not know.

    :ivar now: the current time, for relative times.
    :ivar numbers: the row numbers of the services, customers and agents that the query names, by
        (field, value).
    """

    query: TicketQuery
    now: datetime
    numbers: Mapping[tuple[str, str], int] = field(default_factory=dict)

    @property
    def active_only(self) -> bool:
        """Whether the query selects active tickets only."""
        for term in self.query.terms:
            if not isinstance(term, Comparison) or term.negated:
                continue
            if term.field == "state":
                if _states(term.values) <= ACTIVE_STATES:
                    return True
            elif term.field in _FIELDS_OF_ANY_STATE:
                return False
        return not any(
            isinstance(term, Comparison) and term.field == "state" and not term.negated
            for term in self.query.terms
        )

    def conditions(self) -> ColumnElement[bool]:
        """Return the SQL condition."""
        parts = [ACTIVE] if self.active_only else []
        if not self.active_only and any(isinstance(term, TextTerm) for term in self.query.terms):
            newest = select(func.max(Ticket.id)).scalar_subquery()
            parts.append(Ticket.id > newest - TEXT_SEARCH_NEWEST)
        parts += [self._term(term) for term in self.query.terms]
        return and_(true(), *parts)

    def order(self) -> tuple[ColumnElement[Any], ...]:
        """Return the SQL order; by default due first, or newest first if finished tickets count."""
        sort = self.query.sort
        if sort is None:
            if self.active_only:
                return Ticket.due_rank.asc(), Ticket.id.asc()
            return Ticket.created_at.desc(), Ticket.id.desc()
        if sort.key == "id":
            return (Ticket.id.desc() if sort.descending else Ticket.id.asc(),)
        if sort.key == "requester":
            return orders.order_by(str(sort).removeprefix("sort:"))
        key = _SORTS[sort.key]
        if sort.descending:
            return key.desc(), Ticket.id.desc()
        return key.asc(), Ticket.id.asc()

    def _term(self, term: Term) -> ColumnElement[bool]:
        condition = _text(term.words) if isinstance(term, TextTerm) else self._compared(term)
        # NULL counts as false: "-service:vpn" also finds tickets without a service.
        return condition.is_not(true()) if term.negated else condition

    def _compared(self, term: Comparison) -> ColumnElement[bool]:
        return reduce(or_, (self._value(term, value) for value in term.values), false())

    def _value(self, term: Comparison, value: Value) -> ColumnElement[bool]:
        name = term.field
        if name == "state":
            return _state_condition(str(value))
        if name in _CHOICES:
            return _CHOICES[name] == value
        if name == "requester":
            return _requester(str(value))
        if name in _TEXTS:
            return _equal_text(_TEXTS[name], str(value))
        if name in _REFERENCES:
            if value == NONE:
                return _REFERENCES[name].is_(None)
            return _REFERENCES[name] == self.numbers[name, str(value)]
        if name in _NUMBERS:
            return _compare(_NUMBERS[name], term.op, int(str(value)), int(str(value)))
        if name == "due":
            return self._due(term.op, value)
        if name in _TIMES:
            return self._time(_TIMES[name], term.op, value)
        return self._special(name, value)

    def _special(self, name: str, value: Value) -> ColumnElement[bool]:
        match name:
            case "tag":
                return _tag(str(value))
            case "breached":
                return self._breached() if value == YES else self._breached().is_not(true())
            case "warned":
                return self._warned() if value == YES else self._warned().is_not(true())
            case "lead":
                with_lead = Ticket.with_lead_since.is_not(None)
                return with_lead if value == YES else Ticket.with_lead_since.is_(None)
            case "wrote":
                wrote = messages.is_unanswered()
                return wrote if value == YES else ~wrote
            case "link":
                return _linked(LinkKind(str(value)))
            case "parent" | "problem" | "change" | "duplicate":
                linked = select(TicketLink.ticket_id).where(
                    TicketLink.other_id == int(str(value)), TicketLink.kind == LinkKind(name)
                )
                return Ticket.id.in_(linked)
            case _:
                return Ticket.id == int(str(value))

    @property
    def _now(self) -> int:
        return int(self.now.timestamp())

    def _breached(self) -> ColumnElement[bool]:
        recorded = exists().where(
            TicketClock.ticket_id == Ticket.id, TicketClock.breached_at.is_not(None)
        )
        return or_(Ticket.due_rank < self._now, Ticket.due_rank == NOT_RUNNING_RANK, recorded)

    def _warned(self) -> ColumnElement[bool]:
        return and_(Ticket.due_rank >= self._now, Ticket.warn_at <= self.now)

    def _due(self, op: Op, value: Value) -> ColumnElement[bool]:
        rank = Ticket.due_rank.expression
        if value == NONE:
            return rank > NOT_RUNNING_RANK
        first, last = self._interval(value, ahead=True)
        condition = and_(_compare(rank, op, first, last), rank < NOT_RUNNING_RANK)
        # A clock that was overdue when it was paused is still overdue.
        return (
            or_(condition, rank == NOT_RUNNING_RANK) if op in (Op.LESS, Op.AT_MOST) else condition
        )

    def _time(self, column: ColumnElement[int], op: Op, value: Value) -> ColumnElement[bool]:
        if value == NONE:
            return column.is_(None)
        first, last = self._interval(value, ahead=False)
        if isinstance(value, RelativeTime):
            # An age runs against time: older than two days means before that instant.
            op = {
                Op.LESS: Op.MORE, Op.MORE: Op.LESS, Op.AT_MOST: Op.AT_LEAST, Op.AT_LEAST: Op.AT_MOST
            }.get(op, op)  # fmt: skip
        return _compare(column, op, first, last)

    def _interval(self, value: Value, *, ahead: bool) -> tuple[int, int]:
        """Return the first and last second that a value means: a whole day, or one instant.

        :param ahead: whether a span of time lies in the future.
        """
        if isinstance(value, RelativeTime):
            seconds = int(value.span.total_seconds())
            at = self._now + seconds if ahead else self._now - seconds
            return at, at
        if not isinstance(value, datetime):
            raise TypeError(f"{value!r} is not a point in time")
        whole_day = (value.hour, value.minute, value.second) == (0, 0, 0)
        first = _second(value)
        return first, _second(value, timedelta(days=1)) - 1 if whole_day else first


def _second(at: datetime, later: timedelta = timedelta(0)) -> int:
    """Return a time of the desk's zone in epoch seconds; beyond all tickets if out of range."""
    try:
        return int(from_local(at + later).timestamp())
    except (OverflowError, ValueError, OSError):
        return _FIRST if at.year < 1970 else _LAST


def _compare(column: ColumnElement[int], op: Op, first: int, last: int) -> ColumnElement[bool]:
    match op:
        case Op.LESS:
            return column < first
        case Op.AT_MOST:
            return column <= last
        case Op.MORE:
            return column > last
        case Op.AT_LEAST:
            return column >= first
        case _:
            return column.between(first, last)


def _states(values: tuple[Value, ...]) -> frozenset[State]:
    found: set[State] = set()
    for value in values:
        if value == ACTIVE_WORD:
            found |= ACTIVE_STATES
        elif value == DONE:
            found |= FINISHED_STATES
        elif value == ANY:
            found |= set(State)
        else:
            found.add(State(str(value)))
    return frozenset(found)


def _state_condition(value: str) -> ColumnElement[bool]:
    states = _states((value,))
    if states == frozenset(State):
        return true()
    if states == ACTIVE_STATES:
        return ACTIVE
    return Ticket.state.in_(sorted(states))


def _text(words: str) -> ColumnElement[bool]:
    """Return the condition that subject or details contain the words.

    ``HD-12`` also means the ticket with this number.
    """
    contained = or_(
        Ticket.subject.icontains(words, autoescape=True),
        Ticket.body.icontains(words, autoescape=True),
    )
    number = number_in_ref(words)
    return contained if number is None else or_(contained, Ticket.id == number)


def _equal_text(column: ColumnElement[str], value: str) -> ColumnElement[bool]:
    if value == NONE:
        return column == ""
    return or_(column == value, func.lower(column) == value.lower())


def _requester(value: str) -> ColumnElement[bool]:
    if value == NONE:
        return Ticket.requester_id.is_(None)
    found = persons.matching(value)
    joined = select(Requester.joined_to_id).where(found, Requester.joined_to_id.is_not(None))
    return or_(
        Ticket.requester_id.in_(select(Requester.id).where(found)), Ticket.requester_id.in_(joined)
    )


def _tag(value: str) -> ColumnElement[bool]:
    if value == NONE:
        return ~exists().where(TicketTag.ticket_id == Ticket.id)
    return Ticket.id.in_(select(TicketTag.ticket_id).where(TicketTag.tag == value.lower()))


def _linked(kind: LinkKind) -> ColumnElement[bool]:
    return or_(
        Ticket.id.in_(select(TicketLink.ticket_id).where(TicketLink.kind == kind)),
        Ticket.id.in_(select(TicketLink.other_id).where(TicketLink.kind == kind)),
    )
