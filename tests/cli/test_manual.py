"""``helpdesk manual`` as users and scripts run it."""

import os
import pty
import subprocess
import sys
import tomllib
from importlib.resources import files
from pathlib import Path

import pytest

from helpdesk.manual.layout import lay_out
from helpdesk.manual.pages import NAMES, read_page
from tests.cli.shell import ROOT, Shell
from tests.cli.test_import_hygiene import loaded, modules


def test_pages_are_listed_shown_and_searched_without_a_desk(tmp_path: Path) -> None:
    shell = Shell(tmp_path)
    listed = shell.run("manual").stdout.decode()
    assert [line.split()[0] for line in listed.splitlines()[1:]] == list(NAMES)
    page = shell.run("manual", "running").stdout.decode()
    assert page == read_page("running").text
    assert [one["name"] for one in shell.json("manual")] == list(NAMES)
    assert shell.json("manual", "Running.md")["title"] == "Run the help desk"
    hits = shell.json("manual", "--search", "restore backup")
    assert {"page", "heading", "anchor", "line"} == set(hits[0])
    assert "running" in {hit["page"] for hit in hits}
    assert shell.json("manual", "words", "--search", "restore --replace") == []
    assert shell.run("manual", "--search", "nobody-wrote-this").stdout == b"nothing found.\n"
    assert not shell.db.exists()


def test_unknown_pages_and_empty_searches_are_refused(tmp_path: Path) -> None:
    shell = Shell(tmp_path)
    said = shell.refused(1, "manual", "\x1b[2Jruning")
    assert "getting-started, agent" in said
    assert "\x1b" not in said
    assert "name a word after --search" in shell.refused(1, "manual", "--search", " ")


def test_it_loads_neither_the_app_nor_the_desk(tmp_path: Path) -> None:
    assert not loaded(tmp_path, "manual", "agent") & {"textual", "rich", "sqlalchemy"}
    assert "helpdesk.manual.pages" not in modules(tmp_path, "--help")


def in_terminal(shell: Shell, *arguments: str, **env: str) -> str:
    """Return what a command shows on a terminal."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "helpdesk", *arguments],
        env={**shell.env, **env},
        cwd=shell.folder,
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
    )
    os.close(theirs)
    shown = b""
    try:
        while part := os.read(ours, 4096):
            shown += part
    except OSError:  # the other end is closed
        pass
    os.close(ours)
    assert process.wait() == 0
    return shown.decode().replace("\r\n", "\n")


def test_on_a_terminal_a_page_goes_to_the_pager(tmp_path: Path) -> None:
    shell = Shell(tmp_path)
    pager = tmp_path / "my pager"
    pager.write_text("#!/bin/sh\necho PAGED; head -n 1\n")
    pager.chmod(0o700)
    assert in_terminal(shell, "manual", "words", PAGER=f"'{pager}' -x") == "PAGED\n# Words\n"


def test_without_a_pager_a_page_is_printed(tmp_path: Path) -> None:
    shown = in_terminal(Shell(tmp_path), "manual", "words", PAGER="/nowhere/pager")
    assert shown.startswith("# Words\n\n")
    assert "|" not in shown  # tables are laid out


def test_over_ssh_no_pager_is_started(
    shell: Shell, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    shell.run("ticket", "list")
    door = ("door", "--db", str(shell.db), "--kb", str(shell.kb), "--home", str(tmp_path))
    shown = in_terminal(
        shell,
        *(*door, "--as", shell.login),
        SSH_ORIGINAL_COMMAND="manual words",
        PAGER="/bin/false",
    )
    assert shown.startswith("# Words\n\n")


@pytest.mark.parametrize("width", [55, 80, 100])
@pytest.mark.parametrize("name", NAMES)
def test_a_page_is_laid_out_for_a_width_and_loses_no_word(name: str, width: int) -> None:
    text = read_page(name).text
    lines = [line.text for line in lay_out(text, width)]
    assert max(map(len, lines)) <= width
    if width == 100:
        shown = "".join("".join(lines).split())
        assert [word for word in text.split() if word.isalpha() and word not in shown] == []


def test_the_pages_are_shipped_with_the_package() -> None:
    build = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["hatch"]["build"]
    # Every file of the package is in the wheel unless a rule excludes it.
    assert build["targets"]["wheel"]["packages"] == ["helpdesk"]
    for rules in (build, build["targets"]["wheel"]):
        assert not {"exclude", "include", "only-include"} & set(rules)
    assert (
        "*.md" not in (ROOT / ".gitignore").read_text().split()
    )  # ignored files are left out as well
    package = files("helpdesk")
    assert all(package.joinpath("manual", f"{name}.md").is_file() for name in NAMES)
