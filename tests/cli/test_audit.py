"""``helpdesk report audit`` and ``db check``, as scripts see them."""

import json
import sqlite3

from tests.cli.shell import Shell


def test_the_report_shows_values_that_the_records_do_not_hold(shell: Shell) -> None:
    shell.json("ticket", "new", "-s", "a secret subject")
    [record] = shell.json("report", "audit", "--limit", "1")
    [ticket] = [one for one in record["what"]["changes"] if one.get("add") == "tickets"]
    assert ticket["values"]["subject"] == "a secret subject"
    with sqlite3.connect(shell.folder / "desk.db") as connection:
        rows = connection.execute("SELECT what FROM audit_records").fetchall()
    assert "secret" not in str(rows)


def test_a_file_without_anchors_proves_nothing(shell: Shell) -> None:
    file = shell.folder / "anchors"
    file.write_text("")
    done = shell.run("report", "audit", "--check-anchors", str(file))
    assert done.returncode == 1
    assert "holds no anchor: let 'helpdesk report audit --anchor' write one" in done.stdout.decode()
    file.write_bytes(shell.run("report", "audit", "--anchor").stdout)
    done = shell.run("report", "audit", "--check-anchors", str(file))
    assert (done.returncode, done.stdout) == (0, b"1 anchor, 0 faults.\n")


def test_check_says_every_verdict_of_an_emptied_desk(shell: Shell) -> None:
    shell.json("ticket", "new", "-s", "one")
    with sqlite3.connect(shell.folder / "desk.db") as connection:
        triggers = connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        for (name,) in triggers.fetchall():
            connection.execute(f"DROP TRIGGER {name}")
        for table in ("ticket_events", "audit_records", "audit_head", "audit_values"):
            connection.execute(f"DELETE FROM {table}")
    done = shell.run("db", "check", "--json")
    assert done.returncode == 1
    assert b"Traceback" not in done.stderr
    found = json.loads(done.stdout)
    assert [one["name"] for one in found] == [
        "integrity", "references", "people", "clocks", "audit trail", "search index",
    ]  # fmt: skip
    assert not found[4]["ok"]
    assert any("end of the audit trail was removed" in words for words in found[4]["problems"])


def test_the_report_speaks_in_words_of_a_period_a_ticket_and_a_person(shell: Shell) -> None:
    shell.json("agent", "add", "bob", "--level", "L1")
    for subject in ("one", "two"):
        shell.json("ticket", "new", "-s", subject, "--requester", f"{subject}@fab.example")
    shell.json("--as", "bob", "ticket", "claim", "2")
    shell.json("ticket", "note", "1", "--text", "seen")
    of_one = shell.json("report", "audit", "--ticket", "HD-1")
    assert [record["words"].split(",")[0] for record in of_one] == ["HD-1 logged", "HD-1 noted"]
    assert "person 1 added" in of_one[0]["words"]
    of_bob = shell.json("report", "audit", "--agent", "bob", "--ticket", "2")
    assert [record["words"] for record in of_bob] == ["HD-2 claimed"]
    assert shell.json("report", "audit", "--month", "2020-01") == []
    assert len(shell.json("report", "audit", "--last", "24h", "--ticket", "2")) == 2
    text = shell.run("report", "audit").stdout.decode()
    assert "agent 2 added, level of an agent 2/L1 added" in text
    assert "set tickets" not in text
    assert shell.refused(1, "report", "audit", "--last", "1d", "--month", "2020-01")
