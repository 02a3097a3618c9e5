"""One agent as a process: ``python -m tests.bench.agent ORDERS`` works until the time is over.

ORDERS is a JSON file with the keys url, kb, login, seconds, every_s (seconds between writes; 0: no
pause), answer (the file for the results), script (None, or the file of recorded statements that the
raw driver executes instead of the desk), connect (the raw driver's connection string).
"""

import gc
import json
import pickle
import random
import signal
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from helpdesk.domain.errors import DeskError

#: How often each action is done before times are measured.
_WARM_UP_ROUNDS = 12
#: An agent does these actions in this order, again and again.
WRITES = ("log", "claim", "note", "escalate")


class Worker:
    """An agent who works on a desk; each action returns the number of its ticket."""

    def __init__(self, url: str, kb: str, login: str) -> None:
        from helpdesk.desk.opening import open_desk
        from helpdesk.desk.settings import Settings

        self.desk = open_desk(Settings(url, Path(kb), login))
        self.login = login
        self.mine: list[int] = []
        self.notes = 0
        #: (action, ticket number, text) of changes that the desk has confirmed.
        self.acknowledged: list[tuple[str, int, str]] = []

    def log(self) -> int:
        """Log a query."""
        from helpdesk.desk.ticket import log_query
        from helpdesk.desk.ticket.views import NewQuery

        name = f"{self.login} {time.time_ns()}"
        ticket = log_query.log_query(
            self.desk, NewQuery(f"printer of {name}", requester="k.novak@contoso.example")
        )
        self.acknowledged.append(("logged", ticket.number, f"printer of {name}"))
        return ticket.number

    def claim(self) -> int:
        """Claim the most urgent ticket."""
        from helpdesk.desk.ticket import claiming

        number = claiming.claim_next(self.desk).number
        self.mine.append(number)
        self.acknowledged.append(("claimed", number, self.login))
        return number

    def note(self) -> int:
        """Write a note on the last claimed ticket."""
        from helpdesk.desk.ticket.handling import Note
        from tests.verbs import do

        self.notes += 1
        words = f"{self.login} note {self.notes} {time.time_ns()}"
        number = self.mine[-1]
        do(self.desk, number, Note(words))
        self.acknowledged.append(("noted", number, words))
        return number

    def escalate(self) -> int:
        """Escalate the last claimed ticket if it is in L1, otherwise resolve it."""
        from helpdesk.desk.escalation.hand_over import Escalate
        from helpdesk.desk.ticket import show_ticket
        from helpdesk.desk.ticket.resolving import Resolve
        from helpdesk.domain.escalation import HandOver, Level
        from tests.verbs import do

        number = self.mine.pop()
        level = show_ticket.show(self.desk, number).queue
        if level is Level.L1:
            note = HandOver("restarted it", "since Monday", "please look")
            do(self.desk, number, Escalate(Level.L2, "beyond me", note))
            self.acknowledged.append(("escalated", number, "beyond me"))
        else:
            do(self.desk, number, Resolve(f"done by {self.login} {number}"))
            self.acknowledged.append(("resolved", number, f"done by {self.login} {number}"))
        return number

    def warm_up(self) -> None:
        """Do every action several times: a real agent has the app open all day.

        The driver prepares a statement after five executions; PostgreSQL then plans it five more
        times before it caches the plan.
        """
        for _ in range(_WARM_UP_ROUNDS):
            for action in (self.log, self.claim, self.note, self.escalate, self.page):
                with suppress(DeskError, IndexError):
                    action()
        gc.collect()
        gc.freeze()  # as the app does after its start

    def page(self) -> int:
        """Look at a queue."""
        from helpdesk.desk.queue import lists
        from helpdesk.domain.escalation import Level

        lists.page(self.desk, lists.Selection(queue=Level.L1), limit=45)
        return 0


class Raw:
    """Executes the same statements with the database driver alone: the lower limit of the times."""

    def __init__(self, scripts: dict[str, Any], connect: str) -> None:
        self._scripts = scripts
        self._postgresql = not connect.endswith(".db")
        self._numbers = list(scripts["numbers"])
        if self._postgresql:
            import psycopg

            self._connection: Any = psycopg.connect(connect)
        else:
            import sqlite3

            self._connection = sqlite3.connect(connect, timeout=30, isolation_level=None)
            self._connection.execute("PRAGMA synchronous=NORMAL")
            self._connection.execute("PRAGMA foreign_keys=ON")
        self.acknowledged: list[tuple[str, int, str]] = []

    def __getattr__(self, name: str) -> Callable[[], int]:
        def run() -> int:
            steps, number = self._scripts[name]
            return self._run(steps, number)

        return run

    def _run(self, steps: list[tuple[str, Any, Any]], number: int) -> int:
        new_number = random.choice(self._numbers)
        writing = False
        last_seq = recorded_seq = 0
        cursor = self._connection.cursor()
        for what, text, parameters in steps:
            if what == "begin":
                writing = bool(text)
                if not self._postgresql:
                    cursor.execute("BEGIN IMMEDIATE" if writing else "BEGIN")
            elif what == "end":
                self._connection.commit() if writing else self._connection.rollback()
            else:
                values = _replaced(parameters, number, new_number)
                if text.startswith(("INSERT INTO audit_", "UPDATE audit_head")):
                    # The audit trail is a chain: each record has the number after the last one.
                    if text.startswith("INSERT INTO audit_records"):
                        recorded_seq = values["seq"] if isinstance(values, dict) else values[0]
                    values = _replaced(values, recorded_seq, last_seq + 1)
                if isinstance(values, list):
                    cursor.executemany(text, values)
                else:
                    cursor.execute(text, values)
                if cursor.description is not None:
                    rows = cursor.fetchall()
                    if "FROM audit_head" in text and rows:
                        last_seq = rows[0][0]
                    if text.startswith(("INSERT INTO tickets ", "UPDATE tickets")) and rows:
                        new_number = rows[0][0]
        return 0


def _replaced(parameters: Any, old: int, new: int) -> Any:
    """Return the parameters of a statement with one number replaced by another."""
    if isinstance(parameters, list):
        return [_replaced(row, old, new) for row in parameters]
    if isinstance(parameters, dict):
        return {name: new if value == old else value for name, value in parameters.items()}
    return tuple(new if value == old else value for value in parameters)


def main() -> None:
    """Work as the orders say, and write the results."""
    orders = json.loads(Path(sys.argv[1]).read_text())
    random.seed(orders["login"])
    if orders["script"]:
        scripts = pickle.loads(Path(orders["script"]).read_bytes())  # noqa: S301  (our own)
        worker: Any = Raw(scripts, orders["connect"])
    else:
        worker = Worker(orders["url"], orders["kb"], orders["login"])
        worker.warm_up()
    taken: dict[str, list[float]] = {}
    errors: list[str] = []
    stopped = False

    def stop(*_: object) -> None:
        nonlocal stopped
        stopped = True

    signal.signal(signal.SIGTERM, stop)
    print("ready", flush=True)
    sys.stdin.readline()  # wait until all begin
    end = time.monotonic() + orders["seconds"]
    every = orders["every_s"]
    page_every = 2.0 if every else 1.0
    next_page = time.monotonic() + random.random() * page_every
    next_write = time.monotonic() + random.random() * every
    count = 0
    # Acknowledged changes are written at once, as this process may be killed at any moment.
    with Path(orders["answer"] + ".acknowledged").open("w", encoding="utf-8") as protocol:
        while time.monotonic() < end and not stopped:
            if time.monotonic() >= next_page:
                _do(worker, "page", taken, errors)
                next_page = time.monotonic() + page_every
            if time.monotonic() < next_write:
                time.sleep(max(0.0, min(next_write, next_page) - time.monotonic()))
                continue
            next_write += every * random.uniform(0.8, 1.2)
            action = WRITES[count % len(WRITES)]
            count += 1
            _do(worker, action, taken, errors)
            for change in worker.acknowledged:
                protocol.write(json.dumps(change) + "\n")
            worker.acknowledged.clear()
            protocol.flush()
    Path(orders["answer"]).write_text(json.dumps({"taken": taken, "errors": errors}))
    print("finished", flush=True)
    sys.stdin.readline()  # exit later: that would slow the last actions of the others


def _do(worker: Any, action: str, taken: dict[str, list[float]], errors: list[str]) -> None:
    start = time.perf_counter()
    try:
        getattr(worker, action)()
    except DeskError as error:
        errors.append(f"{action}: {error}")
        with suppress(AttributeError):
            worker.mine = worker.mine or [1]
    except IndexError:
        return  # the agent has no ticket
    taken.setdefault(action, []).append(1000 * (time.perf_counter() - start))


if __name__ == "__main__":
    main()
