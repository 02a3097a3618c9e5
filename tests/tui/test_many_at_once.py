"""The keys for marks, bulk actions, undo, next ticket, filters, views and macros."""

import pytest
from textual.widgets import Input, TextArea

from helpdesk.desk.macro import macros
from helpdesk.desk.queue import saved_views
from helpdesk.desk.session import Desk
from helpdesk.desk.ticket import log_query, show_ticket
from helpdesk.desk.ticket.handling import Claim
from helpdesk.desk.ticket.resolving import Resolve
from helpdesk.desk.ticket.views import NewQuery
from helpdesk.domain.ticket import State
from helpdesk.tui.base.refused import RefusedScreen
from helpdesk.tui.filter.line import FilterLine
from helpdesk.tui.queue.screen import QueueScreen
from helpdesk.tui.ticket.screen import TicketScreen
from tests.tui.conftest import RunApp, screen_text, settled, until
from tests.tui.test_working_a_queue import keys
from tests.verbs import do

MACROS = """
[macros."password reset"]
steps = ["claim", "tag +reset", "reply", "pend requester 2d"]
text = "Hello {requester}, about {ticket}: is it {service}?"

[macros.broken]
steps = ["claim", "assign carl"]

[replies.greeting]
text = "Dear {requester},"
"""


@pytest.fixture
def five(desk: Desk) -> Desk:
    """A desk with five tickets in L1, of which the first is due first."""
    for subject in ("one", "two", "three", "four", "five"):
        log_query.log_query(desk, NewQuery(subject, requester="k.novak@contoso.example"))
    return desk


def assignees(desk: Desk) -> list[str]:
    """Return the assignees of the five tickets."""
    return [show_ticket.show(desk, number).assignee for number in range(1, 6)]


async def test_marked_tickets_are_assigned_together_and_undone_with_one_key(
    five: Desk, run_app: RunApp
) -> None:
    async with run_app() as pilot:
        await pilot.press("space", "space", "space")
        await settled(pilot)
        assert "● 3 marked" in screen_text(pilot)
        await pilot.press("a", *keys("bo"), "ctrl+s")
        await settled(pilot)
        assert assignees(five) == ["bob", "bob", "bob", "", ""]
        assert "marked" not in screen_text(pilot).split("\n")[1]
        assert "3 tickets assigned." in screen_text(pilot)
        await pilot.press("U")
        await settled(pilot)
        assert "· HD-3: assigning" in screen_text(pilot)  # the marks are gone, so it asks
        await pilot.press("y")
        await settled(pilot)
        assert assignees(five) == ["", "", "", "", ""]
        assert "3 tickets put back as before: assigning." in screen_text(pilot)


async def test_marks_stay_on_their_tickets_when_the_order_changes(
    five: Desk, run_app: RunApp
) -> None:
    async with run_app() as pilot:
        await pilot.press("j", "space")
        log_query.log_query(five, NewQuery("everybody: total outage"))
        await until(pilot, lambda: "total outage" in screen_text(pilot))
        await pilot.press("c")
        await settled(pilot)
        assert assignees(five) == ["", "ann", "", "", ""]


async def test_refused_tickets_are_listed_and_the_agent_chooses(
    five: Desk, run_app: RunApp
) -> None:
    async with run_app() as pilot:
        await pilot.press("ctrl+a")
        await settled(pilot)
        do(five, 2, Resolve())
        await pilot.press("p", "ctrl+s")
        await until(pilot, lambda: isinstance(pilot.app.screen, RefusedScreen))
        await settled(pilot)
        assert "1 of 5 tickets cannot be done" in screen_text(pilot)
        assert "HD-2 is resolved" in screen_text(pilot)
        await pilot.press("n")
        await settled(pilot)
        assert show_ticket.show(five, 1).state is State.NEW
        await pilot.press("ctrl+s")
        await until(pilot, lambda: isinstance(pilot.app.screen, RefusedScreen))
        await pilot.press("r")
        await settled(pilot)
        assert "4 tickets waits." in screen_text(pilot) or "4 tickets" in screen_text(pilot)
    states = [show_ticket.show(five, number).state for number in range(1, 6)]
    assert states == [State.PENDING, State.RESOLVED, *[State.PENDING] * 3]


async def test_undo_says_why_it_is_refused(five: Desk, run_app: RunApp) -> None:
    async with run_app() as pilot:
        await pilot.press("r", *keys("hello"), "ctrl+s")
        await settled(pilot)
        await pilot.press("U")
        await settled(pilot)
        assert "cannot be put back: the requester has been answered" in screen_text(pilot)


async def test_the_next_key_claims_a_ticket_and_goes_to_it(five: Desk, run_app: RunApp) -> None:
    async with run_app() as pilot:
        await pilot.press("G", "N")
        await settled(pilot)
        assert assignees(five)[0] == "ann"
        assert pilot.app.screen.current_ticket() == 1  # type: ignore[attr-defined]
        await pilot.press("enter")
        await settled(pilot)
        await pilot.press("N")
        await until(pilot, lambda: getattr(pilot.app.screen, "number", 0) == 2)
        assert isinstance(pilot.app.screen, TicketScreen)


async def test_a_filter_is_completed_applied_and_removed(five: Desk, run_app: RunApp) -> None:
    do(five, 3, Claim())
    async with run_app() as pilot:
        await pilot.press("f")
        await settled(pilot)
        assert isinstance(pilot.app.screen, FilterLine)
        line = pilot.app.screen.query_one("#query", Input)
        assert line.value == "queue:L1 "
        await pilot.press(*keys("assi"))
        await until(pilot, lambda: "▸ assignee:" in screen_text(pilot))
        await pilot.press("tab")
        await until(pilot, lambda: "▸ me" in screen_text(pilot))
        await pilot.press("tab", "enter")
        await until(pilot, lambda: "filter: queue:L1 assignee:me" in screen_text(pilot))
        await settled(pilot)
        assert "three" in screen_text(pilot)
        assert "four" not in screen_text(pilot)
        await pilot.press("escape")
        await until(pilot, lambda: "four" in screen_text(pilot))


async def test_a_mistake_in_a_filter_is_shown_under_its_place(five: Desk, run_app: RunApp) -> None:
    async with run_app() as pilot:
        await pilot.press("f", *keys("sate:open"))
        await pilot.press("enter")
        await settled(pilot)
        lines = screen_text(pilot).split("\n")
        place = next(n for n, line in enumerate(lines) if "sate:open" in line)
        assert lines[place + 1].index("^") == lines[place].index("sate:")
        assert "is it state?" in lines[place + 2]
        assert isinstance(pilot.app.screen, FilterLine)


async def test_a_filter_is_saved_as_a_view_and_chosen_by_typing(
    five: Desk, run_app: RunApp
) -> None:
    async with run_app() as pilot:
        await pilot.press("f", "ctrl+s")
        await settled(pilot)
        saved_views.save(five, "my list", "state:new")
        await pilot.press(*keys("my list"), "tab", "tab", *keys("id"), "ctrl+s")
        await settled(pilot)
        assert saved_views.show(five, "my list").query == "state:new"
        assert "Press Ctrl+S again to replace it with yours." in screen_text(pilot)
        await pilot.press("ctrl+s")
        await settled(pilot)
        assert saved_views.show(five, "my list").columns == ("id",)
        await pilot.press("1")
        await settled(pilot)
        await pilot.press("V", *keys("my"))
        await settled(pilot)
        assert "▸" not in screen_text(pilot)
        await pilot.press("enter")
        await until(pilot, lambda: "my list: queue:L1" in screen_text(pilot))
        await settled(pilot)
        assert "Subject" not in screen_text(pilot)
        assert isinstance(pilot.app.screen, QueueScreen)


async def test_a_macro_is_previewed_and_run_on_all_tickets_or_none(
    five: Desk, run_app: RunApp
) -> None:
    macros.save(five, MACROS)
    async with run_app() as pilot:
        await pilot.press("space", "space", "x", *keys("pass"), "enter")
        await until(pilot, lambda: "password reset  →  2 tickets" in screen_text(pilot))
        assert "Hello k.novak, about HD-1" in screen_text(pilot)
        assert show_ticket.show(five, 1).version == 1
        await pilot.press("enter")
        await settled(pilot)
        for number in (1, 2):
            done = show_ticket.show(five, number)
            assert (done.state, done.tags, done.assignee) == (State.PENDING, ("reset",), "ann")
            assert f"about HD-{number}" in done.events[-2].text
        await pilot.press("x", *keys("brok"), "enter")
        await until(pilot, lambda: "It cannot run" in screen_text(pilot))
        assert "'broken': step 2: assign carl: there is no agent 'carl'" in screen_text(pilot)
        await pilot.press("enter", "escape")
        await settled(pilot)
        assert show_ticket.show(five, 3).version == 1


async def test_a_canned_reply_is_inserted_at_the_cursor(five: Desk, run_app: RunApp) -> None:
    macros.save(five, MACROS)
    async with run_app() as pilot:
        await pilot.press("r", "f3")
        await settled(pilot)
        await pilot.press("enter")
        await settled(pilot)
        assert pilot.app.screen.query_one("#text", TextArea).text == "Dear k.novak,"
        await pilot.press("enter", *keys("hi"), "ctrl+s")
        await settled(pilot)
    assert show_ticket.show(five, 1).events[-1].text == "Dear k.novak,\nhi"


async def test_a_major_incident_is_resolved_with_its_children(five: Desk, run_app: RunApp) -> None:
    async with run_app(size=(110, 30)) as pilot:
        await pilot.press("j", "space", "space", "space", "L", "1", "ctrl+s")
        await settled(pilot)
        assert "3 tickets linked." in screen_text(pilot)
        await pilot.press("g", "enter")
        await settled(pilot)
        assert "3 children, 3 open" in screen_text(pilot)
        assert "· HD-3 new  three" in screen_text(pilot)
        await pilot.press("v")
        await settled(pilot)
        assert "Its 3 open children, too" in screen_text(pilot)
        await pilot.press("tab", "tab", *keys("fixed"), "ctrl+s")
        await settled(pilot)
        assert "3 children, 0 open" in screen_text(pilot)
    for number in range(1, 5):
        done = show_ticket.show(five, number)
        assert done.state is State.RESOLVED
        assert done.events[-2].text == "fixed"


async def test_fields_of_several_tickets_are_set_and_empty_ones_stay(
    five: Desk, run_app: RunApp
) -> None:
    async with run_app() as pilot:
        await pilot.press("space", "space", "s", *keys("vpn"), "tab", *keys("high"), "ctrl+s")
        await settled(pilot)
        found = [show_ticket.show(five, number) for number in (1, 2, 3)]
        assert [(ticket.service, ticket.impact) for ticket in found[:2]] == [("vpn", "high")] * 2
        assert found[2].service == ""
        await pilot.press("s", "tab", "tab", "tab", "tab", "tab", "tab", "tab", *keys("vip"))
        await pilot.press("ctrl+s")
        await settled(pilot)
        assert show_ticket.show(five, 3).tags == ("vip",) or show_ticket.show(five, 1).tags == (
            "vip",
        )


async def test_merge_and_split_by_key(five: Desk, run_app: RunApp) -> None:
    async with run_app() as pilot:
        await pilot.press("M", *keys("5"), "ctrl+s")
        await settled(pilot)
        await pilot.press("ctrl+s")  # the first one showed the other ticket
        await settled(pilot)
        assert show_ticket.show(five, 1).state is State.RESOLVED
        await pilot.press("Z", *keys("a part"), "ctrl+s")
        await settled(pilot)
        assert "HD-6 is logged: a part" in screen_text(pilot)
    assert show_ticket.show(five, 6).requester == show_ticket.show(five, 2).requester
