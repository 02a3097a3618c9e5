"""``helpdesk import`` and ``helpdesk export`` as scripts see them."""

import csv
import io
import json
import os
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from helpdesk.desk.exchange import exporting
from helpdesk.desk.exchange.exporting import ExportedTicket
from tests.cli.shell import Shell, refusal
from tests.exchange.samples import FRESHDESK, SERVICENOW, write_samples

_EVIL = "=cmd|'/c calc'!A1"


def _rows(shell: Shell, *arguments: str) -> list[dict[str, str]]:
    done = shell.run("export", *arguments)
    assert (done.returncode, done.stderr) == (0, b"")
    return list(csv.DictReader(io.StringIO(done.stdout.decode(), newline="")))


def test_an_import_reports_what_was_imported_and_what_was_refused(shell: Shell) -> None:
    heads, good, other = FRESHDESK.splitlines()
    file = shell.folder / "in.csv"
    file.write_text("\n".join([heads, good, other.replace("Open", "Asleep")]))
    dry = shell.run("import", str(file), "--map", "freshdesk", "--dry-run")
    assert dry.returncode == 1
    assert b"1 tickets would be imported" in dry.stdout
    done = shell.run("import", str(file), "--map", "freshdesk")
    assert (done.returncode, done.stderr.count(b"\n")) == (1, 1)
    assert b"line 3 (12): its state 'Asleep'" in done.stdout
    file.write_text(FRESHDESK)
    new = {"people": ["j.weber@fab.example"], "customers": [], "services": []}
    again = shell.json("import", str(file), "--map", "freshdesk")
    assert again == {
        "dry_run": False,
        "tickets": 1,
        "entries": 1,
        "known_already": 1,
        "refused": 0,
        "refused_rows": [],
        "noted": 0,
        "noted_rows": [],
        "warnings": [],
        "unknown": {"agents": [], "groups": [], **new},
    }
    piped = shell.json("import", "-", "--map", "freshdesk", stdin=FRESHDESK)
    assert (piped["tickets"], piped["known_already"]) == (0, 2)
    assert "ready ones are freshdesk" in shell.refused(1, "import", str(file), "--map", "none")
    file.write_text("x" * 3_000_000)
    assert "is not CSV" in shell.refused(1, "import", str(file), "--map", "freshdesk")
    missing = shell.refused(1, "import", "/nowhere.csv", "--map", "freshdesk")
    assert "cannot be read" in missing


def test_an_import_reads_no_more_than_its_limit(shell: Shell) -> None:
    done = shell.run("import", "-", "--map", "freshdesk", "--limit", "1", stdin=FRESHDESK)
    assert done.returncode == 1
    assert b"1 tickets imported" in done.stdout
    assert b"only the first 1 tickets of - were read" in done.stderr
    new = {"people": ["j.weber@fab.example"], "customers": [], "services": []}
    assert shell.json("import", "-", "--map", "freshdesk", "--limit", "2", stdin=FRESHDESK) == {
        "dry_run": False,
        "tickets": 1,
        "entries": 1,
        "known_already": 1,
        "refused": 0,
        "refused_rows": [],
        "noted": 0,
        "noted_rows": [],
        "warnings": [],
        "unknown": {"agents": [], "groups": [], **new},
    }


def test_a_ticket_with_endless_rows_is_refused(shell: Shell) -> None:
    head, *rows = SERVICENOW.splitlines()
    text = "\n".join([head, *(10_001 * [rows[0]]), *rows[-1:]])
    done = shell.run("import", "-", "--map", "servicenow-log", stdin=text)
    assert b"it has more than 10,000 rows" in done.stdout


def test_an_export_is_safe_in_a_spreadsheet_and_unchanged_in_json(shell: Shell) -> None:
    shell.json("ticket", "new", "-s", _EVIL, "-b", "@SUM(1)\nline", "--requester", "a@b.example")
    shell.json("ticket", "reply", "1", "--by", "phone", "--text", "+1 for that")
    shell.json("ticket", "resolve", "1", "--text", "done")
    row = _rows(shell, "tickets")[0]
    assert (row["id"], row["subject"], row["body"]) == ("HD-1", f"'{_EVIL}", "'@SUM(1)\nline")
    assert (row["state"], row["hand_overs"], row["sla_resolution"]) == ("resolved", "0", "met")
    events = _rows(shell, "events")
    assert [event["type"] for event in events] == [
        *("logged", "claimed", "replied", "replied", "resolved"),
    ]
    assert events[2]["text"] == "'+1 for that"
    document = shell.json("export", "tickets")
    assert document[0]["subject"] == _EVIL
    assert [event["type"] for event in document[0]["events"]] == [e["type"] for e in events]
    lines = shell.run("export", "events", "--format", "jsonl").stdout.splitlines()
    assert [json.loads(line)["ticket"] for line in lines] == ["HD-1"] * 5


def test_a_query_chooses_what_is_exported(shell: Shell) -> None:
    for subject in ("one", "two"):
        shell.json("ticket", "new", "-s", subject)
    shell.json("ticket", "resolve", "1", "--text", "done")
    assert [row["subject"] for row in _rows(shell, "tickets", "--query", "state:new")] == ["two"]
    assert len(_rows(shell, "tickets")) == 2
    assert shell.json("export", "tickets", "--query", "state:closed") == []
    wrong = shell.run("export", "tickets", "--query", "colour:red")
    assert (wrong.returncode, wrong.stdout) == (1, b"")
    assert b"no field 'colour'" in wrong.stderr


def _interrupted(
    read: Callable[..., Iterator[list[ExportedTicket]]],
) -> Callable[..., Iterator[list[ExportedTicket]]]:
    """Return an export that is interrupted after its first chunk."""

    def chunks(*given: Any, **options: Any) -> Iterator[list[ExportedTicket]]:
        yield next(read(*given, **options))
        raise KeyboardInterrupt

    return chunks


def test_an_interrupted_export_is_resumed(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(5):
        shell.json("ticket", "new", "-s", f"number {number}")
    whole = {
        form: shell.run("export", "tickets", "--format", form).stdout
        for form in ("csv", "json", "jsonl")
    }
    monkeypatch.setattr(exporting, "CHUNK", 2)
    for form, expected in whole.items():
        file = shell.folder / f"out.{form}"
        arguments = ("export", "tickets", "--format", form, "-o", str(file))
        with monkeypatch.context() as patch:
            patch.setattr(exporting, "tickets", _interrupted(exporting.tickets))
            assert "interrupted" in refusal(shell.run(*arguments), 1)
        assert not file.exists()
        part = file.with_name(f"{file.name}.part")
        with part.open("a") as torn:
            torn.write("half a li")
        assert shell.run(*arguments).returncode == 0
        assert file.read_bytes() == expected
        assert list(shell.folder.glob("out.*.part*")) == []


def test_an_imported_ticket_can_be_exported_again(shell: Shell) -> None:
    file = write_samples(shell.folder)["zendesk"]
    shell.json("import", str(file), "--map", "zendesk")
    row = _rows(shell, "tickets")[0]
    assert (row["source"], row["source_id"], row["csat"], row["reopenings"]) == (
        *("zendesk", "35436", "5", "1"),
    )
    assert row["resolved_at"] == "2024-07-22T10:38:52Z"


def test_an_export_to_a_missing_folder_is_refused(shell: Shell) -> None:
    assert "cannot be written" in shell.refused(1, "export", "tickets", "-o", "/nowhere/x.csv")


@pytest.mark.parametrize("command", [("export", "tickets"), ("report", "kpi")])
def test_what_is_no_plain_file_is_never_replaced(shell: Shell, command: tuple[str, str]) -> None:
    shell.run("ticket", "new", "-s", "one")
    pipe, link, folder = (shell.folder / name for name in ("pipe", "link", "folder"))
    os.mkfifo(pipe)
    link.symlink_to(shell.folder / "target")
    folder.mkdir()
    for file, kind in ((pipe, "a pipe"), (link, "a link"), (folder, "a folder")):
        before = file.lstat()
        assert f"is {kind}, not a plain file" in shell.refused(1, *command, "-o", str(file))
        assert file.lstat().st_ino == before.st_ino
    assert "a device" in shell.refused(1, *command, "-o", "/dev/null")
    assert "name a file in it" in shell.refused(1, *command, "-o", "/")
    assert not (shell.folder / "target").exists()
    assert [file.name for file in shell.folder.glob("*.part*")] == []


def test_a_part_with_a_second_name_is_not_resumed(shell: Shell) -> None:
    """Somebody else who can guess the name must not choose what an export begins with."""
    shell.run("ticket", "new", "-s", "one")
    whole = shell.run("export", "tickets", "--format", "csv").stdout
    file, other = shell.folder / "out.csv", shell.folder / "other"
    other.write_text("forged,line\n")
    os.link(other, shell.folder / "out.csv.part")
    (shell.folder / "out.csv.part.at").write_text(
        '{"of": {"what": "tickets", "format": "csv", "query": null}, "after": 0, "bytes": 12}'
    )
    assert shell.run("export", "tickets", "--format", "csv", "-o", str(file)).returncode == 0
    assert file.read_bytes() == whole
    assert other.read_text() == "forged,line\n"
