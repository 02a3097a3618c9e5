"""The links of a ticket are seen and followed, also on a terminal of 80 columns."""

from helpdesk.desk.session import Desk
from helpdesk.desk.ticket import log_query
from helpdesk.desk.ticket.links import Link
from helpdesk.desk.ticket.views import NewQuery
from helpdesk.domain.ticket import Kind, LinkKind
from tests.tui.conftest import RunApp, screen_text, settled
from tests.verbs import do


async def test_a_link_is_seen_and_followed_at_80_columns(desk: Desk, run_app: RunApp) -> None:
    log_query.log_query(desk, NewQuery("disks fill up", kind=Kind.PROBLEM))
    for number in (2, 3, 4):
        log_query.log_query(desk, NewQuery(f"incident {number}"))
        do(desk, number, Link(1, LinkKind.PROBLEM))
    async with run_app(size=(80, 24)) as pilot:
        await pilot.press("colon", "1", "enter")
        await settled(pilot)
        assert "→ causes HD-2 (new) · causes HD-3 (new) and 1 more   l opens one" in screen_text(
            pilot
        )
        await pilot.press("l", *"HD-4", "enter")
        await settled(pilot)
        assert "incident 4" in screen_text(pilot)
        assert "→ problem HD-1 (new)   l opens one" in screen_text(pilot)
        await pilot.press("l", "enter")
        await settled(pilot)
        assert "disks fill up" in screen_text(pilot)


async def test_without_links_the_key_says_how_to_make_one(desk: Desk, run_app: RunApp) -> None:
    log_query.log_query(desk, NewQuery("alone"))
    async with run_app(size=(80, 24)) as pilot:
        await pilot.press("colon", "1", "enter")
        await settled(pilot)
        await pilot.press("l")
        await settled(pilot)
        assert "it is linked with no ticket: L links it" in screen_text(pilot)
