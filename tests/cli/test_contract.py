"""The command line as scripts see it: documents, exit codes, one sentence on stderr."""

import json
import re
import shutil
import sqlite3
from pathlib import Path

from tests.cli.shell import Shell

TICKET_FIELDS = {
    "id", "subject", "kind", "state", "queue", "priority", "impact", "urgency", "service",
    "customer", "requester", "assignee", "channel", "created_at", "updated_at", "version", "clocks",
}  # fmt: skip


def test_a_ticket_from_log_to_closed(shell: Shell) -> None:
    new = shell.json(
        *("ticket", "new", "-s", "VPN drops evry ten minutes", "-b", "-"),
        *("--requester", "M.Ortiz@contoso.example", "--customer", "Contoso", "--service", "vpn"),
        *("--kind", "incident", "--impact", "high", "--urgency", "high", "--channel", "chat"),
        stdin="laptop LT-4411\nsince this morning\n",
    )
    assert set(new) >= TICKET_FIELDS
    assert (new["id"], new["state"], new["queue"], new["priority"]) == ("HD-1", "new", "L1", "P1")
    assert new["requester"] == "m.ortiz@contoso.example"
    clocks = {clock["name"]: clock for clock in new["clocks"]}
    assert set(clocks) == {"first_response", "next_update", "resolution"}
    assert set(clocks["resolution"]) >= {"name", "due_at", "remaining_s", "state"}
    assert clocks["resolution"]["state"] == "running"
    assert clocks["resolution"]["due_at"].endswith("Z")

    assert shell.json("ticket", "claim", "HD-1")["state"] == "open"
    shell.json("ticket", "reply", "1", "--by", "phone", "--text", "we look into it")
    shell.json("ticket", "note", "hd-1", "--text", "-", stdin="looks like keepalive")
    up = shell.json(
        *("ticket", "escalate", "HD-1", "--to", "L2", "--reason", "defect", "--note", "why?")
    )
    assert (up["queue"], up["assignee"], up["hand_over"]["asked"]) == ("L2", None, "why?")
    down = shell.json("ticket", "return", "HD-1", "--reason", "setting changed")
    assert down["queue"] == "L1"
    waits = shell.json("ticket", "pend", "HD-1", "--on", "requester", "--until", "2h")
    assert (waits["state"], waits["waiting_on"]) == ("pending", "requester")
    assert shell.json("ticket", "resume", "HD-1")["state"] == "open"
    done = shell.json("ticket", "resolve", "HD-1", "--article", "vpn/keepalive.md")
    assert (done["state"], done["articles"]) == ("resolved", ["vpn/keepalive.md"])
    assert shell.json("ticket", "reopen", "HD-1")["state"] == "open"
    shell.json("ticket", "resolve", "HD-1", "--text", "really solved")
    assert shell.json("ticket", "close", "HD-1")["state"] == "closed"

    shown = shell.json("ticket", "show", "HD-1")
    assert shown["body"] == "laptop LT-4411\nsince this morning\n"
    assert [event["type"] for event in shown["events"]] == [
        *("logged", "claimed", "replied", "noted", "escalated", "returned"),
        *("claimed", "pended", "resumed", "replied", "resolved", "reopened"),
        *("replied", "resolved", "closed"),
    ]
    assert {"at", "actor", "type"} <= set(shown["events"][0])
    assert "HD-1" in shell.run("ticket", "show", "HD-1").stdout.decode()


def test_lists_filter_and_sort(shell: Shell) -> None:
    for urgency in ("low", "high"):
        shell.json("ticket", "new", "-s", f"{urgency} one", "--urgency", urgency)
    shell.json("ticket", "claim", "HD-1")
    everything = shell.json("ticket", "list")
    assert [row["id"] for row in everything] == ["HD-2", "HD-1"]
    assert set(everything[0]) >= TICKET_FIELDS
    assert [row["id"] for row in shell.json("ticket", "list", "--sort", "created")] == [
        *("HD-1", "HD-2")
    ]
    assert [row["id"] for row in shell.json("ticket", "list", "--assignee", "-")] == ["HD-2"]
    assert [row["id"] for row in shell.json("ticket", "list", "--state", "new")] == ["HD-2"]
    assert shell.json("ticket", "list", "--queue", "L3") == []
    assert len(shell.json("ticket", "list", "--limit", "1")) == 1


def test_each_refusal_is_a_sentence_with_its_exit_code(shell: Shell) -> None:
    shell.json("ticket", "new", "-s", "a query")
    assert "there is no ticket HD-99" in shell.refused(1, "ticket", "show", "HD-99")
    assert "'banana' is not a ticket id" in shell.refused(1, "ticket", "show", "banana")
    assert "the subject is empty" in shell.refused(1, "ticket", "new", "-s", "  ")
    assert "not one of: L1" in shell.refused(2, "ticket", "list", "--queue", "L9")
    assert "not one of: new" in shell.refused(2, "ticket", "list", "--state", "lost")
    assert "no agent 'zoe'" in shell.refused(1, "ticket", "assign", "HD-1", "--to", "zoe")
    assert "only a pending ticket" in shell.refused(1, "ticket", "resume", "HD-1")
    assert "no level below" in shell.refused(1, "ticket", "return", "HD-1", "--reason", "x")
    assert "add a reason" in shell.refused(
        1, "ticket", "escalate", "HD-1", "--to", "L2", "--note", "x"
    )
    assert "does not go up" in shell.refused(
        1, "ticket", "escalate", "HD-1", "--to", "L1", "--reason", "x", "--note", "x"
    )
    assert "no article '../x.md'" in shell.refused(
        1, "ticket", "resolve", "HD-1", "--article", "../x.md"
    )
    assert "is no login" in shell.refused(1, "agent", "add", "; rm -rf", "--level", "L1")
    assert "required" in shell.refused(2, "ticket", "new")
    assert "is not a mail address" in shell.refused(
        1, "ticket", "new", "-s", "x", "--requester", "nobody"
    )


def test_a_stale_version_is_refused_with_exit_code_3_and_what_changed(shell: Shell) -> None:
    shell.json("ticket", "new", "-s", "a query")
    shell.json("ticket", "note", "HD-1", "--text", "first", "--version", "1")
    said = shell.refused(3, "ticket", "note", "HD-1", "--text", "late", "--version", "1")
    assert "noted at" in said


def test_a_reply_says_how_it_was_given(shell: Shell) -> None:
    shell.json("ticket", "new", "-s", "a query")
    said = shell.refused(1, "ticket", "reply", "1", "--text", "hello")
    assert "--by phone or --by person" in said
    said = shell.refused(1, "ticket", "reply", "1", "--text", "hello", "--by", "mail")
    assert "--by phone or --by person" in said
    replied = shell.json("ticket", "reply", "1", "--text", "hello", "--by", "person")
    assert replied["events"][-1]["by"] == "person"
    first = next(one for one in replied["clocks"] if one["name"] == "first_response")
    assert first["state"] == "met"


def test_only_the_owner_acts_as_another(shell: Shell) -> None:
    shell.json("agent", "add", "bob", "--level", "L1,L2", "--name", "Bob Lee")
    agents = {agent["login"]: agent for agent in shell.json("agent", "list")}
    assert agents["bob"]["levels"] == ["L1", "L2"]
    assert agents["bob"]["role"] == "agent"
    new = shell.json("--as", "bob", "ticket", "new", "-s", "logged by bob")
    assert new["events"][0]["actor"] == "bob"
    shell.json("--as", "bob", "ticket", "claim", "HD-1")
    assert "already claimed by bob" in shell.refused(3, "ticket", "claim", "HD-1")
    shell.json("agent", "add", "cat", "--level", "L1")
    to_herself = ("--as", "cat", "ticket", "assign", "HD-1", "--to", "cat")
    assert "already claimed by bob" in shell.refused(3, *to_herself)
    taken = shell.run(*to_herself, "--take-over").stdout.decode()
    assert taken.startswith("HD-1 assigned to cat, taken over from bob (")
    assert "may not add and change agents" in shell.refused(
        4, "--as", "bob", "agent", "add", "eve", "--level", "L1"
    )
    assert "no agent 'eve'" in shell.refused(1, "--as", "eve", "ticket", "list")
    # The desk of somebody else: its owner is not the user who runs this test.
    with sqlite3.connect(shell.db) as connection:
        connection.execute("UPDATE desk_facts SET value = 'zoe' WHERE name = 'owner'")
    assert "for the desk's owner (zoe) only" in shell.refused(4, "--as", "bob", "ticket", "list")


def test_hostile_and_huge_text_is_stored_and_shown_inert(shell: Shell) -> None:
    subject = "\x1b[31mred\x07 \u202eevil [bold]x[/bold] '; DROP TABLE tickets;--"
    body = "ü" * 1_000_000
    new = shell.json("ticket", "new", "-s", subject, "-b", "-", stdin=body)
    assert new["subject"] == subject
    assert new["body"] == body
    shown = shell.run("ticket", "list").stdout
    assert b"\x1b" not in shown
    assert "‹U+202E›" in shown.decode()
    too_much = "x" * 1_100_000
    assert "at most" in shell.refused(1, "ticket", "new", "-s", "x", "-b", "-", stdin=too_much)
    assert len(shell.json("ticket", "list")) == 1


def test_search_prints_hits_and_batches(shell: Shell, tmp_path: Path) -> None:
    hits = shell.json("search", "vpn drops evry ten minuts", "-n", "3")
    assert (hits[0]["kind"], hits[0]["id"]) == ("article", "vpn/keepalive.md")
    assert hits[0]["repeat"] is True
    assert set(hits[0]) == {
        *("kind", "id", "title", "score", "repeat", "why", "snippet", "leads_to")
    }
    assert 0 <= hits[-1]["score"] <= hits[0]["score"] <= 1
    queries = tmp_path / "queries.jsonl"
    queries.write_text('{"q": "pasword forgoten"}\n\n{"q": "printer ofline"}\n')
    done = shell.run("search", "--batch", str(queries), "-n", "2")
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert [line["hits"][0]["id"] for line in lines] == [
        *("accounts/password-reset.md", "print/printer-or-queue.md")
    ]
    assert set(lines[0]) == {"q", "hits", "ms"}
    assert set(lines[0]["hits"][0]) == {"kind", "id", "score", "repeat"}
    alone = shell.json("search", "pasword forgoten", "-n", "2")
    assert alone[0]["repeat"] is True
    assert [hit["repeat"] for hit in lines[0]["hits"]] == [hit["repeat"] for hit in alone]
    queries.write_text('{"q": "fine"}\nnot json\n')
    done = shell.run("search", "--batch", str(queries))
    assert done.returncode == 1
    assert b"line 2 of the batch" in done.stderr
    assert shell.json("search", "") == []


def test_the_knowledge_base_on_the_command_line(shell: Shell) -> None:
    rows = shell.json("kb", "list")
    assert len(rows) >= 25
    assert shell.json("kb", "show", "vpn/keepalive.md")["title"] == "VPN disconnects after idle"
    assert shell.json("kb", "check") == []
    shell.json("kb", "new", "vpn/new-issue.md", "--title", "A new issue")
    assert "exists already" in shell.refused(1, "kb", "new", "vpn/new-issue.md")
    assert "no path for an article" in shell.refused(1, "kb", "new", "../evil.md")
    (shell.kb / "broken.md").write_bytes(b"---\ntitle: x\nkind: nonsense\n---\n")
    done = shell.run("kb", "check")
    assert done.returncode == 1
    assert b"broken.md:3: error: 'kind' must be one of article, sop" in done.stdout
    assert shell.json("kb", "stats")["articles"] == len(rows) + 1
    assert "cannot be read" in shell.refused(1, "--kb", "/no/such/folder", "kb", "list")


def test_simulate_needs_no_desk(shell: Shell, tmp_path: Path) -> None:
    shell.db.unlink()
    case = {
        "id": "one",
        "calendar": {"timezone": "UTC", "hours": {"mon": [["09:00", "17:00"]]}, "holidays": []},
        "targets": {"first_response_s": 3600, "resolution_s": 7200},
        "events": [{"at": "2024-01-01T09:00:00Z", "event": "received"}],
        "now": "2024-01-01T09:30:00Z",
    }
    bad = {**case, "id": "two", "events": []}
    file = tmp_path / "cases.json"
    file.write_text(json.dumps({"cases": [case, bad]}))
    done = shell.run("sla", "simulate", str(file))
    first, second = json.loads(done.stdout)["results"]
    assert first["clocks"]["first_response"]["due_at"] == "2024-01-01T10:00:00Z"
    assert first["clocks"]["first_response"]["remaining_s"] == 1800
    assert set(second) == {"id", "error"}
    assert not shell.db.exists()
    assert "cannot be read" in shell.refused(1, "sla", "simulate", str(tmp_path / "none.json"))


def test_explain_shows_how_a_due_time_was_computed(shell: Shell) -> None:
    shell.json("ticket", "new", "-s", "a query")
    assert set(shell.json("sla", "explain", "HD-1")) >= {"first_response", "resolution"}
    assert b"support time allowed" in shell.run("sla", "explain", "HD-1").stdout


def test_a_database_that_cannot_be_used_is_refused_with_a_sentence(
    shell: Shell, tmp_path: Path
) -> None:
    none = str(tmp_path / "none.db")
    assert shell.json("--db", none, "db", "status")["state"] == "absent"
    assert not Path(none).exists()
    assert shell.json("db", "status")["state"] == "current"
    assert shell.json("db", "upgrade")["state"] == "current"

    text = tmp_path / "text.db"
    text.write_text("not a database at all " * 50)
    assert "is not a helpdesk database" in shell.refused(1, "--db", str(text), "ticket", "list")
    other = tmp_path / "other.db"
    with sqlite3.connect(other) as connection:
        connection.execute("CREATE TABLE songs (name TEXT)")
    assert "belongs to another program" in shell.refused(
        1, "--db", f"sqlite:///{other}", "ticket", "list"
    )
    newer = Path(shutil.copy(shell.db, tmp_path / "newer.db"))
    with sqlite3.connect(newer) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    assert "made by a newer helpdesk" in shell.refused(1, "--db", str(newer), "ticket", "list")
    assert "/proc/no" in shell.refused(1, "--db", "/proc/no/desk.db", "ticket", "list")
    assert "are not supported" in shell.refused(1, "--db", "nosuch://x/y", "ticket", "list")


def test_a_clock_says_in_words_how_it_stands(shell: Shell) -> None:
    urgent = ("--impact", "high", "--urgency", "high")
    shell.json("ticket", "new", "-s", "one", *urgent)
    _age(shell, hours=5)
    printed = shell.run("ticket", "show", "1").stdout.decode()
    assert re.search(r"first response .* breached, 4h 4[45]m.* over", printed)
    shell.json("ticket", "set", "1", "--impact", "low", "--urgency", "low")
    shell.json("ticket", "reply", "1", "--by", "phone", "--text", "late")
    shell.json("ticket", "pend", "1", "--on", "requester")
    printed = shell.run("ticket", "show", "1").stdout.decode()
    assert re.search(r"first response .* met late", printed)
    assert re.search(r"resolution .* breached once, paused, .* left", printed)


def _age(shell: Shell, hours: int) -> None:
    """Move every time stored on the desk some hours into the past."""
    with sqlite3.connect(shell.db) as connection:
        for table, columns in (
            ("tickets", ("created_at", "updated_at", "due_rank", "warn_at")),
            ("ticket_events", ("at",)),
            ("ticket_clocks", ("due_at", "warn_at", "as_of")),
        ):
            moves = ", ".join(f"{column} = {column} - {hours * 3600}" for column in columns)
            connection.execute(f"UPDATE {table} SET {moves}")
