"""The words of the made desk, as TOML files that anybody can add to."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

ISSUE_FILES = ("accounts", "data", "desktop", "mail", "network")


@cache
def load_texts(name: str) -> dict[str, Any]:
    """Return the content of ``name.toml``; not to be changed."""
    return tomllib.loads((Path(__file__).parent / f"{name}.toml").read_text(encoding="utf-8"))
