"""Text that is not UTF-8 is read by the locale; a byte order mark is no part of any file."""

import os
from pathlib import Path

import pytest

from helpdesk.desk.ssh.host_file import host_rules
from helpdesk.tui.widgets.keymap import read_key_file
from tests.cli.shell import Done, Shell

_MARK = b"\xef\xbb\xbf"
_NAME = "M\u00fcller"


def _run(shell: Shell, arguments: list[bytes], stdin: bytes) -> Done:
    """Run a command in a real process, whose arguments are bytes."""
    return shell.process(*map(os.fsdecode, arguments), stdin=stdin)


@pytest.mark.parametrize(
    ("locale", "encoding"),
    [
        *(("de_DE.ISO-8859-1", "latin-1"), ("de_DE.ISO-8859-15@euro", "iso8859-15")),
        *(("de_DE.ISO-8859-1", "utf-8"), ("de_DE.UTF-8", "utf-8"), ("C", "utf-8")),
        *(("", "utf-8"), ("ru_RU.KOI8-R", "utf-8"), ("ja_JP.SJIS", "utf-8")),
    ],
)
def test_text_is_read_by_the_locale(shell: Shell, locale: str, encoding: str) -> None:
    shell.env["LC_ALL"] = locale
    raw = _NAME.encode(encoding)
    done = _run(shell, [b"ticket", b"new", b"-s", raw, b"-b", b"-"], raw)
    assert (done.returncode, done.stderr) == (0, b"")
    shown = shell.json("ticket", "show", "1")
    assert (shown["subject"], shown["body"]) == (_NAME, _NAME)


def test_text_that_the_locale_cannot_read_is_refused(shell: Shell) -> None:
    raw = _NAME.encode("latin-1")
    by_argument = _run(shell, [b"ticket", b"new", b"-s", raw], b"")
    by_input = _run(shell, [b"ticket", b"new", b"-s", b"x", b"-b", b"-"], raw)
    cure = "convert it, or name its encoding, such as LC_ALL=de_DE.ISO-8859-1."
    for done, title in (
        (by_argument, "the argument 'M\ufffdller'"),
        (by_input, "standard input"),
    ):
        assert done.returncode == 1
        assert done.stderr.decode() == f"helpdesk: {title} is not UTF-8 text (byte 2): {cure}\n"
    assert shell.json("ticket", "list") == []


def test_utf_16_is_refused_whatever_the_locale_is(shell: Shell) -> None:
    shell.env["LC_ALL"] = "de_DE.ISO-8859-1"
    said = shell.refused(1, "ticket", "new", "-s", "x", "-b", "-", stdin=_NAME.encode("utf-16"))
    assert "standard input is not UTF-8 text (byte 1)" in said
    assert shell.json("ticket", "list") == []


def test_a_file_may_have_a_name_in_any_encoding(shell: Shell) -> None:
    name = os.fsdecode(_NAME.encode("latin-1"))
    policy = shell.folder / f"{name}.toml"
    policy.write_bytes(shell.run("policy", "show").stdout)
    assert shell.run("policy", "check", str(policy)).returncode == 0
    kb = shell.kb.rename(shell.folder / name)
    assert shell.run("--kb", str(kb), "kb", "list").returncode == 0


def test_every_file_may_begin_with_a_byte_order_mark(shell: Shell, tmp_path: Path) -> None:
    file = shell.folder / "marked"

    def marked(content: bytes, ending: str = "") -> str:
        file.with_suffix(ending).write_bytes(_MARK + content)
        return str(file.with_suffix(ending))

    policy = marked(shell.run("policy", "show").stdout, ".toml")
    assert shell.run("policy", "check", policy).stdout.endswith(b"0 mistakes.\n")
    macros = marked(b'[replies.thanks]\ntext = "thank you"\n', ".toml")
    assert shell.run("macro", "check", macros).stdout == b"no mistakes.\n"
    assert shell.json("macro", "apply", macros)[0]["name"] == "thanks"
    batch = marked(b'{"q": "vpn"}\n', ".jsonl")
    assert shell.run("search", "--batch", batch).stdout.startswith(b'{"q": "vpn"')
    cases = marked(b'{"cases": []}', ".json")
    assert "not JSON" not in shell.run("sla", "simulate", cases).stderr.decode()
    anchor = shell.run("report", "audit", "--anchor").stdout
    checked = shell.json("report", "audit", "--check-anchors", marked(anchor, ".txt"))
    assert checked == {"anchors": 1, "faults": []}
    article = shell.kb / "marked.md"
    article.write_bytes(_MARK + b"---\ntitle: Marked\n---\n## Answer\nyes\n")
    assert "Marked" in shell.run("kb", "list").stdout.decode()


def test_standard_input_may_begin_with_a_byte_order_mark(shell: Shell) -> None:
    shell.json("ticket", "new", "-s", "x", "-b", "-", stdin=_MARK + b"details")
    assert shell.json("ticket", "show", "1")["body"] == "details"
    assert shell.json("ticket", "claim", "-", stdin=_MARK + b"HD-1\n")["state"] == "open"
    assert shell.run("macro", "check", "-", stdin=_MARK + b"").returncode == 0


@pytest.mark.parametrize("encoding", ["", "utf-8", "latin-1"])
def test_an_import_and_its_mapping_may_begin_with_a_byte_order_mark(
    shell: Shell, encoding: str
) -> None:
    mapping, rows = shell.folder / "own.toml", shell.folder / "rows.csv"
    mapping.write_bytes(
        _MARK
        + b'[source]\nname = "old"\nformat = "csv"\n[ticket]\nid = "Number"\nsubject = "Title"\n'
        + b'created_at = "Opened"\nstate = "State"\n[values.state]\nopen = "new"\n'
    )
    rows.write_bytes(
        _MARK + f"Number,Title,Opened,State\n7,{_NAME},2026-01-02T08:00:00Z,open\n".encode()
    )
    option = ["--encoding", encoding] if encoding else []
    done = shell.run("import", str(rows), "--map", str(mapping), *option)
    assert done.returncode == 0, done.stderr.decode()
    assert [row["subject"] for row in shell.json("ticket", "list")] == [_NAME]


def test_the_files_of_the_configuration_may_begin_with_a_byte_order_mark(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys = tmp_path / "keys.toml"
    keys.write_bytes(_MARK + b'[keys]\nlog = "f20"\n')
    assert read_key_file(keys) == {"log": "f20"}
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    (tmp_path / "helpdesk").mkdir()
    (tmp_path / "helpdesk" / "door.toml").write_bytes(_MARK + b'anchors = "/a"\n')
    assert host_rules().anchors == "/a"
