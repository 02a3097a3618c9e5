"""Fields complete known names with one key, list them, and add no new name by a slip."""

import pytest
from textual.app import App
from textual.widgets import Input

from helpdesk.desk.people import requesters
from helpdesk.desk.session import Desk
from helpdesk.desk.ticket import log_query, show_ticket
from helpdesk.desk.ticket.views import NewQuery
from helpdesk.domain.ticket import State
from helpdesk.tui.base.new_names import NewNamesScreen
from helpdesk.tui.queue.screen import QueueScreen
from helpdesk.tui.widgets.stored_text import LineField
from tests.tui.conftest import RunApp, screen_text, settled, until
from tests.tui.test_working_a_queue import keys


@pytest.fixture(autouse=True)
def known(desk: Desk) -> None:
    """Store tickets of three services and of a requester."""
    for service in ("accounts", "print", "vpn"):
        query = NewQuery("one", service=service, requester="a.nowak@contoso.example")
        log_query.log_query(desk, query)


def _field(app: App[int], name: str) -> LineField:
    return app.screen.query_one(f"#{name}", LineField)


async def test_tab_takes_a_completion_and_goes_on(desk: Desk, run_app: RunApp) -> None:
    async with run_app() as pilot:
        await pilot.press("n", *keys("flurble"), "tab", *keys("a.no"))
        await until(pilot, lambda: bool(_field(pilot.app, "requester").completion))
        assert "a.nowak@contoso.example (Tab)" in screen_text(pilot)
        await pilot.press("tab", *keys("VP"))
        await until(pilot, lambda: bool(_field(pilot.app, "service").completion))
        await pilot.press("tab", "ctrl+s")
        await until(pilot, lambda: isinstance(pilot.app.screen, QueueScreen))
    ticket = show_ticket.show(desk, 4)
    assert ticket.requester is not None
    assert (ticket.requester.mail, ticket.service) == ("a.nowak@contoso.example", "vpn")


async def test_enter_goes_on_without_the_completion(desk: Desk, run_app: RunApp) -> None:
    async with run_app() as pilot:
        await pilot.press("n", *keys("flurble"), "tab", *keys("a.no"))
        await until(pilot, lambda: bool(_field(pilot.app, "requester").completion))
        await pilot.press("enter")
        await settled(pilot)
        assert _field(pilot.app, "requester").value == "a.no"
        assert "(Tab)" not in screen_text(pilot)


async def test_a_service_that_is_typed_in_part_is_the_one_that_is_meant(
    desk: Desk, run_app: RunApp
) -> None:
    async with run_app() as pilot:
        await pilot.press("n", *keys("flurble"), "tab", "tab", *keys("vp"), "ctrl+s")
        await until(pilot, lambda: isinstance(pilot.app.screen, QueueScreen))
        assert show_ticket.show(desk, 4).service == "vpn"
        await settled(pilot)
        await pilot.press("s", "ctrl+u", *keys("acc"), "ctrl+s")
        await until(pilot, lambda: isinstance(pilot.app.screen, QueueScreen))
        await settled(pilot)
    assert not {"vp", "acc"} & set(requesters.services(desk))
    assert show_ticket.show(desk, 4).service == "accounts"


@pytest.mark.parametrize("way", ["ctrl+s", "f5"])
async def test_a_name_that_is_new_is_added_only_after_a_question(
    desk: Desk, run_app: RunApp, way: str
) -> None:
    async with run_app() as pilot:
        await pilot.press("n", *keys("vpn drops evry ten minuts"), "tab")
        await pilot.press(*keys("a.novak@contoso.example"), "tab", *keys("vnp"), way)
        await until(pilot, lambda: isinstance(pilot.app.screen, NewNamesScreen))
        await settled(pilot)
        shown = " ".join(screen_text(pilot).replace("█", "").split())
        assert "There is no service 'vnp'. Like it: vpn." in shown
        assert "no requester 'a.novak@contoso.example'. Like it: a.nowak@contoso." in shown
        await pilot.press("n")
        await settled(pilot)
        assert _field(pilot.app, "service").value == "vnp"
        assert "vnp" not in requesters.services(desk)
        await pilot.press(way)
        await until(pilot, lambda: isinstance(pilot.app.screen, NewNamesScreen))
        await pilot.press("y")
        await until(pilot, lambda: isinstance(pilot.app.screen, QueueScreen))
    ticket = show_ticket.show(desk, 4)
    assert ticket.service == "vnp"
    assert ticket.state is (State.RESOLVED if way == "f5" else State.NEW)


@pytest.mark.parametrize(("field", "typed"), [("service", "vnp"), ("customer", "Contso")])
async def test_setting_a_new_name_asks_as_well(
    desk: Desk, run_app: RunApp, field: str, typed: str
) -> None:
    async with run_app() as pilot:
        await pilot.press("s")
        await settled(pilot)
        _field(pilot.app, field).focus()
        await pilot.press("ctrl+u", *keys(typed), "ctrl+s")
        await until(pilot, lambda: isinstance(pilot.app.screen, NewNamesScreen))
        await pilot.press("escape", "ctrl+s")
        await until(pilot, lambda: isinstance(pilot.app.screen, NewNamesScreen))
        await pilot.press("y")
        await until(pilot, lambda: isinstance(pilot.app.screen, QueueScreen))
    assert typed in {getattr(show_ticket.show(desk, number), field) for number in (1, 2, 3)}


async def test_the_arrows_start_at_the_guess_and_the_names_are_listed(
    desk: Desk, run_app: RunApp
) -> None:
    async with run_app() as pilot:
        await pilot.press("n", *keys("flurble"), "tab", *keys("a.nowak@contoso.example"), "tab")
        # The guess is the service of the requester's last ticket.
        await until(pilot, lambda: "(guessed: vpn)" in screen_text(pilot))
        assert "↑↓ … " in screen_text(pilot)
        assert "▸vpn" in screen_text(pilot)
        await pilot.press("down")
        assert _field(pilot.app, "service").value == "vpn"
        await pilot.press("up")
        assert _field(pilot.app, "service").value == "reports"
        await pilot.press("ctrl+u", *keys("ac"))
        await settled(pilot)
        assert "↑↓ ▸accounts" in screen_text(pilot)
        await pilot.press("down")
        assert _field(pilot.app, "service").value == "accounts"


@pytest.mark.parametrize(
    "way", [("n",), ("slash",), ("f",), ("K",), ("s",), ("a",), ("p",), ("e",), ("L",), ("V",)]
)
async def test_what_is_no_value_does_not_look_like_one(
    desk: Desk, run_app: RunApp, way: tuple[str, ...]
) -> None:
    async with run_app() as pilot:
        await pilot.press(*way)
        await settled(pilot)
        fields = list(pilot.app.screen.query(Input))
        assert fields
        for field in fields:
            hint = str(field.placeholder)
            assert not hint or (hint.startswith("(") and hint.endswith(")")), hint
