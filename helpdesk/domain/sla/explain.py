"""Explain a due time line by line, in the calendar's own time zone.

The explanation follows the same steps as ``read_clocks``: it lists the events, each stretch of
counted time with its support time and the running total, and the time left.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import pairwise
from types import MappingProxyType

from helpdesk.domain.errors import RefusedError
from helpdesk.domain.escalation import Level
from helpdesk.domain.i18n import _
from helpdesk.domain.sla.clock import ClockName
from helpdesk.domain.sla.clocks import run_clocks
from helpdesk.domain.sla.duration import duration_text
from helpdesk.domain.sla.events import ClockEvent
from helpdesk.domain.sla.explanation import EVENT_TEXTS, Explanation, ExplanationLine, local_text
from helpdesk.domain.sla.ola import QueueMove, ola_steps
from helpdesk.domain.sla.pauses import DEFAULT_PAUSES, Pauses
from helpdesk.domain.sla.targets import Targets
from helpdesk.domain.support_hours import SupportCalendar


def explain(
    calendar: SupportCalendar,
    targets: Targets,
    events: Sequence[ClockEvent],
    now: datetime,
    clock: ClockName,
    pauses: Pauses = DEFAULT_PAUSES,
) -> list[ExplanationLine]:
    """Return the lines that explain one clock's reading at ``now``.

    The other parameters are those of ``clocks.read_clocks``.

    :raises RefusedError: as ``read_clocks``, and if the ticket has no such clock.
    """
    steps = list(run_clocks(calendar, targets, events, now, pauses))
    tracks = [step.tracks[clock] for step in steps]
    reading = tracks[-1].read(now)
    if reading is None:
        raise RefusedError(f"{clock} has no target on this ticket, so it has no due time.")
    explanation = Explanation(tracks[0])
    for step, before, after in zip(steps[1:], tracks, tracks[1:], strict=False):
        explanation.add_event(step.event, before, after)
    explanation.conclude(tracks[-1], reading, now)
    return explanation.lines


def explain_ola(
    calendar: SupportCalendar,
    targets_by_level: Mapping[Level, int],
    moves: Sequence[QueueMove],
    events: Sequence[ClockEvent],
    now: datetime,
    pauses: Pauses = DEFAULT_PAUSES,
    hours: Mapping[Level, SupportCalendar] = MappingProxyType({}),
) -> dict[Level, list[ExplanationLine]]:
    """Return the lines that explain the OLA of each level that has one and that was visited.

    The parameters are those of ``ola.run_ola``.

    :raises RefusedError: as ``run_ola``.
    """
    steps = list(ola_steps(calendar, targets_by_level, moves, events, now, pauses, hours))
    found = {}
    for level, last in steps[-1][1].items():
        reading = last.read(now)
        if reading is None:
            continue
        visited = [(step, tracks[level]) for step, tracks in steps if level in tracks]
        explanation = Explanation(visited[0][1], _("reached {level}").format(level=level))
        for (_step, before), (step, after) in pairwise(visited):
            explanation.add_step(step.at, _step_text(step, level), before, after)
        explanation.conclude(last, reading, now)
        found[level] = explanation.lines
    return found


def _step_text(step: ClockEvent | QueueMove, level: Level) -> str:
    if isinstance(step, ClockEvent):
        return EVENT_TEXTS.get(step.kind, str(step.kind))
    if step.level is level:
        return _("reached {level} again").format(level=level)
    return _("left for {level}").format(level=step.level)


def explanation_text(lines: Sequence[ExplanationLine]) -> str:
    """Return the lines as text, each terminated by a line feed."""
    return "".join(f"{_line_text(line)}\n" for line in lines)


def _line_text(line: ExplanationLine) -> str:
    if line.until is None or line.counted_s is None or line.total_s is None:
        return f"{local_text(line.at)}  {line.text}"
    counted, total = duration_text(line.counted_s), duration_text(line.total_s)
    until = local_text(line.until)
    return f"{local_text(line.at)} to {until}  {line.text}: +{counted} = {total}"
