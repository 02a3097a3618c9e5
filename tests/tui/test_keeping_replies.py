"""The text of a reply is kept as a canned reply or as a macro, from the app."""

from collections.abc import Callable

import pytest
from textual import events

from helpdesk.desk.macro import macros
from helpdesk.desk.session import Desk
from helpdesk.desk.ticket import log_query, show_ticket
from helpdesk.desk.ticket.views import NewQuery
from helpdesk.tui.macro.save import with_placeholders
from tests.tui.conftest import RunApp, notifications, screen_text, settled


@pytest.fixture
def asked(desk: Desk) -> Desk:
    """A ticket of Mara Ortiz."""
    log_query.log_query(desk, NewQuery("no sound", requester="Mara Ortiz <m.ortiz@fab.example>"))
    return desk


async def test_a_reply_is_kept_without_the_name_of_its_requester_and_inserted(
    asked: Desk, run_app: RunApp
) -> None:
    async with run_app() as pilot:
        await pilot.press("r", *"Dear Mara Ortiz, about HD-1: restart it.", "ctrl+n")
        await settled(pilot)
        await pilot.press(*"restart", "ctrl+s")
        await settled(pilot)
        assert "'restart' is kept; F3 offers it." in notifications(pilot)
        (kept,) = macros.list_macros(asked)
        assert (kept.name, kept.steps, kept.shared) == ("restart", (), False)
        assert kept.text == "Dear {requester}, about {ticket}: restart it."
        await pilot.press("f3", "enter")
        await settled(pilot)
        assert screen_text(pilot).count("Dear Mara Ortiz, about HD-1: restart it.") == 2


async def test_with_steps_it_is_a_macro_that_runs(asked: Desk, run_app: RunApp) -> None:
    async with run_app() as pilot:
        await pilot.press("r", *"Please restart it.", "ctrl+n")
        await settled(pilot)
        await pilot.press(*"restart", "tab", "down", "tab", *"claim; note", "ctrl+s")
        await settled(pilot)
        (kept,) = macros.list_macros(asked)
        assert (kept.steps, kept.shared) == (("claim", "note"), True)
        await pilot.press("ctrl+x")
        await settled(pilot)
        await pilot.press("x", "enter")
        await settled(pilot)
        await pilot.press("enter")
        await settled(pilot)
    ticket = show_ticket.show(asked, 1)
    assert ticket.assignee == "ann"
    assert ticket.events[-1].text == "Please restart it."


async def test_one_of_that_name_is_replaced_at_the_second_time_only(
    asked: Desk, run_app: RunApp
) -> None:
    macros.save(asked, '[replies.restart]\ntext = "the old one"\n')
    async with run_app() as pilot:
        await pilot.press("r", *"the new one", "ctrl+n")
        await settled(pilot)
        await pilot.press(*"restart", "ctrl+s")
        await settled(pilot)
        assert macros.show(asked, "restart").text == "the old one"
        assert notifications(pilot)[-1].endswith("Press Ctrl+S again to replace it with yours.")
        await pilot.press("ctrl+s")
        await settled(pilot)
    assert macros.show(asked, "restart").text == "the new one"


async def test_a_mistake_and_esc_keep_what_was_typed(asked: Desk, run_app: RunApp) -> None:
    async with run_app() as pilot:
        await pilot.press("r", *"Use {nonsense}", "ctrl+n")
        await settled(pilot)
        await pilot.press(*"odd name", "ctrl+s")
        await settled(pilot)
        assert "{nonsense} is no placeholder" in notifications(pilot)[-1]
        await pilot.press("escape", "ctrl+n")
        await settled(pilot)
        text = screen_text(pilot)
        assert "odd name" in text
        assert "Use {nonsense}" in text
    assert macros.list_macros(asked) == ()


async def test_an_agent_who_may_not_share_is_refused(
    asked: Desk, run_app: RunApp, desk_of: Callable[[str], Desk]
) -> None:
    async with run_app(acting_as="bob") as pilot:
        await pilot.press("1", "r", *"For everyone", "ctrl+n")
        await settled(pilot)
        await pilot.press(*"shared", "tab", "down", "ctrl+s")
        await settled(pilot)
        assert "For everyone" in screen_text(pilot)
    assert macros.list_macros(desk_of("bob")) == ()


async def test_words_typed_right_before_the_key_are_kept(asked: Desk, run_app: RunApp) -> None:
    async with run_app() as pilot:
        await pilot.press("r")
        await settled(pilot)
        for key in (*"restart it", "ctrl+n"):  # as the terminal sends them: all at once
            pilot.app.post_message(events.Key(key, key if len(key) == 1 else None))
        await settled(pilot)
        text = screen_text(pilot)
        assert "Keep as canned reply" in text
        assert "restart it" in text


@pytest.mark.parametrize(
    ("name", "text", "kept"),
    [
        (
            "Al Ott",
            "Dear Al,\nAlso see HD-12, Al Ott.",
            "Dear {requester},\nAlso see HD-12, {requester}.",
        ),
        ("Mara Ortiz", "Hello Ms Ortiz,\nMara", "Hello Ms {requester},\nMara"),
        ("Will Request", "Dear {requester},\nwill do", "Dear {requester},\nwill do"),
        ("", "Write to x@fab.example about HD-1", "Write to {mail} about {ticket}"),
    ],
)
def test_only_whole_names_and_numbers_become_placeholders(
    desk: Desk, name: str, text: str, kept: str
) -> None:
    log_query.log_query(desk, NewQuery("no sound", requester=f"{name} <x@fab.example>"))
    assert with_placeholders(text, show_ticket.show(desk, 1)) == kept
