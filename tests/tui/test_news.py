"""All that the app tells stands in one line of its own: what comes, what goes, what it covers."""

import ast
import asyncio
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from textual.app import App
from textual.pilot import Pilot
from textual.widget import Widget
from textual.widgets import Input, TextArea

from helpdesk.desk.people import preferences
from helpdesk.desk.session import Desk
from helpdesk.desk.ticket import log_query, show_ticket
from helpdesk.desk.ticket.handling import Note
from helpdesk.desk.ticket.views import NewQuery
from helpdesk.domain.errors import ConflictError, RefusedError, UnavailableError
from helpdesk.tui.app.app import HelpdeskApp
from helpdesk.tui.app.news_screen import NewsScreen
from helpdesk.tui.text.news import NewsItem, NewsKind
from helpdesk.tui.widgets.key_bar import KeyBar
from helpdesk.tui.widgets.news_line import NewsLine
from tests.conftest import StillClock
from tests.tui.conftest import RunApp, news, notifications, screen_text, settled, until
from tests.verbs import do

SIZES = [(80, 24), (60, 16), (160, 50)]
TUI = Path(__file__).resolve().parents[2] / "helpdesk" / "tui"


@pytest.fixture
def bob(desk: Desk, desk_of: Callable[[str], Desk]) -> Iterator[Desk]:
    """The desk, opened by bob."""
    opened = desk_of("bob")
    yield opened
    opened.close()


def app_of(pilot: Pilot[Any]) -> HelpdeskApp:
    """Return the app of a pilot."""
    assert isinstance(pilot.app, HelpdeskApp)
    return pilot.app


def row_of(pilot: Pilot[Any], words: str) -> int:
    """Return the number of the one row on the terminal in which the words stand."""
    (row,) = (at for at, line in enumerate(screen_text(pilot).splitlines()) if words in line)
    return row


async def test_the_next_success_takes_the_place_of_an_error(desk: Desk, run_app: RunApp) -> None:
    log_query.log_query(desk, NewQuery("printer is out"))
    async with run_app() as pilot:
        app_of(pilot).say_error(RefusedError("that is refused."))
        await settled(pilot)
        assert news(pilot) == "✗ that is refused."
        await pilot.press("c")
        await settled(pilot)
        assert news(pilot) == "✓ HD-1 claimed."
        assert "refused" not in screen_text(pilot)


async def test_a_success_without_words_of_its_own_takes_an_error_away(
    desk: Desk, run_app: RunApp
) -> None:
    log_query.log_query(desk, NewQuery("printer is out"))
    async with run_app() as pilot:
        await pilot.press("exclamation_mark")  # no key: nothing happens, and nothing goes
        app_of(pilot).say_error(RefusedError("that is refused."))
        await pilot.press("j", "exclamation_mark")
        await settled(pilot)
        assert news(pilot) == "✗ that is refused."
        await pilot.press("enter")
        await settled(pilot)
        assert news(pilot) == ""
        app_of(pilot).say_error(RefusedError("that is refused."))
        app_of(pilot).record_change({1: 0})
        await settled(pilot)
        assert news(pilot) == ""


async def test_an_error_stays_until_escape_and_a_success_goes_by_itself(
    desk: Desk, run_app: RunApp
) -> None:
    log_query.log_query(desk, NewQuery("printer is out"))
    async with run_app() as pilot:
        app_of(pilot).say("done.")
        await settled(pilot)
        assert news(pilot) == "✓ done."
        await until(pilot, lambda: news(pilot) == "")
        app_of(pilot).say_error(RefusedError("that is refused."))
        await pilot.pause(9)  # longer than toasts of errors stood
        assert news(pilot) == "✗ that is refused."
        await pilot.press("escape")
        await settled(pilot)
        assert news(pilot) == ""
        assert notifications(pilot) == ["done.", "that is refused."]


async def test_an_error_of_reading_goes_when_reading_works_again(
    desk: Desk, run_app: RunApp
) -> None:
    async with run_app() as pilot:
        app = app_of(pilot)
        works = False

        async def job() -> None:
            if not works:
                raise UnavailableError("the database does not answer.")

        await settled(pilot)
        for _ in range(3):
            app.say_error(UnavailableError("the list cannot be read."), of_loading=True)
        await pilot.pause()
        assert news(pilot) == "✗ the list cannot be read."
        assert len(notifications(pilot)) == 1
        await app.refresh_counts()
        await pilot.pause()
        assert news(pilot) == ""
        await app.run_automatic_job("job", job)
        await app.run_automatic_job("job", job)
        await pilot.pause()
        assert news(pilot) == "✗ the database does not answer."
        assert len(notifications(pilot)) == 2
        works = True
        await app.run_automatic_job("job", job)
        await pilot.pause()
        assert news(pilot) == ""
        app.say_error(RefusedError("that is refused."))
        await app.run_automatic_job("job", job)
        await app.refresh_counts()
        await settled(pilot)
        assert news(pilot) == "✗ that is refused."


@pytest.mark.parametrize("size", SIZES)
async def test_news_take_a_row_of_their_own_and_move_and_cover_nothing(
    size: tuple[int, int], busy_desk: Desk, run_app: RunApp
) -> None:
    async with run_app(size) as pilot:
        app = app_of(pilot)
        for keys in ((), ("enter",), ("escape", "n"), ("escape", "slash"), ("escape", "b")):
            await pilot.press(*keys)
            await settled(pilot)
            app.news.clear()
            await settled(pilot)
            before = screen_text(pilot).splitlines()
            app.say_error(RefusedError("this is refused, " * 30))
            await settled(pilot)
            after = screen_text(pilot).splitlines()
            (bar,) = app.screen.query(KeyBar)
            row = bar.region.y - 1
            assert bar.region.y == size[1] - 1
            assert "✗ this is refused" in after[row]
            assert len(after[row]) < size[0]
            assert "… Ctrl+B" in after[row]
            assert before[row].strip() == ""
            clocks = (0, 1, 2)  # the time of day and the countdowns may go on
            same = [at for at in range(size[1]) if at != row and before[at : at + 1]]
            changed = [at for at in same if before[at] != after[at] and at not in clocks]
            assert all("m" in before[at] or ":" in before[at] for at in changed), changed
            (line,) = app.screen.query(NewsLine)
            for field in app.screen.query("Input, TextArea, KeyBar").results(Widget):
                assert not field.region.overlaps(line.region), field


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("key", ["r", "i", "e", "v", "p", "a", "s", "f", "T"])
async def test_a_dialogs_error_stands_in_the_dialog_below_its_fields(
    key: str, size: tuple[int, int], desk: Desk, run_app: RunApp
) -> None:
    log_query.log_query(desk, NewQuery("printer is out"))
    async with run_app(size) as pilot:
        app_of(pilot).say("an old story.")
        await pilot.press(key)
        await settled(pilot)
        dialog = pilot.app.screen
        assert dialog.is_modal
        assert news(pilot) == ""  # it is not about the dialog
        boxes = [widget.region for widget in dialog.query("Input, TextArea").results(Widget)]
        app_of(pilot).say_error(RefusedError("that is refused."))
        await settled(pilot)
        assert news(pilot) == "✗ that is refused."
        row_of(pilot, "✗ that is refused.")  # painted once, not on the screen below as well
        (line,) = dialog.query(NewsLine)
        assert isinstance(line.parent, Widget)
        assert line.parent.region.contains_region(line.region)
        fields = list(dialog.query("Input, TextArea").results(Widget))
        assert [field.region for field in fields] == boxes
        for _ in fields:  # also where the dialog has to scroll
            focused = pilot.app.focused
            assert isinstance(focused, (Input, TextArea))
            if focused.region.height < line.region.y:
                assert not focused.region.overlaps(line.region), focused
            await pilot.press("tab")
            await settled(pilot)
        await pilot.press("escape")
        await settled(pilot)
        assert not pilot.app.screen.is_modal
        assert news(pilot) == ""


async def test_a_refused_save_says_so_in_the_dialog_and_its_success_below(
    desk: Desk, run_app: RunApp
) -> None:
    log_query.log_query(desk, NewQuery("printer is out"))
    async with run_app() as pilot:
        await pilot.press("d", *"soon", "ctrl+s")
        await settled(pilot)
        dialog = pilot.app.screen
        assert dialog.is_modal
        assert news(pilot).startswith("✗ ")
        assert "soon" in news(pilot)
        await pilot.press(*["backspace"] * 4, *"3d", "ctrl+s")
        await settled(pilot)
        assert pilot.app.screen is not dialog
        assert news(pilot).startswith("✓ HD-1")
        assert "✗" not in screen_text(pilot)
    assert show_ticket.show(desk, 1).follow_up_at is not None


async def test_a_dropped_draft_takes_its_error_along(desk: Desk, run_app: RunApp) -> None:
    log_query.log_query(desk, NewQuery("printer is out"))
    async with run_app() as pilot:
        await pilot.press("d", *"soon", "ctrl+s")
        await settled(pilot)
        await pilot.press("ctrl+x")
        await settled(pilot)
        assert news(pilot) == ""


async def test_quiet_notices_are_counted_and_listed_and_nothing_else_changes(
    desk: Desk, bob: Desk, run_app: RunApp
) -> None:
    log_query.log_query(desk, NewQuery("one"))
    async with run_app() as pilot:
        for said in ("ring the bell", "on the desktop", "come quietly"):
            await pilot.press("f8")
            await settled(pilot)
            assert said in news(pilot)
        await pilot.press("escape")
        await settled(pilot)
        do(bob, 1, Note("@ann look"))
        await until(pilot, lambda: "✉ 1" in screen_text(pilot).splitlines()[0])
        await settled(pilot)
        assert news(pilot) == ""
        await pilot.press("ctrl+b")
        await settled(pilot)
        assert "✉ HD-1 bob mentioned you: one" in screen_text(pilot)
        await pilot.press("ctrl+b")
        await settled(pilot)
        assert not pilot.app.screen.is_modal
        await pilot.press("I")
        await settled(pilot)
        assert "bob mentioned you: one" in screen_text(pilot)
    assert preferences.preferences(desk).quiet
    async with run_app() as pilot:  # and it is remembered
        do(bob, 1, Note("@ann again"))
        await until(pilot, lambda: len(notifications(pilot)) == 1)
        await settled(pilot)
        assert news(pilot) == ""
        await pilot.press("f8")
        await settled(pilot)
        do(bob, 1, Note("@ann once more"))
        await until(pilot, lambda: news(pilot) == "✉ HD-1 bob mentioned you: one")


async def test_a_quiet_notice_counts_in_the_header_of_a_form_at_once(
    desk: Desk, bob: Desk, run_app: RunApp
) -> None:
    log_query.log_query(desk, NewQuery("one"))
    preferences.change_preferences(desk, quiet=True)
    async with run_app((100, 30)) as pilot:
        await pilot.press("n", *"vpn")
        await settled(pilot)
        do(bob, 1, Note("@ann look"))
        await until(pilot, lambda: "✉ 1" in screen_text(pilot).splitlines()[0])
        assert news(pilot) == ""


async def test_a_notice_waits_until_the_own_error_could_be_read(
    desk: Desk, bob: Desk, run_app: RunApp
) -> None:
    log_query.log_query(desk, NewQuery("one"))
    async with run_app() as pilot:
        app_of(pilot).say_error(RefusedError("that is refused."))
        do(bob, 1, Note("@ann look"))
        await until(pilot, lambda: len(notifications(pilot)) == 2)
        await settled(pilot)
        assert news(pilot) == "✗ that is refused."
        await until(pilot, lambda: news(pilot) == "✉ HD-1 bob mentioned you: one")
        await pilot.press("escape")
        await settled(pilot)
        assert news(pilot) == ""


async def test_news_of_others_tickets_are_not_told(desk: Desk, bob: Desk, run_app: RunApp) -> None:
    for name in ("one", "two"):
        log_query.log_query(desk, NewQuery(name))
    async with run_app() as pilot:
        do(bob, 2, Note("nobody is named"))
        do(bob, 1, Note("@ann look"))
        await until(pilot, lambda: bool(notifications(pilot)))
        await settled(pilot)
        assert notifications(pilot) == ["✉ HD-1 bob mentioned you: one"]


async def test_fifty_news_in_a_second_leave_one_line_and_a_list_of_all(
    desk: Desk, run_app: RunApp
) -> None:
    async with run_app() as pilot:
        app = app_of(pilot)
        for number in range(25):
            app.say(f"done {number}.")
            app.news.tell_notice(f"✉ notice {number}", NewsKind.HINT)
            await asyncio.sleep(0.02)
        app.news.tell_notice("a breach", NewsKind.ERROR, sign="▲")
        app.news.tell_notice("✉ the last", NewsKind.HINT)
        await settled(pilot)
        assert news(pilot) == "✓ done 24."
        row_of(pilot, "done 24.")
        await until(pilot, lambda: "▲ a breach  +26 Ctrl+B" in news(pilot))
        await pilot.press("ctrl+b")
        await settled(pilot)
        assert isinstance(app.screen, NewsScreen)
        assert "✉ the last" in screen_text(pilot)
        await pilot.press("end")
        await settled(pilot)
        assert "✓ done 0." in screen_text(pilot)
        assert len(notifications(pilot)) == 52


async def test_hostile_text_is_shown_as_text(desk: Desk, run_app: RunApp) -> None:
    text = "[b]x[/b] \x1b[31m\x1b]0;t\x07 \u202eevil [@click=app.quit]go[/]\r\nnext 🖨️ プリンタ"
    async with run_app((120, 30)) as pilot:
        app_of(pilot).notify(text, severity="error", title="[i]t[/i]")
        await settled(pilot)
        shown = screen_text(pilot)
        assert "[i]t[/i]: [b]x[/b]" in shown
        assert "[@click=app.quit]go[/]" in shown
        assert not any(char in shown for char in "\x1b\x07\r\u202e")
        await pilot.press("ctrl+b")
        await settled(pilot)
        shown = screen_text(pilot)
        assert "[b]x[/b]" in shown
        assert not any(char in shown for char in "\x1b\x07\r\u202e")


async def test_the_whole_of_a_long_text_is_listed(desk: Desk, run_app: RunApp) -> None:
    changes = tuple(f"bob changed line {number}" for number in range(5))
    async with run_app((60, 16)) as pilot:
        app_of(pilot).say_error(ConflictError("HD-1 was changed by somebody else.", changes))
        await settled(pilot)
        assert news(pilot).endswith("… Ctrl+B")
        await pilot.press("ctrl+b")
        await settled(pilot)
        assert all(change in screen_text(pilot) for change in changes)
        await pilot.press("escape")
        await settled(pilot)
        assert not pilot.app.screen.is_modal


async def test_the_key_of_the_list_is_the_one_that_the_key_file_names(
    desk: Desk, run_app: RunApp, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    folder = tmp_path / "config" / "helpdesk"
    folder.mkdir(parents=True)
    (folder / "keys.toml").write_text('[keys]\nnews = "f12"\n')
    monkeypatch.setattr("helpdesk.tui.app.app.config_dir", lambda: folder)
    async with run_app() as pilot:
        app_of(pilot).say("long " * 60)
        await settled(pilot)
        assert news(pilot).endswith("… F12")
        await pilot.press("f12")
        await settled(pilot)
        assert isinstance(pilot.app.screen, NewsScreen)


async def test_the_kinds_of_news_differ_without_colour(
    desk: Desk, run_app: RunApp, clock: StillClock
) -> None:
    signs = set()
    for kind in NewsKind:
        line = NewsItem(1, clock(), kind, "text").line(40, "F1").plain
        assert line.endswith(" text")
        signs.add(line[0])
    assert len(signs) == len(NewsKind)


@pytest.mark.parametrize("width", [20, 41, 57])
@pytest.mark.parametrize(
    "text", ["", "x", "words " * 20, "プリンター " * 20, "🖨️" * 40], ids=range(5)
)
def test_a_line_is_never_wider_than_its_place(width: int, text: str, clock: StillClock) -> None:
    for more in (0, 12):
        line = NewsItem(1, clock(), NewsKind.ERROR, text, more=more).line(width, "F9")
        assert line.cell_length <= width


def test_nothing_in_the_app_makes_toasts() -> None:
    words = {"Toast", "ToastRack", "Notification", "Notify"}
    found = []
    for file in sorted(TUI.rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text())):
            names = {alias.name for alias in node.names} if isinstance(node, ast.ImportFrom) else ()
            found += [f"{file.name}: {name}" for name in sorted(words.intersection(names))]
            if isinstance(node, ast.Attribute) and node.attr == "notify":
                owner = ast.unparse(node.value)
                if not owner.endswith("app"):
                    found.append(f"{file.name}: {owner}.notify")
    assert found == []
    assert HelpdeskApp.notify is not App.notify
