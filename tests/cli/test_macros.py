"""Macros and canned replies on the command line."""

from tests.cli.shell import Shell

FILE = """
[macros."password reset"]
steps = ["claim", "tag +reset -new", "set service=mail urgency=high", "reply", "pend requester 2d"]
text = "Hello {requester}, {ticket} ({service}) is with {login}. {not one} {{}}"

[macros.up]
steps = ["escalate L2 needs access rights"]
text = "please look at {subject}"

[replies.greeting]
text = "Dear {requester},"
"""


def _desk(shell: Shell) -> None:
    shell.json("ticket", "new", "-s", "mail is stuck", "--requester", "Kai <k@x.example>")
    shell.json("ticket", "new", "-s", "locked out", "--requester", "lou@x.example")
    assert shell.json("macro", "apply", "-", stdin=FILE)[0]["name"] == "password reset"


def test_a_macro_does_all_its_steps_as_one_change(shell: Shell) -> None:
    _desk(shell)
    done = shell.json("macro", "run", "password reset", "HD-1", "HD-2")
    first = done[0]
    assert (first["state"], first["service"], first["tags"]) == ("pending", "mail", ["reset"])
    assert [one["type"] for one in first["events"]] == [
        "logged", "claimed", "tagged", "changed", "replied", "pended"
    ]  # fmt: skip
    said = first["events"][4]["text"]
    assert said == f"Hello Kai, HD-1 (mail) is with {shell.login}. {{not one}} {{{{}}}}"
    assert first["version"] == 2
    up = shell.json("macro", "run", "up", "HD-1")[0]
    assert (up["queue"], up["hand_over"]["asked"]) == ("L2", "please look at mail is stuck")


def test_a_macro_names_the_customer_of_each_ticket(shell: Shell) -> None:
    policy = shell.run("policy", "show").stdout.decode()
    for name in ("Contoso", "Fabrikam"):
        policy += f'\n[customers.{name}]\ndomains = ["{name.lower()}.example"]\n'
    assert shell.run("policy", "apply", "-", stdin=policy).returncode == 0
    for mail in ("k@contoso.example", "m@fabrikam.example", "x@other.example"):
        shell.json("ticket", "new", "-s", "mail is stuck", "--requester", mail)
    text = '[macros.x]\nsteps = ["note"]\ntext = "For {customer}."\n'
    shell.json("macro", "apply", "-", stdin=text)
    done = shell.json("macro", "run", "x", "HD-1", "HD-2", "HD-3")
    notes = [ticket["events"][-1]["text"] for ticket in done]
    assert notes == ["For Contoso.", "For Fabrikam.", "For ."]


def test_a_macro_is_refused_if_any_step_is_for_those_who_serve_the_queue(shell: Shell) -> None:
    shell.json("ticket", "new", "-s", "mail is stuck")
    shell.json("agent", "add", "bob", "--level", "L2")
    text = '[macros.x]\nsteps = ["note seen before", "escalate L2 needs rights"]\ntext = "look"\n'
    shell.json("--as", "bob", "macro", "apply", "-", stdin=text)
    said = shell.refused(4, "--as", "bob", "macro", "run", "x", "HD-1")
    assert "HD-1 is in queue L1, which bob does not serve" in said
    assert shell.json("ticket", "show", "HD-1")["version"] == 1


def test_saved_macros_can_be_shown_edited_and_applied_again(shell: Shell) -> None:
    _desk(shell)
    shown = shell.run("macro", "show").stdout
    before = shell.json("macro", "list")
    assert [one["name"] for one in before] == ["greeting", "password reset", "up"]
    shell.json("macro", "apply", "-", stdin=shown)
    assert shell.json("macro", "list") == [{**one, "version": 2} for one in before]
    assert shell.json("macro", "delete", "up")["name"] == "up"
    assert "there is no macro 'up'" in shell.refused(1, "macro", "run", "up", "HD-1")


def test_a_macro_that_names_something_deleted_changes_nothing_and_names_the_step(
    shell: Shell,
) -> None:
    _desk(shell)
    shell.json("agent", "add", "carl", "--level", "L3")
    text = '[macros.x]\nsteps = ["claim", "assign carl"]\n[macros.y]\nsteps = ["resolve gone.md"]\n'
    shell.json("macro", "apply", "-", stdin=text + '[macros.z]\nsteps = ["escalate L4 defect"]\n'
               'text = "look"\n')  # fmt: skip
    assert shell.run("macro", "check").returncode == 1
    said = shell.refused(1, "macro", "run", "y", "HD-1")
    assert "nothing was done, the macro 'y': step 1: resolve gone.md: there is no article" in said
    assert shell.json("ticket", "show", "HD-1")["version"] == 1
    flaws = shell.run("macro", "check", "--json")
    assert b'"macro": "y"' in flaws.stdout
    # carl serves L3 only: the ticket refuses, and none of the macro's steps is kept.
    assert "does not serve" in shell.refused(1, "macro", "run", "x", "HD-1")
    assert shell.json("ticket", "show", "HD-1")["version"] == 1


def test_every_mistake_in_a_file_is_named(shell: Shell) -> None:
    bad = """
[macros.a]
steps = ["clame", "escalate L9 why", "pend somebody", "set colour=red", "tag ?", "note"]
[macros.b]
steps = []
[macros.c]
steps = ["reply"]
text = "Dear {requestor}"
[replies.d]
txt = "x"
[other.e]
"""
    done = shell.run("macro", "check", "-", stdin=bad)
    assert (done.returncode, done.stderr) == (1, b"")
    lines = done.stdout.decode().split("\n")
    assert len(lines) == 11
    for expected in (
        "'a': step 1: 'clame' is no step",
        "'a': step 2: 'L9' is not one of",
        "'a': step 3: 'somebody' is not one of",
        "'a': step 4: a step 'set' is written",
        "'a': step 5: '?' is no tag",
        "'a': step 6: 'note' needs the macro's text",
        "'b': it needs 1 to 20 steps",
        "'c': {requestor} is no placeholder",
        "'d': 'txt' is not known here",
        "'other': is not known here",
    ):
        assert any(line.startswith(expected) for line in lines), expected
    said = shell.refused(1, "macro", "apply", "-", stdin=bad)
    assert "nothing was kept: 'other': is not known here" in said
    assert "9 more" in said
    assert shell.json("macro", "list") == []
    assert "is no TOML" in shell.refused(1, "macro", "apply", "-", stdin="x = [")
    assert "cannot be read" in shell.refused(1, "macro", "apply", "/nowhere.toml")


def test_only_leads_may_share_macros(shell: Shell) -> None:
    shell.json("agent", "add", "bob", "--level", "L1")
    assert "may not share" in shell.refused(
        4, "--as", "bob", "macro", "apply", "-", "--shared", stdin=FILE
    )
    shell.json("macro", "apply", "-", "--shared", stdin=FILE)
    assert len(shell.json("--as", "bob", "macro", "list")) == 3
    assert "may not share" in shell.refused(4, "--as", "bob", "macro", "delete", "up")


def test_a_change_by_somebody_else_is_not_overwritten(shell: Shell) -> None:
    shell.run("macro", "apply", "-", stdin='[replies.hi]\ntext = "one"\n')
    shown = shell.run("macro", "show").stdout.decode()
    assert shell.run("macro", "apply", "-", stdin=shown.replace("one", "two")).returncode == 0
    said = shell.refused(3, "macro", "apply", "-", stdin=shown.replace("one", "late"))
    assert "a macro 'hi' was changed meanwhile" in said
    assert shell.json("macro", "list")[0]["text"] == "two"
    shell.refused(3, "macro", "delete", "hi", "--version", "1")
    shell.json("view", "save", "late", "due<1h")
    shell.refused(3, "view", "save", "late", "due<2h", "--version", "7")
    shell.json("agent", "add", "bob", "--level", "L1")
    assert shell.json("agent", "set", "bob", "--name", "B", "--version", "1")["version"] == 2
    assert "the agent bob" in shell.refused(3, "agent", "disable", "bob", "--version", "1")
    policy = shell.folder / "policy.toml"
    policy.write_bytes(shell.run("policy", "show").stdout)
    assert "the policy" in shell.refused(3, "policy", "apply", str(policy), "--version", "9")
