"""Compute the SLA clocks of hypothetical tickets from a JSON document of cases.

The input::

    {"cases": [{"id": …, "calendar": {…}, "targets": {"first_response_s": 3600, …},
                "events": [{"at": "2024-01-02T09:00:00Z", "event": "received"}, …],
                "now": "2024-01-02T12:00:00Z"}]}

``calendar`` has the format of :mod:`helpdesk.domain.support_hours.calendar_file`.  An event
``targets`` has ``targets``, ``calendar`` or both; targets that it does not name stay, and null
removes a target.  ``90.0`` is 90 seconds.  A case may say ``"next_update_from":
"first_response"``; without it the next update starts with ``received``.  Without ``now`` the clocks
are read at the last event.  Other keys of a case or an event are ignored and may contain notes.

The output::

    {"results": [{"id": …, "clocks": {"resolution": {"due_at", "elapsed_s", "remaining_s",
                                                     "state", "met_at", "breached_at"}}}]}

An invalid case gives ``{"id", "error"}`` and does not affect the other cases.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from helpdesk.domain.errors import RefusedError
from helpdesk.domain.sla.clock import ClockName, ClockReading
from helpdesk.domain.sla.clocks import read_clocks
from helpdesk.domain.sla.event_kind import EventKind
from helpdesk.domain.sla.events import ClockEvent
from helpdesk.domain.sla.targets import NextUpdateFrom, Targets, require_target
from helpdesk.domain.support_hours import parse_calendar
from helpdesk.domain.support_hours.document import as_list, as_object, prefix_errors, require_known
from helpdesk.domain.support_hours.instant import EPOCH, instant_text, parse_instant

_TARGET_KEYS = tuple(f"{name}_s" for name in ClockName)


def simulate(document: object) -> dict[str, object]:
    """Return the output document with the readings of every case.

    :raises RefusedError: if the document is not ``{"cases": […]}``.
    """
    parts = as_object(document, "the document")
    if "cases" not in parts:
        raise RefusedError("the document: 'cases' is missing: write {\"cases\": […]}.")
    return {"results": [_result(case) for case in as_list(parts["cases"], "cases")]}


def _result(case: object) -> dict[str, object]:
    case_id = case.get("id") if isinstance(case, Mapping) else None
    try:
        return {"id": case_id, "clocks": _clocks(as_object(case, "case"))}
    except RefusedError as error:
        return {"id": case_id, "error": str(error)}


def _clocks(case: Mapping[str, object]) -> dict[str, object]:
    for key in ("id", "calendar", "targets", "events"):
        if key not in case:
            raise RefusedError(f"case: {key!r} is missing: add it.")
    calendar = parse_calendar(case["calendar"])
    targets = _parse_targets(case["targets"], "targets", Targets(next_update_from=_start_of(case)))
    events = _parse_events(case["events"], targets)
    # Without events any time will do: read_clocks refuses an empty list.
    now = max((event.at for event in events), default=EPOCH)
    if case.get("now") is not None:
        now = _parse_time(case["now"], "now")
    readings = read_clocks(calendar, targets, events, now)
    return {str(name): _dump(reading) for name, reading in readings.items()}


def _start_of(case: Mapping[str, object]) -> NextUpdateFrom:
    wanted = case.get("next_update_from")
    found = [start for start in NextUpdateFrom if start == wanted]
    if wanted is not None and not found:
        raise RefusedError(
            f"next_update_from: {wanted!r:.40} is not known: use {', '.join(NextUpdateFrom)}."
        )
    return found[0] if found else NextUpdateFrom.RECEIVED


@dataclass(frozen=True, slots=True)
class _RawEvent:
    """An event whose time and kind were parsed, before its targets are."""

    at: datetime
    kind: EventKind
    parts: Mapping[str, object]
    place: str


def _parse_events(value: object, targets: Targets) -> list[ClockEvent]:
    entries = [
        _parse_entry(entry, f"events[{number}]")
        for number, entry in enumerate(as_list(value, "events"))
    ]
    events: dict[str, ClockEvent] = {}
    # Targets that a change does not name stay as they were at that time, so go by time, not by
    # position in the document.
    for entry in sorted(entries, key=lambda entry: entry.at):
        event = _parse_event(entry, targets)
        targets = event.targets or targets
        events[entry.place] = event
    return [events[entry.place] for entry in entries]


def _parse_entry(value: object, place: str) -> _RawEvent:
    parts = as_object(value, place)
    for key in ("at", "event"):
        if key not in parts:
            raise RefusedError(f"{place}: {key!r} is missing: add it.")
    kinds = [kind for kind in EventKind if kind == parts["event"]]
    if not kinds:
        raise RefusedError(
            f"{place}.event: {parts['event']!r:.40} is not known: use {', '.join(EventKind)}."
        )
    return _RawEvent(_parse_time(parts["at"], f"{place}.at"), kinds[0], parts, place)


def _parse_event(entry: _RawEvent, before: Targets) -> ClockEvent:
    event = ClockEvent(entry.at, entry.kind)
    if entry.kind is not EventKind.TARGETS:
        return event
    if "targets" not in entry.parts and "calendar" not in entry.parts:
        raise RefusedError(f"{entry.place}: 'targets' is missing: say what changed.")
    if "targets" in entry.parts:
        place = f"{entry.place}.targets"
        event = replace(event, targets=_parse_targets(entry.parts["targets"], place, before))
    if "calendar" in entry.parts:
        place = f"{entry.place}.calendar"
        event = replace(event, calendar=parse_calendar(entry.parts["calendar"], place))
    return event


def _parse_targets(value: object, place: str, before: Targets) -> Targets:
    parts = {key: _as_integer(seconds) for key, seconds in as_object(value, place).items()}
    require_known(parts, _TARGET_KEYS, place)
    for key, seconds in parts.items():
        require_target(seconds, f"{place}.{key}")
    return replace(before, **parts)  # type: ignore[arg-type]  # both were checked above


def _as_integer(seconds: object) -> object:
    """Return ``90.0`` as 90, because some programs write JSON integers that way."""
    return int(seconds) if isinstance(seconds, float) and seconds.is_integer() else seconds


def _parse_time(value: object, place: str) -> datetime:
    with prefix_errors(f"{place}: "):
        return parse_instant(value)


def _dump(reading: ClockReading) -> dict[str, object]:
    return {
        "due_at": _time_text(reading.due_at),
        "elapsed_s": reading.elapsed_s,
        "remaining_s": reading.remaining_s,
        "state": str(reading.state),
        "met_at": _time_text(reading.met_at),
        "breached_at": _time_text(reading.breached_at),
    }


def _time_text(at: datetime | None) -> str | None:
    return None if at is None else instant_text(at)
