"""Translating the rows of an export file into tickets."""

import re
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, TypeVar

from helpdesk.domain.escalation import Level
from helpdesk.domain.priority import Impact, Urgency
from helpdesk.domain.ticket import Channel, Kind, State, Waiting
from helpdesk.domain.triage import guess_kind
from helpdesk.exchange.comments import CommentReader
from helpdesk.exchange.fields import FieldReader
from helpdesk.exchange.grouping import RowGroup, group_rows
from helpdesk.exchange.mapping_parts import ImportMapping
from helpdesk.exchange.oddities import odd_times
from helpdesk.exchange.rows import SourceRow
from helpdesk.exchange.source import Comment, RowRefusedError, SourceTicket, StateChange
from helpdesk.exchange.times import TimeError, TimeReader

E = TypeVar("E", bound=StrEnum)

_SHOWN = 40
_COUNTS = ("hand_overs", "reopenings")
#: How many different rows are remembered, so that memory does not grow with the file.
_REMEMBERED = 50_000
_MINUTE = timedelta(minutes=1)
_MAX_DIGITS = 4
_RATINGS = ("1", "2", "3", "4", "5")
_YES, _NO = ("true", "yes", "1", "met", "y"), ("false", "no", "0", "breached", "n")
_UNSAFE = re.compile(r"[^a-z0-9]+")
#: The impact and urgency that give about the same priority as in the other program.
_PRIORITIES = {
    "P1": (Impact.HIGH, Urgency.HIGH),
    "P2": (Impact.MEDIUM, Urgency.HIGH),
    "P3": (Impact.MEDIUM, Urgency.MEDIUM),
    "P4": (Impact.LOW, Urgency.LOW),
}


def tickets(
    rows: Iterable[SourceRow], mapping: ImportMapping
) -> Iterator[tuple[RowGroup, SourceTicket | RowRefusedError]]:
    """Yield the rows of each ticket of a file with the ticket, or why it is refused."""
    translator = Translator(mapping)
    for group in translator.groups(rows):
        yield group, translator.translate(group)


class Translator:
    """Translates rows as a mapping says."""

    def __init__(self, mapping: ImportMapping) -> None:
        self._mapping = mapping
        self._fields = FieldReader(mapping.missing)
        self._times = TimeReader(mapping.times, mapping.zone, mapping.dates)
        self._comments = CommentReader(mapping, self._fields, self._times)
        self._readers = {name: self._fields.reader(spec) for name, spec in mapping.fields.items()}
        names = {
            column
            for name in ("state", "group", "queue", "assignee", "waiting", *_COUNTS)
            if name in mapping.fields
            for column in mapping.fields[name].names
        }
        self._standing_columns = tuple(sorted(names))
        self._standings_read: dict[tuple[Any, ...], tuple[Any, ...]] = {}
        self._members: dict[tuple[str, str], StrEnum] = {}

    def groups(self, rows: Iterable[SourceRow]) -> Iterator[RowGroup]:
        """Yield the rows of each ticket; nothing but the ids is translated."""
        return group_rows(
            rows, lambda row: self._text(row, "id"), by_states=self._mapping.by_states
        )

    def translate(self, group: RowGroup) -> SourceTicket | RowRefusedError:
        """Return the ticket of some rows, or why it is refused."""
        try:
            return RowRefusedError(group.trouble) if group.trouble else self._ticket(group.rows)
        except RowRefusedError as error:
            return error

    def _ticket(self, rows: tuple[SourceRow, ...]) -> SourceTicket:
        """Return the ticket of these rows; the last one has its current state.

        :raises RowRefusedError: if a value is missing or cannot be translated.
        """
        row = rows[-1]

        def place(name: str) -> SourceRow:
            spec = self._mapping.fields.get(name)
            return rows[0] if spec is not None and spec.from_first else row

        created_at = self._required_time(place("created_at"), "created_at")
        closed_at = self._time(place("closed_at"), "closed_at")
        resolved_at = self._time(place("resolved_at"), "resolved_at")
        known = [at for at in (created_at, resolved_at, closed_at) if at is not None]
        updated_at = self._time(row, "updated_at") or self._time(row, "at") or max(known)
        impact, urgency = self._impact_and_urgency(row)
        group = self._text(place("group"), "group")
        queue, queue_known = self._queue(place("queue"), group)
        subject = self._subject(place("subject"))
        requester = self._requester(row)
        named = tuple(self._text(row, name) for name in ("requester", "requester_name"))
        comments = self._comments.read(row.values, (requester, *named))
        body = self._text(place("body"), "body")
        spec = self._mapping.comments
        if spec is not None and spec.first_is_body and comments and not body:
            body, comments = comments[0].text, comments[1:]
        defaults = self._mapping.defaults
        waiting, waiting_word = self._waiting(row)
        states = tuple(self._standings(rows)) if self._mapping.by_states else ()
        responded_at = self._responded_at(place("responded_at"), created_at, comments)
        return SourceTicket(
            line=rows[0].line,
            source_id=self._required(row, "id"),
            subject=subject,
            body=body,
            kind=self._optional_member(place("kind"), "kind", Kind) or guess_kind(subject),
            state=self._required_member(row, "state", State),
            impact=impact,
            urgency=urgency,
            queue=queue,
            queue_known=queue_known,
            group=group,
            channel=self._optional_member(place("channel"), "channel", Channel) or Channel.MAIL,
            waiting=waiting,
            waiting_word=waiting_word,
            service=self._text(place("service"), "service") or defaults.get("service", ""),
            customer=self._text(place("customer"), "customer") or defaults.get("customer", ""),
            requester=requester,
            requester_phone=self._text(row, "requester_phone"),
            callback=self._text(row, "callback"),
            assignee=self._text(place("assignee"), "assignee"),
            created_at=created_at,
            updated_at=max(created_at, updated_at),
            responded_at=responded_at,
            resolved_at=resolved_at,
            closed_at=closed_at,
            hand_overs=self._count(row, "hand_overs"),
            reopenings=self._count(row, "reopenings"),
            csat=self._csat(row),
            sla_met=self._flag(row, "sla_met"),
            response_met=self._flag(row, "response_met"),
            comments=tuple(comments),
            state_changes=states,
            notes=odd_times(
                {
                    "created_at": created_at,
                    "responded_at": responded_at,
                    "resolved_at": resolved_at,
                    "closed_at": closed_at,
                    "first row": states[0].at if states else None,
                    "first comment": comments[0].at if comments else None,
                }
            ),
        )

    def _responded_at(
        self, row: SourceRow, created_at: datetime, comments: list[Comment]
    ) -> datetime | None:
        at = self._time(row, "responded_at")
        minutes = self._text(row, "response_minutes")
        if at is not None or not minutes:
            return at
        try:
            about = created_at + timedelta(minutes=float(minutes))
        except (ValueError, OverflowError):
            raise RowRefusedError(
                f"its response_minutes {minutes[:_SHOWN]!r} is not a number of minutes"
            ) from None
        # The minutes are rounded, the comment that was meant says the second.
        near = [one.at for one in comments if abs(one.at - about) <= _MINUTE and one.public]
        return min(near, key=lambda one: abs(one - about), default=about.replace(microsecond=0))

    def _subject(self, row: SourceRow) -> str:
        """Return the subject; a template of which every value is missing is the ticket's id."""
        if self._mapping.fields["subject"].template and not self._text(row, "subject"):
            return f"{self._mapping.name} {self._text(row, 'id')}"
        return self._required(row, "subject")

    def _standings(self, rows: tuple[SourceRow, ...]) -> Iterator[StateChange]:
        previous: datetime | None = None
        for row in rows:
            at = self._required_time(row, "at")
            # Keep the order of the rows if one has an earlier time than the one before.
            previous = at if previous is None else max(at, previous)
            yield StateChange(previous, *self._standing(row))

    def _standing(self, row: SourceRow) -> tuple[Any, ...]:
        """Return what a row says but its time; most rows of a log say what another one said."""
        key = tuple(map(row.values.get, self._standing_columns))
        try:
            found = self._standings_read.get(key)
        except TypeError:  # a value is a list
            return self._read_standing(row)
        if found is None:
            found = self._read_standing(row)
            if len(self._standings_read) >= _REMEMBERED:
                self._standings_read.clear()
            self._standings_read[key] = found
        return found

    def _read_standing(self, row: SourceRow) -> tuple[Any, ...]:
        group = self._text(row, "group")
        waiting, waiting_word = self._waiting(row)
        return (
            self._required_member(row, "state", State),
            group,
            self._queue(row, group)[0],
            self._text(row, "assignee"),
            waiting,
            waiting_word,
            self._count(row, "hand_overs"),
            self._count(row, "reopenings"),
        )

    def _text(self, row: SourceRow, name: str) -> str:
        read = self._readers.get(name)
        return "" if read is None else read(row.values)

    def _required(self, row: SourceRow, name: str) -> str:
        text = self._text(row, name)
        if not text:
            raise RowRefusedError(f"its {name} ({self._mapping.fields[name].words}) is empty")
        return text

    def _optional_member(self, row: SourceRow, name: str, kind: type[E]) -> E | None:
        text = self._text(row, name)
        known = self._members.get((name, text))
        if isinstance(known, kind):
            return known
        default = self._mapping.defaults.get(name, "")
        ours = self._mapping.words(name).find(text) if text else default
        ours = ours or (text if any(text.casefold() == one.casefold() for one in kind) else "")
        if not ours:
            if text:
                raise RowRefusedError(
                    f"its {name} {text[:_SHOWN]!r} is not in the mapping's [values.{name}]"
                )
            return None
        found = self._member_of(ours, name, kind)
        self._members[name, text] = found
        return found

    def _member_of(self, ours: str, name: str, kind: type[E]) -> E:
        for member in kind:
            if member.value.casefold() == ours.casefold():
                return member
        raise RowRefusedError(
            f"the mapping makes {ours!r} of its {name}, which is none of {', '.join(kind)}"
        )

    def _required_member(self, row: SourceRow, name: str, kind: type[E]) -> E:
        member = self._optional_member(row, name, kind)
        if member is None:
            raise RowRefusedError(f"its {name} ({self._mapping.fields[name].words}) is empty")
        return member

    def _queue(self, row: SourceRow, group: str) -> tuple[Level, bool]:
        """Return the level of a row, and whether the mapping says so."""
        if "queue" in self._mapping.fields:
            own = self._optional_member(row, "queue", Level)
            if own is not None:
                return own, True
        ours = self._mapping.words("queue").find(group)
        name = ours or self._mapping.defaults.get("queue", "L1")
        return self._member_of(name, "queue", Level), bool(ours)

    def _waiting(self, row: SourceRow) -> tuple[Waiting, str]:
        """Return whom or what a row waits for if it is pending, and the file's word for it."""
        name = "waiting" if "waiting" in self._mapping.fields else "state"
        text = self._text(row, name)
        ours = self._mapping.words("waiting").find(text) if text else ""
        if not ours and name == "waiting" and text.casefold() in set(Waiting):
            ours = text
        ours = ours or self._mapping.defaults.get("waiting", "") or Waiting.REQUESTER
        return self._member_of(ours, "waiting", Waiting), text

    def _impact_and_urgency(self, row: SourceRow) -> tuple[Impact, Urgency]:
        text = self._text(row, "priority")
        priority = (self._mapping.words("priority").find(text) if text else "") or text.upper()
        if text and priority not in _PRIORITIES:
            raise RowRefusedError(
                f"its priority {text[:_SHOWN]!r} is not in the mapping's [values.priority]"
            )
        impact, urgency = _PRIORITIES.get(priority, (Impact.MEDIUM, Urgency.MEDIUM))
        return (
            self._optional_member(row, "impact", Impact) or impact,
            self._optional_member(row, "urgency", Urgency) or urgency,
        )

    def _requester(self, row: SourceRow) -> str:
        mail, name = self._text(row, "requester"), self._text(row, "requester_name")
        domain = self._mapping.defaults.get("requester_domain", "")
        if mail and "@" not in mail and domain:
            name = name or mail
            mail = f"{_UNSAFE.sub('.', mail.casefold()).strip('.')}@{domain}"
        name = name.replace("<", "").replace(">", "").replace("@", "")
        if "@" not in mail:
            return name or mail
        if "<" in mail or not name:
            return mail
        return f"{name} <{mail}>"

    def _count(self, row: SourceRow, name: str) -> int | None:
        """Return a number of times; None if the file does not count."""
        text = self._text(row, name)
        if not text:
            return 0 if name in self._mapping.fields else None
        if text.isascii() and text.isdigit() and len(text) <= _MAX_DIGITS:
            return int(text)
        raise RowRefusedError(f"its {name} {text[:_SHOWN]!r} is not a number from 0 to 9999")

    def _csat(self, row: SourceRow) -> int | None:
        text = self._text(row, "csat")
        if not text:
            return None
        table = self._mapping.words("csat")
        ours = table.find(text) if table.knows(text) else text
        if not ours:
            return None
        if ours in _RATINGS:
            return int(ours)
        raise RowRefusedError(f"its csat {text[:_SHOWN]!r} is not a rating from 1 to 5")

    def _flag(self, row: SourceRow, name: str) -> bool | None:
        text = self._text(row, name)
        if not text:
            return None
        table = self._mapping.words(name)
        ours = (table.find(text) if table.knows(text) else text).casefold()
        if not ours:
            return None
        if ours not in (*_YES, *_NO):
            raise RowRefusedError(f"its {name} {text[:_SHOWN]!r} is neither yes nor no")
        return ours in _YES

    def _time(self, row: SourceRow, name: str) -> datetime | None:
        text = self._text(row, name)
        if not text:
            return None
        try:
            return self._times.read(text)
        except TimeError as error:
            raise RowRefusedError(f"its {name} {text[:_SHOWN]!r} {error}") from error

    def _required_time(self, row: SourceRow, name: str) -> datetime:
        at = self._time(row, name)
        if at is None:
            raise RowRefusedError(f"its {name} ({self._mapping.fields[name].words}) is empty")
        return at
