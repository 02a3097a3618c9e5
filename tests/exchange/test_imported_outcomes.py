"""What another program decided stays, whatever this desk computes later; nothing past alarms."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select

from helpdesk.desk import scheduler
from helpdesk.desk.administration import integrity
from helpdesk.desk.exchange.importing import import_file
from helpdesk.desk.policy.files import starter_text
from helpdesk.desk.session import Desk
from helpdesk.desk.sla import explain
from helpdesk.desk.ticket import show_ticket
from helpdesk.desk.ticket.handling import Reply
from helpdesk.desk.ticket.resolving import Reopen
from helpdesk.domain.sla.clock import ClockName
from helpdesk.store.models import Notice, TicketClock
from tests.conftest import MONDAY, StillClock
from tests.examples import examples
from tests.exchange.samples import FRESHDESK, SERVICENOW, write_samples
from tests.policies import apply_text
from tests.verbs import do

MAPPING = """\
[source]
name = "foreign"
[ticket]
id = "id"
subject = "subject"
state = "state"
created_at = "created"
updated_at = "updated"
responded_at = "answered"
resolved_at = "resolved"
sla_met = "kept"
assignee = "agent"
requester = { template = "x@fab.example" }
[defaults]
impact = "high"
urgency = "high"
"""
HEAD = "id,subject,state,created,updated,answered,resolved,kept,agent"


def bring(desk: Desk, folder: Path, *rows: str) -> None:
    """Import rows with the columns of ``HEAD``."""
    (folder / "foreign.toml").write_text(MAPPING)
    file = folder / "foreign.csv"
    file.write_text("\n".join([HEAD, *rows]) + "\n")
    import_file(desk, file, str(folder / "foreign.toml"))


def outcomes(desk: Desk) -> list[tuple[Any, ...]]:
    """Return what is stored of every clock that tells how it ended."""
    columns = (
        TicketClock.ticket_id,
        TicketClock.name,
        TicketClock.met_at,
        TicketClock.breached_at,
        TicketClock.state,
    )
    with desk.database.read() as session:
        found = session.execute(select(*columns).order_by(TicketClock.ticket_id, TicketClock.name))
        return [tuple(row) for row in found]


def notices(desk: Desk) -> int:
    """Return how many notices lie in all inboxes."""
    with desk.database.read() as session:
        return session.scalar(select(func.count()).select_from(Notice)) or 0


@pytest.mark.parametrize(("kept", "breached"), [("yes", False), ("no", True)])
def test_closing_a_resolved_ticket_keeps_the_outcome_that_it_came_with(
    desk: Desk, tmp_path: Path, clock: StillClock, kept: str, *, breached: bool
) -> None:
    # The desk's own target for P1 is far shorter than the two days, and longer than one minute.
    end = "2024-01-03T09:00:00Z" if kept == "yes" else "2024-01-01T09:01:00Z"
    bring(desk, tmp_path, f"1,Disk,resolved,2024-01-01T09:00:00Z,{end},,{end},{kept},")
    before = outcomes(desk)
    clock.advance(days=400)
    assert scheduler.catch_up(desk) == 1
    shown = show_ticket.show(desk, 1)
    assert shown.state == "closed"
    assert outcomes(desk) == before
    assert [(one.name, one.breached_at is not None) for one in shown.clocks] == [
        ("resolution", breached)
    ]


def test_an_explanation_says_that_the_other_program_decided(desk: Desk, tmp_path: Path) -> None:
    late, soon = "2024-01-03T09:00:00Z", "2024-01-01T09:01:00Z"
    bring(
        desk,
        tmp_path,
        f"1,Disk,resolved,2024-01-01T09:00:00Z,{late},,{late},yes,",
        f"2,Disk,resolved,2024-01-01T09:00:00Z,{soon},,{soon},no,",
        "3,Disk,open,2024-01-01T09:00:00Z,2024-01-01T09:02:00Z,,,no,",
    )
    texts = {
        number: [line.text for line in explain.explain_clocks(desk, number)[ClockName.RESOLUTION]]
        for number in (1, 2, 3)
    }
    kept, missed, open_ = texts[1], texts[2], texts[3]
    assert "imported: the other program says that its SLA was kept" in kept
    assert "breached" not in kept
    assert kept[-1].startswith("now: met; ")
    for lines in (missed, open_):
        assert lines.count("imported: the other program says that its SLA was missed") == 1
        assert "breached" not in lines
        assert lines[-1].startswith("now: breached; ")


def test_a_verdict_that_was_kept_ends_when_the_ticket_is_reopened_here(
    desk: Desk, tmp_path: Path, clock: StillClock
) -> None:
    end = "2024-01-03T09:00:00Z"
    bring(desk, tmp_path, f"1,Disk,closed,2024-01-01T09:00:00Z,{end},,{end},yes,")
    clock.advance(hours=1)
    do(desk, 1, Reopen("not yet"))
    resolution = next(one for one in show_ticket.show(desk, 1).clocks if one.name == "resolution")
    # The breach by this desk's target is of now: nothing that is past becomes late.
    assert resolution.breached_at == desk.now()


def test_no_alarm_of_the_past_is_run_and_nobody_is_told(
    desk: Desk, tmp_path: Path, clock: StillClock
) -> None:
    rows = [
        f"{number},Disk,open,2024-01-01T09:00:00Z,2024-01-01T09:02:00Z,,,,bob"
        for number in range(1, 30)
    ]
    bring(desk, tmp_path, *rows)
    clock.advance(seconds=1)
    scheduler.catch_up(desk)
    clock.advance(days=3)
    scheduler.catch_up(desk)
    assert notices(desk) == 0
    shown = show_ticket.show(desk, 1)
    assert all(event.data["imported"] for event in shown.events)
    assert shown.priority == "P1"


def test_an_alarm_that_is_due_after_the_import_is_run(
    desk: Desk, tmp_path: Path, clock: StillClock
) -> None:
    created = (MONDAY - timedelta(minutes=1)).isoformat()
    bring(desk, tmp_path, f"1,Disk,open,{created},{created},,,,")
    clock.advance(days=3)
    assert scheduler.catch_up(desk) > 0
    assert "breached" in [event.type for event in show_ticket.show(desk, 1).events]


def test_the_check_finds_imported_clocks_as_their_timelines_say(desk: Desk, tmp_path: Path) -> None:
    for name, file in write_samples(tmp_path).items():
        import_file(desk, file, name)
    bring(desk, tmp_path, "1,Disk,open,2024-01-01T09:00:00Z,2024-01-01T09:02:00Z,,,no,")
    assert [one for one in integrity.check_all(desk) if one.problems] == []


@examples(25)
@given(
    rows=st.lists(
        st.tuples(
            st.sampled_from(["open", "pending", "resolved", "closed"]),
            st.integers(0, 100_000),
            st.integers(0, 100_000),
            st.sampled_from(["", "yes", "no"]),
        ),
        min_size=1,
        max_size=5,
    ),
    answered=st.booleans(),
)
def test_no_time_that_passes_changes_an_ended_clock(
    desk: Desk,
    tmp_path: Path,
    clock: StillClock,
    rows: list[tuple[str, int, int, str]],
    *,
    answered: bool,
) -> None:
    start = datetime(2024, 1, 1, 9, tzinfo=UTC)
    lines = []
    before = len(outcomes(desk))
    for number, (state, first, more, kept) in enumerate(rows):
        first_at = (start + timedelta(minutes=first)).isoformat()
        end = (start + timedelta(minutes=first + more)).isoformat()
        resolved = end if state in ("resolved", "closed") else ""
        answer = first_at if answered else ""
        name = f"{clock.now.timestamp()}-{before}-{number}"
        lines.append(f"{name},Disk,{state},{start.isoformat()},{end},{answer},{resolved},{kept},")
    bring(desk, tmp_path, *lines)
    ended = [row for row in outcomes(desk) if row[2] is not None or row[3] is not None]
    breached = {row[:2]: row[3] for row in ended}
    for _ in range(3):
        clock.advance(days=20)
        scheduler.catch_up(desk)
    after = {row[:2]: row for row in outcomes(desk)}
    for row in ended:
        assert after[row[:2]][3] == breached[row[:2]]
        if row[2] is not None and row[1] != "next_update":
            assert after[row[:2]] == row


def test_an_answer_here_meets_no_first_response_that_nobody_knows(
    desk: Desk, tmp_path: Path, clock: StillClock
) -> None:
    end = "2024-01-01T10:00:00Z"
    bring(desk, tmp_path, f"1,Disk,closed,2024-01-01T09:00:00Z,{end},,{end},yes,")
    clock.advance(hours=1)
    do(desk, 1, Reopen("not yet"))
    do(desk, 1, Reply("again"))
    names = {one.name for one in show_ticket.show(desk, 1).clocks}
    assert "first_response" not in names


def test_a_policy_that_changes_leaves_the_outcomes_of_other_programs(
    desk: Desk, tmp_path: Path, clock: StillClock
) -> None:
    for name, text in (("freshdesk", FRESHDESK), ("servicenow-log", SERVICENOW)):
        file = tmp_path / name
        file.write_text(text)
        import_file(desk, file, name)
    before = [row for row in outcomes(desk) if row[2] is not None]
    clock.advance(days=1)
    apply_text(desk, starter_text().replace('resolution = "4h"', 'resolution = "1h"'))
    clock.advance(days=400)
    scheduler.catch_up(desk)
    assert [row for row in outcomes(desk) if row[2] is not None] == before
