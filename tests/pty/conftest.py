"""The environment in which the program is started in a terminal."""

import os
import shutil
from pathlib import Path

import pytest

from tests.pty.terminal import ROOT


@pytest.fixture
def env(tmp_path: Path) -> dict[str, str]:
    """Environment variables with which the user's own files are neither read nor written."""
    kb = shutil.copytree(ROOT / "kb", tmp_path / "kb")
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(tmp_path),
        "LANG": "C.UTF-8",
        "TERM": "xterm-256color",
        "HELPDESK_DATABASE_URL": f"sqlite:///{tmp_path / 'desk.db'}",
        "HELPDESK_KB": str(kb),
    }
