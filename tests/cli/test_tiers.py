"""Hand-overs, the lead, the inbox and follow-up dates on the command line."""

from tests.cli.shell import Shell


def test_hand_overs_on_the_command_line(shell: Shell) -> None:
    shell.json("ticket", "new", "-s", "one")
    shell.json("ticket", "reply", "1", "--by", "phone", "--text", "restart it")
    up = shell.json(
        *("ticket", "escalate", "1", "--to", "L2", "--reason", "r", "--note", "why?"),
        *("--references", "HD-9"),
    )
    assert up["hand_over"]["tried"] == "restart it"  # taken from the timeline
    assert (up["hand_over"]["asked"], up["hand_over"]["references"]) == ("why?", "HD-9")
    assert "add what is asked" in shell.refused(
        *(1, "ticket", "escalate", "1", "--to", "L3", "--reason", "r", "--tried", "t")
    )
    back = shell.json("ticket", "return", "1", "--reason", "yours", "--note", "the proxy")
    assert (back["returns"], back["hand_overs"], back["queue"]) == (1, 2, "L1")
    assert [(one["level"], one["visits"]) for one in back["levels"]] == [("L1", 2), ("L2", 1)]
    past = shell.run("ticket", "escalate", "1", "--to", "L4", "--reason", "r", "--note", "n")
    assert "escalated to L4, past L2, L3" in past.stdout.decode()
    lead = shell.json("ticket", "escalate", "1", "--to", "lead", "--reason", "they shout")
    assert (lead["queue"], lead["with_lead_since"] is None) == ("L4", False)
    given = shell.json("ticket", "return", "1", "--to", "team", "--reason", "called them")
    assert given["with_lead_since"] is None


def test_the_inbox_follow_ups_and_messages_of_the_requester(shell: Shell) -> None:
    shell.json("ticket", "new", "-s", "one")
    assert shell.json("inbox") == []
    assert "--at needs a time" in shell.refused(1, "ticket", "follow-up", "1", "--at", " ")
    assert shell.json("ticket", "follow-up", "1", "--at", "3d")["follow_up_at"]
    assert shell.json("ticket", "follow-up", "1", "--never")["follow_up_at"] is None
    assert shell.json("ticket", "watch", "1")["watchers"] == [shell.login]
    assert shell.json("ticket", "unwatch", "1")["watchers"] == []
    shell.json("ticket", "resolve", "1", "--text", "done")
    kept = shell.json("ticket", "receive", "1", "--text", "thanks", "--leave-resolved")
    assert kept["state"] == "resolved"
    assert shell.json("ticket", "receive", "1", "--text", "no!")["state"] == "open"
    shell.json("agent", "add", "bob", "--level", "L1")
    shell.json("--as", "bob", "ticket", "note", "1", "--text", f"@{shell.login} look")
    (notice,) = shell.json("inbox", "--mark-read")
    assert (notice["kind"], notice["id"], notice["actor"]) == ("mentioned", "HD-1", "bob")
    assert notice["data"]["text"] == f"@{shell.login} look"
    assert shell.json("inbox") == []
    assert [one["read"] for one in shell.json("inbox", "--all")] == [True]


def test_the_levels_are_listed(shell: Shell) -> None:
    levels = shell.json("levels")
    assert [level["level"] for level in levels] == ["L1", "L2", "L3", "L4"]
    assert levels[1]["members"] == [shell.login]
    assert levels[1]["requires"] == ["asked"]
    assert "Application support" in shell.run("levels").stdout.decode()
