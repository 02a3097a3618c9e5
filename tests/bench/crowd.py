"""Many agents who work at once, each in a process, and a check that no change is lost."""

import json
import pickle
import re
import statistics
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, event, func, select

from helpdesk.desk.people import agents
from helpdesk.desk.session import Desk
from helpdesk.domain.escalation import Level
from helpdesk.store.administration import check
from helpdesk.store.models import Ticket, TicketEvent
from tests.bench.agent import WRITES, Worker

ROOT = Path(__file__).resolve().parents[2]


@dataclass
class Outcome:
    """The results of all agents: milliseconds by action, errors, acknowledged changes."""

    seconds: float
    taken: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    errors: list[str] = field(default_factory=list)
    acknowledged: list[tuple[str, int, str]] = field(default_factory=list)

    @property
    def writes_a_second(self) -> float:
        """The number of write actions per second."""
        return sum(len(self.taken[name]) for name in WRITES) / self.seconds

    def lines(self) -> Iterable[str]:
        """Yield the lines of a table of times by action."""
        all_writes = [ms for name in WRITES for ms in self.taken[name]]
        for name, figures in [*sorted(self.taken.items()), ("all writes", all_writes)]:
            if len(figures) > 1:
                cuts = statistics.quantiles(figures, n=100, method="inclusive")
                yield (
                    f"  {name:10} n {len(figures):6}  p50 {cuts[49]:7.1f}  p95 {cuts[94]:7.1f}"
                    f"  p99 {cuts[98]:7.1f}  max {max(figures):7.1f} ms"
                )


def add_agents(desk: Desk, count: int) -> list[str]:
    """Add agents who serve L1 and L2, unless they exist; return their logins."""
    logins = [f"agent{number}" for number in range(count)]
    existing = {agent.login for agent in agents.list_agents(desk)}
    for login in logins:
        if login not in existing:
            agents.add(desk, login, [Level.L1, Level.L2])
    return logins


class Crowd:
    """Processes of agents that wait for the start of the measurement."""

    def __init__(
        self,
        url: str,
        kb: Path,
        logins: list[str],
        folder: Path,
        *,
        seconds: float,
        every_s: float = 0.0,
        script: Path | None = None,
        connect: str = "",
    ) -> None:
        self._seconds = seconds
        self._answers = [folder / f"{login}.json" for login in logins]
        self.processes: list[subprocess.Popen[str]] = []
        for login, answer in zip(logins, self._answers, strict=True):
            orders = folder / f"{login}.orders"
            orders.write_text(
                json.dumps(
                    {
                        "url": url,
                        "kb": str(kb),
                        "login": login,
                        "seconds": seconds,
                        "every_s": every_s,
                        "answer": str(answer),
                        "script": str(script) if script else None,
                        "connect": connect,
                    }
                )
            )
            self.processes.append(
                subprocess.Popen(
                    [sys.executable, "-m", "tests.bench.agent", str(orders)],
                    cwd=ROOT, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                )
            )  # fmt: skip
        for process in self.processes:
            assert process.stdout is not None
            assert process.stdout.readline() == "ready\n"

    def go(self) -> None:
        """Start the measurement."""
        for process in self.processes:
            assert process.stdin is not None
            process.stdin.write("go\n")
            process.stdin.flush()

    def outcome(self) -> Outcome:
        """Wait for all processes and collect their results.

        A killed process has no times, but its acknowledged changes are there.
        """
        outcome = Outcome(self._seconds)
        for process in self.processes:
            assert process.stdout is not None
            process.stdout.readline()
        for process, answer in zip(self.processes, self._answers, strict=True):
            assert process.stdin is not None
            with suppress(BrokenPipeError):  # it was killed
                process.stdin.close()
            process.wait()
            if answer.exists():
                results = json.loads(answer.read_text())
                outcome.errors += results["errors"]
                for name, figures in results["taken"].items():
                    outcome.taken[name] += figures
            protocol = Path(f"{answer}.acknowledged")
            for line in protocol.read_text().splitlines() if protocol.exists() else ():
                try:
                    what, number, words = json.loads(line)
                except ValueError:  # cut short by a kill
                    continue
                outcome.acknowledged.append((what, number, words))
        return outcome


def lost(desk: Desk, outcome: Outcome) -> list[str]:
    """Return the acknowledged changes that are missing, and tickets that were claimed twice."""
    missing = []
    with desk.database.read() as session:
        subjects = {
            row.id: row.subject for row in session.execute(select(Ticket.id, Ticket.subject))
        }
        statement = select(TicketEvent.ticket_id, TicketEvent.text).where(TicketEvent.text != "")
        texts = {(row.ticket_id, row.text) for row in session.execute(statement)}
        claims = Counter(
            session.scalars(select(TicketEvent.ticket_id).where(TicketEvent.type == "claimed"))
        )
    for what, number, words in outcome.acknowledged:
        is_stored = {
            "logged": lambda n=number, w=words: subjects.get(n) == w,
            "noted": lambda n=number, w=words: (n, w) in texts,
            "resolved": lambda n=number, w=words: (n, w) in texts,
        }.get(what, lambda n=number: n in subjects)
        if not is_stored():
            missing.append(f"{what} {number} {words}")
    # A ticket can only be claimed again after an escalation, which is acknowledged as well.
    claimed = Counter(number for what, number, _ in outcome.acknowledged if what == "claimed")
    handed = Counter(number for what, number, _ in outcome.acknowledged if what == "escalated")
    missing += [
        f"claimed twice: {number}"
        for number, times in claimed.items()
        if times > 1 + handed[number]
    ]
    missing += [
        f"claim without a trace: {number}"
        for number, times in claimed.items()
        if claims and times > claims[number]
    ]
    return missing


def damage(desk: Desk) -> list[str]:
    """Return the damage that the checks of the database find."""
    with desk.database.read() as session:
        return [*check.integrity(session), *check.broken_references(session)]


def statements(desk: Desk, kb: Path, login: str, folder: Path) -> Path:
    """Record the statements of each action for the raw driver; return the file."""
    url = desk.database.url.render_as_string(hide_password=False)
    worker = Worker(url, str(kb), login)
    for action in (*WRITES, "page"):
        getattr(worker, action)()  # statements of the first time only are done
    scripts: dict[str, Any] = {}
    for action in (*WRITES, "page"):
        scripts[action] = _recorded(getattr(worker, action))
    with desk.database.read() as session:
        active = select(Ticket.id).where(Ticket.state == "open").order_by(func.random()).limit(500)
        scripts["numbers"] = list(session.scalars(active))
    worker.desk.close()
    file = folder / "statements.pickle"
    file.write_bytes(pickle.dumps(scripts))
    return file


def _recorded(action: Callable[[], int]) -> tuple[list[tuple[str, Any, Any]], int]:
    steps: list[tuple[str, Any, Any]] = []

    def begin(connection: Connection) -> None:
        steps.append(("begin", bool(connection.get_execution_options().get("helpdesk_writes")), ()))

    def end(_: Connection) -> None:
        steps.append(("end", None, None))

    def note(_c: object, _d: object, text: str, parameters: Any, _x: object, _m: bool) -> None:
        # The raw statement must find its row, although the ticket's version has changed.
        text = re.sub(
            r"tickets\.version = (\?|%\(\w+\)s(::INTEGER)?)", r"tickets.version >= 0 * \1", text
        )
        steps.append(("sql", text, parameters))

    listeners = (
        ("begin", begin), ("commit", end), ("rollback", end), ("before_cursor_execute", note),
    )  # fmt: skip
    for name, listener in listeners:
        event.listen(Engine, name, listener)
    try:
        number = action()
    finally:
        for name, listener in listeners:
            event.remove(Engine, name, listener)
    return steps, number
