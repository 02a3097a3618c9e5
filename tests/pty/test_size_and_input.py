"""The terminal's own size counts, and letters and pastes arrive as they were sent."""

from pathlib import Path

from tests.pty.terminal import Terminal

PASTE_BEGINS, PASTE_ENDS = "\x1b[200~", "\x1b[201~"


def test_columns_and_lines_of_the_environment_do_not_fix_the_size(
    env: dict[str, str], tmp_path: Path
) -> None:
    env |= {"HELPDESK_KB": str(tmp_path), "COLUMNS": "40", "LINES": "10"}
    terminal = Terminal(env=env, columns=100, rows=30)
    try:
        terminal.wait_for("no open tickets in L1")
        assert "enlarge it" not in terminal.text
        terminal.resize(50, 12)
        terminal.wait_for("50×12")
        terminal.resize(120, 40)
        terminal.wait_for(lambda text: "enlarge it" not in text and "no open tickets" in text)
    finally:
        terminal.end()


def test_letters_of_a_one_byte_locale_and_a_paste_of_three_lines_arrive(
    env: dict[str, str], tmp_path: Path
) -> None:
    env |= {"HELPDESK_KB": str(tmp_path), "LANG": "de_DE.ISO-8859-1"}
    terminal = Terminal(env=env, columns=120, rows=40)
    try:
        terminal.wait_for("no open tickets in L1")
        terminal.type("n")
        terminal.wait_for("Subject")
        terminal.child.send(b"T\xfcr \xff\x1b[99999999999u ")
        terminal.type(f"{PASTE_BEGINS}one\x1b[Z\rtwo\rthree{PASTE_ENDS}")
        terminal.wait_for("the other lines are in the details")
        lines = [line.strip() for line in terminal.text.splitlines()]
        assert any("Tur y one" in line for line in lines), terminal.text  # shown in ASCII
        assert any(line.startswith("two") for line in lines), terminal.text
        assert any(line.startswith("three") for line in lines), terminal.text
    finally:
        terminal.end()
