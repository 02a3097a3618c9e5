"""A desk that cannot be written can be read, and says so; changes are refused with one sentence."""

import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from pathlib import Path

import pytest

from tests.cli.shell import Done, Shell
from tests.faults.conftest import small_disk  # noqa: F401  (a fixture)

_READING = (
    *("ticket list", "ticket show 1", "search printer", "export tickets", "export events"),
    *("kb list", "kb stats", "sla explain 1", "report kpi", "levels", "ticket list --json"),
)


@pytest.fixture
def put_on(
    shell: Shell,
    small_disk: Callable[[str], Path],  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> Callable[[str], Path]:
    """A function that puts the shell's desk on a small disk, or remounts that."""
    shell.json("ticket", "new", "-s", "printer jams")
    shell.json("search", "printer")

    def put(options: str) -> Path:
        disk = small_disk(options)
        if not (disk / "desk.db").exists():
            shutil.copy(shell.db, disk / "desk.db")
            monkeypatch.setitem(shell.env, "HELPDESK_DATABASE_URL", f"sqlite:///{disk}/desk.db")
        return disk

    return put


def _fill(disk: Path) -> None:
    with (disk / "filler").open("wb", 0) as filler, suppress(OSError):
        while True:
            filler.write(bytes(4096))


def _check(shell: Shell, why: str, run: Callable[..., Done] | None = None) -> None:
    """Check that everything can be read with one sentence, and that changes are refused."""
    commands = _READING if run is None else _READING[:3]  # processes are slow
    run = run or shell.run
    for command in commands:
        done = run(*command.split())
        said = done.stderr.decode()
        assert done.returncode == 0, (command, said)
        assert said.startswith("helpdesk: warning: the database "), (command, said)
        assert f"can only be read, because {why}: changes are refused" in said
        assert said.count("\n") == 1, said
        assert done.stdout, command
    assert b"printer jams" in run("ticket", "list").stdout
    for command in ("ticket note 1 --text x", "ticket new -s x", "view save a state:open"):
        done = run(*command.split())
        said = done.stderr.decode()
        assert (done.returncode, done.stdout, said.count("\n")) == (1, b"", 1), said
        assert "warning" not in said
    assert run("ticket", "show", "1", "--json").stdout.count(b'"type": "noted"') == 0


def test_a_full_disk_can_be_read(shell: Shell, put_on: Callable[[str], Path]) -> None:
    disk = put_on("size=2m")
    _fill(disk)
    _check(shell, "its disk is full")
    (disk / "filler").unlink()
    assert shell.json("ticket", "note", "1", "--text", "x")["version"] == 2


def test_a_read_only_file_system_can_be_read(shell: Shell, put_on: Callable[[str], Path]) -> None:
    put_on("size=4m")
    put_on("ro")
    _check(shell, "its file system is mounted read-only")
    assert shell.run("doctor").stdout.count(b"mounted read-only") == 1
    put_on("rw")
    assert shell.json("ticket", "note", "1", "--text", "x")["version"] == 2


def test_what_only_the_log_holds_is_read_as_well(
    shell: Shell, put_on: Callable[[str], Path]
) -> None:
    disk = put_on("size=4m")
    with closing(sqlite3.connect(disk / "desk.db", isolation_level=None)) as killed:
        killed.execute("PRAGMA wal_autocheckpoint=0")
        killed.execute("UPDATE tickets SET subject = 'printer jams in the log'")
        for ending in ("", "-wal"):
            shutil.copy(f"{disk}/desk.db{ending}", shell.folder / f"kept{ending}")
    for ending in ("", "-wal"):
        shutil.copy(shell.folder / f"kept{ending}", f"{disk}/desk.db{ending}")
    put_on("ro")
    assert b"printer jams in the log" in shell.run("ticket", "list").stdout
    _check(shell, "its file system is mounted read-only")


@pytest.fixture
def locked_out(shell: Shell) -> Iterator[Callable[..., Done]]:
    """A function that runs a command as somebody who may only read the desk's folder."""
    shell.json("ticket", "new", "-s", "printer jams")
    folder = shell.folder / "others"
    folder.mkdir()
    shutil.copy(shell.db, folder / "desk.db")
    (folder / "desk.db").chmod(0o444)
    folder.chmod(0o555)
    # The modes of files do not bind root as long as it has these capabilities.
    drop = ["setpriv", "--bounding-set", "-dac_override,-dac_read_search"]
    prefix = drop if os.getuid() == 0 else []
    if prefix and subprocess.run([*prefix, "true"], check=False, capture_output=True).returncode:
        pytest.skip("root cannot give up its capabilities here")
    env = {**shell.env, "HELPDESK_DATABASE_URL": f"sqlite:///{folder}/desk.db"}

    def run(*arguments: str) -> Done:
        done = subprocess.run(
            [*prefix, sys.executable, "-m", "helpdesk", *arguments],
            env=env,
            cwd=shell.folder,
            capture_output=True,
            check=False,
        )
        return Done(done.returncode, done.stdout, done.stderr)

    yield run
    folder.chmod(0o755)


def test_a_file_and_a_folder_of_somebody_else_can_be_read(
    shell: Shell, locked_out: Callable[..., Done]
) -> None:
    _check(shell, "its file is not yours to write to", locked_out)
