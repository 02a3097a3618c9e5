"""In the app: texts go along with a split, and a message about a merged ticket leads on."""

import pytest

from helpdesk.desk.session import Desk
from helpdesk.desk.ticket import log_query, show_ticket
from helpdesk.desk.ticket.handling import Note, Receive
from helpdesk.desk.ticket.links import Merge
from helpdesk.desk.ticket.views import NewQuery
from helpdesk.domain.ticket import State
from tests.tui.conftest import RunApp, screen_text, settled
from tests.verbs import do


@pytest.fixture
def talked_about(desk: Desk) -> Desk:
    """Ticket 1 with a message and a note, and ticket 2."""
    for subject in ("two things", "another"):
        log_query.log_query(desk, NewQuery(subject, requester="mara@contoso.example"))
    do(desk, 1, Receive("and the phone is dead"))
    do(desk, 1, Note("it is the cable"))
    return desk


async def test_chosen_texts_go_along_with_a_split_that_u_takes_back(
    talked_about: Desk, run_app: RunApp
) -> None:
    async with run_app() as pilot:
        await pilot.press("colon", "1", "enter")
        await settled(pilot)
        await pilot.press("Z", *"phone", "tab", "tab", "space")
        await settled(pilot)
        assert "and the phone is dead" in screen_text(pilot)
        await pilot.press("ctrl+s")
        await settled(pilot)
        part = show_ticket.show(talked_about, 3)
        assert [event.text for event in part.events if event.type == "brought"] == [
            "and the phone is dead"
        ]
        await pilot.press("U")
        await settled(pilot)
        assert show_ticket.show(talked_about, 3).merged_into == "HD-1"


async def test_what_the_requester_says_about_a_merged_ticket_reaches_the_other(
    talked_about: Desk, run_app: RunApp
) -> None:
    do(talked_about, 1, Merge(2))
    async with run_app() as pilot:
        await pilot.press("colon", "1", "enter")
        await settled(pilot)
        assert "merged into HD-2, which goes on" in screen_text(pilot)
        await pilot.press("y", *"still dead", "ctrl+s")
        await settled(pilot)
        assert "HD-2 has the requester's message. HD-2 goes on for HD-1" in screen_text(pilot)
    assert show_ticket.show(talked_about, 1).state is State.RESOLVED
    assert show_ticket.show(talked_about, 2).events[-1].text == "still dead"
