"""The queue after a change: what the cursor and the preview do, and what the due column shows."""

import re
from collections.abc import Callable

import pytest

from helpdesk.desk.escalation.hand_over import Escalate
from helpdesk.desk.session import Desk
from helpdesk.desk.ticket import log_query, show_ticket
from helpdesk.desk.ticket.handling import Pend, Reply
from helpdesk.desk.ticket.resolving import Resolve
from helpdesk.desk.ticket.views import NewQuery
from helpdesk.desk.unit_of_work.action import Action
from helpdesk.domain.escalation import HandOver, Level
from helpdesk.domain.ticket import Waiting
from helpdesk.tui.queue.screen import QueueScreen
from tests.conftest import StillClock
from tests.policies import apply_more, sla
from tests.tui.conftest import RunApp, notifications, screen_text, settled, until
from tests.tui.test_working_a_queue import keys
from tests.verbs import do


@pytest.fixture(autouse=True)
def tickets(desk: Desk) -> None:
    """Log three tickets and answer them, so that waiting stops the clocks by which they are due."""
    for number, subject in enumerate(("first", "second", "third"), 1):
        log_query.log_query(desk, NewQuery(subject, requester="a.nowak@x.example"))
        do(desk, number, Reply("we look into it"))


def _current(app: object) -> int | None:
    screen = getattr(app, "screen", None)
    assert isinstance(screen, QueueScreen)
    return screen.current_ticket()


async def test_the_cursor_goes_on_after_a_ticket_was_made_to_wait(
    desk: Desk, run_app: RunApp
) -> None:
    async with run_app() as pilot:
        assert _current(pilot.app) == 1
        await pilot.press("p", "ctrl+s")
        await until(pilot, lambda: _current(pilot.app) == 2)
        assert show_ticket.show(desk, 1).waiting_on == Waiting.REQUESTER
        await pilot.press("i", *keys("a note"), "ctrl+s")
        await settled(pilot)
        assert _current(pilot.app) == 2


async def test_the_cursor_stays_on_a_ticket_that_a_colleague_makes_wait(
    desk: Desk, run_app: RunApp, desk_of: Callable[[str], Desk]
) -> None:
    bob = desk_of("bob")
    async with run_app() as pilot:
        assert _current(pilot.app) == 1
        do(bob, 1, Pend(Waiting.REQUESTER))
        await until(pilot, lambda: "⏸ requester" in screen_text(pilot))
        assert _current(pilot.app) == 1
    bob.close()


@pytest.mark.parametrize("size", [(80, 24), (160, 50)])
@pytest.mark.parametrize(
    ("action", "state", "queue"),
    [
        (Resolve("done"), "resolved", "L1"),
        (None, "open", "L2"),
    ],
)
async def test_a_ticket_that_a_colleague_takes_away_is_not_replaced_without_a_word(
    desk: Desk,
    run_app: RunApp,
    desk_of: Callable[[str], Desk],
    size: tuple[int, int],
    action: Action | None,
    state: str,
    queue: str,
) -> None:
    bob = desk_of("bob")
    async with run_app(size) as pilot:
        assert _current(pilot.app) == 1
        do(bob, 1, action or _escalation())
        await until(pilot, lambda: _current(pilot.app) == 2)
        said = f"HD-1 left this list: bob changed it ({state}, {queue}); the cursor is on HD-2 now."
        await until(pilot, lambda: said in notifications(pilot))
        # What the agent does alone needs no such word.
        await pilot.press("v", *keys("x"), "ctrl+s")
        await settled(pilot)
        assert not any("HD-2 left" in one for one in notifications(pilot))
    bob.close()


def _escalation() -> Action:
    return Escalate(Level.L2, "needs more", HandOver(tried="a", known="b", asked="c"))


@pytest.mark.parametrize("size", [(80, 24), (160, 50)])
async def test_the_preview_and_the_requester_follow_a_change(
    desk: Desk, run_app: RunApp, size: tuple[int, int]
) -> None:
    async with run_app(size) as pilot:
        await until(pilot, lambda: "a.nowak@x.example (phone)" in screen_text(pilot))
        await pilot.press("s", "tab", "tab", "tab", "tab", "tab")
        await settled(pilot)
        await pilot.press("ctrl+u", *keys("zoe@x.example"), "ctrl+s")
        await until(pilot, lambda: "zoe@x.example (phone)" in screen_text(pilot))
        if size[0] >= 88:  # narrower lists have no column for the requester
            lines = [line for line in screen_text(pilot).splitlines() if " HD-1 " in line[:12]]
            assert "zoe" in lines[0]


async def test_the_preview_fits_the_window_after_a_resize(desk: Desk, run_app: RunApp) -> None:
    log_query.log_query(desk, NewQuery("x " * 60 + "end", requester="a.nowak@x.example"))
    async with run_app() as pilot:
        await pilot.press("g")
        await until(pilot, lambda: "HD-4  x x" in screen_text(pilot))
        await settled(pilot)
        assert "x end" not in screen_text(pilot)
        await pilot.resize_terminal(160, 50)
        await until(pilot, lambda: "x end" in screen_text(pilot))


@pytest.mark.parametrize(
    ("hours", "shown"),
    [
        (0, "Mon 10:00"),  # an hour of support is left today, and one is on Monday
        (2, "Mon 10:00 ⏸"),
        (65.5, "0:30:00"),  # the rest is support time without a break
        (67, "−1h 00m"),
        (91, "25h ago"),
        (24 * 9, "6d ago"),
    ],
)
async def test_the_due_column_shows_what_the_list_is_sorted_by(
    desk: Desk, run_app: RunApp, clock: StillClock, hours: float, shown: str
) -> None:
    office = sla("Office", 'calendar = "8/5"\nservices = ["office"]', 'first_response = "2h"')
    apply_more(desk, f"[services.office]\n{office}")
    clock.advance(days=4, hours=7)  # Friday, 16:00; support ends at 17:00
    log_query.log_query(desk, NewQuery("late on Friday", service="office"))
    clock.advance(hours=hours)
    async with run_app((160, 50)) as pilot:
        await settled(pilot)
        lines = screen_text(pilot).splitlines()
    rows = {
        int(line.split("HD-")[1].split()[0]): line
        for line in lines
        if re.match(r".{3}HD-\d+ +P3 ", line)
    }
    assert rows[4].rstrip().removesuffix(" resp").endswith(f" {shown}")
    dues = []
    for number, row in rows.items():
        open_ones = [one for one in show_ticket.show(desk, number).clocks if one.open]
        due = min(one.due_at for one in open_ones if one.due_at is not None)
        assert f"{due.astimezone():%Y-%m-%d %H:%M}" in row
        dues.append(due)
    assert len(dues) == 4
    assert dues == sorted(dues)
