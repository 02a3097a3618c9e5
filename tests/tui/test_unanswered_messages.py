"""A row of a queue says that the requester has written since the last answer of an agent."""

import pytest

from helpdesk.desk.session import Desk
from helpdesk.desk.ticket import log_query
from helpdesk.desk.ticket.handling import Note, Receive, Reply
from helpdesk.desk.ticket.views import NewQuery
from helpdesk.domain.ticket import ReplyWay
from helpdesk.tui.terminal.ascii_output import to_ascii
from tests.tui.conftest import RunApp, screen_text, settled
from tests.tui.test_queue_rows import line_with
from tests.verbs import do


@pytest.fixture
def written(desk: Desk) -> Desk:
    """A ticket whose requester waits, one that was answered, one that nobody wrote about."""
    for subject in ("no sound", "lamp broken", "new badge"):
        log_query.log_query(desk, NewQuery(subject))
    for number in (1, 2):
        do(desk, number, Reply("please restart it", ReplyWay.PHONE))
        do(desk, number, Receive("it did not help"))
    do(desk, 2, Reply("then we come by", ReplyWay.PHONE))
    do(desk, 1, Note("asked the vendor"))
    return desk


async def test_a_row_has_a_sign_until_the_message_is_answered(
    written: Desk, run_app: RunApp
) -> None:
    async with run_app() as pilot:
        text = screen_text(pilot)
        assert "no sound  «" in text
        assert text.count("no sound  «") == 1
        assert "«" not in line_with(text, "lamp broken")
        assert "«" not in line_with(text, "new badge")
        do(written, 1, Reply("a colleague comes", ReplyWay.PERSON))
        pilot.app.screen.desk_changed()  # type: ignore[attr-defined]
        await settled(pilot)
        assert "«" not in screen_text(pilot)


async def test_a_wide_row_and_the_ticket_say_it_in_words(written: Desk, run_app: RunApp) -> None:
    async with run_app(size=(160, 40)) as pilot:
        assert "no sound  « wrote" in screen_text(pilot)
        assert to_ascii(line_with(screen_text(pilot), "no sound")).count("< wrote") == 1
        await pilot.press("colon", "1", "enter")
        await settled(pilot)
        assert "« requester wrote, no answer yet" in screen_text(pilot)


async def test_a_filter_finds_the_tickets_that_wait_for_an_answer(
    written: Desk, run_app: RunApp
) -> None:
    async with run_app() as pilot:
        await pilot.press("f", *"wrote:yes", "enter")
        await settled(pilot)
        text = screen_text(pilot)
    assert "no sound" in text
    assert "lamp broken" not in text
    assert "1 ticket" in text.splitlines()[1]


async def test_a_folded_row_has_the_sign_if_one_of_its_callers_wrote(
    desk: Desk, run_app: RunApp
) -> None:
    outage = log_query.log_query(desk, NewQuery("network is down")).number
    caller = log_query.log_query(desk, NewQuery("caller"), duplicate_of=outage).number
    do(desk, caller, Receive("still down"))
    async with run_app() as pilot:
        assert "«" in line_with(screen_text(pilot), "network is down")
