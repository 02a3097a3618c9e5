"""What the program says elsewhere than on its screen is inert: logs, and answers over SSH."""

import shlex
import syslog
from datetime import UTC, datetime
from pathlib import Path

import pytest

from helpdesk.desk.audit import write_anchor
from helpdesk.desk.session import Desk
from helpdesk.domain.audit import Anchor, read_anchor
from helpdesk.error_log import log_crash
from helpdesk.locations import config_dir, state_dir
from tests.cli.shell import Shell, refusal
from tests.cli.test_door_requests import Ask, ask  # noqa: F401  (fixture)
from tests.hostile import as_argument, hostile_texts
from tests.terminal_stream import harmful

_AT = datetime(2026, 11, 23, 9, tzinfo=UTC)


def test_the_error_log_is_inert_and_no_text_begins_an_entry() -> None:
    texts = [f"{text}\n2026-01-01T00:00:00+00:00 error 00000000" for text in hostile_texts()]
    for text in texts:
        log_crash(ValueError(text))
    log = (state_dir() / "errors.log").read_text(encoding="utf-8")
    assert harmful(log.replace("\t", " ")) == []
    assert sum(line[:1].strip() != "" for line in log.split("\n")) == len(texts)


@pytest.mark.parametrize("place", ["file", "syslog"])
def test_an_anchor_is_one_inert_line(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    written: list[str] = []
    monkeypatch.setattr(syslog, "syslog", lambda _, line: written.append(line))
    file = tmp_path / "anchors"
    config_dir().mkdir(parents=True)
    where = "syslog" if place == "syslog" else str(file)
    (config_dir() / "door.toml").write_text(f"anchors = '{where}'\n")
    write_anchor(desk)
    written += file.read_text().splitlines() if place == "file" else []
    for text in hostile_texts():
        written.append(Anchor(7, text, _AT).line())
    for line in written:
        assert line.isascii()
        assert line.isprintable()
    assert read_anchor(written[0]) is not None


@pytest.mark.timeout(600)
def test_what_a_client_is_told_over_ssh_is_one_inert_line(ask: Ask) -> None:  # noqa: F811
    for text in list(map(as_argument, hostile_texts()))[::3]:
        for command in (text, f"ticket show {shlex.quote(text)}", f"kb show {shlex.quote(text)}"):
            if not command.strip():
                continue  # a blank command line is the app
            done = ask(command)
            said = refusal(done, done.returncode).rstrip("\n")
            assert harmful(said) == [], command
            assert len(said.splitlines()) == 1, command


@pytest.mark.parametrize("name", ["x" * 300, "\x1b[2J" * 100, "é" * 200, "\x07/../" * 900])
def test_a_database_whose_file_name_is_too_long_is_refused(shell: Shell, name: str) -> None:
    for database in (f"{shell.folder}/{name}", f"sqlite:///{shell.folder}/{name}"):
        said = shell.refused(1, "--db", database, "ticket", "list")
        assert said.rstrip("\n").isprintable()


def test_standard_error_is_inert_in_a_pipe(shell: Shell) -> None:
    for text in list(map(as_argument, hostile_texts()))[::40]:
        done = shell.process("ticket", "list", "--query", f"subject:'{text}")
        said = done.stderr.decode()
        assert said.startswith("helpdesk: ")
        assert harmful(said) == []
