"""Agents sign in over a real SSH server."""

import json
import signal
import time
from collections.abc import Callable
from typing import Any

from tests.ssh.server import Server


def connections(server: Server) -> list[dict[str, Any]]:
    """Return the open connections."""
    found: list[dict[str, Any]] = server.json("agent", "connections")
    return found


def until(condition: Callable[[], object], seconds: float = 60) -> None:
    """Wait until a condition holds."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.1)


def test_each_key_opens_the_app_as_its_agent(server: Server) -> None:
    first, second = server.terminal("ann"), server.terminal("bob")
    first.wait_for(lambda text: "ann (L1)" in text and "no open tickets in L1" in text)
    second.wait_for(lambda text: "bob (L2)" in text and "no open tickets in L2" in text)
    current = connections(server)
    assert sorted(connection["login"] for connection in current) == ["ann", "bob"]
    assert {connection["address"] for connection in current} == {"127.0.0.1"}
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
    server.done("ticket", "resolve", ticket["id"], "--text", "done")


def test_a_ticket_of_another_queue_takes_a_note_and_no_claim(server: Server) -> None:
    number = server.json("ticket", "new", "-s", "went up")["id"]
    escalate = ("ticket", "escalate", number, "--to", "L2", "--reason", "r", "--note", "n")
    server.done(*escalate)
    assert server.ssh("ann", f"ticket claim {number}").returncode == 4
    assert server.ssh("ann", f"ticket note {number} --text 'by command'").returncode == 0
    opened = server.terminal("ann")
    opened.wait_for("no open tickets in L1")
    opened.type("2")
    opened.wait_for("went up")
    opened.type("\r")
    opened.wait_for("by command")
    opened.type("c")
    opened.wait_for("which ann does not serve")
    opened.type("iby the app")
    opened.wait_for("by the app")
    opened.type("\x13")
    # Keys that are typed before the dialog has closed are meant for the dialog.
    opened.wait_for(f"{number} noted.")
    assert noted(server, number) == ["by command", "by the app"]
    opened.type("q")
    assert opened.wait_for_end() == 0
    assert server.json("ticket", "show", number)["assignee"] != "ann"
    server.done("ticket", "assign", number, "--to", "bob")
    server.done("ticket", "resolve", number, "--text", "done")


def noted(server: Server, number: str) -> list[str]:
    """Return the texts of a ticket's notes."""
    events = server.json("ticket", "show", number)["events"]
    return [event["text"] for event in events if event["type"] == "noted"]


def test_removing_a_key_ends_its_connections_and_refuses_new_ones(server: Server) -> None:
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
    assert [connection["login"] for connection in connections(server)] == ["bob"]
    other.type("q")
    assert other.wait_for_end() == 0


def test_the_draft_survives_a_lost_connection(server: Server) -> None:
    opened = server.terminal("bob")
    opened.wait_for("bob (L2)")
    opened.type("nhalf a sentence about the prin")
    opened.wait_for("about the prin")
    opened.child.kill(signal.SIGKILL)  # the client is gone without closing the connection
    for _ in range(1200):
        if not connections(server):
            break
        time.sleep(0.05)
    assert connections(server) == []
    again = server.terminal("bob")
    again.wait_for("bob (L2)")
    again.type("n")
    assert "half a sentence about the prin" in again.wait_for("draft of")
    again.type("\x1b")
    again.wait_for("no open tickets")
    again.type("q")
    assert again.wait_for_end() == 0


_SHORT = 'idle_timeout = "2s"'


def test_the_policy_ends_idle_connections_and_counts_them(server: Server) -> None:
    policy = server.done("policy", "show")
    file = server.root / "policy.toml"
    file.write_text(policy.replace("max_connections = 10", "max_connections = 1"))
    server.done("policy", "apply", str(file))
    opened = server.terminal("bob")
    opened.wait_for("bob (L2)")
    refused = server.ssh("bob", "ticket list")
    assert refused.returncode == 4
    assert "bob has 1 connections open, and the policy allows 1" in refused.stderr
    opened.type("q")
    assert opened.wait_for_end() == 0
    file.write_text(policy.replace('# idle_timeout = "8h"', 'idle_timeout = "1s"'))
    server.done("policy", "apply", str(file))
    idle = server.terminal("bob")
    assert idle.wait_for_end() == 4
    assert b"no key was pressed for 1 seconds" in idle.raw
    file.write_text(policy)
    server.done("policy", "apply", str(file))


def test_a_shorter_idle_time_ends_what_is_already_open(server: Server) -> None:
    policy = server.done("policy", "show")
    opened = server.terminal("bob")
    opened.wait_for("bob (L2)")
    server.done("policy", "apply", "-", stdin=policy.replace('# idle_timeout = "8h"', _SHORT))
    assert opened.wait_for_end() == 4
    assert b"no key was pressed for 2 seconds" in opened.raw
    server.done("policy", "apply", "-", stdin=policy)
