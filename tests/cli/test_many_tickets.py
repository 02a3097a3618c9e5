"""``ticket next``, several tickets at once, tags and undo."""

from tests.cli.shell import Shell


def _log(shell: Shell, *subjects: str) -> list[str]:
    return [shell.json("ticket", "new", "-s", subject)["id"] for subject in subjects]


def test_next_claims_a_ticket_and_an_empty_queue_is_refused(shell: Shell) -> None:
    _log(shell, "one", "everybody: total outage")
    assert shell.json("ticket", "next")["id"] == "HD-2"
    assert shell.json("ticket", "next", "--queue", "L1")["assignee"] == shell.login
    assert "no unclaimed ticket" in shell.refused(1, "ticket", "next")


def test_one_id_prints_a_ticket_and_several_an_array(shell: Shell) -> None:
    ids = _log(shell, "one", "two", "three")
    assert shell.json("ticket", "claim", ids[0])["state"] == "open"
    done = shell.json("ticket", "set", *ids, "--tag", "+vip,+Wave-1", "--impact", "high")
    assert [one["id"] for one in done] == ids
    assert all(one["tags"] == ["vip", "wave-1"] for one in done)
    assert shell.json("ticket", "set", ids[0], "--untag", "vip")["tags"] == ["wave-1"]
    assert shell.json("ticket", "list")[0]["tags"] == ["wave-1"]
    piped = "\n".join(ids).encode()
    assert len(shell.json("ticket", "resolve", "-", stdin=piped)) == 3
    assert b"tags wave-1" in shell.run("ticket", "show", ids[0]).stdout


def test_all_or_nothing_or_the_rest(shell: Shell) -> None:
    ids = _log(shell, "one", "two", "three")
    shell.json("ticket", "resolve", ids[1])
    said = shell.refused(1, "ticket", "pend", *ids, "--on", "vendor")
    assert "1 of 3 tickets refused it, nothing was done: HD-2 is resolved" in said
    assert "--rest does the others" in said
    assert shell.json("ticket", "show", ids[0])["state"] == "new"
    done = shell.run("ticket", "pend", *ids, "--on", "vendor", "--rest")
    assert done.returncode == 1
    assert done.stdout.count(b"pending on vendor") == 2
    assert b"the others are done: HD-2 is resolved" in done.stderr
    said = shell.refused(1, "ticket", "claim", *ids, "--version", "1")
    assert "--version is the version of one ticket" in said


def test_undo_restores_or_says_why_it_cannot(shell: Shell) -> None:
    ids = _log(shell, "one", "two")
    shell.json("ticket", "resolve", *ids)
    back = shell.json("ticket", "undo", *ids)
    assert [one["state"] for one in back] == ["new", "new"]
    assert back[0]["events"][-1]["type"] == "undone"
    shell.json("ticket", "reply", ids[0], "--by", "phone", "--text", "hello")
    assert "the requester has been answered" in shell.refused(1, "ticket", "undo", ids[0])
    assert "is no tag" in shell.refused(1, "ticket", "set", ids[0], "--tag", "a%b")
