"""The first line of every screen: how the desk stands, who I am, what time it is."""

from datetime import datetime

from rich.cells import cell_len, set_cell_size
from textual.content import Content
from textual.widgets import Static

from helpdesk.desk.views import AgentView, DeskCounts
from helpdesk.domain.text import one_line
from helpdesk.tui.countdown_text import SYMBOLS, Mood, span_text


class Header(Static):
    """Counts of the queues, the next breach, the agent and the time, to the second."""

    DEFAULT_CSS = """
    Header { height: 1; background: $panel; color: $foreground; padding: 0 1; }
    """

    def __init__(self) -> None:
        super().__init__("", markup=False)
        self._line = ""
        self._facts: tuple[DeskCounts | None, AgentView | None, datetime] | None = None

    def on_resize(self) -> None:
        """Fit the line to the width."""
        if self._facts is not None:
            self.show(*self._facts)

    def show(self, counts: DeskCounts | None, agent: AgentView | None, now: datetime) -> None:
        """Draw the line, if it is another than before."""
        self._facts = (counts, agent, now)
        left = _counts_text(counts) if counts else "helpdesk  opening the desk …"
        width = max(1, self.size.width - 2)
        ways = _right_texts(counts, agent, now)
        fitting = (right for right in ways if cell_len(left) + cell_len(right) + 2 <= width)
        right = next(fitting, ways[-1])
        line = set_cell_size(left, max(0, width - cell_len(right) - 1)) + f" {right}"
        if line != self._line:
            self._line = line
            self.update(Content(line), layout=False)


def _counts_text(counts: DeskCounts) -> str:
    parts = []
    for level, count in counts.queues.items():
        late = f" {SYMBOLS[Mood.BREACHED]}{count.breached}" if count.breached else ""
        parts.append(f"{level} {count.open}{late}")
    mine = counts.mine
    late = f" {SYMBOLS[Mood.BREACHED]}{mine.breached}" if mine.breached else ""
    return "helpdesk  " + " · ".join((*parts, f"mine {mine.open}{late}"))


def _right_texts(
    counts: DeskCounts | None, agent: AgentView | None, now: datetime
) -> tuple[str, ...]:
    """Return what may stand on the right, from the longest way of saying it to the shortest."""
    time = f"{now.astimezone():%H:%M:%S}"
    breach = ""
    if counts is not None and counts.next_breach_at is not None and counts.next_breach_at >= now:
        breach = span_text(int((counts.next_breach_at - now).total_seconds()))
    long, short = (f"◷ next breach {breach}", f"◷ {breach}") if breach else ("", "")
    who = _who(agent) if agent else ""
    ways = ((long, who, time), (short, who, time), (long, time), (short, time), (time,))
    return tuple("   ".join(part for part in way if part) for way in ways)


def _who(agent: AgentView) -> str:
    ends = dict.fromkeys((agent.levels[0], agent.levels[-1])) if agent.levels else ("–",)
    return f"{one_line(agent.login)} ({'–'.join(ends)})"
