"""Writing articles in the app."""

import subprocess
from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import Input, TextArea

from helpdesk.desk.knowledge.gaps import gaps
from helpdesk.desk.session import Desk
from helpdesk.tui.knowledge.difference import DifferenceScreen
from helpdesk.tui.knowledge.editor import EditorScreen
from helpdesk.tui.knowledge.new_article import NewArticleDialog
from helpdesk.tui.knowledge.screen import KnowledgeScreen
from helpdesk.tui.queue.screen import QueueScreen
from tests.tui.conftest import RunApp, screen_text, settled, until
from tests.tui.test_working_a_queue import keys


def _text(screen: object) -> TextArea:
    assert isinstance(screen, EditorScreen)
    return screen.area


async def _edit(pilot: Pilot[int], path: str) -> None:
    await pilot.press("K")
    await settled(pilot)
    await pilot.press("slash", *keys(path), "enter", "E")
    await until(pilot, lambda: isinstance(pilot.app.screen, EditorScreen))


async def test_letters_typed_to_narrow_the_list_are_no_commands(
    desk: Desk, run_app: RunApp
) -> None:
    async with run_app() as pilot:
        await pilot.press("K")
        await settled(pilot)
        await pilot.press("slash", *keys("mENKq"))
        await settled(pilot)
        assert isinstance(pilot.app.screen, KnowledgeScreen)
        assert pilot.app.screen.query_one("#narrow", Input).value == "mENKq"


async def test_an_article_is_edited_saved_and_committed_in_the_agents_name(
    desk: Desk, run_app: RunApp, kb: Path
) -> None:
    for arguments in (["init", "-q"], ["add", "."], ["commit", "-q", "-m", "x"]):
        identity = ["-c", "user.name=x", "-c", "user.email=x@x"]
        subprocess.run(["git", *identity, *arguments], cwd=kb, check=True)
    async with run_app() as pilot:
        await _edit(pilot, "keepalive")
        _text(pilot.app.screen).move_cursor((0, 0))
        await pilot.press("ctrl+end", *keys("more words"), "ctrl+s")
        await until(pilot, lambda: isinstance(pilot.app.screen, KnowledgeScreen))
        await settled(pilot)
        assert "vpn/keepalive.md saved, committed as" in screen_text(pilot)
    assert (kb / "vpn/keepalive.md").read_text().endswith("more words")
    log = subprocess.run(
        ["git", "log", "-1", "--format=%s by %ae"], cwd=kb, check=True, capture_output=True
    )
    assert log.stdout == b"Update vpn/keepalive.md by ann@helpdesk.invalid\n"


async def test_a_review_and_the_publication_of_a_draft_are_one_key_each(
    desk: Desk, run_app: RunApp, kb: Path
) -> None:
    draft = "---\ntitle: Aardvark\nkind: article\nowner: dba\nstatus: draft\n---\n## Answer\nx\n"
    (kb / "aardvark.md").write_text(draft)
    async with run_app() as pilot:
        await pilot.press("K")
        await settled(pilot)
        await pilot.press("slash", *keys("aardvark"), "enter", "h")
        await settled(pilot)
        await until(pilot, lambda: "reviewed: 20" in (kb / "aardvark.md").read_text())
        await settled(pilot)
        await pilot.press("h")
        await settled(pilot)
        assert "was reviewed today already" in screen_text(pilot)
        await pilot.press("exclamation_mark")
        await settled(pilot)
        await until(pilot, lambda: "status: published" in (kb / "aardvark.md").read_text())


async def test_broken_front_matter_is_reported_and_not_saved(
    desk: Desk, run_app: RunApp, kb: Path
) -> None:
    before = (kb / "vpn/keepalive.md").read_text()
    async with run_app() as pilot:
        await _edit(pilot, "keepalive")
        area = _text(pilot.app.screen)
        area.text = before.replace("kind: article", "kind: nonsense")
        await settled(pilot)
        await until(pilot, lambda: "▲ 3: 'kind' must be one of" in screen_text(pilot))
        await pilot.press("ctrl+s")
        await settled(pilot)
        assert "vpn/keepalive.md, line 3: 'kind' must be one of" in screen_text(pilot)
        assert area.cursor_location == (2, 0)
    assert (kb / "vpn/keepalive.md").read_text() == before


async def test_a_conflict_shows_the_difference_and_keeps_both_texts(
    desk: Desk, run_app: RunApp, kb: Path
) -> None:
    file = kb / "vpn/keepalive.md"
    theirs = file.read_text() + "\ntheirs\n"
    async with run_app() as pilot:
        await _edit(pilot, "keepalive")
        await pilot.press("ctrl+end", *keys("mine"))
        file.write_text(theirs)
        await pilot.press("ctrl+s")
        await until(pilot, lambda: isinstance(pilot.app.screen, DifferenceScreen))
        assert "-theirs" in screen_text(pilot)
        assert "+mine" in screen_text(pilot)
        assert file.read_text() == theirs
        drafts = pilot.app.drafts  # type: ignore[attr-defined]
        assert drafts.read("article vpn/keepalive.md")["text"].endswith("mine")
        assert drafts.read("article vpn/keepalive.md theirs")["text"] == theirs
        await pilot.press("ctrl+s")
        await until(pilot, lambda: isinstance(pilot.app.screen, KnowledgeScreen))
        assert file.read_text().endswith("mine")
        await pilot.press("E", "ctrl+g")  # the other version can still be seen
        await until(pilot, lambda: isinstance(pilot.app.screen, DifferenceScreen))
        assert "-theirs" in screen_text(pilot)
        await pilot.press("ctrl+x")
        await settled(pilot)
        assert _text(pilot.app.screen).text == theirs


async def test_a_draft_survives_leaving_and_can_be_discarded(
    desk: Desk, run_app: RunApp, kb: Path
) -> None:
    async with run_app() as pilot:
        await _edit(pilot, "keepalive")
        await pilot.press("ctrl+end", *keys("half a thought"), "escape")
        await settled(pilot)
        assert "draft of vpn/keepalive.md is kept" in screen_text(pilot)
    async with run_app() as pilot:
        await _edit(pilot, "keepalive")
        assert _text(pilot.app.screen).text.endswith("half a thought")
        assert "restored, Ctrl+X drops it" in screen_text(pilot)
        await pilot.press("ctrl+end", *["shift+left"] * 7, "ctrl+x")  # cuts what is selected
        await settled(pilot)
        assert _text(pilot.app.screen).text.endswith("half a ")
        await pilot.press("ctrl+x")
        await settled(pilot)
        assert _text(pilot.app.screen).text == (kb / "vpn/keepalive.md").read_text()


async def test_a_new_article_begins_from_a_template_and_is_found_once_saved(
    desk: Desk, run_app: RunApp, kb: Path
) -> None:
    async with run_app() as pilot:
        await pilot.press("K")
        await settled(pilot)
        await pilot.press("ctrl+n")
        await until(pilot, lambda: isinstance(pilot.app.screen, NewArticleDialog))
        path = pilot.app.screen.query_one("#path", Input)
        path.value = "../evil"
        await pilot.press("ctrl+s")
        await settled(pilot)
        assert "no path for an article" in screen_text(pilot)
        path.value = "vpn/flurble"
        await pilot.press("ctrl+s")
        await until(pilot, lambda: isinstance(pilot.app.screen, EditorScreen))
        assert not (kb / "vpn/flurble.md").exists()
        await pilot.press("ctrl+s")
        await until(pilot, lambda: isinstance(pilot.app.screen, KnowledgeScreen))
        await settled(pilot)
        assert "vpn/flurble.md · draft" in screen_text(pilot)
    assert "title: flurble\n" in (kb / "vpn/flurble.md").read_text()


async def test_an_external_editor_is_refused_if_the_policy_does_not_allow_it(
    desk: Desk, run_app: RunApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EDITOR", "vi")
    async with run_app(acting_as="bob") as pilot:
        await _edit(pilot, "keepalive")
        await pilot.press("f4")
        await settled(pilot)
        assert "does not allow an editor of your own here" in screen_text(pilot)


async def test_a_search_without_a_result_is_a_gap_until_the_article_is_written(
    desk: Desk, run_app: RunApp, kb: Path
) -> None:
    async with run_app() as pilot:
        await pilot.press("slash", *keys("flurble gizmo hums"))
        await settled(pilot)
        await pilot.press("escape", "K")
        await settled(pilot)
        await pilot.press("X")
        await until(pilot, lambda: "1×  flurble gizmo hums" in screen_text(pilot))
        assert "1 of 1 searches without a pick" in screen_text(pilot)
        await pilot.press("A")
        await until(pilot, lambda: isinstance(pilot.app.screen, NewArticleDialog))
        await pilot.press("ctrl+s")
        await until(pilot, lambda: isinstance(pilot.app.screen, EditorScreen))
        await pilot.press("ctrl+s")
        await until(pilot, lambda: "general/flurble-gizmo-hums.md" in screen_text(pilot))
        await settled(pilot)
    assert "title: flurble gizmo hums" in (kb / "general/flurble-gizmo-hums.md").read_text()


async def test_the_log_form_records_the_outcome_of_its_suggestions_once(
    desk: Desk, run_app: RunApp
) -> None:
    async with run_app() as pilot:
        await pilot.press("n", *keys("vpn drops evry ten minuts"), "f5")
        await until(pilot, lambda: isinstance(pilot.app.screen, QueueScreen))
        await pilot.press("n", *keys("flurble gizmo hums"), "ctrl+s")
        await until(pilot, lambda: isinstance(pilot.app.screen, QueueScreen))
        await settled(pilot)
    found = gaps(desk)
    assert found.searches == {"used": 1, "read": 0, "none": 1}
    assert [search.text for search in found.unanswered] == ["flurble gizmo hums"]


async def test_an_article_that_is_too_heavily_formatted_is_shown_as_plain_text(
    desk: Desk, run_app: RunApp, kb: Path
) -> None:
    row = "|".join("c" * 200)
    table = f"{row}\n{'|'.join('-' * 200)}\n" + f"{row}\n" * 400
    for name, body in (("table", table), ("emphasis", "*a " * 20_000)):
        (kb / f"{name}zz.md").write_text(f"---\ntitle: Zz {name}\nkind: article\n---\n{body}")
    async with run_app() as pilot:
        await pilot.press("K")
        await settled(pilot)
        await pilot.press("slash", *keys("tablezz"))
        await until(pilot, lambda: "Shown as plain text: line 3" in screen_text(pilot))
        await pilot.press(*["backspace"] * 7, *keys("emphasiszz"))
        await until(pilot, lambda: "Shown as plain text: line 1" in screen_text(pilot))
        assert "*a *a *a" in screen_text(pilot)
        await pilot.press(*["backspace"] * 10, *keys("keepalive"))
        await until(pilot, lambda: "Shown as plain text" not in screen_text(pilot))
