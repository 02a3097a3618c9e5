"""A refusal names the option, key or command that cures it; a hand-over note may be one text."""

import pytest

from tests.cli.shell import Shell

_ESCALATE = ("ticket", "escalate", "1", "--to", "L2")


def _require(shell: Shell, *parts: str) -> None:
    """Let the policy require parts of the hand-over note at L2."""
    text = shell.run("policy", "show").stdout.decode()
    lines = []
    for line in text.splitlines():
        if not line.startswith("requires"):
            lines.append(line)
        if line == "[levels.L2]":
            lines.append(f"requires = {list(parts)}".replace("'", '"'))
    done = shell.run("policy", "apply", "-", stdin="\n".join(lines))
    assert done.returncode == 0, done.stderr.decode()


def test_an_escalation_names_the_option_of_each_part_that_is_missing(shell: Shell) -> None:
    shell.json("ticket", "new", "-s", "one")
    _require(shell)
    said = shell.refused(1, *_ESCALATE)
    for option in ("(--reason)", "(--tried)", "(--known)", "(--note)"):
        assert option in said
    _require(shell, "known", "references")
    said = shell.refused(1, *_ESCALATE, "--reason", "defect", "--note", "why?")
    assert said == (
        "helpdesk: HD-1 is not escalated to L2: add what is known (--known) and attachments or "
        "references (--references).\n"
    )
    assert "a reason (--reason)" in shell.refused(
        1, *_ESCALATE, "--note", "known: a; references: b"
    )


@pytest.mark.parametrize(
    ("note", "parts"),
    [
        (
            "known: since noon; asked: what do the logs say?; references: vpn/keepalive.md, HD-7",
            ("", "since noon", "what do the logs say?", "vpn/keepalive.md, HD-7"),
        ),
        ("What was TRIED: a; b\nKnown : c: d\nrefs: e", ("a; b", "c: d", "", "e")),
        ("why?; known: x; known: y", ("", "x\ny", "why?", "")),
        ("references: https://a.example/?known:1;b", ("", "", "", "https://a.example/?known:1;b")),
        (
            "it is well known: see; the logs asked",
            ("", "", "it is well known: see; the logs asked", ""),
        ),
        ("attachments: screen.png;asked:;tried: reboot", ("reboot", "", "", "screen.png")),
    ],
)
def test_a_note_may_name_its_parts(shell: Shell, note: str, parts: tuple[str, ...]) -> None:
    shell.json("ticket", "new", "-s", "one")
    _require(shell)
    up = shell.json(*_ESCALATE, "--reason", "defect", "--note", "-", stdin=note)
    found = up["hand_over"]
    assert tuple(found[name] for name in ("tried", "known", "asked", "references")) == parts


def test_options_and_parts_of_the_note_are_joined(shell: Shell) -> None:
    shell.json("ticket", "new", "-s", "one")
    _require(shell, "tried", "known", "asked", "references")
    note = "tried: b; known: c; asked: d; references: e"
    up = shell.json(*_ESCALATE, "--reason", "defect", "--tried", "a", "--note", note)
    assert up["hand_over"]["tried"] == "a\nb"


def test_the_text_of_a_macro_may_name_the_parts(shell: Shell) -> None:
    shell.json("ticket", "new", "-s", "one")
    _require(shell, "known", "asked")
    macro = '[macros.up]\nsteps = ["escalate L2 defect"]\ntext = "known: x; asked: y"\n'
    shell.json("macro", "apply", "-", stdin=macro)
    assert shell.run("macro", "run", "up", "1").returncode == 0
    found = shell.json("ticket", "show", "1")["hand_over"]
    assert (found["known"], found["asked"]) == ("x", "y")


@pytest.mark.parametrize(
    ("command", "cure"),
    [
        ("ticket new -s E", "(--subject)"),
        ("ticket reply 1 --by phone --text E", "(--text)"),
        ("ticket note 1 --text E", "(--text)"),
        ("ticket receive 1 --text E", "(--text)"),
        ("ticket escalate 1 --to lead", "(--reason)"),
        ("ticket return 2 --to L1", "(--reason)"),
        ("ticket assign 1 --to E", "(--to)"),
        ("ticket pend 1 --on date", "--until"),
        ("ticket link 1 --to 2 --remove", "--kind"),
        ("ticket set 1 --remove-requester nobody@b.example", "'ticket show HD-1'"),
        ("ticket time 1 --correct 7", "'ticket time HD-1'"),
        ("ticket time 1 --stop", "--start"),
        ("report time --customer Nobody", "'helpdesk customer list'"),
        ("report kpi --last soon", "--last 24h"),
        ("report kpi --month soon", "--month 2026-10"),
        ("view save mine state:open --columns id,id", "(--columns)"),
        ("view delete unclaimed", "another name"),
        ("import rows.csv --map freshdesk --encoding none", "--encoding"),
    ],
)
def test_a_refusal_names_its_cure(shell: Shell, command: str, cure: str) -> None:
    shell.json("ticket", "new", "-s", "one")
    shell.json("ticket", "new", "-s", "two")
    shell.json("ticket", "escalate", "2", "--to", "L2", "--reason", "r", "--note", "n")
    (shell.folder / "rows.csv").write_text("a,b\n")
    words = [
        {"E": "", "rows.csv": str(shell.folder / "rows.csv")}.get(word, word)
        for word in command.split()
    ]
    said = shell.refused(1, *words)
    assert cure in said
    assert "Esc" not in said
