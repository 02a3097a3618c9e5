"""The pictures of the README can be made again, and show what the README says."""

import html
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.pictures import PICTURES

ROOT = Path(__file__).resolve().parents[2]
#: Words that stand in each picture.
_WORDS = {
    "queue": ("open, due first", "Requester", "breached"),
    "log": ("vpn drops every ten minutes on wifi", "Looks like", "repeat"),
    "ticket": ("HAND-OVER L1 → L2", "first response", "resolution"),
    "board": ("lead's board", "Due next", "oldest"),
}


def shown(picture: Path) -> str:
    """Return the text in a picture."""
    texts = re.findall(r">([^<>]+)</text>", picture.read_text(encoding="utf-8"))
    return html.unescape(" ".join(texts)).replace("\N{NO-BREAK SPACE}", " ")


@pytest.mark.parametrize("name", PICTURES)
def test_the_readme_shows_what_it_says(name: str) -> None:
    assert f"(.github/{name}.svg)" in (ROOT / "README.md").read_text(encoding="utf-8")
    text = shown(ROOT / ".github" / f"{name}.svg")
    assert [words for words in _WORDS[name] if words not in text] == []


def test_the_pictures_can_be_taken_again(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "tests.pictures", str(tmp_path)]
    # The script sets time zone and folders of its own process: it must not run in this one.
    done = subprocess.run(command, cwd=ROOT, env=dict(os.environ), capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    for name, words in _WORDS.items():
        text = shown(tmp_path / f"{name}.svg")
        assert [one for one in words if one not in text] == []
