"""``ticket show`` as people read it: in words, and whole if they want it."""

from tests.cli.shell import Shell


def test_entries_are_told_in_words(shell: Shell) -> None:
    shell.json("ticket", "new", "-s", "vpn down", "--requester", "jo@y.example")
    shell.json("ticket", "claim", "HD-1")
    shell.json("ticket", "receive", "HD-1", "--text", "still down")
    shell.json("ticket", "reply", "HD-1", "--text", "try again", "--by", "phone")
    shell.json("ticket", "escalate", "HD-1", "--to", "lead", "--reason", "angry")
    shell.json("ticket", "resolve", "HD-1", "--text", "new cable")
    shell.json("ticket", "set", "HD-1", "--csat", "4")
    printed = shell.run("ticket", "show", "HD-1").stdout.decode()
    me = shell.login
    for told in (
        f"{me} logged it",
        f"{me} claimed it",
        f"{me} recorded what the requester wrote",
        f"{me} answered the requester by phone",
        f"{me} escalated it to the lead: angry",
        f"{me} resolved it",
        f"{me} recorded the requester's rating: 4 of 5",
    ):
        assert told in printed
    assert "_" not in printed


def test_a_long_text_is_cut_unless_all_of_it_is_wanted(shell: Shell) -> None:
    shell.json("ticket", "new", "-s", "vpn down")
    lines = "\n".join(f"line {number}" for number in range(1, 202))
    shell.json("ticket", "note", "HD-1", "--text", lines)
    printed = shell.run("ticket", "show", "HD-1").stdout.decode()
    assert "line 200\n… 1 more line (--full shows all)" in printed
    assert "line 201" not in printed
    assert "line 201" in shell.run("ticket", "show", "HD-1", "--full").stdout.decode()
