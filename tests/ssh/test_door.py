"""Agents come in over a real SSH server as themselves."""

import json
from typing import Any

from tests.ssh.server import Server


def connections(server: Server) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = server.json("agent", "connections")
    return found


def test_each_key_opens_the_app_as_its_agent(server: Server) -> None:
    first, second = server.terminal("ann"), server.terminal("bob")
    first.wait_for(lambda text: "ann (L1)" in text and "no open tickets in L1" in text)
    second.wait_for(lambda text: "bob (L2)" in text and "no open tickets in L2" in text)
    standing = connections(server)
    assert sorted(one["login"] for one in standing) == ["ann", "bob"]
    assert {one["address"] for one in standing} == {"127.0.0.1"}
    for opened in (first, second):
        opened.type("q")
        assert opened.wait_for_end() == 0
    assert connections(server) == []


def test_a_command_is_run_as_the_agent(server: Server) -> None:
    made = server.ssh(
        "ann", "ticket new -s 'it is \"down\"; reboot?' -b - --json", stdin="since\n8"
    )
    assert made.returncode == 0, made.stderr
    ticket = json.loads(made.stdout)
    assert (ticket["subject"], ticket["body"]) == ('it is "down"; reboot?', "since\n8")
    assert ticket["events"][0]["actor"] == "ann"
    assert server.ssh("ann", "agent add eve --level L1").returncode == 4


def test_a_removed_key_ends_its_connections_and_opens_nothing(server: Server) -> None:
    server.let_in("cid", "L1")
    opened, other = server.terminal("cid"), server.terminal("bob")
    opened.wait_for("cid (L1)")
    other.wait_for("bob (L2)")
    (key,) = server.json("agent", "key", "list", "cid")
    opened.type("nhalf a wo")
    opened.wait_for("half a wo")
    server.done("agent", "key", "remove", "cid", key["fingerprint"])
    assert opened.wait_for_end() == 4
    assert b"the key with which you came in was removed" in opened.raw
    again = server.ssh("cid", "ticket list")
    assert again.returncode == 255
    assert "Permission denied" in again.stderr
    assert [one["login"] for one in connections(server)] == ["bob"]
    other.type("q")
    assert other.wait_for_end() == 0
