"""Many agents at once, each a process; what they did, and whether all of it is there."""

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
    """What a crowd did: milliseconds by action, what went wrong, what was acknowledged."""

    seconds: float
    taken: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    errors: list[str] = field(default_factory=list)
    acknowledged: list[tuple[str, int, str]] = field(default_factory=list)

    @property
    def writes_a_second(self) -> float:
        """Transactions that changed something."""
        return sum(len(self.taken[name]) for name in WRITES) / self.seconds

    def lines(self) -> Iterable[str]:
        """Yield a table."""
        everything = [ms for name in WRITES for ms in self.taken[name]]
        for name, figures in [*sorted(self.taken.items()), ("all writes", everything)]:
            if len(figures) > 1:
                cuts = statistics.quantiles(figures, n=100, method="inclusive")
                yield (
                    f"  {name:10} n {len(figures):6}  p50 {cuts[49]:7.1f}  p95 {cuts[94]:7.1f}"
                    f"  p99 {cuts[98]:7.1f}  max {max(figures):7.1f} ms"
                )


def add_agents(desk: Desk, count: int) -> list[str]:
    """Let so many agents serve L1 and L2; return their logins."""
    logins = [f"agent{number}" for number in range(count)]
    known = {agent.login for agent in agents.list_agents(desk)}
    for login in logins:
        if login not in known:
            agents.add(desk, login, [Level.L1, Level.L2])
    return logins


class Crowd:
    """Agents that were started and wait for the word."""

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
        """Let all begin."""
        for process in self.processes:
            assert process.stdin is not None
            process.stdin.write("go\n")
            process.stdin.flush()

    def outcome(self) -> Outcome:
        """Wait for all; those who were killed are missing from the figures, not from the book."""
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
                told = json.loads(answer.read_text())
                outcome.errors += told["errors"]
                for name, figures in told["taken"].items():
                    outcome.taken[name] += figures
            book = Path(f"{answer}.acknowledged")
            for line in book.read_text().splitlines() if book.exists() else ():
                try:
                    what, number, words = json.loads(line)
                except ValueError:  # cut short by a kill
                    continue
                outcome.acknowledged.append((what, number, words))
        return outcome


def lost(desk: Desk, outcome: Outcome) -> list[str]:
    """Return what was acknowledged and is not there, and tickets that were claimed twice."""
    missing = []
    with desk.database.read() as session:
        subjects = {
            row.id: row.subject for row in session.execute(select(Ticket.id, Ticket.subject))
        }
        said = select(TicketEvent.ticket_id, TicketEvent.text).where(TicketEvent.text != "")
        texts = {(row.ticket_id, row.text) for row in session.execute(said)}
        claims = Counter(
            session.scalars(select(TicketEvent.ticket_id).where(TicketEvent.type == "claimed"))
        )
    for what, number, words in outcome.acknowledged:
        there = {
            "logged": lambda n=number, w=words: subjects.get(n) == w,
            "noted": lambda n=number, w=words: (n, w) in texts,
            "resolved": lambda n=number, w=words: (n, w) in texts,
        }.get(what, lambda n=number: n in subjects)
        if not there():
            missing.append(f"{what} {number} {words}")
    # Between two claims of a ticket it was handed over, which is another acknowledged change.
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
    """Return what is not whole."""
    with desk.database.read() as session:
        return [*check.integrity(session), *check.broken_references(session)]


def statements(desk: Desk, kb: Path, login: str, folder: Path) -> Path:
    """Write down, for the raw driver, what each action asks of the database."""
    url = desk.database.url.render_as_string(hide_password=False)
    worker = Worker(url, str(kb), login)
    for action in (*WRITES, "page"):
        getattr(worker, action)()  # what is done only once (reading the version, say) is done
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
        # A version that has moved on must not make the raw statement cheaper.
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
