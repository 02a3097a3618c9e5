"""A desk on PostgreSQL behind a real sshd, whose password stands in the account's ``~/.pgpass``."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import postgres
from tests.ssh.conftest import require_sshd
from tests.ssh.server import Server


@pytest.fixture(scope="module")
def server(
    tmp_path_factory: pytest.TempPathFactory,
    postgres_server: postgres.Server,  # without PostgreSQL, it says what becomes of the tests
) -> Iterator[Server]:
    """A host whose desk is in PostgreSQL, and is opened as a role that needs a password."""
    require_sshd()
    with postgres.running() as database:
        with database.connect() as connection:
            connection.execute("CREATE ROLE kim LOGIN PASSWORD 'right'")
            connection.execute("CREATE DATABASE desk OWNER kim")
        host = Server(tmp_path_factory.mktemp("postgresql"))
        own_url = database.url("desk").replace("//postgres@", "//kim@")
        assert own_url.startswith("postgresql://kim@")
        host.env["HELPDESK_DATABASE_URL"] = own_url
        _passwords(host).write_text("*:*:desk:kim:right\n")
        _passwords(host).chmod(0o600)
        host.done("db", "upgrade")
        host.let_in("ann", "L1")
        with host.serving():
            yield host


def _passwords(host: Server) -> Path:
    return host.home / ".pgpass"


def test_commands_and_the_app_work_within_the_fences(server: Server) -> None:
    logged = server.ssh("ann", "ticket new -s printer -b -", stdin="it hums\n")
    assert (logged.returncode, logged.stderr) == (0, "")
    assert "printer" in server.ssh("ann", "search printer").stdout
    assert "printer" in server.ssh("ann", "ticket list").stdout
    opened = server.terminal("ann")
    opened.wait_for("printer")
    opened.type("q")
    assert opened.wait_for_end() == 0


def test_a_wrong_password_is_a_sentence_without_it(server: Server) -> None:
    right = _passwords(server).read_text()
    _passwords(server).write_text("*:*:desk:kim:wr0ng\n")
    try:
        refused = server.ssh("ann", "ticket list")
    finally:
        _passwords(server).write_text(right)
    assert refused.returncode == 1
    assert "Traceback" not in refused.stderr
    assert "wr0ng" not in refused.stderr
