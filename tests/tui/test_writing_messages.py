"""Write a reply or a note with the ticket in sight, quote from it, and use one's own editor."""

import pytest
from textual.widgets import TextArea

from helpdesk.desk.session import Desk
from helpdesk.desk.ticket import log_query, show_ticket
from helpdesk.desk.ticket.handling import Note, Receive
from helpdesk.desk.ticket.views import NewQuery
from tests.tui.conftest import RunApp, screen_text, settled, until
from tests.tui.test_working_a_queue import keys
from tests.verbs import do

_SIZES = [(80, 24), (160, 50)]


@pytest.fixture
def number(desk: Desk) -> int:
    """A ticket with a long history, whose newest message is the requester's."""
    query = NewQuery("VPN drops", requester="m.ortiz@contoso.example", body="only on Wi-Fi")
    number = log_query.log_query(desk, query).number
    for place in range(20):
        do(desk, number, Note(f"looked at access point {place}"))
    do(desk, number, Receive("It is worse\nin the canteen."))
    do(desk, number, Note("the canteen has old access points"))
    return number


@pytest.mark.parametrize("size", _SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize("key", ["r", "i", "y"])
async def test_the_newest_message_is_in_sight_while_one_writes(
    number: int, run_app: RunApp, size: tuple[int, int], key: str
) -> None:
    async with run_app(size) as pilot:
        await pilot.press(key, *keys("is it"))
        await settled(pilot)
        text = screen_text(pilot)
    assert "in the canteen." in text
    assert "the canteen has old access points" in text
    assert "is it" in text
    assert "Ctrl+S" in text


async def test_a_message_that_comes_while_one_writes_is_shown(
    number: int, desk: Desk, run_app: RunApp
) -> None:
    async with run_app() as pilot:
        await pilot.press("r", *keys("is it"))
        do(desk, number, Receive("now also in the lobby"))
        await until(pilot, lambda: "now also in the lobby" in screen_text(pilot))
        assert "is it" in screen_text(pilot)


async def test_a_reply_quotes_the_requester_and_never_an_internal_text(
    number: int, desk: Desk, run_app: RunApp
) -> None:
    async with run_app() as pilot:
        await pilot.press("r", "ctrl+r", *keys("we look"))
        await settled(pilot)
        await pilot.press("ctrl+s")
        await settled(pilot)
    assert show_ticket.show(desk, number).events[-1].text == (
        "> It is worse\n> in the canteen.\n\nwe look"
    )


async def test_a_note_quotes_the_last_text_of_anybody(number: int, run_app: RunApp) -> None:
    async with run_app() as pilot:
        await pilot.press("i", "ctrl+r")
        await settled(pilot)
        text = pilot.app.screen.query_one(TextArea).text
    assert text == "> the canteen has old access points\n\n"


async def test_the_query_itself_is_quoted_while_there_is_no_later_message(
    desk: Desk, run_app: RunApp
) -> None:
    log_query.log_query(desk, NewQuery("VPN drops", body="only on Wi-Fi"))
    async with run_app() as pilot:
        await pilot.press("r", *"see:", "ctrl+r")
        await settled(pilot)
        assert pilot.app.screen.query_one(TextArea).text == "see:\n> only on Wi-Fi\n\n"


async def test_several_tickets_have_no_timeline_and_nothing_to_quote(
    number: int, desk: Desk, run_app: RunApp
) -> None:
    log_query.log_query(desk, NewQuery("no sound"))
    async with run_app() as pilot:
        await pilot.press("space", "space", "r", "ctrl+r", *"wait")
        await settled(pilot)
        assert pilot.app.screen.query_one(TextArea).text == "wait"


async def test_an_own_editor_is_refused_where_the_policy_does_not_allow_it(
    number: int, run_app: RunApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EDITOR", "true")
    async with run_app(acting_as="bob") as pilot:
        await pilot.press("1")
        await settled(pilot)
        await pilot.press("r", *"wait", "f4")
        await settled(pilot)
        assert "does not allow an editor" in screen_text(pilot)
        assert pilot.app.screen.query_one(TextArea).text == "wait"


async def test_what_an_own_editor_has_written_is_the_text_of_the_reply(
    number: int, run_app: RunApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[tuple[list[str], str]] = []

    def edit(app: object, command: list[str], path: str, text: str) -> str:
        opened.append((command, path))
        return f"{text} a minute"

    # A test without a terminal cannot lend it to another program.
    monkeypatch.setattr("helpdesk.tui.knowledge.own_editor.edit_externally", edit)
    monkeypatch.setattr("helpdesk.desk.session.system_login", lambda: "ann")
    monkeypatch.setenv("VISUAL", "emacs -nw")
    async with run_app() as pilot:
        await pilot.press("r", *"wait", "f4")
        await settled(pilot)
        assert pilot.app.screen.query_one(TextArea).text == "wait a minute"
    assert opened == [(["emacs", "-nw"], "reply.txt")]
