"""Queries and saved views on the command line."""

from helpdesk.domain.query import FIELDS
from tests.cli.shell import Shell


def test_a_query_narrows_the_list(shell: Shell) -> None:
    for subject in ("vpn down", "mail slow", "vpn slow"):
        shell.json("ticket", "new", "-s", subject)
    shell.json("ticket", "claim", "HD-3")
    found = shell.json("ticket", "list", "--query", "vpn assignee:me")
    assert [one["id"] for one in found] == ["HD-3"]
    found = shell.json("ticket", "list", "--query", "slow sort:-id", "--queue", "L1")
    assert [one["id"] for one in found] == ["HD-3", "HD-2"]


def test_a_mistake_in_a_query_is_a_sentence_with_a_caret_below(shell: Shell) -> None:
    done = shell.run("ticket", "list", "--query", "queue:L1 sate:open")
    assert (done.returncode, done.stdout) == (1, b"")
    assert done.stderr.decode().split("\n") == [
        "helpdesk: there is no field 'sate': is it state?",
        "queue:L1 sate:open",
        "         ^",
        "",
    ]
    done = shell.run("ticket", "list", "--query", "service:\x1b[31mx")
    assert b"\x1b" not in done.stderr
    assert done.stderr.count(b"\n") == 3


def test_a_view_is_saved_listed_used_and_deleted(shell: Shell) -> None:
    shell.json("ticket", "new", "-s", "vpn down")
    shell.json("ticket", "new", "-s", "mail down")
    saved = shell.json("view", "save", "the vpn", "vpn  sort:created", "--columns", "id,Subject")
    assert saved == {
        "name": "the vpn",
        "query": '"vpn" sort:created',
        "columns": ["id", "subject"],
        "shared": False,
        "owner": shell.login,
        "version": 1,
    }
    assert shell.json("view", "list")[0] == saved
    assert shell.json("view", "show", "the vpn") == saved
    found = shell.json("ticket", "list", "--view", "the vpn")
    assert [one["id"] for one in found] == ["HD-1"]
    found = shell.json("ticket", "list", "--view", "the vpn", "--query", "mail")
    assert found == []
    done = shell.run("ticket", "list", "--view", "the vpn", "--query", "service:nowhere")
    line, caret = done.stderr.decode().split("\n")[1:3]
    assert line[caret.index("^") :].startswith("nowhere")
    shell.json("view", "save", "the vpn", "wifi", "--shared")
    assert len([one for one in shell.json("view", "list") if one["name"] == "the vpn"]) == 1
    assert shell.json("view", "delete", "the vpn")["query"] == '"vpn" sort:created'
    assert shell.json("view", "delete", "the vpn")["query"] == '"wifi"'
    assert "there is no view 'the vpn'" in shell.refused(1, "view", "show", "the vpn")


def test_invalid_views_are_refused(shell: Shell) -> None:
    assert "is no column" in shell.refused(1, "view", "save", "x", "vpn", "--columns", "id,colour")
    assert "is no name" in shell.refused(1, "view", "save", "a\x07b", "vpn")
    assert shell.run("view", "save", "x", "sate:open").returncode == 1
    assert "comes with the program" in shell.refused(1, "view", "delete", "unclaimed")
    shell.json("agent", "add", "bob", "--level", "L1")
    said = shell.refused(4, "--as", "bob", "view", "save", "x", "vpn", "--shared")
    assert "may not share views" in said
    shell.json("view", "save", "x", "vpn", "--shared")
    assert "may not share" in shell.refused(4, "--as", "bob", "view", "delete", "x")


def test_every_shipped_view_can_be_read(shell: Shell) -> None:
    shipped = shell.json("view", "list")
    assert shipped
    for view in shipped:
        assert shell.json("ticket", "list", "--view", view["name"]) == []


def test_the_help_of_ticket_list_names_every_query_field(shell: Shell) -> None:
    said = shell.run("ticket", "list", "--help").stdout.decode()
    assert all(f"{name}" in said for name in FIELDS)


def test_the_columns_of_a_view_count_in_the_list(shell: Shell) -> None:
    shell.json("ticket", "new", "-s", "vpn down", "--requester", "jo@y.example")
    shell.json("view", "save", "mine", "vpn", "--columns", "subject,mail,who")
    printed = shell.run("ticket", "list", "--view", "mine").stdout.decode().splitlines()
    assert [line.split() for line in printed] == [
        ["SUBJECT", "MAIL", "WHO"],
        ["vpn", "down", "jo@y.example", "-"],
    ]
    plain = shell.run("ticket", "list", "--view", "unclaimed").stdout.decode()
    assert plain.startswith("ID ")


def test_a_view_of_tickets_that_go_to_and_fro_comes_with_the_program(shell: Shell) -> None:
    for subject in ("calm", "restless"):
        shell.json("ticket", "new", "-s", subject)
    for _ in range(2):
        shell.json("ticket", "escalate", "HD-2", "--to", "L2", "--reason", "r", "--note", "n")
        shell.json("ticket", "return", "HD-2", "--to", "L1", "--reason", "r", "--note", "n")
    found = shell.json("ticket", "list", "--view", "going to and fro")
    assert [one["id"] for one in found] == ["HD-2"]
