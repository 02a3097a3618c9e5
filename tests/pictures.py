"""The pictures of the README, taken from the real app: ``python -m tests.pictures [FOLDER]``.

The app runs on a desk of made data whose clock stands still, is driven by keys as an agent would
press them, and is saved as SVG.  The folder is ``.github`` unless another is named.
"""

import asyncio
import html
import os
import re
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from unittest.mock import patch

from textual.pilot import Pilot

from helpdesk.desk.demo.fill import fill
from helpdesk.desk.form_drafts import Drafts
from helpdesk.desk.opening import open_desk
from helpdesk.desk.settings import Settings
from helpdesk.tui.app.app import HelpdeskApp

ROOT = Path(__file__).resolve().parents[1]
COLUMNS, ROWS = 100, 30
_NOW = datetime(2026, 11, 23, 14, 2, 11, tzinfo=UTC)
_TICKETS, _SEED = 400, 3
_PATIENCE_S = 60
#: Each picture with the keys that lead to it; "wait:WORDS" waits until the words are on screen.
PICTURES: Mapping[str, Sequence[str]] = {
    "queue": ("down", "down", "down", "down"),
    "log": ("n", *"vpn drops every ten minutes on wifi", "wait:Looks like", "wait:repeat"),
    "ticket": ("2", "wait:L2", "enter", "wait:first response"),
    "board": ("b", "wait:L1"),
}


def take(folder: Path) -> list[Path]:
    """Take all pictures; return their files."""
    with tempfile.TemporaryDirectory(prefix="helpdesk-pictures-") as name, ExitStack() as patches:
        home = Path(name)
        for part in ("DATA", "STATE", "CONFIG", "CACHE"):
            os.environ[f"XDG_{part}_HOME"] = str(home / part.lower())
        os.environ["TZ"] = "UTC"
        time.tzset()
        patches.enter_context(patch("helpdesk.desk.session.system_login", lambda: "ann"))
        kb = Path(shutil.copytree(ROOT / "kb", home / "kb"))
        settings = Settings(f"sqlite:///{home / 'desk.db'}", kb, None)
        desk = open_desk(settings, lambda: _NOW)
        fill(desk, _TICKETS, _SEED, _NOW, lambda done, of: None)
        desk.close()
        return [
            _picture(settings, home / "drafts", folder / f"{title}.svg", keys)
            for title, keys in PICTURES.items()
        ]


def _picture(settings: Settings, drafts: Path, file: Path, keys: Sequence[str]) -> Path:
    """Open the app, press the keys and save what is on screen."""

    async def run() -> str:
        app = HelpdeskApp(lambda: open_desk(settings, lambda: _NOW), Drafts(drafts, "ann"))
        async with app.run_test(size=(COLUMNS, ROWS)) as pilot:
            await _until(pilot, lambda: app.counts is not None)
            for key in keys:
                if key.startswith("wait:"):
                    await _until(pilot, partial(_shows, app, key.removeprefix("wait:")))
                else:
                    await pilot.press("space" if key == " " else key)
            await pilot.pause(1)
            app.news.clear()
            await pilot.pause(0.5)
            return app.export_screenshot(title="helpdesk")

    svg = asyncio.run(run())
    # The names of styles are derived from the content: a fixed one keeps differences small.
    file.write_text(re.sub(r"terminal-\d+", "t", svg), encoding="utf-8")
    return file


async def _until(pilot: Pilot[int], condition: Callable[[], bool]) -> None:
    end = time.monotonic() + _PATIENCE_S
    while not condition():
        if time.monotonic() > end:
            raise SystemExit("the app did not show what the picture needs")
        await pilot.pause(0.05)


def _shows(app: HelpdeskApp, words: str) -> bool:
    """Say whether the words are on screen, in one line."""
    texts = re.findall(r">([^<>]+)</text>", app.export_screenshot())
    return words in html.unescape(" ".join(texts)).replace("\N{NO-BREAK SPACE}", " ")


if __name__ == "__main__":
    for made in take(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / ".github"):
        print(made)
