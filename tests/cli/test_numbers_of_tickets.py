"""A ticket's number finds it everywhere: its own, and the one of the program it came from."""

import pytest

from tests.cli.shell import Shell
from tests.exchange.samples import SERVICENOW


@pytest.fixture
def desk(shell: Shell) -> Shell:
    """A desk with HD-1, logged here, and one that was imported."""
    shell.run("ticket", "new", "-s", "logged here")
    assert shell.run("import", "-", "--map", "servicenow-log", stdin=SERVICENOW).returncode == 0
    return shell


@pytest.mark.parametrize("text", ["1", "HD-1", "hd1", "#1", "HD 1"])
def test_search_finds_a_ticket_by_its_number(desk: Shell, text: str) -> None:
    first = desk.json("search", text)[0]
    assert (first["id"], first["why"]) == ("HD-1", ["the number of the ticket"])
    assert desk.json("search", text, "--in", "tickets")[0]["id"] == "HD-1"
    assert all(hit["kind"] == "article" for hit in desk.json("search", text, "--in", "kb"))


def test_search_finds_an_imported_ticket_by_its_old_number(desk: Shell) -> None:
    (old,) = {line.split(",")[0] for line in SERVICENOW.splitlines()[1:2]}
    first = desk.json("search", old)[0]
    assert (first["id"], first["why"]) == ("HD-2", ["the number of the ticket"])


def test_a_number_that_is_no_ticket_finds_none(desk: Shell) -> None:
    assert all("the number of the ticket" not in hit["why"] for hit in desk.json("search", "999"))
