"""What a command prints on a terminal is harmless, on a desk full of hostile texts."""

from tests.cli.hostile_shell import leaves, on_terminal
from tests.cli.shell import Shell
from tests.terminal_stream import harmful

#: What commands that print what is stored are given, and whether it must hold a sign.
_READING = {
    "ticket list": ("--limit", "500"),
    "ticket show": ("1",),
    "view list": (),
    "view show": ("evil",),
    "macro list": (),
    "macro show": ("evil",),
    "inbox": ("--all",),
    "levels": (),
    "search": ("evil owned", "-n", "50"),
    "kb list": (),
    "kb show": ("evil.md",),
    "kb check": (),
    "kb stats": (),
    "sla explain": ("1",),
    "policy show": (),
    "report kpi": ("--by", "customer"),
    "report time": (),
    "report audit": ("--limit", "5000"),
    "export tickets": ("--format", "csv"),
    "export events": (),
    "agent list": (),
    "agent connections": (),
    "db status": (),
    "db check": (),
}
_WITH_SIGNS = {
    *("ticket list", "ticket show", "view list", "view show", "macro list", "macro show"),
    *("kb show", "kb list", "search", "export tickets", "export events", "agent list"),
}


def test_commands_print_stored_text_harmlessly_on_a_terminal(hostile_shell: Shell) -> None:
    assert _READING.keys() <= {words for words, _ in leaves()}
    for words, arguments in _READING.items():
        printed = on_terminal(hostile_shell, *words.split(), *arguments)
        assert "something went wrong" not in printed, words
        assert harmful(printed) == [], words
        assert words not in _WITH_SIGNS or set(printed) & set("␛␇�‹"), words
    for number in range(2, 45):
        assert harmful(on_terminal(hostile_shell, "ticket", "show", str(number))) == []
