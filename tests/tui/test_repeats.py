"""Handling a repeat issue in the log form and on a ticket."""

import re
from pathlib import Path

import pytest
from textual.widgets import Input, TextArea

from helpdesk.desk.search.suggest import suggest
from helpdesk.desk.session import Desk
from helpdesk.desk.ticket import log_query, show_ticket
from helpdesk.desk.ticket.resolving import Resolve
from helpdesk.desk.ticket.views import NewQuery
from helpdesk.domain.ticket import Kind, LinkKind, State
from helpdesk.tui.knowledge.editor import EditorScreen
from helpdesk.tui.knowledge.new_article import NewArticleDialog
from helpdesk.tui.log_form.answer import AnswerScreen
from helpdesk.tui.queue.screen import QueueScreen
from helpdesk.tui.search.suggestions import SuggestionsScreen
from helpdesk.tui.ticket.screen import TicketScreen
from helpdesk.tui.ticket.steps import StepsScreen
from tests.tui.conftest import RunApp, screen_text, settled, until
from tests.tui.test_working_a_queue import keys
from tests.verbs import do


async def test_the_answer_can_be_changed_before_it_is_sent(desk: Desk, run_app: RunApp) -> None:
    async with run_app() as pilot:
        await pilot.press("n", *keys("vpn drops evry ten minuts"), "f4")
        await until(pilot, lambda: isinstance(pilot.app.screen, AnswerScreen))
        await pilot.press(*keys("bye"), "escape")
        await settled(pilot)
        await pilot.press("f4")
        await until(pilot, lambda: isinstance(pilot.app.screen, AnswerScreen))
        assert "draft of" in screen_text(pilot)
        await pilot.press("ctrl+s")
        await until(pilot, lambda: isinstance(pilot.app.screen, QueueScreen))
        await settled(pilot)
    ticket = show_ticket.show(desk, 1)
    assert (ticket.state, ticket.articles) == (State.RESOLVED, ("vpn/keepalive.md",))
    replies = [event.text for event in ticket.events if event.type == "replied"]
    assert replies[0].startswith("Your connection is closed")
    assert replies[0].endswith("\n\nbye")


@pytest.mark.parametrize("size", [(80, 24), (160, 50)])
async def test_a_ticket_is_answered_with_what_it_looks_like_in_two_keys(
    desk: Desk, run_app: RunApp, size: tuple[int, int]
) -> None:
    log_query.log_query(desk, NewQuery("vpn drops every ten minutes"))
    async with run_app(size) as pilot:
        await pilot.press("enter")
        await until(pilot, lambda: "Looks like" in screen_text(pilot))
        await pilot.press("f5")
        await settled(pilot)
        assert pilot.app.screen.query_one("#article", Input).value == "vpn/keepalive.md"
        assert pilot.app.screen.query_one("#text", TextArea).has_focus
        await pilot.press("ctrl+s")
        await settled(pilot)
        assert "Looks like" not in screen_text(pilot)
    ticket = show_ticket.show(desk, 1)
    assert (ticket.state, ticket.articles) == (State.RESOLVED, ("vpn/keepalive.md",))


async def test_a_ticket_becomes_a_duplicate_of_an_open_one(desk: Desk, run_app: RunApp) -> None:
    log_query.log_query(desk, NewQuery("flurble gizmo is stuck", requester="a@x.example"))
    log_query.log_query(desk, NewQuery("gizmo flurble stuck again", requester="b@x.example"))
    async with run_app() as pilot:
        await pilot.press("j", "enter")
        await settled(pilot)
        await pilot.press("f6")
        await until(pilot, lambda: isinstance(pilot.app.screen, SuggestionsScreen))
        await pilot.press("f6")
        await until(pilot, lambda: "HD-2 follows HD-1" in screen_text(pilot))
        await pilot.press("escape")
        await settled(pilot)
        assert "▸1" in screen_text(pilot)
        await pilot.press("equals_sign")
        await settled(pilot)
        assert "= HD-1" in screen_text(pilot)
    assert [person.mail for person in show_ticket.show(desk, 1).further_requesters] == [
        "b@x.example"
    ]


async def test_a_recurring_problem_is_shown_on_the_linked_ticket_and_in_the_queue(
    desk: Desk, run_app: RunApp
) -> None:
    log_query.log_query(desk, NewQuery("flurble gizmo hums at midnight", kind=Kind.PROBLEM))
    do(desk, 1, Resolve("oiled"))
    async with run_app() as pilot:
        await pilot.press("n", *keys("gizmo hums at midnight"), "f7")
        await until(pilot, lambda: isinstance(pilot.app.screen, QueueScreen))
        await settled(pilot)
        assert "⟲ HD-1" in screen_text(pilot)
        await pilot.press("enter")
        await until(pilot, lambda: "reappeared: HD-1" in screen_text(pilot))
    ticket = show_ticket.show(desk, 2)
    assert LinkKind.PROBLEM in [link.kind for link in ticket.links]
    assert ticket.with_lead_since is not None


async def test_steps_are_ticked_from_the_ticket(desk: Desk, run_app: RunApp) -> None:
    log_query.log_query(desk, NewQuery("Starter, mover, leaver: a new starter needs access"))
    async with run_app() as pilot:
        await pilot.press("enter")
        await settled(pilot)
        await pilot.press("S")
        await until(pilot, lambda: isinstance(pilot.app.screen, StepsScreen))
        await pilot.press("space", "j", "space", "k", "k", "k", "space")  # all at once
        await until(pilot, lambda: "[ ] 1." in screen_text(pilot))
        assert "[x] 3." in screen_text(pilot)
        await pilot.press("escape")
        await until(pilot, lambda: "unticked procedures/" in screen_text(pilot))
    recorded = [(event.type, event.data["step"]) for event in show_ticket.show(desk, 1).events[1:]]
    assert recorded == [("ticked", 1), ("ticked", 3), ("unticked", 1)]


async def test_the_article_is_written_from_the_ticket(
    desk: Desk, run_app: RunApp, kb: Path
) -> None:
    log_query.log_query(desk, NewQuery("flurble gizmo hums", body="it hums", service="vpn"))
    do(desk, 1, Resolve("oil it"))
    async with run_app() as pilot:
        await pilot.app.open_ticket(1)  # type: ignore[attr-defined]
        await until(pilot, lambda: isinstance(pilot.app.screen, TicketScreen))
        await settled(pilot)
        await pilot.press("A")
        await until(pilot, lambda: isinstance(pilot.app.screen, NewArticleDialog))
        await pilot.press("ctrl+s")
        await until(pilot, lambda: isinstance(pilot.app.screen, EditorScreen))
        await pilot.press("ctrl+s")
        await until(pilot, lambda: isinstance(pilot.app.screen, TicketScreen))
    assert "oil it" in (kb / "vpn/flurble-gizmo-hums.md").read_text()


async def test_del_says_that_a_hit_does_not_fit_and_takes_it_back(
    desk: Desk, run_app: RunApp
) -> None:
    def marked() -> bool:
        desk.library.forget("unfit")  # what another session says is read a minute later
        found = suggest(desk, "vpn drops after idle", "kb", typing=False).hits
        return any(hit.repeat for hit in found if hit.id == "vpn/keepalive.md")

    async with run_app((160, 50)) as pilot:
        await pilot.press("slash", *keys("vpn drops after idle"))
        await until(pilot, lambda: "vpn/keepalive.md" in screen_text(pilot))
        await settled(pilot)
        assert marked()
        await pilot.press("down", "delete")
        await until(pilot, lambda: " does not fit  VPN disconnects" in screen_text(pilot))
        assert not marked()
        await pilot.press("delete")
        await until(pilot, lambda: " does not fit  VPN disconnects" not in screen_text(pilot))
        await settled(pilot)
    assert marked()


@pytest.mark.parametrize("opening", ["slash", "n"])
async def test_one_key_refuses_a_correction(run_app: RunApp, opening: str) -> None:
    async with run_app((160, 50)) as pilot:
        await pilot.press(opening, *keys("pasword"))
        await until(pilot, lambda: "searched for: password" in screen_text(pilot))
        await pilot.press("ctrl+z")
        await until(pilot, lambda: "searched as typed" in screen_text(pilot))
        assert "Password forgotten" not in screen_text(pilot)
        await pilot.press("ctrl+z")
        await until(pilot, lambda: "searched for: password" in screen_text(pilot))
        assert "Password forgotten" in screen_text(pilot)


async def test_the_correction_of_a_ticket_is_shown_and_refused(desk: Desk, run_app: RunApp) -> None:
    log_query.log_query(desk, NewQuery("forgotten pasword"))
    async with run_app((160, 50)) as pilot:
        await pilot.press("enter")
        await until(pilot, lambda: "Looks like" in screen_text(pilot))
        await pilot.press("f2")
        await until(pilot, lambda: "searched for: password" in screen_text(pilot))
        await pilot.press("ctrl+z")
        await until(pilot, lambda: "searched as typed" in screen_text(pilot))


@pytest.mark.parametrize(
    ("typed", "title", "path"),
    [
        (
            (*keys("vpn drops after idle"), *["tab"] * 7, *keys("call me back, a blue laptop")),
            *("VPN disconnects after idle", "vpn/keepalive.md"),
        ),
        (
            (*keys("printer queue is stu"), "tab"),
            *("Printer offline", "print/printer-or-queue.md"),
        ),
    ],
)
async def test_a_ticket_has_one_score_on_every_screen(
    desk: Desk, run_app: RunApp, typed: tuple[str, ...], title: str, path: str
) -> None:
    shown: list[str] = []

    def score() -> str:
        found = re.search(rf"▸ ([01][.]..)( repeat)? +{title}|▸ {path}  ([01][.]..)", shown[-1])
        return (found[1] or found[3]) if found else ""

    async with run_app((160, 50)) as pilot:

        def is_there() -> bool:
            shown.append(screen_text(pilot))
            return bool(score())

        await pilot.press("n", *typed)
        await settled(pilot)
        await until(pilot, is_there)
        in_form = score()
        await pilot.press("ctrl+s")
        await until(pilot, lambda: isinstance(pilot.app.screen, QueueScreen) and is_there())
        assert score() == in_form
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, TicketScreen) and is_there())
        assert score() == in_form


async def test_a_chosen_hit_stays_chosen_when_the_cursor_goes_on_to_a_field(
    desk: Desk, run_app: RunApp
) -> None:
    log_query.log_query(desk, NewQuery("printer queue is stuck again"))

    def marked(screen: str) -> str:
        return next(line for line in screen.splitlines() if "▸ " in line).split("▸ ")[1]

    async with run_app((160, 50)) as pilot:
        await pilot.press("n", *keys("printer queue is stu"))
        await until(pilot, lambda: "HD-1" in screen_text(pilot))
        before = marked(screen_text(pilot))
        await pilot.press("f2")
        await settled(pilot)
        await pilot.press("down")
        await settled(pilot)
        chosen = marked(screen_text(pilot))
        assert chosen != before
        await pilot.press("tab")
        await settled(pilot)
        assert marked(screen_text(pilot)) == chosen
