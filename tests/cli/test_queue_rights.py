"""What an agent may do to a ticket in a queue that they do not serve: as the manual says."""

import pytest

from helpdesk.domain.roles import IN_EVERY_QUEUE
from helpdesk.domain.ticket import Verb
from tests.cli.shell import Shell

#: A command for each verb, on ticket 1, which is in L2.
COMMANDS = {
    Verb.CLAIM: "ticket claim 1",
    Verb.RELEASE: "ticket release 1",
    Verb.ASSIGN: "ticket assign 1 --to cid",
    Verb.REPLY: "ticket reply 1 --text x",
    Verb.NOTE: "ticket note 1 --text x",
    Verb.ESCALATE: "ticket escalate 1 --to L3 --reason r --note n",
    Verb.RETURN: "ticket return 1 --to L1 --reason r --note n",
    Verb.PEND: "ticket pend 1 --on requester",
    Verb.RESUME: "ticket resume 1",
    Verb.RESOLVE: "ticket resolve 1 --text x",
    Verb.REOPEN: "ticket reopen 1",
    Verb.CLOSE: "ticket close 1",
    Verb.MERGE: "ticket merge 1 --into 2",
    Verb.LINK: "ticket link 1 --to 2",
    Verb.SET: "ticket set 1 --impact high",
    Verb.TICK: "ticket tick 1 --sop procedures/health-check.md --step 1",
    Verb.RATE: "ticket set 1 --csat 5",
    Verb.TAG: "ticket set 1 --tag +vip",
    Verb.SPLIT: "ticket split 1 -s x",
    Verb.SPEND: "ticket time 1 5m",
    Verb.UNDO: "ticket undo 1",
    Verb.RECEIVE: "ticket receive 1 --text x",
    Verb.FOLLOW_UP: "ticket follow-up 1 --at 2h",
    Verb.LEAD: "ticket escalate 1 --to lead --reason r --note n",
}


@pytest.fixture
def desk(shell: Shell) -> Shell:
    """A desk with a ticket in L2, one in L1, and cid, who serves L1."""
    for subject in ("one", "two"):
        shell.run("ticket", "new", "-s", subject)
    shell.run("ticket", "escalate", "1", "--to", "L2", "--reason", "r", "--note", "n")
    shell.run("agent", "add", "cid", "--level", "L1")
    return shell


def test_commands_agree_with_the_table_of_queues(desk: Shell) -> None:
    assert set(COMMANDS) == set(Verb)
    for verb, command in COMMANDS.items():
        done = desk.run("--as", "cid", *command.split())
        is_for_level = b"is in queue L2, which cid does not serve" in done.stderr
        assert is_for_level == (verb not in IN_EVERY_QUEUE), (verb, done.stderr)
        assert (done.returncode == 4) == is_for_level


def test_a_note_from_another_level_is_in_the_timeline_and_changes_nothing_else(desk: Shell) -> None:
    before = desk.json("ticket", "show", "1")
    after = desk.json("--as", "cid", "ticket", "note", "1", "--text", "called again")
    assert (after["events"][-1]["actor"], after["events"][-1]["text"]) == ("cid", "called again")
    for fact in ("queue", "assignee", "state", "priority"):
        assert after[fact] == before[fact]
    for ticket in (before, after):
        for clock in ticket["clocks"]:
            del clock["remaining_s"]  # which goes down meanwhile
    assert after["clocks"] == before["clocks"]
