"""Fixtures: a shell with a desk of its own."""

import shutil
from pathlib import Path

import pytest

from helpdesk.desk.session import Desk
from tests.cli.shell import Shell
from tests.hostile_desk import fill


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


@pytest.fixture
def hostile_shell(desk: Desk, kb: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shell:
    """A shell whose desk and knowledge base hold all hostile texts, in a folder of its own."""
    fill(desk, kb)
    # Some texts name files that are made: "../../etc" stays within the test's own folder, too.
    (tmp_path / "shell" / "in" / "here").mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "shell" / "in" / "here")
    shell = Shell(tmp_path / "shell")
    shell.login = "ann"
    shell.env |= {
        "HELPDESK_DATABASE_URL": f"sqlite:///{tmp_path / 'desk.db'}",
        "HELPDESK_KB": str(kb),
        "TERM": "xterm",
    }
    return shell
