"""``helpdesk policy …`` as scripts and leads run it."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from helpdesk.desk.policy.files import starter_text
from tests.cli.shell import Shell

_PREVIEW = {
    *("version", "name", "open_tickets", "clocks_moved", "breached_at_once", "tickets", "partial"),
}


@pytest.fixture
def shorter(tmp_path: Path) -> str:
    """A policy file with a shorter resolution target for P3."""
    before = 'P3 = { first_response = "4h", resolution = "24h" }'
    assert before in starter_text()
    file = tmp_path / "shorter.toml"
    file.write_text(starter_text().replace(before, before.replace("24h", "8h")))
    return str(file)


def test_check_needs_no_desk_and_names_each_mistake_with_its_line(shell: Shell) -> None:
    file = shell.folder / "bad.toml"
    file.write_text('name = "Bad"\n[levels.L9]\n[calendars.a]\ntimezone = "Nowhere"\n')
    shell.db.unlink()
    done = shell.run("policy", "check", str(file))
    assert done.returncode == 1
    lines = done.stdout.decode().splitlines()
    assert lines[0].startswith(f"{file}:1: sla: there is no default")
    assert lines[1] == f"{file}:2: levels.L9: there is no level 'L9': use L1, L2, L3, L4."
    assert lines[-1] == f"{file}: 4 mistakes."
    found = shell.run("policy", "check", str(file), "--json")
    assert found.returncode == 1
    assert b'"line": 2' in found.stdout
    assert not shell.db.exists()


def test_a_valid_file_has_no_mistakes(shell: Shell, shorter: str) -> None:
    assert shell.json("policy", "check", shorter) == []
    assert shell.json("policy", "check") == []


def test_preview_apply_and_show(shell: Shell, shorter: str) -> None:
    shell.json("ticket", "new", "-s", "xyzzy")
    told = shell.json("policy", "preview", shorter)
    assert set(told) == _PREVIEW
    assert (told["version"], told["clocks_moved"], told["breached_at_once"]) == (2, 1, 0)
    assert told["partial"] is False
    assert told["tickets"][0]["id"] == "HD-1"
    assert shell.json("policy", "show")["version"] == 1
    assert shell.json("policy", "apply", shorter) == told
    shown = shell.json("policy", "show")
    assert (shown["version"], shown["text"]) == (2, Path(shorter).read_text())
    assert [one["version"] for one in shown["versions"]] == [2, 1]
    assert shell.json("policy", "show", "--version", "1")["text"] == starter_text()
    ticket = shell.json("ticket", "show", "1")
    assert ticket["policy_version"] == 2
    assert [event["type"] for event in ticket["events"]] == ["logged", "recomputed"]
    assert ticket["clocks"][1]["target_s"] == 8 * 3600


def test_what_show_prints_can_be_applied_again(shell: Shell) -> None:
    printed = shell.run("policy", "show")
    file = shell.folder / "again.toml"
    file.write_bytes(printed.stdout)
    assert shell.json("policy", "preview", str(file))["clocks_moved"] == 0
    assert b"version 1 (Starter)" in printed.stderr


def test_a_policy_can_come_from_standard_input(shell: Shell) -> None:
    printed = shell.run("policy", "show").stdout
    done = shell.process("policy", "check", "-", stdin=printed)
    assert (done.returncode, done.stdout) == (0, b"-: 0 mistakes.\n")
    # Standard input that cannot be opened by a name, as after sudo from another account.
    applied = shell.run("policy", "apply", "-", stdin=printed)
    assert (applied.returncode, applied.stderr) == (0, b"")
    refused = shell.process("policy", "apply", "-", stdin=b"nonsense")
    assert (refused.returncode, b"this is no TOML" in refused.stderr) == (1, True)


def test_a_policy_on_standard_input_has_no_folder(shell: Shell) -> None:
    file = shell.folder / "days.ics"
    file.write_text("BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:x\nEND:VCALENDAR\n")
    head = f'{starter_text()}\n[calendars.x]\nhours = "24/7"\nholiday_files = '
    done = shell.run("policy", "check", "-", stdin=f'{head}["days.ics"]\n')
    assert b"days.ics is a relative path: write the whole path here" in done.stdout
    done = shell.run("policy", "check", "-", stdin=f'{head}["{file}"]\n')
    assert done.stdout == b"-: 0 mistakes.\n"
    beside = shell.folder / "beside.toml"
    beside.write_text(f'{head}["days.ics"]\n')
    assert shell.json("policy", "check", str(beside)) == []


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, "cannot be read (No such file or directory)"),
        (b"\xff\xfe", "is no text in UTF-8"),
        (b'name = "x', "this is no TOML"),
        (b"", "there is no default"),
        (b'name = "\x1b[31m"', "TOML"),
    ],
)
@pytest.mark.parametrize("command", ["apply", "preview", "show"])
def test_a_bad_file_is_refused_in_one_sentence(
    shell: Shell, content: bytes | None, said: str, command: str
) -> None:
    file = shell.folder / "bad.toml"
    if content is not None:
        file.write_bytes(content)
    done = shell.run("policy", command, str(file))
    assert (done.returncode, done.stdout) == (1, b"")
    assert said in done.stderr.decode()
    assert len(done.stderr.splitlines()) == 1
    assert b"\x1b" not in done.stderr


def test_an_upgrade_shows_which_clocks_newer_rules_move_and_moves_them(
    shell: Shell,
) -> None:
    shell.json("ticket", "new", "-s", "down", "--impact", "high", "--urgency", "high")
    # The policy in force is left as a program before 0.2 stored it.
    with closing(sqlite3.connect(shell.db)) as connection, connection:
        connection.execute(
            "UPDATE policy_versions SET rules = json_remove(rules, '$.next_update_from')"
        )
    assert shell.json("db", "status")["clocks_due"] is True
    assert b"db upgrade --preview" in shell.run("db", "status").stdout
    before = shell.json("ticket", "show", "HD-1")
    told = shell.json("db", "upgrade", "--preview")["clocks"]
    assert set(told) == {
        *("version", "open_tickets", "clocks_moved", "breached_at_once", "tickets"),
    }
    assert shell.json("ticket", "show", "HD-1")["version"] == before["version"]
    assert shell.json("policy", "show")["version"] == 1
    assert shell.json("db", "upgrade", "--keep-clocks")["clocks_due"] is True
    words = shell.run("db", "upgrade").stdout.decode()
    assert "New rules of the clocks are version 2 of the policy (Starter)." in words
    assert "Tickets that were resolved or closed keep their figures." in words
    assert shell.json("db", "status")["clocks_due"] is False
    assert shell.json("db", "upgrade")["clocks"] is None


def test_warnings_are_told_and_refuse_nothing(shell: Shell) -> None:
    file = shell.folder / "odd.toml"
    file.write_text(
        f'{starter_text()}\n[customers.Acme]\nconfidential = ["{shell.login}", "bob"]\n'
    )
    done = shell.run("policy", "check", str(file))
    assert done.returncode == 0
    lines = done.stdout.decode().splitlines()
    assert "warning: customers.Acme.confidential[1]: 'bob' is no agent of this desk" in lines[0]
    assert lines[-1] == f"{file}: 0 mistakes, 1 warning."
    [found] = shell.json("policy", "check", str(file))
    assert set(found) == {"line", "place", "message", "severity"}
    assert found["severity"] == "warning"
    assert b"'bob' is no agent" in shell.run("policy", "preview", str(file)).stderr
    assert b"'bob' is no agent" in shell.run("policy", "apply", str(file)).stderr


def test_doctor_says_until_when_public_holidays_are_known(shell: Shell) -> None:
    office = '[calendars."8/5"]\n'
    file = shell.folder / "holidays.toml"
    file.write_text(
        starter_text().replace(office, f'{office}public_holidays = {{ country = "DE" }}\n')
    )
    assert shell.run("policy", "apply", str(file)).returncode == 0
    assert shell.run("db", "backup", str(shell.folder / "backup.db")).returncode == 0
    found = {one["check"]: one for one in shell.json("doctor")}
    assert "public holidays of 8/5 are known until 20" in found["holidays"]["found"]


def test_what_a_customer_has_not_bought_is_told(shell: Shell) -> None:
    file = shell.folder / "bought.toml"
    customer = '[customers.Acme]\nlevels = ["L1", "L2"]\nchannels = ["mail", "portal"]\n'
    file.write_text(f"{starter_text()}\n{customer}")
    assert shell.run("policy", "apply", str(file)).returncode == 0
    logged = shell.run("ticket", "new", "-s", "down", "--customer", "Acme", "--channel", "chat")
    assert b"logged; not in the contract of Acme: chat" in logged.stdout
    escalate = ("ticket", "escalate", "1", "--to", "L3", "--reason", "code", "--note", "asked: why")
    assert b"not in the contract of Acme: L3, chat" in shell.run(*escalate).stdout
    assert shell.json("ticket", "show", "1")["contract"]["channels"] == ["mail", "portal"]
    allowed = shell.run("ticket", "new", "-s", "up", "--customer", "Acme", "--channel", "mail")
    assert b"contract" not in allowed.stdout
