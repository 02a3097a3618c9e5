"""Fixtures: a shell with a desk of its own."""

import shutil
from pathlib import Path

import pytest

from tests.cli.shell import Shell


@pytest.fixture(scope="session")
def opened_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The database of a desk that was opened once by a real process, to be copied."""
    shell = Shell(tmp_path_factory.mktemp("opened"))
    assert shell.process("ticket", "list").returncode == 0
    return shell.db


@pytest.fixture
def shell(tmp_path: Path, opened_file: Path) -> Shell:
    """A shell with its own desk, which has been opened before."""
    made = Shell(tmp_path)
    shutil.copy(opened_file, made.db)
    return made
