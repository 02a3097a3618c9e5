"""Translating the rows of an export file into tickets."""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from enum import StrEnum
from html.parser import HTMLParser
from itertools import groupby, islice
from typing import Any, TypeVar

from helpdesk.domain.csv_safety import unescape_cell
from helpdesk.domain.escalation import Level
from helpdesk.domain.priority import Impact, Urgency
from helpdesk.domain.ticket import Channel, Kind, State
from helpdesk.domain.triage import guess_kind
from helpdesk.exchange.mapping import CommentSpec, FieldSpec
from helpdesk.exchange.mapping import ImportMapping as FileMapping
from helpdesk.exchange.rows import SourceRow
from helpdesk.exchange.source import Comment, RowRefusedError, SourceTicket, StateChange

E = TypeVar("E", bound=StrEnum)

_SHOWN = 40
_MAX_DIGITS = 4
#: The maximum number of rows of a ticket, where each row is a state that it had.
_MAX_STATES = 10_000
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
    rows: Iterable[SourceRow], mapping: FileMapping
) -> Iterator[tuple[SourceRow, SourceTicket | RowRefusedError]]:
    """Yield each ticket of the file with its first row, or why it is refused."""
    translator = Translator(mapping)
    if not mapping.by_states:
        for row in rows:
            yield row, _translate(translator, [row])
        return
    for _, group in groupby(rows, key=translator.id_of):
        states = list(islice(group, _MAX_STATES + 1))
        if len(states) > _MAX_STATES:
            yield states[0], RowRefusedError(f"it has more than {_MAX_STATES:,} rows")
        else:
            yield states[0], _translate(translator, states)


def _translate(translator: "Translator", rows: list[SourceRow]) -> SourceTicket | RowRefusedError:
    problem = next((row.trouble for row in rows if row.trouble), "")
    if problem:
        return RowRefusedError(problem)
    try:
        return translator.ticket(rows)
    except RowRefusedError as error:
        error.source_id = translator.id_of(rows[0])
        return error


class Translator:
    """Translates rows as a mapping says."""

    def __init__(self, mapping: FileMapping) -> None:
        self._mapping = mapping

    def id_of(self, row: SourceRow) -> str:
        """Return the id of a row's ticket; of a broken row, its problem."""
        return row.trouble or self._text(row, "id")

    def ticket(self, rows: list[SourceRow]) -> SourceTicket:
        """Return the ticket of these rows; the last one has its current state.

        :raises RowRefusedError: if a value is missing or cannot be translated.
        """
        row = rows[-1]
        created_at = self._required_time(row, "created_at")
        closed_at = self._time(row, "closed_at")
        resolved_at = self._time(row, "resolved_at")
        known = [at for at in (created_at, resolved_at, closed_at) if at is not None]
        updated_at = self._time(row, "updated_at") or self._time(row, "at") or max(known)
        impact, urgency = self._impact_and_urgency(row)
        group = self._text(row, "group")
        subject = self._required(row, "subject")
        comments = self._comments(row)
        body = self._text(row, "body")
        spec = self._mapping.comments
        if spec is not None and spec.first_is_body and comments and not body:
            body, comments = comments[0].text, comments[1:]
        return SourceTicket(
            line=rows[0].line,
            source_id=self._required(row, "id"),
            subject=subject,
            body=body,
            kind=self._optional_member(row, "kind", Kind) or guess_kind(subject),
            state=self._required_member(row, "state", State),
            impact=impact,
            urgency=urgency,
            queue=self._queue(group),
            group=group,
            channel=self._optional_member(row, "channel", Channel) or Channel.MAIL,
            service=self._text(row, "service") or self._mapping.defaults.get("service", ""),
            customer=self._text(row, "customer") or self._mapping.defaults.get("customer", ""),
            requester=self._requester(row),
            requester_phone=self._text(row, "requester_phone"),
            callback=self._text(row, "callback"),
            assignee=self._text(row, "assignee"),
            created_at=created_at,
            updated_at=max(created_at, updated_at),
            responded_at=self._time(row, "responded_at"),
            resolved_at=resolved_at,
            closed_at=closed_at,
            hand_overs=self._count(row, "hand_overs"),
            reopenings=self._count(row, "reopenings"),
            csat=self._csat(row),
            sla_met=self._flag(row, "sla_met"),
            comments=tuple(comments),
            state_changes=tuple(self._standings(rows)) if self._mapping.by_states else (),
        )

    def _standings(self, rows: list[SourceRow]) -> Iterator[StateChange]:
        previous: StateChange | None = None
        for row in rows:
            at = self._required_time(row, "at")
            standing = StateChange(
                # Keep the order of the rows if one has an earlier time than the one before.
                at=at if previous is None else max(at, previous.at),
                state=self._required_member(row, "state", State),
                group=self._text(row, "group"),
                assignee=self._text(row, "assignee"),
                hand_overs=self._count(row, "hand_overs"),
                reopenings=self._count(row, "reopenings"),
            )
            yield standing
            previous = standing

    def _text(self, row: SourceRow, name: str) -> str:
        spec = self._mapping.fields.get(name)
        return "" if spec is None else self._read(row.values, spec)

    def _read(self, values: Mapping[str, Any], spec: FieldSpec) -> str:
        if spec.template:
            return _TEMPLATE.sub(lambda found: self._column(values, found[1]), spec.template)
        for column in spec.columns:
            text = self._column(values, column)
            if text:
                return text
        return ""

    def _column(self, values: Mapping[str, Any], column: str) -> str:
        value = look_up(values, column)
        if isinstance(value, list):
            value = next((item for item in value if item not in (None, "")), "")
        if value is None or isinstance(value, dict):
            return ""
        if isinstance(value, bool):
            return "true" if value else "false"
        text = unescape_cell(str(value).strip())
        return "" if text in self._mapping.missing else text

    def _required(self, row: SourceRow, name: str) -> str:
        text = self._text(row, name)
        if not text:
            raise RowRefusedError(f"its {name} ({_where(self._mapping, name)}) is empty")
        return text

    def _optional_member(self, row: SourceRow, name: str, kind: type[E]) -> E | None:
        default = self._mapping.defaults.get(name, "")
        text = self._text(row, name)
        known = self._mapping.values.get(name, {})
        ours = known.get(text.casefold(), known.get("*", "")) if text else default
        ours = ours or (text if text.casefold() in set(kind) else "")
        if not ours:
            if text:
                raise RowRefusedError(
                    f"its {name} {text[:_SHOWN]!r} is not in the mapping's [values.{name}]"
                )
            return None
        return self._member_of(ours, name, kind)

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
            raise RowRefusedError(f"its {name} ({_where(self._mapping, name)}) is empty")
        return member

    def _queue(self, group: str) -> Level:
        known = self._mapping.values.get("queue", {})
        ours = known.get(group.casefold(), known.get("*", ""))
        return self._member_of(ours or self._mapping.defaults.get("queue", "L1"), "queue", Level)

    def _impact_and_urgency(self, row: SourceRow) -> tuple[Impact, Urgency]:
        text = self._text(row, "priority")
        known = self._mapping.values.get("priority", {})
        priority = known.get(text.casefold(), known.get("*", "")) or text.upper()
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

    def _count(self, row: SourceRow, name: str) -> int:
        text = self._text(row, name)
        if not text:
            return 0
        if text.isascii() and text.isdigit() and len(text) <= _MAX_DIGITS:
            return int(text)
        raise RowRefusedError(f"its {name} {text[:_SHOWN]!r} is not a number from 0 to 9999")

    def _csat(self, row: SourceRow) -> int | None:
        text = self._text(row, "csat")
        known = self._mapping.values.get("csat", {})
        ours = known.get(text.casefold(), known.get("*", text))
        if not ours:
            return None
        if ours in _RATINGS:
            return int(ours)
        raise RowRefusedError(f"its csat {text[:_SHOWN]!r} is not a rating from 1 to 5")

    def _flag(self, row: SourceRow, name: str) -> bool | None:
        text = self._text(row, name)
        ours = self._mapping.values.get(name, {}).get(text.casefold(), text).casefold()
        if not ours:
            return None
        if ours not in (*_YES, *_NO):
            raise RowRefusedError(f"its {name} {text[:_SHOWN]!r} is neither yes nor no")
        return ours in _YES

    def _time(self, row: SourceRow, name: str) -> datetime | None:
        text = self._text(row, name)
        return self.parse_time(text, name) if text else None

    def _required_time(self, row: SourceRow, name: str) -> datetime:
        return self.parse_time(self._required(row, name), name)

    def parse_time(self, text: str, name: str) -> datetime:
        """Parse a time and return it in UTC.

        :raises RowRefusedError: if it has none of the mapping's formats.
        """
        for form in self._mapping.times:
            try:
                if form == "iso":
                    at = datetime.fromisoformat(text)
                elif form == "epoch":
                    return datetime.fromtimestamp(int(text), UTC)
                else:
                    at = datetime.strptime(text, form)  # noqa: DTZ007  (the zone is added below)
                at = at if at.tzinfo else at.replace(tzinfo=self._mapping.zone)
                return at.astimezone(UTC).replace(microsecond=0)
            except (ValueError, OverflowError, OSError):
                continue
        raise RowRefusedError(
            f"its {name} {text[:_SHOWN]!r} is not a time in a format of the mapping "
            f"({', '.join(self._mapping.times)})"
        )

    def _comments(self, row: SourceRow) -> list[Comment]:
        spec = self._mapping.comments
        if spec is None:
            return []
        found = look_up(row.values, spec.where)
        items = found if isinstance(found, list) else [found]
        read = self._cell if spec.columns else self._item
        comments = [read(item, spec) for item in items if item not in (None, "")]
        return sorted(comments, key=lambda comment: comment.at)

    def _item(self, item: Any, spec: CommentSpec) -> Comment:
        if not isinstance(item, dict):
            raise RowRefusedError(f"an entry of its {spec.where} is not an object")
        text = self._column(item, spec.text)
        return Comment(
            at=self.parse_time(self._column(item, spec.at), "comment's time"),
            author=self._column(item, spec.author),
            text=plain_text(text) if spec.html else text,
            public=_is_public(item, spec),
        )

    def _cell(self, cell: str, spec: CommentSpec) -> Comment:
        at, _, rest = unescape_cell(cell).partition(";")
        author, _, text = rest.partition(";")
        return Comment(self.parse_time(at.strip(), "comment's time"), author.strip(), text, True)


_TEMPLATE = re.compile(r"\{([^{}]+)\}")


def look_up(values: Mapping[str, Any], column: str) -> Any:
    """Return the value of a column; ``a.b`` is the value ``b`` in the object ``a`` (JSON)."""
    if column in values:
        return values[column]
    head, _, rest = column.partition(".")
    inner = values.get(head)
    return look_up(inner, rest) if rest and isinstance(inner, dict) else None


def _is_public(item: Mapping[str, Any], spec: CommentSpec) -> bool:
    if spec.internal:
        return not look_up(item, spec.internal)
    return bool(look_up(item, spec.public)) if spec.public else True


def _where(mapping: FileMapping, name: str) -> str:
    spec = mapping.fields[name]
    return spec.template or " or ".join(spec.columns)


class _TextExtractor(HTMLParser):
    """Collects the text of an HTML document, with line breaks between its blocks."""

    def __init__(self) -> None:
        super().__init__()
        self.parts: list[str] = []

    def handle_data(self, data: str) -> None:
        self.parts.append(data)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("br", "p", "div", "li", "tr"):
            self.parts.append("\n")


def plain_text(html: str) -> str:
    """Return the text of an HTML document, without markup."""
    parser = _TextExtractor()
    parser.feed(html)
    parser.close()
    return re.sub(r"\n{3,}", "\n\n", "".join(parser.parts)).strip()
