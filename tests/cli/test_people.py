"""``helpdesk people`` and ``helpdesk customer``: their JSON, their exit codes, and a join."""

import pytest

from tests.cli.shell import Shell

_PERSON = (
    *("id", "name", "mail", "further_mails", "customer", "phone", "room", "device", "language"),
    *("vip", "note", "customer_note", "version"),
)
_CARD = (*_PERSON, "joined", "open_tickets", "past_tickets", "tickets")


@pytest.fixture
def joined(shell: Shell) -> Shell:
    """A shell on a desk in which P-2 was joined into P-1."""
    shell.json("people", "add", "Maria Ortiz", "--phone", "030 555", "--note", "deaf")
    shell.json("people", "add", "M. Ortiz", "--mail", "mo@fab.example", "--room", "9")
    shell.json("ticket", "new", "-s", "one", "--requester", "P-2")
    card = shell.json("people", "join", "P-2", "--into", "P-1")
    assert tuple(card) == _CARD
    assert (card["id"], card["mail"], card["joined"]) == ("P-1", "mo@fab.example", ["P-2"])
    return shell


def test_a_join_is_taken_back_on_record(joined: Shell) -> None:
    card = joined.json("people", "separate", "P-2")
    assert tuple(card) == _CARD
    assert (card["id"], card["mail"], card["room"]) == ("P-2", "mo@fab.example", "9")
    assert (card["open_tickets"], card["tickets"][0]["id"]) == (1, "HD-1")
    kept = joined.json("people", "show", "P-1")
    assert (kept["mail"], kept["room"], kept["tickets"]) == (None, None, [])
    newest = joined.json("report", "audit", "--limit", "1")[0]
    assert "requesters 2" in newest["did"]
    assert all(check["ok"] for check in joined.json("db", "check"))


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("separate P-1", "P-1 was not joined to another record: nothing was changed."),
        ("separate P-9", "there is no record 'P-9'"),
        ("separate Nobody", "there is no record 'Nobody'"),
        ("join P-2 --into P-1", "are one record already"),
        ("erase P-1", "add --yes"),
        ("show P-9", "nobody is known by 'P-9'"),
    ],
)
def test_what_cannot_be_done_is_refused_in_a_sentence(
    joined: Shell, line: str, sentence: str
) -> None:
    assert sentence in joined.refused(1, "people", *line.split())


def test_an_agent_erases_nobody(joined: Shell) -> None:
    joined.json("agent", "add", "bob", "--level", "L1")
    owner, joined.login = joined.login, "bob"
    assert "bob" in joined.refused(4, "people", "erase", "P-1", "--yes")
    joined.login = owner
    assert joined.json("people", "erase", "P-1", "--yes") == {"id": "P-1", "erased": True}
    shown = joined.json("people", "show", "P-1")
    assert tuple(shown) == _CARD
    assert (shown["name"], shown["phone"], shown["mail"]) == ("erased P-1", None, None)


def test_a_search_that_finds_nobody_and_a_missing_name_say_so(shell: Shell) -> None:
    for text in ("", "zzzz"):
        found = shell.run("people", "find", text)
        assert (found.returncode, found.stderr) == (0, b"")
        assert found.stdout.startswith(b"nobody is found:")
        assert shell.json("people", "find", text) == []
    assert "the name of the person is missing" in shell.refused(1, "people", "add", " ")
