"""Hostile text is printed as inert text, and kept unchanged in JSON documents."""

import json
import re
import sys
from contextlib import closing
from typing import Any, cast

import pexpect
import pytest

from tests.cli.shell import Shell
from tests.hostile import ARTICLE, ENTITIES
from tests.terminal_stream import harmful

EVIL = "\x1b[31mred\x07 \x9b2J \u202eevil [bold]x[/bold] '; DROP TABLE tickets;--"
_BROKEN = "\udcff"  # how Python passes on a byte of an argument that is not UTF-8


def test_text_of_a_ticket_cannot_control_the_terminal(shell: Shell) -> None:
    evil = EVIL + "\n2026-01-01 09:00  root  resolved"
    shell.json("ticket", "new", "-s", EVIL, "-b", evil, "--requester", f"{EVIL} <a@b.example>")
    shell.json("ticket", "reply", "1", "--by", "phone", "--text", evil)
    shell.json("ticket", "note", "1", "--text", "-", stdin=evil)
    shell.json(
        *("ticket", "escalate", "1", "--to", "L2", "--reason", evil, "--note", evil),
        *("--tried", evil, "--known", evil),
    )
    shown = shell.json("ticket", "show", "1")
    assert (shown["subject"], shown["body"]) == (EVIL, evil)
    assert [event["text"] for event in shown["events"] if event["text"]] == [evil, evil]
    hand_over = shown["hand_over"]
    assert [hand_over[part] for part in ("reason", "tried", "known", "asked")] == [evil] * 4
    for command in (("show", "1"), ("list",), ("claim", "1")):
        printed = shell.run("ticket", *command).stdout.decode()
        assert "␛[31mred␇ ‹9B›2J ‹U+202E›evil [bold]x[/bold]" in printed
        assert not {"\x1b", "\x07", "\x9b", "\u202e"} & set(printed)
        # No text can look like an entry of the timeline.
        assert not any(line.startswith("2026-01-01") for line in printed.splitlines())


@pytest.mark.parametrize(
    ("code", "arguments"),
    [
        (1, ("ticket", "show", EVIL)),
        (1, ("ticket", "assign", "1", "--to", EVIL)),
        (1, ("ticket", "new", "-s", "x", "--requester", EVIL)),
        (1, ("ticket", "new", "-s", "x", "--customer", EVIL)),
        (1, ("ticket", "pend", "1", "--on", "date", "--until", EVIL)),
        (1, ("ticket", "resolve", "1", "--article", EVIL)),
        (1, ("agent", "add", EVIL, "--level", "L1")),
        (1, ("--as", EVIL, "ticket", "list")),
        (1, ("--db", "/proc/" + EVIL, "ticket", "list")),
        (1, ("--kb", EVIL, "kb", "list")),
        (2, ("ticket", "list", EVIL)),
        (2, ("ticket", "list", "--queue", EVIL)),
        (2, ("ticket", "lose\nit")),
        (2, ("ticket", "list", "--limit", "9" * 5000)),
        (1, ("ticket", "assign", "1", "--to", _BROKEN)),
        (1, ("ticket", "new", "-s", "x", "--requester", f"{_BROKEN}@b.example")),
        (1, ("ticket", "new", "-s", "x", "--service", _BROKEN)),
        (1, ("ticket", "list", "--assignee", _BROKEN)),
        (1, ("--as", _BROKEN, "ticket", "list")),
    ],
)
def test_a_refusal_is_one_inert_sentence(
    shell: Shell, code: int, arguments: tuple[str, ...]
) -> None:
    shell.run("ticket", "new", "-s", "one")
    said = shell.refused(code, *arguments)
    assert said.rstrip("\n").isprintable()
    assert len(shell.json("ticket", "list")) == 1


def test_every_text_that_is_not_utf8_is_refused_and_nothing_is_stored(shell: Shell) -> None:
    shell.run("ticket", "new", "-s", "one")
    before = shell.json("ticket", "show", "1")["version"]
    for command in (
        "ticket new -s X",
        "ticket new -s two -b -",
        *(f"ticket {verb} 1 --text -" for verb in ("reply --by phone", "note", "receive")),
        "ticket escalate 1 --to L2 --reason X --note -",
        "ticket escalate 1 --to L3 --reason a --note -",
        *(f"ticket escalate 1 --to L3 --reason a --{part} X" for part in ("tried", "known")),
        "ticket escalate 1 --to L3 --reason a --references X",
        "ticket return 1 --to L1 --reason a --note -",
        "ticket escalate 1 --to lead --reason a --note -",
        "ticket split 1 -s a -b -",
        "ticket set 1 --subject X",
        "ticket set 1 --add-requester X",
        "ticket time 1 5m --note X",
        "ticket time 1 5m --note -",
        "ticket resolve 1 --text -",
        "ticket reopen 1 --reason X",
        "ticket claim -",
        "ticket list --query X",
        "view save mine X",
        "report audit --agent X",
        "agent add bob --level L1 --name X",
        "people add X",
        "people add Ann --note -",
        "customer set Contoso --note -",
        "search X",
        "search -",
        "search --batch -",
        "macro check -",
        "macro apply -",
        "policy check -",
        "policy apply -",
        "sla simulate -",
        "kb new vpn/new.md --title X",
        "manual --search X",
    ):
        words = [f"a{_BROKEN}b" if word == "X" else word for word in command.split()]
        said = shell.refused(1, *words, stdin=b'{"q": "a\xffb"}')
        assert "UTF-8" in said, command
        assert "\ufffd" not in said or "X" in command, command
    assert shell.json("ticket", "show", "1")["version"] == before
    assert len(shell.json("ticket", "list")) == 1
    assert shell.json("people", "list") == []


def test_a_name_with_bytes_that_are_not_utf8_is_refused(shell: Shell) -> None:
    shell.run("ticket", "new", "-s", "one")
    broken = f"a{_BROKEN}b"
    unreadable = "the argument 'a\ufffdb' is not UTF-8 text (byte 2)"
    for command, said in (
        ("ticket assign 1 --to X", unreadable),
        ("ticket list --assignee X", unreadable),
        ("agent set X --name Ann", unreadable),
        ("agent disable X", unreadable),
        ("agent key list X", unreadable),
        ("agent key remove X X", unreadable),
        ("--as X ticket list", unreadable),
        ("ticket resolve 1 --article X", unreadable),
        ("ticket set 1 --tag X", unreadable),
        ("ticket list --view X", unreadable),
        ("macro run X 1", unreadable),
        ("db backup X", "'a\ufffdb' holds bytes that are not UTF-8: name another place"),
        ("sla simulate -", "- is not UTF-8 text (byte 9)"),
    ):
        words = [broken if word == "X" else word for word in command.split()]
        assert said in shell.refused(1, *words, stdin=b'{"q": "a\xffb"}'), command


def test_wrong_arguments_are_named(shell: Shell) -> None:
    shell.run("ticket", "new", "-s", "one")
    for text in ("", ",", "L1,", "L5"):
        assert "is not one of: L1" in shell.refused(2, "agent", "add", "bob", "--level", text)
    for number in ("0", "-1", "x", "²"):
        assert "whole number" in shell.refused(2, "ticket", "list", f"--limit={number}")
    assert "the reply is empty" in shell.refused(
        1, "ticket", "reply", "1", "--by", "phone", "--text", "-"
    )
    assert "name a field to set" in shell.refused(1, "ticket", "set", "1")
    assert "no level below" in shell.refused(1, "ticket", "return", "1", "--reason", "x")
    assert "home of an unknown login" in shell.refused(1, "--kb", "~no-such-login/kb", "kb", "list")
    assert "home of an unknown login" in shell.refused(
        1, "--db", "~no-such-login/x", "ticket", "list"
    )
    assert "unrecognized" in shell.refused(2, "ticket", "list", "--que", "L1")


def test_an_export_is_harmless_on_a_terminal_and_unchanged_in_a_pipe(shell: Shell) -> None:
    evil = f"{EVIL} \x1b]2;title"
    shell.json("ticket", "new", "-s", evil, "-b", evil)
    shell.json("ticket", "reply", "1", "--by", "phone", "--text", evil)
    for command in ("export tickets", "export events"):
        words = ("--format", "csv") if "tickets" in command else ()
        piped = shell.process(*command.split(), *words).stdout.decode()
        assert evil in piped, command
        printed = on_terminal(shell, *command.split(), *words)
        assert "␛[31mred␇ ‹9B›2J ‹U+202E›evil [bold]x" in printed, command
        assert harmful(printed.replace("\r\n", "")) == [], command


def test_entities_in_an_article_for_what_cannot_be_seen_are_decoded_nowhere(shell: Shell) -> None:
    (shell.kb / "entities.md").write_text(ARTICLE, encoding="utf-8")
    assert ENTITIES in shell.json("kb", "show", "entities.md")["body"]
    shell.json("ticket", "new", "-s", "one", "--requester", "x@x.example")
    done = shell.run("ticket", "resolve", "1", "--article", "entities.md", "--json")
    assert b"entities.md has errors; check what is sent: line" in done.stderr
    resolved = json.loads(done.stdout)
    (sent,) = [event["text"] for event in resolved["events"] if event["type"] == "replied"]
    seen = {"&amp;": "&", "&lt;": "<", "&gt;": ">"}
    expected = re.sub("|".join(seen), lambda found: seen[found[0]], ENTITIES)
    assert f"First {expected}" in sent
    for command in (
        "kb show entities.md",
        "kb list",
        "kb check",
        "kb stats",
        "search entities --in kb",
        "ticket show 1",
        "export events",
        "report kpi --format html",
    ):
        printed = shell.process(*command.split()).stdout.decode().replace("\r\n", "\n")
        assert printed, command
        assert harmful(printed) == [], command


def test_an_error_on_a_terminal_is_harmless(shell: Shell) -> None:
    printed = on_terminal(shell, "ticket", "list", "--query", f"subject:'{EVIL}")
    assert "helpdesk: " in printed
    assert harmful(printed.replace("\r\n", "")) == []


def on_terminal(shell: Shell, *arguments: str) -> str:
    """Return what a command prints on a terminal, on both of its streams."""
    with closing(
        pexpect.spawn(
            sys.executable,
            ["-m", "helpdesk", *arguments],
            env=cast(Any, shell.env),
            dimensions=(24, 400),
            timeout=60,
        )
    ) as child:
        return cast(bytes, child.read()).decode()
