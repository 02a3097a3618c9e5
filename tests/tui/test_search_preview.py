"""The search shows what the chosen hit says, where there is room."""

from helpdesk.desk.session import Desk
from helpdesk.desk.ticket import log_query
from helpdesk.desk.ticket.handling import Reply
from helpdesk.desk.ticket.resolving import Resolve
from helpdesk.desk.ticket.views import NewQuery
from helpdesk.domain.ticket import ReplyWay
from tests.tui.conftest import RunApp, screen_text, settled, until
from tests.tui.test_working_a_queue import keys
from tests.verbs import do


async def test_the_chosen_hit_is_shown_beside_the_hits_on_a_wide_terminal(
    desk: Desk, run_app: RunApp
) -> None:
    async with run_app((160, 50)) as pilot:
        await pilot.press("slash", *keys("password forgotten"))
        await until(pilot, lambda: "accounts/password-reset.md" in screen_text(pilot))
        await until(pilot, lambda: "Symptoms" in screen_text(pilot))
        await settled(pilot)
        first = screen_text(pilot)
        assert "│" in first
        await pilot.press("down", "down")
        await until(pilot, lambda: screen_text(pilot) != first)
        await settled(pilot)


async def test_a_past_ticket_is_shown_with_its_answer(desk: Desk, run_app: RunApp) -> None:
    number = log_query.log_query(desk, NewQuery("flurble gizmo hums")).number
    do(desk, number, Reply("We oiled the gizmo.", ReplyWay.PHONE))
    async with run_app((160, 50)) as pilot:
        await pilot.press("slash", *keys("flurble gizmo"))
        await until(pilot, lambda: "We oiled the gizmo." in screen_text(pilot))


async def test_a_hit_takes_two_lines(desk: Desk, run_app: RunApp) -> None:
    async with run_app() as pilot:
        await pilot.press("slash", *keys("vpn drops"))
        await settled(pilot)
        lines = screen_text(pilot).splitlines()
    first = next(at for at, line in enumerate(lines) if line.startswith(" ▸"))
    assert "vpn/keepalive.md" in lines[first + 1]
    assert "why: vpn" in lines[first + 1]
    assert lines[first + 2][3:4].isdigit()  # the score of the next hit


async def test_no_line_of_a_hit_is_wrapped_in_the_narrow_pane_of_the_form(
    desk: Desk, run_app: RunApp
) -> None:
    number = log_query.log_query(desk, NewQuery("flurble gizmo hums")).number
    do(desk, number, Resolve("We oiled the gizmo, and it was quiet again at once."))
    async with run_app() as pilot:
        await pilot.press("n", *keys("flurble gizmo hums"))
        await settled(pilot)
        lines = screen_text(pilot).splitlines()
    first = next(at for at, line in enumerate(lines) if f"HD-{number} · resolved" in line)
    assert "why:" in lines[first + 1]
