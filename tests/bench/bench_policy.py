"""The time to apply a changed policy.

Run with ``pytest tests/bench/bench_policy.py -m bench -s``.  Applying a policy recomputes every
open clock in one transaction; the ratio is against changing the same tickets one by one.
"""

import os
import re
import time
from pathlib import Path

import pytest
from sqlalchemy import Connection, func, select, text

from helpdesk.desk.opening import open_desk
from helpdesk.desk.policy import apply_policy
from helpdesk.desk.policy.files import starter_text
from helpdesk.desk.settings import Settings
from helpdesk.desk.ticket import log_query
from helpdesk.desk.ticket.handling import Note
from helpdesk.desk.ticket.views import NewQuery
from helpdesk.domain.priority import Impact, Urgency
from helpdesk.store.models import Ticket, TicketClock, TicketEvent
from tests.policies import policy_in
from tests.verbs import do

#: Tickets of three clocks each: the default makes 100,002 open clocks.
COPIES = int(os.environ.get("HELPDESK_BENCH_COPIES", "33334"))
KB = Path(__file__).resolve().parents[2] / "kb"
pytestmark = pytest.mark.bench


def test_recomputing_every_open_clock_after_a_calendar_changed(tmp_path: Path) -> None:
    desk = open_desk(Settings(f"sqlite:///{tmp_path / 'desk.db'}", KB))
    office = starter_text().replace('calendar = "24/7"', 'calendar = "8/5"')
    file = tmp_path / "policy.toml"
    file.write_text(office)
    apply_policy.apply(desk, policy_in(file))
    first = log_query.log_query(desk, NewQuery("xyzzy", impact=Impact.HIGH, urgency=Urgency.HIGH))
    do(desk, first.number, Note("it is looked into"))
    with desk.database.write() as session:
        _copy(session.connection(), COPIES)
        clocks = session.scalar(select(func.count()).select_from(TicketClock)) or 0

    begun = time.perf_counter()
    for _ in range(50):
        do(desk, 1, Note("one more"))
    single = (time.perf_counter() - begun) / 50

    holidays = 'hours = "mon-fri 09:00-17:00"\\npublic_holidays = { country = "DE" }'
    file.write_text(re.sub(r'hours = "mon-fri 09:00-17:00"', holidays, office))
    begun = time.perf_counter()
    expected = apply_policy.preview(desk, policy_in(file))
    preview = time.perf_counter() - begun
    begun = time.perf_counter()
    assert apply_policy.apply(desk, policy_in(file)) == expected
    applied = time.perf_counter() - begun
    with desk.database.read() as session:
        recomputed = session.scalar(
            select(func.count()).select_from(TicketEvent).where(TicketEvent.type == "recomputed")
        )
    assert recomputed == expected.open_tickets == COPIES
    print(f"\n{clocks:,} open clocks of {expected.open_tickets:,} tickets: preview {preview:.1f} "
          f"s, apply {applied:.1f} s = {applied / clocks * 1e6:.0f} µs a clock; "
          f"one by one they would take {COPIES * single / applied:.0f} times as long")  # fmt: skip
    desk.close()


def _copy(connection: Connection, copies: int) -> None:
    """Copy the first ticket with its timeline and clocks."""
    for table, key in ((Ticket, "id"), (TicketEvent, "ticket_id"), (TicketClock, "ticket_id")):
        rows = [
            dict(row)
            for row in connection.execute(
                text(f"SELECT * FROM {table.__tablename__} WHERE {key} = 1")
            ).mappings()
        ]
        names = [name for name in rows[0] if not (table is TicketEvent and name == "id")]
        marks = ", ".join(f":{name}" for name in names)
        connection.execute(
            text(f"INSERT INTO {table.__tablename__} ({', '.join(names)}) VALUES ({marks})"),
            [{**{name: row[name] for name in names}, key: number}
             for number in range(2, copies + 1) for row in rows])  # fmt: skip
