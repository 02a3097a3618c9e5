"""After an upgrade the clocks of open tickets follow the newer rules, and ended ones stay."""

import json
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from helpdesk.desk import scheduler
from helpdesk.desk.administration import integrity, schema_upgrade
from helpdesk.desk.administration.schema_upgrade import ClockStep
from helpdesk.desk.opening import open_desk
from helpdesk.desk.policy import apply_policy
from helpdesk.desk.policy.files import starter_text
from helpdesk.desk.session import Desk
from helpdesk.desk.settings import Settings
from helpdesk.desk.sla import ticket_clocks
from helpdesk.desk.ticket import log_query, show_ticket
from helpdesk.desk.ticket.handling import Claim, Reply
from helpdesk.desk.ticket.resolving import Resolve
from helpdesk.desk.ticket.views import NewQuery, TicketView
from helpdesk.domain.errors import RefusedError
from helpdesk.domain.priority import Impact, Urgency
from helpdesk.domain.sla.clock import ClockState
from helpdesk.domain.ticket import Kind, ReplyWay
from helpdesk.store.ticket import tickets
from tests import old_desk
from tests.conftest import MONDAY, StillClock
from tests.policies import apply_text
from tests.postgres import Server
from tests.verbs import do

_HOUR = timedelta(hours=1)
#: When the open tickets of the older desk were logged.
_START = MONDAY + 2 * _HOUR
_ASKED = NewQuery("one", "x", "ann@x.example", impact=Impact.HIGH, urgency=Urgency.HIGH)
_KILL = """
import os, signal, sys
from pathlib import Path
from helpdesk.desk import session
from helpdesk.desk.administration import schema_upgrade
from helpdesk.desk.settings import Settings
from helpdesk.store.ticket import recompute
session.system_login = lambda: "ann"
recompute.close_resolved_after = lambda *_: os.kill(os.getpid(), signal.SIGKILL)  # the last step
step = schema_upgrade.ClockStep.RENEW
schema_upgrade.upgrade(Settings(sys.argv[1], Path(sys.argv[2])), clocks=step)
"""


def _make_older(desk: Desk) -> None:
    """Leave a desk as a program before 0.2 has left it, by its own rules of the clocks."""
    with desk.database.write(as_desk=True) as session:
        connection = session.connection()
        for table, column in (("policy_versions", "rules"), ("ticket_events", "data")):
            rows = connection.execute(text(f"SELECT id, {column} FROM {table}")).all()
            for number, stored in rows:
                older = _older(json.loads(stored) if isinstance(stored, str) else stored)
                statement = text(f"UPDATE {table} SET {column} = :older WHERE id = :id")
                connection.execute(statement, {"older": json.dumps(older), "id": number})
    again = open_desk(desk.settings, desk.now)  # this one has nothing in its cache
    with again.database.write(as_desk=True) as session:
        for number in session.connection().execute(text("SELECT id FROM tickets")).scalars():
            ticket = tickets.load(session, number)
            ticket_clocks.recompute(session, ticket, ticket.updated_at)
    again.close()


def _older(document: Any) -> Any:
    if not isinstance(document, dict):
        return document
    newer = ("next_update_from", "has_requester", "calendar") if "ola_s" in document else (
        "next_update_from", "has_requester"
    )  # fmt: skip
    return {key: _older(value) for key, value in document.items() if key not in newer}


def _clocks(desk: Desk, number: int) -> dict[str, Any]:
    return {one.name: one for one in show_ticket.show(desk, number).clocks}


def _facts(ticket: TicketView) -> object:
    return [(one.name, one.due_at, one.state, one.met_at, one.breached_at) for one in ticket.clocks]


@pytest.fixture
def empty(
    engine: str,
    kb: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    request: pytest.FixtureRequest,
) -> Settings:
    """The settings of a desk whose database is empty."""
    monkeypatch.setattr("helpdesk.desk.session.system_login", lambda: "ann")
    url = f"sqlite:///{tmp_path / 'old.db'}"
    if engine == "postgresql":
        server: Server = request.getfixturevalue("postgres_server")
        url = server.make(f"{tmp_path.name}_old")
    return Settings(url, kb)


@pytest.fixture
def older(desk: Desk, clock: StillClock) -> Iterator[Desk]:
    """A desk of an older program: HD-1 resolved late, HD-2 unanswered, HD-3 a problem, taken."""
    level = '[levels.L1]\nname = "Help desk"\nola = "4h"\n'
    assert level in starter_text()
    apply_text(desk, starter_text().replace(level, f'{level}hours = "8/5"\n'))
    log_query.log_query(desk, _ASKED)
    clock.advance(hours=2)
    do(desk, 1, Resolve())
    log_query.log_query(desk, _ASKED)
    log_query.log_query(desk, NewQuery("disk", kind=Kind.PROBLEM))
    do(desk, 3, Claim())
    clock.advance(minutes=30)
    _make_older(desk)
    opened = open_desk(desk.settings, clock)
    yield opened
    opened.close()


def _renew(desk: Desk, step: ClockStep = ClockStep.RENEW) -> schema_upgrade.DatabaseStatus:
    return schema_upgrade.upgrade(desk.settings, clocks=step, clock=desk.now)


def _opened(desk: Desk) -> Desk:
    return open_desk(desk.settings, desk.now)


def test_an_older_desk_goes_on_by_its_own_rules(older: Desk, clock: StillClock) -> None:
    assert _clocks(older, 2)["next_update"].due_at == _START + _HOUR
    assert _clocks(older, 3)["first_response"].state is ClockState.RUNNING
    number = log_query.log_query(older, _ASKED).number
    assert _clocks(older, number)["next_update"].due_at == clock.now + _HOUR
    assert schema_upgrade.status(older.settings).renewal_due


def test_the_preview_says_what_the_upgrade_then_does(older: Desk) -> None:
    told = _renew(older, ClockStep.PREVIEW).renewal
    assert told is not None
    assert _clocks(older, 2)["next_update"].due_at == _START + _HOUR  # nothing has changed
    done = _renew(older)
    assert done.renewal == told
    assert not done.renewal_due
    assert [(one.ref, [move.clock for move in one.clocks]) for one in told.changes] == [
        ("HD-2", ["next_update"])
    ]
    assert (told.open_tickets, told.clocks, told.breached) == (2, 1, 0)
    desk = _opened(older)
    assert _clocks(desk, 2)["next_update"].due_at is None
    assert _clocks(desk, 3)["first_response"].state is ClockState.MET  # it was taken
    assert show_ticket.show(desk, 2).events[-1].type == "recomputed"
    [newest, *_rest] = apply_policy.versions(desk)
    assert (newest.number, newest.applied_by) == (3, desk.login)
    assert newest.text == _rest[0].text
    desk.close()
    assert _renew(older).renewal is None  # it is done once


def test_the_hours_of_a_level_count_from_then_on(older: Desk, clock: StillClock) -> None:
    before = show_ticket.show(older, 3).level_clock
    assert before is not None
    assert before.due_at == _START + 4 * _HOUR
    _renew(older)
    desk = _opened(older)
    ola = show_ticket.show(desk, 3).level_clock
    assert ola is not None
    assert str(ola.calendar.week) == "mon-fri 09:00-17:00"
    desk.close()


def test_ended_tickets_keep_their_figures_whatever_is_done_to_them(
    older: Desk, clock: StillClock
) -> None:
    before = _facts(show_ticket.show(older, 1))
    assert "next_update" in str(before)
    _renew(older)
    desk = _opened(older)
    assert _facts(show_ticket.show(desk, 1)) == before
    clock.now = _START + timedelta(days=20)  # it is closed by itself meanwhile
    scheduler.catch_up(desk)
    closed = show_ticket.show(desk, 1)
    assert (closed.state, _facts(closed)) == ("closed", before)
    desk.close()


def test_a_breach_before_the_upgrade_stays_and_the_next_round_begins_with_the_answer(
    older: Desk, clock: StillClock
) -> None:
    clock.now = _START + 2 * _HOUR
    _renew(older)
    desk = _opened(older)
    update = _clocks(desk, 2)["next_update"]
    assert (update.breached_at, update.due_at) == (_START + _HOUR, None)
    answered = do(desk, 2, Reply("at last", ReplyWay.PHONE))
    assert {one.name: one.due_at for one in answered.clocks}["next_update"] == clock.now + _HOUR
    desk.close()


def test_the_clocks_of_the_desk_are_whole_afterwards(older: Desk) -> None:
    _renew(older)
    desk = _opened(older)
    found = {check.name: check.problems for check in integrity.check_all(desk)}
    assert found["clocks"] == ()
    desk.close()


def test_a_desk_that_an_older_program_made_is_renewed_and_whole(empty: Settings) -> None:
    old_desk.make_0012(str(empty.database))
    with pytest.raises(RefusedError, match="--keep-clocks"):
        schema_upgrade.upgrade(empty, clocks=ClockStep.PREVIEW)
    assert schema_upgrade.upgrade(empty).renewal_due
    done = schema_upgrade.upgrade(empty, clocks=ClockStep.RENEW)
    assert done.renewal is not None
    desk = open_desk(empty)
    assert {one.name: one.problems for one in integrity.check_all(desk) if one.problems} == {}
    desk.close()


def test_a_killed_renewal_changes_nothing_and_is_done_by_the_next_call(empty: Settings) -> None:
    old_desk.make_0012(str(empty.database))
    schema_upgrade.upgrade(empty)
    script = [sys.executable, "-c", _KILL, str(empty.database), str(empty.knowledge_dir)]
    assert subprocess.run(script, capture_output=True, check=False).returncode == -9
    assert schema_upgrade.status(empty).renewal_due
    done = schema_upgrade.upgrade(empty, clocks=ClockStep.RENEW)
    assert done.renewal is not None
    assert not schema_upgrade.status(empty).renewal_due
    desk = open_desk(empty)
    assert {one.name: one.problems for one in integrity.check_all(desk) if one.problems} == {}
    desk.close()
