"""The texts of the demo desk, as TOML files to which more can be added."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

ISSUE_FILES = ("accounts", "data", "desktop", "mail", "network")


@cache
def load_texts(name: str) -> dict[str, Any]:
    """Return the content of ``name.toml``, which is cached: callers must not change it."""
    return tomllib.loads((Path(__file__).parent / f"{name}.toml").read_text(encoding="utf-8"))
