"""The everyday work of an agent in the app, key by key, on a real database."""

from pathlib import Path

from textual.widgets import Input

from helpdesk.desk.opening import open_desk
from helpdesk.desk.queue import lists
from helpdesk.desk.session import Desk
from helpdesk.desk.settings import Settings
from helpdesk.desk.ticket import log_query, show_ticket
from helpdesk.desk.ticket.handling import Note
from helpdesk.desk.ticket.views import NewQuery
from helpdesk.domain.escalation import Level
from helpdesk.domain.ticket import State
from helpdesk.tui.app.app import HelpdeskApp
from helpdesk.tui.queue.screen import QueueScreen
from tests.conftest import StillClock
from tests.tui.conftest import RunApp, screen_text, settled, until
from tests.verbs import do


def keys(text: str) -> list[str]:
    """Return the keys that type a text."""
    names = {" ": "space", "@": "at", ".": "full_stop", "-": "minus", "?": "question_mark"}
    return [names.get(char, char) for char in text]


async def test_a_repeat_issue_costs_two_keys_beyond_its_words(desk: Desk, run_app: RunApp) -> None:
    async with run_app() as pilot:
        await pilot.press("n", *keys("vpn drops evry ten minuts"), "f5")
        await until(pilot, lambda: isinstance(pilot.app.screen, QueueScreen))
    ticket = show_ticket.show(desk, 1)
    assert (ticket.state, ticket.articles) == (State.RESOLVED, ("vpn/keepalive.md",))
    replies = [event for event in ticket.events if event.type == "replied"]
    assert replies[0].public
    assert replies[0].text.startswith("Your connection is closed because")


async def test_a_query_without_a_match_is_not_resolved_by_accident(
    desk: Desk, run_app: RunApp
) -> None:
    async with run_app() as pilot:
        await pilot.press("n", *keys("zzyzx quux flurble"), "f5")
        await settled(pilot)
        assert "no suggestion is likely enough" in screen_text(pilot)
        assert pilot.app.screen.query_one("#subject", Input).value == "zzyzx quux flurble"
    assert lists.page(desk, lists.Selection()).total == 0


async def test_escalating_costs_three_keys_beyond_its_texts_and_returns_with_history(
    desk: Desk, run_app: RunApp
) -> None:
    async with run_app() as pilot:
        await pilot.press("n", *keys("flurble broken"), "ctrl+s")
        await until(pilot, lambda: isinstance(pilot.app.screen, QueueScreen))
        await settled(pilot)
        await pilot.press("e", *keys("needs db"), "tab", *keys("check the index"), "ctrl+s")
        await settled(pilot)
    ticket = show_ticket.show(desk, 1)
    assert ticket.queue == Level.L2
    assert ticket.hand_over is not None
    assert (ticket.hand_over.reason, ticket.hand_over.note.asked) == ("needs db", "check the index")

    async with run_app(acting_as="bob") as pilot:
        await pilot.press("2", "enter")  # all at once: the second key waits for the list
        await settled(pilot)
        assert "check the index" in screen_text(pilot)
        await pilot.press("t", *keys("index rebuilt"), "ctrl+s")
        await settled(pilot)
        assert "returned it L2 → L1: index rebuilt" in screen_text(pilot)
        assert "HAND-OVER L2 → L1" in screen_text(pilot)
    assert show_ticket.show(desk, 1).hand_overs == 2


async def test_countdowns_tick_and_the_cursor_stays_on_its_ticket(
    desk: Desk, run_app: RunApp, clock: StillClock
) -> None:
    first = log_query.log_query(desk, NewQuery("first in line"))
    async with run_app() as pilot:
        clock.advance(hours=3, minutes=30)
        await until(pilot, lambda: "0:30:00 resp" in screen_text(pilot))
        clock.advance(seconds=1)
        await until(pilot, lambda: "0:29:59 resp" in screen_text(pilot))
        # A more urgent ticket is inserted above: the cursor stays on its ticket.
        log_query.log_query(desk, NewQuery("everybody: total outage, cannot work"))
        await until(pilot, lambda: "total outage" in screen_text(pilot))
        assert pilot.app.screen.current_ticket() == first.number  # type: ignore[attr-defined]
        clock.advance(minutes=40)
        await until(pilot, lambda: "▲ HD-1" in screen_text(pilot))


async def test_a_change_by_another_agent_is_shown_without_a_key(
    desk: Desk, run_app: RunApp
) -> None:
    async with run_app() as pilot:
        assert "no open tickets" in screen_text(pilot)
        log_query.log_query(desk, NewQuery("logged elsewhere"))
        await until(pilot, lambda: "logged elsewhere" in screen_text(pilot))


async def test_a_conflict_keeps_the_text_and_a_second_save_sends_it(
    desk: Desk, run_app: RunApp
) -> None:
    log_query.log_query(desk, NewQuery("two agents, one ticket", requester="a@x.example"))
    async with run_app() as pilot:
        await pilot.press("r", *keys("hello"))
        do(desk, 1, Note("meanwhile"))
        await pilot.press("ctrl+s")
        await settled(pilot)
        assert "was changed meanwhile" in screen_text(pilot)
        await pilot.press("ctrl+s")
        await settled(pilot)
    texts = [event.text for event in show_ticket.show(desk, 1).events]
    assert texts[-1] == "hello"
    assert "meanwhile" in texts


async def test_an_app_that_is_too_old_for_the_upgraded_desk_saves_drafts_and_ends(
    desk: Desk, run_app: RunApp, tmp_path: Path
) -> None:
    log_query.log_query(desk, NewQuery("two agents, one upgrade"))
    async with run_app() as pilot:
        app = pilot.app
        assert isinstance(app, HelpdeskApp)
        await pilot.press("i", *keys("found the cause"))
        with desk.database.restructure() as connection:
            connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
        await pilot.press("ctrl+s")
        await until(pilot, lambda: app.failure is not None)
        assert "brought to schema 9999" in str(app.failure)
        assert app.return_code == 1
    drafts = [file.read_text() for file in (tmp_path / "drafts").rglob("*") if file.is_file()]
    assert any("found the cause" in text for text in drafts)


async def test_a_refusal_is_one_sentence_and_the_dialog_stays_open(
    desk: Desk, run_app: RunApp
) -> None:
    log_query.log_query(desk, NewQuery("no words"))
    async with run_app() as pilot:
        await pilot.press("r", "ctrl+s")
        await settled(pilot)
        assert "the reply is empty" in screen_text(pilot)
        assert "Reply  HD-1" in screen_text(pilot)


async def test_a_draft_is_restored_after_escape(desk: Desk, run_app: RunApp) -> None:
    async with run_app() as pilot:
        await pilot.press("n", *keys("half a query"), "escape")
        await settled(pilot)
    async with run_app() as pilot:
        await pilot.press("n")
        await settled(pilot)
        assert "draft of" in screen_text(pilot)
        assert pilot.app.screen.query_one("#subject", Input).value == "half a query"
        await pilot.press("ctrl+x")
        await settled(pilot)
        await pilot.press("n")
        await settled(pilot)
        assert pilot.app.screen.query_one("#subject", Input).value == ""


async def test_an_edited_article_is_found_at_the_next_key(
    desk: Desk, run_app: RunApp, settings: Settings
) -> None:
    assert settings.kb is not None
    async with run_app() as pilot:
        await pilot.press("slash", *keys("flurble"))
        await settled(pilot)
        assert "nothing found" in screen_text(pilot)
        (settings.kb / "flurble.md").write_text(
            "---\ntitle: Flurble is stuck\nkind: article\n---\n"
        )
        await pilot.pause(0.5)
        await pilot.press("s")
        await settled(pilot)
        await until(pilot, lambda: "Flurble is stuck" in screen_text(pilot))


async def test_a_broken_article_is_shown_and_its_last_valid_version_is_still_found(
    desk: Desk, run_app: RunApp, settings: Settings
) -> None:
    assert settings.kb is not None
    file = settings.kb / "vpn" / "keepalive.md"
    async with run_app((120, 40)) as pilot:
        await pilot.press("slash", *keys("vpn drops"))
        await settled(pilot)
        file.write_text(file.read_text().replace("kind: article", "kind: [oops"))
        await pilot.pause(0.5)
        await pilot.press("space", "i")
        await settled(pilot)
        assert "VPN disconnects after idle" in screen_text(pilot)
        await pilot.press("escape", "K")
        await settled(pilot)
        await pilot.press("slash", *keys("keepalive"))
        await settled(pilot)
        assert "▲ keepalive.md" in screen_text(pilot)


async def test_a_window_that_is_too_small_shows_a_notice_and_loses_no_text(
    desk: Desk, run_app: RunApp
) -> None:
    async with run_app() as pilot:
        await pilot.press("n", *keys("typed before"))
        await pilot.resize_terminal(40, 10)
        await settled(pilot)
        assert "This window is 40×10" in screen_text(pilot)
        await pilot.resize_terminal(80, 24)
        await settled(pilot)
        assert pilot.app.screen.query_one("#subject", Input).value == "typed before"


async def test_keys_typed_ahead_reach_the_form_that_they_are_meant_for(
    desk: Desk, run_app: RunApp
) -> None:
    async with run_app() as pilot:
        # All at once, as over a slow connection: v, p and r are letters here, not commands.
        await pilot.press("n", *keys("vpr"), "tab", *keys("ann@x.example"), "ctrl+s", "m")
        await settled(pilot)
    ticket = show_ticket.show(desk, 1)
    assert ticket.subject == "vpr"
    assert ticket.requester is not None
    assert ticket.requester.mail == "ann@x.example"


async def test_a_desk_that_cannot_be_opened_ends_the_app_with_the_error(
    settings: Settings, clock: StillClock, desk: Desk
) -> None:
    unknown_agent = Settings(settings.database, settings.kb, "nobody")
    app = HelpdeskApp(lambda: open_desk(unknown_agent, clock))
    async with app.run_test() as pilot:
        await until(pilot, lambda: app.failure is not None)
    assert "there is no agent 'nobody'" in str(app.failure)


async def test_a_narrow_header_leaves_out_the_agents_name(busy_desk: Desk, run_app: RunApp) -> None:
    async with run_app(size=(64, 20)) as pilot:
        assert "ann" not in screen_text(pilot).splitlines()[0]
        await pilot.press("enter")
        await settled(pilot)
        header = screen_text(pilot).splitlines()[0]
    assert header.startswith(" helpdesk  L1 5")
    assert header.endswith("10:26:00")
