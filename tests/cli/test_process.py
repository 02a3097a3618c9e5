"""What only real processes can show: exit codes, streams, pipes, two programs at once."""

import json
import sqlite3
from pathlib import Path

from tests.cli.shell import Shell, refusal


def test_the_shell_sees_every_exit_code(shell: Shell) -> None:
    done = shell.process("ticket", "new", "-s", "one", "--json")
    assert (done.returncode, done.stderr) == (0, b"")
    assert json.loads(done.stdout)["version"] == 1
    assert "there is no ticket HD-9" in refusal(shell.process("ticket", "show", "9"), 1)
    assert "invalid choice" in refusal(shell.process("ticket", "lose", "1"), 2)
    stale = shell.process("ticket", "note", "1", "--text", "x", "--version", "2")
    assert "nothing was saved" in refusal(stale, 3)
    shell.run("agent", "add", "aud", "--level", "L1", "--role", "auditor")
    barred = shell.process("--as", "aud", "ticket", "claim", "1")
    assert "aud (auditor) may not" in refusal(barred, 4)


def test_the_first_user_of_a_desk_becomes_its_administrator(shell: Shell, tmp_path: Path) -> None:
    new = tmp_path / "some" / "where" / "new desk?.db"
    done = shell.process("--db", str(new), "--json", "agent", "list")
    assert [
        (agent["login"], agent["role"], agent["levels"]) for agent in json.loads(done.stdout)
    ] == [(shell.login, "admin", ["L1", "L2", "L3", "L4"])]
    assert new.is_file()
    assert new.parent.stat().st_mode & 0o077 == 0


def test_a_long_text_from_a_pipe_is_stored_completely(shell: Shell) -> None:
    body = ("line of words – ü\r\n" * 60_000)[:1_000_000] + "\r\n\n\n"
    done = shell.process("ticket", "new", "-s", "x", "-b", "-", "--json", stdin=body.encode())
    assert json.loads(done.stdout)["body"] == body.replace("\r\n", "\n")


def test_a_reader_may_stop_reading(shell: Shell) -> None:
    for _ in range(200):
        shell.run("ticket", "new", "-s", "x" * 500)
    done = shell.bash("$H ticket list --json | head -c 10; echo ${PIPESTATUS[0]}")
    assert (done.stdout, done.stderr) == (b"[\n  {\n    0\n", b"")


def test_a_closed_or_limited_stream_does_not_make_a_command_fail(shell: Shell) -> None:
    for closed in ("<&-", "2>&-"):
        assert shell.bash(f"$H ticket new -s '{closed}' -b - {closed} </dev/null").returncode == 0
    done = shell.bash("PYTHONIOENCODING=latin-1 $H ticket new -s 'тест ü'")
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout.endswith(b"\\u0442\\u0435\\u0441\\u0442 \xfc\n")
    assert len(shell.json("ticket", "list")) == 3


def test_a_desk_that_another_program_holds_is_busy(shell: Shell) -> None:
    holder = sqlite3.connect(shell.db, isolation_level=None)
    holder.execute("BEGIN EXCLUSIVE")
    url = f"sqlite:///{shell.db}?timeout=0.1"
    said = refusal(shell.process("--db", url, "ticket", "new", "-s", "x"), 1)
    assert "is busy: another program holds it" in said
    holder.execute("ROLLBACK")
    holder.close()
    assert shell.json("--db", url, "ticket", "list") == []
