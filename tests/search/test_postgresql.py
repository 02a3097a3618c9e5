"""A desk on PostgreSQL with agents on several hosts: each host has its own search index."""

from pathlib import Path

import pytest

from helpdesk.desk.opening import open_desk
from helpdesk.desk.search.suggest import suggest
from helpdesk.desk.session import Desk
from helpdesk.desk.settings import Settings
from helpdesk.desk.ticket import log_query
from helpdesk.desk.ticket.resolving import Resolve
from helpdesk.desk.ticket.views import NewQuery
from tests.verbs import do


@pytest.fixture(params=["postgresql"])
def engine(request: pytest.FixtureRequest) -> str:
    """Run these tests on PostgreSQL only."""
    return str(request.param)


def found(desk: Desk, text: str) -> list[tuple[str, bool]]:
    """Return the tickets found, and whether each is marked as a repeat."""
    return [(hit.id, hit.repeat) for hit in suggest(desk, text, "tickets", typing=False).hits]


def test_what_is_logged_on_one_host_is_found_on_the_other(
    desk: Desk, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = log_query.log_query(desk, NewQuery("flurble makes a grinding noise"))
    assert found(desk, "flurble grinding noise") == [(first.ref, False)]
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "other-host"))
    other = open_desk(settings)
    assert other.library.index.file != desk.library.index.file
    assert found(other, "flurble grinding noise") == [(first.ref, False)]
    do(other, first.number, Resolve("oil it"))
    second = log_query.log_query(other, NewQuery("zorblax is slow"))
    assert found(desk, "flurble grinding noise") == [(first.ref, True)]
    assert found(desk, "zorblax slow") == [(second.ref, False)]
    assert not list(Path().glob("*-search-*"))
    other.close()
