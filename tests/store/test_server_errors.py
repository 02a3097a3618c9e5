"""Every error of a database server is reported in one sentence, and quickly."""

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from helpdesk.desk.session import Desk
from helpdesk.desk.ticket import log_query, show_ticket
from helpdesk.desk.ticket.views import NewQuery
from helpdesk.domain.errors import UnavailableError
from helpdesk.store.database.file_system import network_file_system
from helpdesk.store.database.migrate import open_database
from helpdesk.store.database.url import parse_url
from tests.postgres import ResettableDatabase, Server


@pytest.fixture
def engine() -> str:
    """PostgreSQL; the errors of SQLite files are in ``test_errors.py``."""
    return "postgresql"


def _refused(url: str) -> str:
    with pytest.raises(UnavailableError) as caught:
        open_database(parse_url(url))
    message = str(caught.value)
    assert message.endswith(".")
    assert "\n" not in message
    assert "secret" not in message
    return message


@pytest.fixture
def host(postgres_server: Server) -> Iterator[str]:
    """The host of a URL whose user must give a password."""
    with postgres_server.connect() as connection:
        connection.execute("CREATE ROLE kim LOGIN PASSWORD 'right'")
    yield f"?host={postgres_server.folder}"
    with postgres_server.connect() as connection:
        connection.execute("DROP ROLE kim")


def test_a_wrong_password(host: str, postgres: ResettableDatabase) -> None:
    assert "the user or the password is wrong" in _refused(f"postgresql://kim:secret@/desk{host}")
    assert "wants a password: put it into ~/.pgpass" in _refused(f"postgresql://kim@/desk{host}")


def test_a_user_without_rights(host: str, postgres: ResettableDatabase) -> None:
    message = _refused(f"postgresql://kim:right@/desk{host}")
    assert "is read-only for you" in message or "not a helpdesk database" in message


def test_a_missing_database_or_server(postgres_server: Server) -> None:
    folder = postgres_server.folder
    assert "make it with createdb" in _refused(f"postgresql://postgres@/gone?host={folder}")
    assert "no server listens there" in _refused("postgresql://x:secret@/desk?host=/nowhere")
    assert "no server listens there" in _refused("postgresql://x:secret@127.0.0.1:9/desk")
    assert "whose name is not known" in _refused("postgresql://x:secret@no-such.invalid/desk")


def test_a_host_that_hangs() -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen(1)
        port = silent.getsockname()[1]
        message = _refused(f"postgresql://x:secret@127.0.0.1:{port}/desk?connect_timeout=2")
    assert "does not answer: check the host, the port and the network" in message


def test_a_closed_connection_is_opened_again(desk: Desk, postgres: ResettableDatabase) -> None:
    log_query.log_query(desk, NewQuery("before"))
    feed_before = desk.feed.mark()
    postgres.disconnect_all()
    assert log_query.log_query(desk, NewQuery("after")).number == 2
    postgres.disconnect_all()
    assert desk.feed.mark() > feed_before  # also commits while nobody listened are noticed


def test_tables_that_are_changed_while_a_program_reads_them(
    desk: Desk, postgres: ResettableDatabase, postgres_server: Server
) -> None:
    ticket = log_query.log_query(desk, NewQuery("before"))
    for _ in range(16):  # until the server caches its plan
        show_ticket.show(desk, ticket.number)
    with postgres_server.connect(desk.database.url.database or "") as connection:
        connection.execute("ALTER TABLE tickets ALTER COLUMN hand_overs TYPE bigint")
    with pytest.raises(UnavailableError, match="was changed while this program was open: try ag"):
        show_ticket.show(desk, ticket.number)
    assert show_ticket.show(desk, ticket.number).subject == "before"


def test_a_database_of_another_encoding_is_refused_before_it_is_set_up(
    postgres_server: Server,
) -> None:
    with postgres_server.connect() as connection:
        connection.execute(
            "CREATE DATABASE narrow ENCODING 'LATIN1' LC_COLLATE 'C' LC_CTYPE 'C'"
            " TEMPLATE template0"
        )
    assert "encoding LATIN1" in _refused(postgres_server.url("narrow"))


_MOUNTS = """\
22 1 0:20 / / rw shared:1 - ext4 /dev/sda1 rw
30 22 0:40 / /srv/with\\040blank rw shared:2 - nfs4 host:/export rw
31 30 0:41 / /srv/with\\040blank/local rw - xfs /dev/sdb rw
32 22 0:42 / /home/kim rw - fuse.sshfs kim@host: rw
33 22 0:43 / /home/kim rw - ext4 /dev/sdc rw
not a mount
"""


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/", ""),
        ("/srv", ""),
        ("/srv/with blank", "nfs4"),
        ("/srv/with blank/deep/down", "nfs4"),
        ("/srv/with blank/local/desk", ""),
        ("/srv/with blankets", ""),
        ("/home/kim", ""),
    ],
)
def test_a_file_on_a_network_file_system_is_noticed(tmp_path: Path, path: str, kind: str) -> None:
    (tmp_path / "mounts").write_text(_MOUNTS)
    assert network_file_system(Path(path), tmp_path / "mounts") == kind
    assert network_file_system(Path(path), tmp_path / "gone") == ""
