"""The first line of every screen: counts of the queues, the agent, the time.

The parts that change every second are widgets of their own, because Textual sends a changed line
again from the left edge of its widget.
"""

from datetime import datetime

from rich.cells import cell_len, set_cell_size
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.widgets import Static

from helpdesk.desk.agent_view import AgentView
from helpdesk.desk.queue.views import DeskCounts, QueueCount
from helpdesk.domain.desk_zone import to_local, zone_hint
from helpdesk.domain.text import one_line
from helpdesk.tui.text.countdown import SYMBOLS, CountdownStatus, remaining_text

_GAP = "   "


class Header(Horizontal):
    """Shows counts of the queues, the time to the next breach, the agent and the time of day."""

    DEFAULT_CSS = """
    Header { height: 1; background: $panel; color: $foreground; padding: 0 1; }
    Header > Static { height: 1; width: 0; }
    Header > #counts { width: 1fr; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._shown: dict[str, str] = {}
        self._values: tuple[DeskCounts | None, AgentView | None, datetime, str, str] | None = None

    def compose(self) -> ComposeResult:
        """Lay out the parts from left to right."""
        for name in ("counts", "breach", "mail", "who", "time"):
            yield Static("", id=name, markup=False)

    def on_resize(self) -> None:
        """Fit the line to the width."""
        if self._values is not None:
            self.show(*self._values)

    def show(
        self,
        counts: DeskCounts | None,
        agent: AgentView | None,
        now: datetime,
        hazards: str = "",
        own_work: str = "",
    ) -> None:
        """Draw the parts that have changed.

        :param hazards: what endangers the work, in a word or two; it is never left out.
        :param own_work: the agent's drafts and timer; never left out either.
        """
        self._values = (counts, agent, now, hazards, own_work)
        if not self.query("#time"):
            return  # not laid out yet: on_resize draws the values then
        width = max(1, self.size.width)
        variants = _variants(counts, agent, now, f"▲ {hazards}  " if hazards else "", own_work)
        fitting = (parts for parts in variants if cell_len("".join(parts)) + 2 <= width)
        left, label, breach, mail, who, time = next(fitting, variants[-1])
        free = max(0, width - cell_len(breach + mail + who + time))
        self._put("breach", breach)
        self._put("mail", mail)
        self._put("who", who)
        self._put("time", time)
        self._put("counts", set_cell_size(left, max(0, free - cell_len(label))) + label)

    def _put(self, name: str, text: str) -> None:
        before = self._shown.get(name)
        if text == before:
            return
        self._shown[name] = text
        part = self.query_one(f"#{name}", Static)
        if name != "counts" and (before is None or cell_len(text) != cell_len(before)):
            part.styles.width = cell_len(text)
        part.update(Content(text), layout=False)


def _variants(
    counts: DeskCounts | None, agent: AgentView | None, now: datetime, warning: str, own: str
) -> list[tuple[str, str, str, str, str, str]]:
    """Return the possible texts of the line, from the longest to the shortest.

    Each is (counts, label of the countdown, countdown, own work and unread notices, agent, time
    of day), including the gaps between them.  Own work and notices are in all of them.
    """
    full, bare, tight = (f"{warning}{text}" for text in _counts_texts(counts))
    time = f"{to_local(now):%H:%M:%S}{zone_hint(now)}"
    who = f"{_who(agent)}{_GAP}" if agent else ""
    mail = f"✉ {counts.unread}{_GAP}" if counts is not None and counts.unread else ""
    mail = f"{own}{_GAP}{mail}" if own else mail
    breach = ""
    if counts is not None and counts.next_breach_at is not None and counts.next_breach_at >= now:
        left_s = int((counts.next_breach_at - now).total_seconds())
        breach = f"{remaining_text(left_s)}{_GAP}"
    long, sign = ("◷ next breach ", "◷ ") if breach else ("", "")
    return [
        (full, long, breach, mail, who, time),
        (full, sign, breach, mail, who, time),
        (full, long, breach, mail, "", time),
        (full, sign, breach, mail, "", time),
        (bare, sign, breach, mail, "", time),
        (tight, sign, breach, mail, "", time),
        (full, "", "", mail, "", time),
        (bare, "", "", mail, "", time),
        (tight, "", "", mail, "", time),
    ]


def _counts_texts(counts: DeskCounts | None) -> tuple[str, str, str]:
    """Return the counts with the name of the program, without it, and with fewer blanks."""
    if counts is None:
        return ("helpdesk  opening the desk …", "opening the desk …", "opening the desk …")
    named = [*counts.queues.items(), ("mine", counts.mine)]
    bare = " · ".join(f"{name} {_count_text(count, ' ')}" for name, count in named)
    tight = "  ".join(f"{name} {_count_text(count, '')}" for name, count in named)
    return f"helpdesk  {bare}", bare, tight


def _count_text(count: QueueCount, gap: str) -> str:
    late = f"{gap}{SYMBOLS[CountdownStatus.BREACHED]}{count.breached}" if count.breached else ""
    return f"{count.open}{late}"


def _who(agent: AgentView) -> str:
    ends = dict.fromkeys((agent.levels[0], agent.levels[-1])) if agent.levels else ("–",)
    return f"{one_line(agent.login)} ({'–'.join(ends)})"
