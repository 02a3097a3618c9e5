"""Commands about merged and split tickets, as a person types them."""

from tests.cli.shell import Shell


def test_a_message_and_a_search_lead_from_a_merged_ticket_to_the_other(shell: Shell) -> None:
    shell.json("ticket", "new", "-s", "flurbled gizmo", "-b", "it says zebrawort")
    shell.json("ticket", "new", "-s", "the machine is broken")
    shell.json("ticket", "merge", "1", "--into", "2")
    received = shell.json("ticket", "receive", "1", "--text", "still broken")
    assert (received["id"], received["events"][-1]["via"]) == ("HD-2", "HD-1")
    merged = shell.json("ticket", "show", "1")
    assert (merged["state"], merged["merged_into"], merged["clocks"]) == ("resolved", "HD-2", [])
    [hit] = shell.json("search", "zebrawort", "--in", "tickets")
    assert (hit["id"], hit["leads_to"]) == ("HD-1", "HD-2")
    refused = shell.run("ticket", "reply", "1", "--by", "phone", "--text", "x")
    assert refused.returncode == 1
    assert b"HD-1 was merged into HD-2, which goes on: use 'reply' on HD-2" in refused.stderr
    assert shell.run("ticket", "merge", "2", "--into", "1").returncode == 1


def test_entries_go_along_with_a_split(shell: Shell) -> None:
    shell.json("ticket", "new", "-s", "two things")
    shell.json("ticket", "receive", "1", "--text", "and the phone")
    shell.json("ticket", "note", "1", "--text", "the cable")
    part = shell.json("ticket", "split", "1", "-s", "the phone", "--entries", "2-3")
    brought = [event for event in part["events"] if event["type"] == "brought"]
    assert [(one["text"], one["from"], one["was"]) for one in brought] == [
        ("and the phone", "HD-1", "requester_wrote"),
        ("the cable", "HD-1", "noted"),
    ]
    assert shell.run("ticket", "split", "1", "-s", "x", "--entries", "9").returncode == 1
    assert shell.run("ticket", "split", "1", "-s", "x", "--entries", "3-1").returncode == 2
    shell.json("ticket", "undo", "1")
    assert shell.json("ticket", "show", "2")["merged_into"] == "HD-1"
