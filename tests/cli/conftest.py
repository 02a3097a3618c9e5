"""A shell with a desk."""

import shutil
from pathlib import Path

import pytest

from tests.cli.shell import Shell


@pytest.fixture(scope="session")
def opened_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A desk that whoever runs the tests has just opened, in a real process."""
    shell = Shell(tmp_path_factory.mktemp("opened"))
    assert shell.process("ticket", "list").returncode == 0
    return shell.db


@pytest.fixture
def shell(tmp_path: Path, opened_file: Path) -> Shell:
    """A shell with a desk of its own that was opened before."""
    made = Shell(tmp_path)
    shutil.copy(opened_file, made.db)
    return made
