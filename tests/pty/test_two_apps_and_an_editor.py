"""Two real apps and an external editor on the same knowledge base."""

import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.pty.terminal import CTRL_S, ENTER, ESCAPE, Terminal

ARTICLE = "---\ntitle: Gizmo hums\nkind: {}\nowner: x\nreviewed: 2026-11-01\n---\n## Answer\n\n{}\n"
CTRL_END = "\x1b[1;5F"


@pytest.fixture
def two(env: dict[str, str]) -> Iterator[tuple[Terminal, Terminal]]:
    """Two apps, one showing the knowledge base and one logging a query."""
    reader, asker = Terminal(env=env), Terminal(env=env)
    reader.wait_for("no open tickets in L1")
    reader.type("K")
    reader.wait_for("Account is locked out")
    reader.type("/gizmo")
    asker.wait_for("no open tickets in L1")
    asker.type("n")
    asker.wait_for("Subject")
    asker.type("flurble gizmo hums")
    yield reader, asker
    for terminal in (reader, asker):
        terminal.end()


def test_a_saved_article_is_found_in_both_and_a_broken_file_keeps_its_last_good_version(
    two: tuple[Terminal, Terminal], env: dict[str, str]
) -> None:
    reader, asker = two
    file = Path(env["HELPDESK_KB"]) / "gizmo.md"
    file.write_text(ARTICLE.format("article", "Oil it."))
    reader.wait_for("Oil it.")
    asker.wait_for("Gizmo hums")
    file.write_text(ARTICLE.format("nonsense", "Oil it more."))
    reader.wait_for("gizmo.md, line 3")
    asker.type(" ")
    asker.wait_for("Gizmo hums")
    file.write_text(ARTICLE.format("article", "Oil it well."))
    reader.wait_for("Oil it well.")
    file.unlink()
    reader.wait_for(lambda text: "Gizmo hums" not in text)
    asker.wait_for(lambda text: "Gizmo hums" not in text)


def test_a_draft_survives_a_kill_and_is_compared_with_a_newer_file(
    two: tuple[Terminal, Terminal], env: dict[str, str]
) -> None:
    reader, _ = two
    file = Path(env["HELPDESK_KB"]) / "gizmo.md"
    file.write_text(ARTICLE.format("article", "Oil it."))
    reader.wait_for("Oil it.")
    reader.type(ENTER + "E")
    reader.wait_for("Edit  gizmo.md")
    reader.type(CTRL_END + "mine")
    drafts = Path(env["HOME"]) / ".local/state/helpdesk/drafts"
    reader.wait_for(lambda _: any("mine" in draft.read_text() for draft in drafts.rglob("*.json")))
    reader.child.kill(signal.SIGKILL)
    file.write_text(ARTICLE.format("article", "Oil it.\ntheirs"))

    again = Terminal(env=env)
    again.wait_for("no open tickets in L1")
    again.type("K")
    again.wait_for("Account is locked out")
    again.type("/gizmo" + ENTER + "E")
    # The notice about the restored draft may be replaced by the next one before it is read.
    again.wait_for(lambda text: "F7 drops it" in text or "saved this file meanwhile" in text)
    again.wait_for("mine")
    again.type(CTRL_S)
    again.wait_for("was changed by somebody else")
    again.wait_for("-theirs")
    assert file.read_text().endswith("theirs\n")
    again.type(ESCAPE)
    again.wait_for("Edit  gizmo.md")
    again.type(CTRL_S)
    again.wait_for("gizmo.md saved")
    assert file.read_text().endswith("mine")
    again.end()
