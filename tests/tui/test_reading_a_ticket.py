"""What an agent reads on a ticket: marks of internal entries, and the newest entry in sight."""

import re
from collections.abc import Callable, Iterator

import pytest

from helpdesk.desk.escalation.hand_over import Escalate, SendBack
from helpdesk.desk.session import Desk
from helpdesk.desk.ticket import log_query
from helpdesk.desk.ticket.handling import Note, Reply
from helpdesk.desk.ticket.resolving import Reopen, Resolve
from helpdesk.desk.ticket.views import NewQuery
from helpdesk.domain.escalation import HandOver, Level
from helpdesk.domain.ticket import ReplyWay
from tests.conftest import StillClock
from tests.tui.conftest import RunApp, screen_text, settled, until
from tests.verbs import do

#: Words that no other part of the screen contains.
_SECRET = " ".join(f"secret{number}" for number in range(60))
_WIDTHS = (60, 80, 99, 100, 123, 160)


@pytest.fixture
def bob(desk: Desk, desk_of: Callable[[str], Desk]) -> Iterator[Desk]:
    """The desk, opened by bob."""
    opened = desk_of("bob")
    yield opened
    opened.close()


def _lines_with(text: str, words: str) -> list[str]:
    return [line for line in text.splitlines() if re.search(words, line)]


@pytest.mark.parametrize("width", _WIDTHS)
async def test_each_painted_line_of_an_internal_text_has_its_bar(
    width: int, desk: Desk, run_app: RunApp
) -> None:
    log_query.log_query(desk, NewQuery("printer is out"))
    do(desk, 1, Note(f"{_SECRET}\n\n秘密 🔒 {'x' * 200} {_SECRET}"))
    async with run_app((width, 60)) as pilot:
        await pilot.press("enter")
        await settled(pilot)
        lines = _lines_with(screen_text(pilot), r"secret|秘密|xxx")
        assert len(lines) > 6
        assert all(line.startswith(" ┃ ") for line in lines), "\n".join(lines)


async def test_the_bar_follows_a_change_of_the_width(desk: Desk, run_app: RunApp) -> None:
    log_query.log_query(desk, NewQuery("printer is out"))
    do(desk, 1, Note(_SECRET))
    async with run_app((160, 60)) as pilot:
        await pilot.press("enter")
        await settled(pilot)
        wide = _lines_with(screen_text(pilot), "secret")
        await pilot.resize_terminal(70, 60)
        await settled(pilot)
        narrow = _lines_with(screen_text(pilot), "secret")
        assert len(narrow) > len(wide)
        assert all(line.startswith(" ┃ ") for line in (*wide, *narrow))


@pytest.mark.parametrize("width", _WIDTHS)
async def test_all_other_internal_texts_have_a_mark_and_public_ones_have_none(
    width: int, desk: Desk, run_app: RunApp
) -> None:
    public = _SECRET.replace("secret", "public")
    log_query.log_query(desk, NewQuery("printer is out", body=public))
    note = HandOver(_SECRET, _SECRET, _SECRET)
    do(desk, 1, Escalate(Level.L2, _SECRET, note))
    do(desk, 1, Reply(f"┃ {public}", ReplyWay.PHONE))
    do(desk, 1, Resolve("done"))
    do(desk, 1, Reopen(_SECRET))
    do(desk, 1, SendBack(Level.L1, _SECRET))
    async with run_app((width, 199)) as pilot:
        await pilot.press("enter")
        await settled(pilot)
        shown = screen_text(pilot)
        secret = _lines_with(shown, "secret")
        assert len(secret) > 12
        assert all(line[1] != " " for line in secret), "\n".join(secret)
        told = _lines_with(shown, "public")
        assert len(told) > 3
        assert all(line[1] == " " for line in told), "\n".join(told)


async def test_what_others_changed_meanwhile_has_its_bar_as_well(
    desk: Desk, bob: Desk, run_app: RunApp
) -> None:
    log_query.log_query(desk, NewQuery("printer is out"))
    async with run_app((80, 40)) as pilot:
        await pilot.press("r", *"hello")
        await settled(pilot)
        do(bob, 1, Note(_SECRET[:300]))
        await pilot.press("ctrl+s")
        await until(pilot, lambda: "CHANGED MEANWHILE" in screen_text(pilot))
        lines = _lines_with(screen_text(pilot), "secret")
        assert len(lines) > 3
        assert all(re.match(r"^[ ▌▊┃█]*┃ secret", line) for line in lines), "\n".join(lines)


def _long_ticket(desk: Desk, clock: StillClock) -> None:
    log_query.log_query(desk, NewQuery("printer is out", body="first line\n" * 30))
    for number in range(5):
        clock.advance(minutes=1)
        do(
            desk,
            1,
            Reply(f"message {number}\n" + "more of it\n" * 5 + f"end of {number}", ReplyWay.PHONE),
        )


@pytest.mark.parametrize("size", [(80, 24), (160, 50), (60, 16)])
@pytest.mark.parametrize("handed_over", [False, True])
async def test_a_ticket_opens_at_its_newest_entry(
    size: tuple[int, int], handed_over: bool, desk: Desk, clock: StillClock, run_app: RunApp
) -> None:
    if handed_over:
        log_query.log_query(desk, NewQuery("printer is out"))
        do(desk, 1, Escalate(Level.L2, "too hard", HandOver(_SECRET, _SECRET, "what is asked")))
        for number in range(5):
            do(
                desk,
                1,
                Reply(
                    f"message {number}\n" + "more of it\n" * 5 + f"end of {number}", ReplyWay.PHONE
                ),
            )
    else:
        _long_ticket(desk, clock)
    async with run_app(size) as pilot:
        await pilot.press("2" if handed_over else "1", "enter")
        await settled(pilot)
        shown = screen_text(pilot)
        assert "end of 4" in shown
        assert ("HAND-OVER L1 → L2" in shown) is handed_over
        if handed_over:
            assert ("press z to show all of it" in shown) is (size[1] < 50)
            await pilot.press("z", "home")
            await settled(pilot)
            await pilot.resize_terminal(size[0], 60)
            await settled(pilot)
            assert "asked   what is asked" in screen_text(pilot)


@pytest.mark.parametrize("size", [(80, 24), (160, 50)])
@pytest.mark.parametrize("key", ["r", "i"])
async def test_an_own_entry_is_in_sight_without_a_key_also_when_read_further_up(
    key: str, size: tuple[int, int], desk: Desk, clock: StillClock, run_app: RunApp
) -> None:
    _long_ticket(desk, clock)
    async with run_app(size) as pilot:
        await pilot.press("enter")
        await settled(pilot)
        for before in ((), ("home",)):
            await pilot.press(*before, key, *"mywords", *"abc"[: len(before) + 1], "ctrl+s")
            await settled(pilot)
            pilot.app.clear_notifications()
            await settled(pilot)
            assert f"mywords{'abc'[: len(before) + 1]}" in screen_text(pilot)


async def test_new_entries_of_others_are_followed_and_do_not_take_the_place_of_what_is_read(
    desk: Desk, bob: Desk, clock: StillClock, run_app: RunApp
) -> None:
    _long_ticket(desk, clock)
    async with run_app((80, 24)) as pilot:
        await pilot.press("enter")
        await settled(pilot)
        do(bob, 1, Note("bob\nfound\nthe cause"))
        await until(pilot, lambda: "the cause" in screen_text(pilot))
        await pilot.press("home")
        await settled(pilot)
        do(bob, 1, Note("and mended it"))
        await until(pilot, lambda: "1 new entry below, the last by bob" in screen_text(pilot))
        assert "first line" in screen_text(pilot)
        await pilot.press("end")
        await until(pilot, lambda: "new entry" not in screen_text(pilot))
        assert "and mended it" in screen_text(pilot)
        do(bob, 1, Note("and closed the lid"))
        await until(pilot, lambda: "closed the lid" in screen_text(pilot))


async def test_the_newest_entry_stays_in_sight_when_the_window_changes(
    desk: Desk, clock: StillClock, run_app: RunApp
) -> None:
    _long_ticket(desk, clock)
    async with run_app((160, 50)) as pilot:
        await pilot.press("enter")
        await settled(pilot)
        for size in ((80, 24), (100, 30), (60, 16)):
            await pilot.resize_terminal(*size)
            await settled(pilot)
            assert "end of 4" in screen_text(pilot)
