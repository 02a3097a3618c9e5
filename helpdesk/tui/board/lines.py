"""The text lines of the board: queues and agents, in columns that fit the width."""

from dataclasses import dataclass
from datetime import datetime

from rich.cells import set_cell_size

from helpdesk.desk.queue.board import HOURS, AgentLine, LeadBoard, QueueLine
from helpdesk.domain import desk_zone
from helpdesk.domain.escalation import Level
from helpdesk.domain.i18n import _
from helpdesk.domain.text import one_line
from helpdesk.tui.text.countdown import SYMBOLS, CountdownStatus
from helpdesk.tui.text.moments import age_text

_BARS = "▁▂▃▄▅▆▇█"
_NOTHING = "·"
_NAME, _WIDE_NAME = 19, 34
#: From this width in cells on, names and the heads of rates are shown in full.
_ROOMY = 110


@dataclass(frozen=True, slots=True)
class ListLine:
    """A line of a list.

    :ivar target: what Enter opens: a level, a name such as a login, or None for nothing.
    :ivar is_head: whether it is a column header.
    """

    text: str
    status: CountdownStatus = CountdownStatus.OK
    target: Level | str | None = None
    is_head: bool = False


def board_lines(board: LeadBoard, width: int, now: datetime) -> tuple[ListLine, ...]:
    """Return the lines of the queues, then those of the agents, each below its column header.

    :param width: the width of the screen in cells.
    """
    return (*queue_lines(board, width, now), *agent_lines(board, width, now))


def queue_lines(board: LeadBoard, width: int, now: datetime) -> tuple[ListLine, ...]:
    """Return the column header and a line for each queue."""
    roomy = width >= _ROOMY
    warning, breached = SYMBOLS[CountdownStatus.WARNING], SYMBOLS[CountdownStatus.BREACHED]
    heads = _cells(
        roomy, "Queue", ("open", "free", warning, breached, "oldest"),
        f"in, last {HOURS} h" if roomy else f"in {HOURS} h",
        f"out, last {HOURS} h" if roomy else f"out {HOURS} h", "SLA wk",
    )  # fmt: skip
    return (
        ListLine(heads, is_head=True),
        *(_queue(line, now, roomy=roomy) for line in board.queues),
    )


def _queue(line: QueueLine, now: datetime, *, roomy: bool) -> ListLine:
    count = line.count
    name = line.level if line.name in ("", line.level) else f"{line.level} {one_line(line.name)}"
    most = max((*line.came, *line.left), default=0)
    came, left = (_rate(hours, most, roomy=roomy) for hours in (line.came, line.left))
    figures = (
        str(count.open), str(count.unassigned), str(count.warning), str(count.breached),
        age_text(line.oldest, now),
    )  # fmt: skip
    attained = "–" if line.attained is None else f"{line.attained * 100:.0f} %"
    text = _cells(roomy, name, figures, came, left, attained)
    return ListLine(text, _mood(count.warning, count.breached), line.level)


def agent_lines(board: LeadBoard, width: int, now: datetime) -> tuple[ListLine, ...]:
    """Return the column header, what "today" means, and a line for each agent.

    The board sorts them: most breached tickets first, then most due today, then most open.
    """
    roomy = width >= _ROOMY
    figures = (
        "open",
        "today",
        SYMBOLS[CountdownStatus.WARNING],
        SYMBOLS[CountdownStatus.BREACHED],
        "oldest",
    )
    heads = _cells(roomy, "Agent", figures, "levels", "shift", "")
    return (
        ListLine(heads, is_head=True),
        ListLine(_today_means(), is_head=True),
        *(_agent(line, now, roomy=roomy) for line in board.agents),
    )


def _today_means() -> str:
    return _("today: overdue now, or due before midnight ({zone})").format(zone=desk_zone.name())


def _agent(line: AgentLine, now: datetime, *, roomy: bool) -> ListLine:
    name = one_line(line.login)
    if roomy and line.name not in ("", line.login):
        name = f"{name}  {one_line(line.name)}"
    figures = (
        str(line.open), str(line.due_today), str(line.warning), str(line.breached),
        age_text(line.oldest, now),
    )  # fmt: skip
    seen = (
        "here" if line.online else "–" if line.seen is None else f"{age_text(line.seen, now)} ago"
    )
    shift = f"{'on' if line.on_duty else 'off'} · {seen}"
    text = _cells(roomy, name, figures, ",".join(line.levels), shift, "")
    return ListLine(text, _mood(line.warning, line.breached), line.login)


def _cells(
    roomy: bool,
    name: str,
    figures: tuple[str, ...],
    first: str,
    second: str,
    last: str,
) -> str:
    parts = [set_cell_size(name, _WIDE_NAME if roomy else _NAME)]
    parts += [f"{text:>{width}}" for text, width in zip(figures, (5, 6, 4, 4, 7), strict=True)]
    side = 16 if roomy else 12
    parts += ["  ", set_cell_size(first, side), set_cell_size(second, side), f"{last:>6}"]
    return "".join(parts).rstrip()


def _rate(hours: tuple[int, ...], most: int, *, roomy: bool) -> str:
    bars = "".join(_bar(count, most) for count in hours)
    return f"{bars} {sum(hours)}" if roomy else f"{bars} {sum(hours):<3}"


def _bar(count: int, most: int) -> str:
    return _BARS[(count * (len(_BARS) - 1)) // most] if count else _NOTHING


def _mood(warning: int, breached: int) -> CountdownStatus:
    if breached:
        return CountdownStatus.BREACHED
    return CountdownStatus.WARNING if warning else CountdownStatus.OK
