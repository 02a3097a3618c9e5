"""The files that the pages for developers name are there."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGES = ("helpdesk/manual/architecture.md", ".github/CONTRIBUTING.md", "README.md")
#: A path: words with slashes between them, or the name of a Python file.
_PATH = re.compile(r"`((?:[\w.-]+/)+[\w.-]*|[\w-]+\.(?:py|toml|md|lock))`|\]\(([^)#:]+)[)#]")
#: Where a page's paths begin.
_BASES = (".", "helpdesk", ".github", "helpdesk/manual")
_NESTED = ("helpdesk/cli", "helpdesk/tui", "helpdesk/desk", "helpdesk/store", "helpdesk/domain")


@pytest.mark.parametrize("page", PAGES)
def test_every_path_that_a_page_names_exists(page: str) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    paths = {first or second for first, second in _PATH.findall(text)}
    assert len(paths) > 5
    missing = [
        path
        for path in sorted(paths)
        if not any((ROOT / base / path).exists() for base in (*_BASES, *_NESTED))
    ]
    assert not missing


def test_the_readme_can_be_read_in_three_minutes() -> None:
    assert len((ROOT / "README.md").read_text(encoding="utf-8").splitlines()) < 150
