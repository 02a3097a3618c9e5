"""Values that begin with a dash are values, however much they look like options."""

from itertools import cycle

import pytest

from tests.cli.hostile_shell import leaves
from tests.cli.shell import Shell

_VALUE = "-tag:vip"


def test_each_option_takes_a_value_that_begins_with_a_dash(shell: Shell) -> None:
    """What is wrong with the value may be told; that it is missing may not."""
    tried = 0
    values = cycle((_VALUE, "-2+3", "-x=y", "--x", "-0.5", "- [ ] a list"))
    for words, parser in leaves():
        for action in parser._actions:
            if not action.option_strings or action.nargs == 0 or words in ("demo", "manual"):
                continue
            for option in action.option_strings:
                value = next(values)
                said = shell.refused(2, *words.split(), option, value, "--no-such-option")
                assert "missing" not in said, said
                assert "expected" not in said, said
                assert f": {value};" not in said, said
                tried += 1
    assert tried > 100


def test_a_query_and_texts_that_begin_with_a_dash(shell: Shell) -> None:
    shell.json("ticket", "new", "-s", "-2+3", "-b", "-b is what it prints")
    shell.json("ticket", "new", "--subject", "plain")
    shell.json("ticket", "set", "HD-2", "--tag", "+vip,+x")
    assert [row["id"] for row in shell.json("ticket", "list", "--query", "-tag:vip")] == ["HD-1"]
    shown = shell.json("ticket", "show", "HD-1")
    assert (shown["subject"], shown["body"]) == ("-2+3", "-b is what it prints")
    assert shell.json("ticket", "set", "HD-2", "--tag", "-vip")["tags"] == ["x"]
    exported = shell.run("export", "tickets", "--query", "-tag:x").stdout.decode()
    assert exported.count("\nHD-") == 1
    for text in ("-n", "--", "--json"):
        shell.json("ticket", "note", "HD-1", f"--text={text}")
    notes = [event for event in shell.json("ticket", "show", "HD-1")["events"] if event["text"]]
    assert [note["text"] for note in notes][-3:] == ["-n", "--", "--json"]


def test_texts_that_are_no_options_values_may_begin_with_a_dash(shell: Shell) -> None:
    shell.json("view", "save", "calm", "-tag:vip")
    shell.json("view", "save", "-mine", "state:open", "--columns", "id")
    assert shell.json("view", "show", "calm")["query"] == "-tag:vip"
    assert shell.run("view", "show", "--", "-mine").stdout.decode().startswith("state:open")
    assert shell.run("search", "-keepalive", "--in", "kb").returncode == 0
    assert shell.run("people", "find", "-ortiz").returncode == 0


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (
            ("ticket", "note", "1", "--text", "--json"),
            "value is missing before --json; if that is the value, write --text=--json;",
        ),
        (("ticket", "list", "--query", "--"), "write --query=--;"),
        (("ticket", "new", "-s", "-b", "x"), "write --subject=-b;"),
        (("ticket", "list", "--que", "L1"), "--queue may be meant;"),
        (("ticket", "show", "-mine"), "required"),
        (("ticket", "show", "1", "-x"), "begins with a dash is written behind --;"),
        (("search", "vpn", "drops"), "a value of several words is written in quotes;"),
    ],
)
def test_what_may_be_meant_is_named(shell: Shell, words: tuple[str, ...], sentence: str) -> None:
    said = shell.refused(2, *words)
    assert sentence in said
    assert said.startswith(f"helpdesk {' '.join(words[:1])}")
    assert " --help'." in said
