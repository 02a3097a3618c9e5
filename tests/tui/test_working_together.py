"""Several agents at once: presence, conflicting changes, notices."""

from collections.abc import Callable, Iterator

import pytest
from textual.widgets import TextArea

from helpdesk.desk.escalation.hand_over import Escalate, SendBack
from helpdesk.desk.inbox import inbox
from helpdesk.desk.people import agents, presence
from helpdesk.desk.people.presence import OpenTicket
from helpdesk.desk.session import Desk
from helpdesk.desk.ticket import follow_ups, log_query, show_ticket
from helpdesk.desk.ticket.handling import Assign, Note, Reply
from helpdesk.desk.ticket.resolving import Close, Resolve
from helpdesk.desk.ticket.views import NewQuery
from helpdesk.domain.escalation import HandOver, Level
from helpdesk.domain.ticket import ReplyWay, State
from helpdesk.tui.terminal.sequences import desktop_notification
from tests.conftest import StillClock
from tests.tui.conftest import RunApp, notifications, screen_text, settled, until
from tests.verbs import do


@pytest.fixture
def bob(desk: Desk, desk_of: Callable[[str], Desk]) -> Iterator[Desk]:
    """The desk, opened by bob."""
    opened = desk_of("bob")
    yield opened
    opened.close()


async def test_presence_is_shown_in_the_queue_and_on_the_ticket(
    desk: Desk, bob: Desk, run_app: RunApp
) -> None:
    log_query.log_query(desk, NewQuery("printer is out"))
    async with run_app() as pilot:
        presence.announce(bob, "b", OpenTicket(1, writing=True))
        await until(pilot, lambda: "✎HD-1" in screen_text(pilot))
        await pilot.press("enter")
        await until(pilot, lambda: "✎ bob is writing" in screen_text(pilot))
        await until(pilot, lambda: 1 in presence.others(bob, "b"))
        assert not presence.others(bob, "b")[1][0].writing
        await pilot.press("i")
        await until(pilot, lambda: presence.others(bob, "b")[1][0].writing)
        assert "✎ bob is writing" in screen_text(pilot)
        presence.announce(bob, "b", OpenTicket(1, writing=False))
        await until(pilot, lambda: "• bob has it open" in screen_text(pilot))
        await pilot.press("escape", "escape")
        await until(pilot, lambda: presence.others(bob, "b") == {})
        presence.leave(bob, "b")
        await until(pilot, lambda: "•" not in screen_text(pilot))
    assert presence.others(bob) == {}


async def test_a_reply_to_a_ticket_that_was_closed_meanwhile_reopens_it_if_promised(
    desk: Desk, bob: Desk, run_app: RunApp
) -> None:
    log_query.log_query(desk, NewQuery("printer is out"))
    async with run_app() as pilot:
        await pilot.press("r", *"mine", "ctrl+l")  # said by phone: there is no address
        do(bob, 1, Resolve("done"))
        do(bob, 1, Close())
        await pilot.press("ctrl+s")
        await until(pilot, lambda: "Ctrl+S reopens it and saves yours" in screen_text(pilot))
        await pilot.press("ctrl+s")
        await until(pilot, lambda: show_ticket.show(desk, 1).events[-1].text == "mine")
    ticket = show_ticket.show(desk, 1)
    assert (ticket.state, ticket.reopenings) == (State.OPEN, 1)


async def test_the_box_of_a_conflict_says_if_saving_would_be_refused(
    desk: Desk, bob: Desk, run_app: RunApp
) -> None:
    agents.add(desk, "cid", [Level.L1])
    log_query.log_query(desk, NewQuery("printer is out"))
    async with run_app(acting_as="cid") as pilot:
        await pilot.press("p")
        await settled(pilot)
        do(bob, 1, Escalate(Level.L2, "r", HandOver(asked="a")))
        await pilot.press("ctrl+s")
        await until(pilot, lambda: "you do not serve the queue that it is" in screen_text(pilot))


async def test_a_conflict_shows_the_others_text_and_keeps_the_own_one(
    desk: Desk, bob: Desk, run_app: RunApp
) -> None:
    log_query.log_query(desk, NewQuery("printer is out"))
    async with run_app() as pilot:
        await pilot.press("r", *"mine", "ctrl+l")  # said by phone: there is no address
        await settled(pilot)
        do(bob, 1, Reply("try [bold]another[/bold] printer", ReplyWay.PHONE))
        await pilot.press("ctrl+s")
        await until(pilot, lambda: "CHANGED MEANWHILE by bob" in screen_text(pilot))
        shown = screen_text(pilot)
        assert "try [bold]another[/bold] printer" in shown
        assert "assignee – → bob" in shown
        assert pilot.app.screen.query_one("#text", TextArea).text == "mine"
        assert "replied" not in [event.type for event in show_ticket.show(desk, 1).events[3:]]
        await pilot.press("ctrl+s")
        await settled(pilot)
    replies = [event.text for event in show_ticket.show(desk, 1).events if event.type == "replied"]
    assert replies == ["try [bold]another[/bold] printer", "mine"]


async def test_notices_pop_up_are_counted_listed_and_marked_as_read(
    desk: Desk, bob: Desk, run_app: RunApp
) -> None:
    for subject in ("one", "two"):
        log_query.log_query(desk, NewQuery(subject))
    async with run_app() as pilot:
        do(bob, 1, Note("@ann can you [look]?"))
        await until(pilot, lambda: notifications(pilot) == ["✉ HD-1 bob mentioned you: one"])
        do(bob, 2, Assign("ann"))
        await until(pilot, lambda: "✉ 2" in screen_text(pilot).splitlines()[0])
        await pilot.press("I")
        await settled(pilot)
        lines = screen_text(pilot).splitlines()
        assert "inbox · 2 unread" in lines[1]
        assert "HD-2     bob assigned it to you: two" in lines[2]
        assert "bob mentioned you: one · @ann can you [look]?" in lines[3]
        await pilot.press("space")
        await settled(pilot)
        assert "inbox · 1 unread" in screen_text(pilot)
        await pilot.press("enter")  # opens the ticket of the next notice, which marks it as read
        await settled(pilot)
        assert "can you [look]?" in screen_text(pilot)
        await pilot.press("escape")
        await settled(pilot)
        assert "inbox · 0 unread" in screen_text(pilot)
        assert "✉" not in screen_text(pilot).splitlines()[0]
        await pilot.press("space")  # marks it as unread again
        await settled(pilot)
        assert "inbox · 1 unread" in screen_text(pilot)
        await pilot.press("ctrl+a")
        await settled(pilot)
    assert inbox.listing(desk, only_unread=True) == ()


async def test_an_empty_inbox_says_so(desk: Desk, run_app: RunApp) -> None:
    async with run_app() as pilot:
        await pilot.press("I")
        await settled(pilot)
        assert "the inbox is empty" in screen_text(pilot)
        await pilot.press("enter", "space", "j", "G", "ctrl+a", "escape")
        await settled(pilot)
        assert "no open tickets in L1" in screen_text(pilot)


async def test_notices_ring_as_the_agent_has_chosen(
    desk: Desk, bob: Desk, run_app: RunApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("VTE_VERSION", raising=False)
    sent: list[str] = []
    monkeypatch.setattr(
        "helpdesk.tui.app.app.HelpdeskApp.send_to_terminal", lambda _, s: sent.append(s)
    )
    monkeypatch.setattr("textual.app.App.bell", lambda _: sent.append("bell"))
    log_query.log_query(desk, NewQuery("one"))
    async with run_app() as pilot:
        message = "✉ HD-1 bob mentioned you: one"
        for times, wanted in enumerate(([], ["bell"], ["bell", "9"]), 1):
            do(bob, 1, Note(f"@ann {times}"))
            await until(pilot, lambda count=times: notifications(pilot).count(message) == count)  # type: ignore[misc]
            assert [code if code == "bell" else code[2:3] for code in sent] == wanted
            await pilot.press("f8")
            await settled(pilot)
    assert sent[1] == "\x1b]9;✉ HD-1 bob mentioned you: one\x07"


def test_a_popup_contains_no_control_character() -> None:
    assert desktop_notification("a\x1b]0;x\x07b").count("\x1b") == 1
    assert desktop_notification("x" * 900)[:-1].count("x") == 200


async def test_the_dialogs_for_the_lead_the_follow_up_date_and_the_requester(
    desk: Desk, clock: StillClock, run_app: RunApp
) -> None:
    log_query.log_query(desk, NewQuery("one"))
    async with run_app() as pilot:
        await pilot.press("H", *"they shout", "ctrl+s")
        await settled(pilot)
        assert "⚑ lead" in screen_text(pilot)
        await pilot.press("H", *"called", "ctrl+s")
        await settled(pilot)
        await pilot.press("d", *"soon", "ctrl+s")
        await settled(pilot)
        assert "neither a span" in screen_text(pilot)
        await pilot.press("ctrl+x")
        await settled(pilot)  # what is typed at once goes with the dialog
        await pilot.press("d", *"3d", "ctrl+s")
        await settled(pilot)
        assert "◴ Nov 26" in screen_text(pilot)
        await pilot.press("y", *"it works", "ctrl+s")
        await settled(pilot)
        await pilot.press("W")
        await settled(pilot)
    shown = show_ticket.show(desk, 1)
    assert [event.type for event in shown.events] == [
        *("logged", "escalated_to_lead", "lead_done", "follow_up", "requester_wrote")
    ]
    assert shown.watchers == ("ann",)
    assert shown.with_lead_since is None


async def test_a_refused_escalation_names_what_the_level_requires_and_keeps_the_text(
    desk: Desk, run_app: RunApp
) -> None:
    log_query.log_query(desk, NewQuery("one"))
    async with run_app((100, 40)) as pilot:
        await pilot.press("e", *"too hard", "ctrl+s")
        await settled(pilot)
        shown = screen_text(pilot)
        assert "(required)" in shown
        assert "is not escalated to L2: add what is asked." in " ".join(shown.split())
        assert "too hard" in shown
        await pilot.press("ctrl+l")
        await settled(pilot)
        assert "passes over L2, whose agents are notified" in screen_text(pilot)
        await pilot.press("tab", *"look", "ctrl+s")
        await settled(pilot)
    assert show_ticket.show(desk, 1).queue is Level.L3


async def test_a_ticket_that_was_handed_over_shows_its_time_at_each_level(
    desk: Desk, clock: StillClock, run_app: RunApp
) -> None:
    log_query.log_query(desk, NewQuery("one"))
    clock.advance(hours=2)
    do(desk, 1, Escalate(Level.L2, "r", HandOver(asked="a", references="HD-9")))
    clock.advance(hours=3)
    do(desk, 1, SendBack(None, "yours", note="the proxy"))
    follow_ups.watch(desk, 1)
    async with run_app((160, 50)) as pilot:
        await pilot.press("enter")
        await settled(pilot)
        shown = screen_text(pilot)
        assert "↩2, 1 of them back" in shown
        assert "L1 2h 00m (2×) · L2 3h 00m" in shown
        assert "watched by  ann" in shown
        assert "known   the proxy" in shown
