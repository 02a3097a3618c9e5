"""``ticket receive`` on a closed ticket."""

from tests.cli.shell import Shell


def test_a_message_about_a_closed_ticket_is_kept(shell: Shell) -> None:
    shell.json("ticket", "new", "-s", "no sound")
    shell.json("ticket", "resolve", "1")
    shell.json("ticket", "close", "1")
    received = shell.json("ticket", "receive", "1", "--text", "it is gone again")
    assert (received["id"], received["state"], received["reopenings"]) == ("HD-1", "open", 1)
    policy = shell.run("policy", "show").stdout.decode()
    assert 'after_close = "reopen"' in policy
    (shell.folder / "policy.toml").write_text(policy.replace('= "reopen"', '= "new"'))
    shell.run("policy", "apply", str(shell.folder / "policy.toml"))
    shell.json("ticket", "resolve", "1")
    shell.json("ticket", "close", "1")
    new = shell.json("ticket", "receive", "1", "--text", "once more")
    assert (new["id"], new["body"], new["links"][0]["id"]) == ("HD-2", "once more", "HD-1")
    assert shell.json("ticket", "show", "1")["state"] == "closed"
