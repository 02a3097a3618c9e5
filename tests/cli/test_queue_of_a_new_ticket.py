"""Where a query is logged: in the queue that is named, or the one that suits its kind."""

import pytest

from tests.cli.shell import Shell

_NOTE = ("--reason", "r", "--tried", "t", "--known", "k", "--note", "a", "--references", "x")


@pytest.fixture
def desk(shell: Shell) -> Shell:
    """A desk of which the owner serves L1 and dev serves L2 and L3."""
    shell.run("agent", "set", shell.login, "--level", "L1")
    shell.run("agent", "add", "dev", "--level", "L2,L3")
    return shell


def test_an_agent_of_l2_works_on_what_they_log_in_their_own_queue(desk: Shell) -> None:
    logged = desk.json("--as", "dev", "ticket", "new", "-s", "disk fails", "--queue", "L2")
    assert (logged["queue"], logged["hand_overs"]) == ("L2", 0)
    assert desk.json("--as", "dev", "ticket", "claim", "1")["assignee"] == "dev"
    assert desk.json("--as", "dev", "ticket", "resolve", "1", "--text", "x")["state"] == "resolved"


@pytest.mark.parametrize("kind", ["problem", "change"])
def test_a_problem_or_change_stays_with_the_level_of_who_logs_it(desk: Shell, kind: str) -> None:
    logged = desk.json("--as", "dev", "ticket", "new", "-s", "x", "--kind", kind)
    assert logged["queue"] == "L2"
    named = desk.json("--as", "dev", "ticket", "new", "-s", "x", "--kind", kind, "--queue", "L1")
    assert named["queue"] == "L1"
    assert desk.json("ticket", "new", "-s", "x", "--kind", kind)["queue"] == "L1"


@pytest.mark.parametrize("kind", ["incident", "request"])
def test_what_a_requester_asks_goes_to_l1(desk: Shell, kind: str) -> None:
    assert desk.json("--as", "dev", "ticket", "new", "-s", "x", "--kind", kind)["queue"] == "L1"


def test_a_queue_that_nobody_serves_gets_no_ticket(desk: Shell) -> None:
    said = desk.refused(1, "ticket", "new", "-s", "x", "--queue", "L4")
    assert "serves L4; name another queue (--queue)" in said
    assert desk.json("ticket", "list") == []


def test_the_first_level_is_the_one_where_it_was_logged(desk: Shell) -> None:
    """Its OLA, the time at each level, and the escalation rates begin there."""
    desk.run("ticket", "new", "-s", "one", "--queue", "L2")
    desk.run("--as", "dev", "ticket", "escalate", "1", "--to", "L3", *_NOTE)
    desk.run("--as", "dev", "ticket", "resolve", "1", "--text", "done")
    desk.run("ticket", "new", "-s", "two", "--queue", "L2")
    desk.run("--as", "dev", "ticket", "resolve", "2", "--text", "done")
    shown = desk.json("ticket", "show", "1")
    assert [stay["level"] for stay in shown["levels"]] == ["L2", "L3"]
    assert shown["events"][0]["queue"] == "L2"
    report = desk.json("report", "kpi", "--last", "7d")
    figures = {kpi["name"]: kpi["value"] for kpi in report["kpis"]}
    assert figures["escalation_rate_l1"] is None
    assert figures["escalation_rate_l2"] == 0.5
    assert desk.run("db", "check").returncode == 0


def test_a_part_that_is_split_off_stays_in_the_queue(desk: Shell) -> None:
    desk.run("ticket", "new", "-s", "one", "--queue", "L2")
    assert desk.json("--as", "dev", "ticket", "split", "1", "-s", "part")["queue"] == "L2"
