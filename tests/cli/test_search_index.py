"""The search index holds all tickets, and each agent finds those that they may see."""

import sqlite3
from pathlib import Path

import pytest

from tests.cli.shell import Shell
from tests.postgres import Server

_POLICY = """
[customers.Secret]
domains = ["secret.example"]
confidential = ["{owner}"]
"""
_BOTH, _VISIBLE = {"HD-1", "HD-2"}, {"HD-2"}


@pytest.fixture
def secret(shell: Shell) -> Shell:
    """A desk with a ticket that only its owner may see, and one that the admin dan sees as well."""
    policy = shell.folder / "policy.toml"
    policy.write_bytes(
        shell.run("policy", "show").stdout + _POLICY.format(owner=shell.login).encode()
    )
    shell.json("policy", "apply", str(policy))
    shell.json("agent", "add", "dan", "--role", "admin", "--level", "L1")
    shell.json("ticket", "new", "-s", "flurbled takeover", "--requester", "x@secret.example")
    shell.json("ticket", "new", "-s", "flurbled toner", "--requester", "p@fab.example")
    shell.env["XDG_CACHE_HOME"] = str(shell.folder / "cache")
    return shell


def _found(shell: Shell, login: str, *words: str) -> set[str]:
    me, shell.login = shell.login, login
    try:
        hits = shell.json("search", *(words or ("flurbled",)), "--in", "tickets")
        return {hit["id"] for hit in hits}
    finally:
        shell.login = me


def _check(shell: Shell, login: str) -> None:
    me, shell.login = shell.login, login
    done = shell.run("db", "check")
    shell.login = me
    assert done.returncode == 0, done.stdout + done.stderr
    assert b"search index: ok (36 articles, 2 tickets)" in done.stdout


def _index_of(shell: Shell) -> Path:
    return next(shell.folder.glob("desk.db-search-????????"))


@pytest.mark.parametrize("fill", [_check, _found])
def test_an_index_made_by_somebody_who_may_not_see_a_ticket_holds_it(
    secret: Shell, fill: object
) -> None:
    assert _found(secret, secret.login) == _BOTH
    for file in secret.folder.glob("desk.db-search-*"):
        file.unlink()
    assert callable(fill)
    fill(secret, "dan")
    assert _found(secret, secret.login) == _BOTH
    assert _found(secret, "dan") == _VISIBLE
    _check(secret, "dan")
    _check(secret, secret.login)


@pytest.mark.parametrize("engine", ["sqlite", "postgresql"])
def test_after_a_copy_and_a_restored_backup_the_index_holds_all(
    secret: Shell, engine: str, request: pytest.FixtureRequest
) -> None:
    target = f"sqlite:///{secret.folder / 'copy.db'}"
    if engine == "postgresql":
        server: Server = request.getfixturevalue("postgres_server")
        target = server.make("copied_index")
    dan, owner = "dan", secret.login
    secret.login = dan
    secret.json("db", "copy", "--to", target)
    secret.login = owner
    secret.env["HELPDESK_DATABASE_URL"] = target
    for _ in range(2):
        _check(secret, dan)
        assert _found(secret, owner) == _BOTH
        assert _found(secret, dan) == _VISIBLE
        backup = str(secret.folder / "backup")
        secret.json("db", "backup", backup)
        secret.json("ticket", "new", "-s", "flurbled afterwards")
        assert _found(secret, owner) == {*_BOTH, "HD-3"}
        secret.json("db", "restore", backup, "--replace")


def test_what_was_entered_before_a_restored_backup_is_not_found_though_as_much_came_after(
    secret: Shell,
) -> None:
    backup = str(secret.folder / "backup")
    secret.json("db", "backup", backup)
    secret.json("ticket", "new", "-s", "flurbled zorblax")
    secret.json("ticket", "note", "2", "--text", "grunkle")
    assert _found(secret, secret.login, "grunkle") == {"HD-2"}
    secret.json("db", "restore", backup, "--replace")
    # The new desk has as many timeline entries as the one before, and more; they are others.
    secret.json("ticket", "note", "1", "--text", "wibbly")
    for number in range(5):
        secret.json("ticket", "new", "-s", f"snorgle {number}")
    assert _found(secret, secret.login, "grunkle") == set()
    assert _found(secret, secret.login, "wibbly") == {"HD-1"}
    assert _found(secret, secret.login, "zorblax") == set()
    assert len(_found(secret, secret.login, "snorgle")) == 5


def test_an_index_that_lacks_tickets_is_filled_again_by_the_check(secret: Shell) -> None:
    _check(secret, "dan")
    with sqlite3.connect(_index_of(secret)) as index:
        index.execute("DELETE FROM docs WHERE ref = 'HD-1'")
        index.execute("UPDATE docs SET ref = 'HD-9' WHERE ref = 'HD-2'")
    done = secret.run("db", "check")
    assert done.returncode == 0
    assert b"it lacked 2 tickets and had 1 too many: it was filled again" in done.stdout
    assert _found(secret, secret.login) == _BOTH


def test_a_desk_whose_index_alone_is_not_whole_needs_no_backup(
    secret: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    _check(secret, "dan")
    with sqlite3.connect(_index_of(secret)) as index:
        index.execute("DELETE FROM docs WHERE ref = 'HD-1'")
    monkeypatch.setattr("helpdesk.desk.library.Library.refresh", lambda library: False)
    done = secret.run("db", "check")
    assert done.returncode == 1
    assert f"delete {_index_of(secret)}".encode() in done.stdout
    assert b"the desk's data is whole" in done.stderr
    assert b"restore" not in done.stderr
