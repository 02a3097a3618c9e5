"""One agent, as a process: ``python -m tests.bench.agent ORDERS`` works until the time is up.

ORDERS is a JSON file: url, kb, login, seconds, every_s (0: without pause), answer (where what was
done is written), script (None, or what the raw driver is to do instead of the desk).
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

#: How often each action is done before the time is taken.
_WARM = 12
#: In this order, over and over: what an agent does with a ticket.
WRITES = ("log", "claim", "note", "escalate")


class Worker:
    """An agent at the desk: each action returns the number of the ticket it was done to."""

    def __init__(self, url: str, kb: str, login: str) -> None:
        from helpdesk.desk.opening import open_desk
        from helpdesk.desk.settings import Settings

        self.desk = open_desk(Settings(url, Path(kb), login))
        self.login = login
        self.mine: list[int] = []
        self.notes = 0
        #: A process that looks at the desk only writes what it is told to.
        self.acknowledged: list[tuple[str, int, str]] = []

    def log(self) -> int:
        """Log a query."""
        from helpdesk.desk.ticket import log_query
        from helpdesk.desk.ticket.views import Query

        name = f"{self.login} {time.time_ns()}"
        ticket = log_query.log_query(
            self.desk, Query(f"printer of {name}", requester="k.novak@contoso.example")
        )
        self.acknowledged.append(("logged", ticket.number, f"printer of {name}"))
        return ticket.number

    def claim(self) -> int:
        """Claim what is due next."""
        from helpdesk.desk.ticket import claiming

        number = claiming.claim_next(self.desk).number
        self.mine.append(number)
        self.acknowledged.append(("claimed", number, self.login))
        return number

    def note(self) -> int:
        """Write a note on one's last ticket."""
        from helpdesk.desk.ticket.handling import Note
        from tests.verbs import do

        self.notes += 1
        words = f"{self.login} note {self.notes} {time.time_ns()}"
        number = self.mine[-1]
        do(self.desk, number, Note(words))
        self.acknowledged.append(("noted", number, words))
        return number

    def escalate(self) -> int:
        """Hand one's last ticket up, or resolve it where there is no higher level."""
        from helpdesk.desk.escalation.hand_over import Escalate
        from helpdesk.desk.ticket import show_ticket
        from helpdesk.desk.ticket.resolving import Resolve
        from helpdesk.domain.escalation import HandOver, Level
        from tests.verbs import do

        number = self.mine.pop()
        level = show_ticket.show(self.desk, number).queue
        if level is Level.L1:
            asked = HandOver("restarted it", "since Monday", "please look")
            do(self.desk, number, Escalate(Level.L2, "beyond me", asked))
            self.acknowledged.append(("escalated", number, "beyond me"))
        else:
            do(self.desk, number, Resolve(f"done by {self.login} {number}"))
            self.acknowledged.append(("resolved", number, f"done by {self.login} {number}"))
        return number

    def warm_up(self) -> None:
        """Import and cache what the first actions do: agents have the app open all day.

        PostgreSQL plans a statement five times after the driver has sent it as often.
        """
        for _ in range(_WARM):
            for action in (self.log, self.claim, self.note, self.escalate, self.page):
                with suppress(DeskError, IndexError):
                    action()
        gc.collect()
        gc.freeze()  # as the app does once it is shown

    def page(self) -> int:
        """Look at a queue."""
        from helpdesk.desk.queue import lists
        from helpdesk.domain.escalation import Level

        lists.page(self.desk, lists.Selection(queue=Level.L1), limit=45)
        return 0


class Raw:
    """The same statements through the driver alone: the floor."""

    def __init__(self, scripts: dict[str, Any], connect: str) -> None:
        self._scripts = scripts
        self._postgresql = not connect.endswith(".db")
        self._known = list(scripts["numbers"])
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
        now = random.choice(self._known)
        writing = False
        head = chained = 0
        cursor = self._connection.cursor()
        for what, text, parameters in steps:
            if what == "begin":
                writing = bool(text)
                if not self._postgresql:
                    cursor.execute("BEGIN IMMEDIATE" if writing else "BEGIN")
            elif what == "end":
                self._connection.commit() if writing else self._connection.rollback()
            else:
                given = _exchanged(parameters, number, now)
                if text.startswith(("INSERT INTO audit_records", "UPDATE audit_head")):
                    # The trail is a chain: a record has the number after the last one's.
                    if text.startswith("INSERT"):
                        chained = given["seq"] if isinstance(given, dict) else given[0]
                    given = _exchanged(given, chained, head + 1)
                if isinstance(given, list):
                    cursor.executemany(text, given)
                else:
                    cursor.execute(text, given)
                if cursor.description is not None:
                    rows = cursor.fetchall()
                    if "FROM audit_head" in text and rows:
                        head = rows[0][0]
                    if text.startswith(("INSERT INTO tickets ", "UPDATE tickets")) and rows:
                        now = rows[0][0]
        return 0


def _exchanged(parameters: Any, old: int, new: int) -> Any:
    if isinstance(parameters, list):
        return [_exchanged(one, old, new) for one in parameters]
    if isinstance(parameters, dict):
        return {name: new if one == old else one for name, one in parameters.items()}
    return tuple(new if one == old else one for one in parameters)


def main() -> None:
    """Work as ordered."""
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
    sys.stdin.readline()  # all begin at once
    end = time.monotonic() + orders["seconds"]
    every = orders["every_s"]
    look_every = 2.0 if every else 1.0
    looked = time.monotonic() + random.random() * look_every
    due = time.monotonic() + random.random() * every
    count = 0
    # What is acknowledged is written down at once: this process may be killed at any moment.
    with Path(orders["answer"] + ".acknowledged").open("w", encoding="utf-8") as book:
        while time.monotonic() < end and not stopped:
            if time.monotonic() >= looked:
                _do(worker, "page", taken, errors)
                looked = time.monotonic() + look_every
            if time.monotonic() < due:
                time.sleep(max(0.0, min(due, looked) - time.monotonic()))
                continue
            due += every * random.uniform(0.8, 1.2)
            action = WRITES[count % len(WRITES)]
            count += 1
            _do(worker, action, taken, errors)
            for one in worker.acknowledged:
                book.write(json.dumps(one) + "\n")
            worker.acknowledged.clear()
            book.flush()
    Path(orders["answer"]).write_text(json.dumps({"taken": taken, "errors": errors}))
    print("finished", flush=True)
    sys.stdin.readline()  # to end takes the processor from those who are at their last action


def _do(worker: Any, action: str, taken: dict[str, list[float]], errors: list[str]) -> None:
    start = time.perf_counter()
    try:
        getattr(worker, action)()
    except DeskError as error:
        errors.append(f"{action}: {error}")
        with suppress(AttributeError):
            worker.mine = worker.mine or [1]
    except IndexError:
        return  # nothing of one's own to work on
    taken.setdefault(action, []).append(1000 * (time.perf_counter() - start))


if __name__ == "__main__":
    main()
