"""A desk that this account has opened is missed if its database is gone, empty or another."""

import json
import shutil
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

from tests.cli.shell import Shell

_COMMANDS = (
    *("ticket new -s x", "ticket list", "levels", "search x", "export tickets", "kb list"),
    *("db status", "db upgrade", "db check", "db backup x.db", "db copy --to c.db"),
)


def _known(shell: Shell) -> list[dict[str, str]]:
    folder = shell.folder / ".local/state/helpdesk/desks"
    return [json.loads(file.read_text()) for file in folder.glob("*.json")]


def _lose(shell: Shell, how: str) -> None:
    for file in shell.folder.glob("desk.db*"):
        file.unlink()
    if how == "empty":
        shell.db.touch()
    elif how == "no tables":
        with closing(sqlite3.connect(shell.db)) as made:
            made.execute("CREATE TABLE x (y)")
            made.execute("DROP TABLE x")


@pytest.mark.parametrize("how", ["gone", "empty", "no tables"])
def test_every_command_misses_a_desk_that_was_there(shell: Shell, how: str) -> None:
    shell.json("ticket", "new", "-s", "printer")
    _lose(shell, how)
    before = {file: file.stat().st_size for file in shell.folder.glob("desk.db*")}
    for command in _COMMANDS:
        said = shell.refused(1, *command.split())
        assert f"the desk that was in sqlite:///{shell.db} is missing, its file" in said
        assert "no backup of it is known here" in said
        assert f"'helpdesk db forget sqlite:///{shell.db}'" in said
    assert shell.run("doctor").returncode == 1
    assert {file: file.stat().st_size for file in shell.folder.glob("desk.db*")} == before
    done = shell.json("db", "forget", f"sqlite:///{shell.db}")
    assert done == {"database": f"sqlite:///{shell.db}", "forgotten": True}
    assert "there is nothing to forget" in shell.refused(1, "db", "forget", str(shell.db))
    assert shell.json("ticket", "new", "-s", "a new desk")["id"] == "HD-1"


def test_the_newest_backup_is_named_and_puts_the_desk_back(shell: Shell) -> None:
    shell.json("ticket", "new", "-s", "printer")
    folder = shell.folder / "my backups"
    shell.json("db", "backup", str(folder), "--keep", "3")
    first = next(iter(folder.iterdir()))
    _lose(shell, "gone")
    assert f"helpdesk db restore '{first}'" in shell.refused(1, "levels")
    # One that another account took later, of which only the folder knows.
    later = Path(shutil.copy(first, folder / "helpdesk-2999-01-01T000000Z.db"))
    assert f"helpdesk db restore '{later}'" in shell.refused(1, "levels")
    shell.json("db", "restore", str(later))
    assert [ticket["subject"] for ticket in shell.json("ticket", "list")] == ["printer"]
    _lose(shell, "empty")
    shutil.rmtree(folder)
    assert "no backup of it is known here" in shell.refused(1, "levels")


def test_another_desk_in_its_place_is_refused_until_it_is_meant(shell: Shell) -> None:
    other = str(shell.folder / "other.db")
    shell.run("--db", other, "levels")
    shell.run("levels")
    _lose(shell, "gone")
    shutil.copy(other, shell.db)
    assert "holds another desk than before" in shell.refused(1, "ticket", "list")
    shell.json("db", "forget", str(shell.db))
    assert shell.json("ticket", "list") == []


def test_honest_work_needs_nothing_to_be_forgotten(shell: Shell) -> None:
    shell.json("ticket", "new", "-s", "printer")
    other = str(shell.folder / "other.db")
    shell.json("--db", other, "ticket", "new", "-s", "of another desk")
    backup = str(shell.folder / "backup")
    shell.json("db", "backup", backup)
    # Another desk's place takes this desk's backup, and a lost desk's place a copy of this one.
    shell.json("--db", other, "db", "restore", backup, "--replace")
    assert shell.json("--db", other, "ticket", "list")[0]["subject"] == "printer"
    for file in shell.folder.glob("other.db*"):
        file.unlink()
    shell.json("db", "copy", "--to", other)
    assert shell.json("--db", other, "ticket", "list")[0]["subject"] == "printer"
    # An older copy of the same desk.
    shutil.copy(backup, shell.db)
    assert shell.json("ticket", "list")[0]["subject"] == "printer"


def test_what_is_thrown_away_is_not_missed(shell: Shell) -> None:
    for _ in range(2):
        demo = shell.folder / "demo.db"
        shell.json("demo", "--db", str(demo), "--tickets", "1", "--make-only")
        for file in shell.folder.glob("demo.db*"):
            file.unlink()
    assert _known(shell) == []


def test_a_demo_is_made_where_the_environment_says_but_never_in_place_of_a_desk(
    shell: Shell,
) -> None:
    shell.env["HELPDESK_DATABASE_URL"] = f"sqlite:///{shell.db}"
    make = ("demo", "--tickets", "2", "--make-only")
    assert shell.json(*make)["tickets"] == 2
    assert len(shell.json("ticket", "list", "--query", "state:any")) == 2
    assert "holds tickets already" in shell.refused(1, *make)
    _lose(shell, "gone")
    assert "is missing" in shell.refused(1, *make)
    del shell.env["HELPDESK_DATABASE_URL"]
    assert "--db or HELPDESK_DATABASE_URL" in shell.refused(1, *make)


def test_a_state_folder_that_cannot_be_written_stops_nobody(shell: Shell) -> None:
    (shell.folder / ".local").write_text("in the way")
    assert shell.json("ticket", "new", "-s", "x")["id"] == "HD-1"
    assert shell.json("ticket", "list")[0]["id"] == "HD-1"


@pytest.mark.parametrize("content", ["", "null", "[1]", '{"desk": 7', "\udcff"])
def test_a_damaged_note_of_the_account_is_written_again(shell: Shell, content: str) -> None:
    shell.run("levels")
    file = next((shell.folder / ".local/state/helpdesk/desks").glob("*.json"))
    before = file.read_bytes()
    file.write_bytes(content.encode("utf-8", "surrogateescape"))
    shell.run("levels")
    assert file.read_bytes() == before


def test_first_starts_at_once_are_no_false_alarm(tmp_path: Path) -> None:
    shell = Shell(tmp_path)
    with ThreadPoolExecutor(4) as pool:
        done = list(pool.map(lambda _: shell.process("ticket", "new", "-s", "x"), range(4)))
    assert [one.returncode for one in done] == [0] * 4, done
    assert len(shell.json("ticket", "list")) == 4
    assert len(_known(shell)) == 1
