"""Only the roles that work on tickets serve levels: others get no ticket, and need no level."""

import sqlite3
from contextlib import closing

import pytest

from tests.cli.shell import Shell

_NOT_WORKING = ["editor", "auditor"]


def _store_levels(shell: Shell, login: str, *levels: str) -> None:
    """Store levels of an agent as earlier versions did for every role."""
    with closing(sqlite3.connect(shell.db)) as db, db:
        (number,) = db.execute("SELECT id FROM agents WHERE login = ?", [login]).fetchone()
        for level in levels:
            db.execute("INSERT INTO agent_levels VALUES (?, ?)", [number, level])


@pytest.mark.parametrize("role", _NOT_WORKING)
def test_a_role_that_does_not_work_on_tickets_needs_no_level(shell: Shell, role: str) -> None:
    done = shell.run("agent", "add", "eve", "--role", role)
    assert done.stdout.decode() == f"eve added ({role}, no level).\n"
    ignored = shell.run("agent", "add", "una", "--role", role, "--level", "L2").stdout.decode()
    assert ignored.startswith(f"una added ({role}, no level).\n")
    assert "--level was ignored" in ignored
    listed = {agent["login"]: agent for agent in shell.json("agent", "list")}
    assert listed["eve"]["levels"] == listed["una"]["levels"] == []


@pytest.mark.parametrize("role", ["agent", "lead", "admin"])
def test_a_role_that_works_on_tickets_needs_a_level(shell: Shell, role: str) -> None:
    said = shell.refused(2, "agent", "add", "eve", "--role", role)
    assert "name the levels that the agent serves: --level L1" in said
    assert shell.run("agent", "add", "eve", "--role", role, "--level", "L1").returncode == 0


def test_another_role_takes_the_levels_away_and_brings_them_back(shell: Shell) -> None:
    shell.run("agent", "add", "bea", "--level", "L1,L2")
    assert shell.json("agent", "set", "bea", "--role", "editor", "--level", "L3")["levels"] == []
    assert shell.json("agent", "set", "bea", "--role", "agent")["levels"] == ["L1", "L2"]


def test_who_has_had_no_level_is_given_one_with_a_role_that_needs_it(shell: Shell) -> None:
    shell.run("agent", "add", "eve", "--role", "editor")
    said = shell.refused(1, "agent", "set", "eve", "--role", "agent")
    assert "name the levels they serve as agent (--level)" in said
    both = shell.json("agent", "set", "eve", "--role", "agent", "--level", "L2")
    assert (both["role"], both["levels"]) == ("agent", ["L2"])


@pytest.mark.parametrize("role", _NOT_WORKING)
def test_stored_levels_of_such_a_role_bring_no_ticket(shell: Shell, role: str) -> None:
    shell.run("agent", "add", "eve", "--role", role)
    shell.run("agent", "set", shell.login, "--level", "L1")
    _store_levels(shell, "eve", "L1", "L3")
    shell.run("ticket", "new", "-s", "one")
    note = ("--reason", "r", "--tried", "t", "--known", "k", "--note", "a", "--references", "x")
    said = shell.refused(1, "ticket", "escalate", "1", "--to", "L3", *note)
    assert "nobody serves it" in said
    assert f"eve ({role}) does not work on tickets" in shell.refused(
        1, "ticket", "assign", "1", "--to", "eve"
    )
    ticket = shell.json("ticket", "show", "1")
    assert (ticket["queue"], ticket["assignee"]) == ("L1", None)
    members = {level["level"]: level["members"] for level in shell.json("levels")}
    assert members == {"L1": [shell.login], "L2": [], "L3": [], "L4": []}
