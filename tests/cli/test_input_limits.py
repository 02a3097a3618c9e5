"""How much each command reads of standard input and of files: never more than it declares."""

import io

import pytest

from helpdesk.domain.text import TEXT_LIMIT
from tests.cli.shell import Shell

MIB = 1024 * 1024


class Endless(io.RawIOBase):
    """Standard input without end, which counts what is read of it."""

    def __init__(self) -> None:
        self.taken = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "bytearray | memoryview") -> int:  # type: ignore[override]
        room = memoryview(buffer)
        room[:] = b"x" * len(room)
        self.taken += len(room)
        assert self.taken <= 100 * MIB, "it is read without end"
        return len(room)


@pytest.mark.parametrize(
    ("command", "limit"),
    [
        ("ticket new -s x -b -", MIB),
        ("ticket note 1 --text -", MIB),
        ("ticket claim -", MIB),
        ("ticket escalate 1 --to L2 --note -", MIB),
        ("ticket time 1 5m --note -", MIB),
        ("search -", MIB),
        ("search --batch -", MIB),
        ("macro check -", MIB),
        ("macro apply -", MIB),
        ("policy check -", 16 * MIB),
        ("policy show -", 16 * MIB),
        ("policy preview -", 16 * MIB),
        ("policy apply -", 16 * MIB),
        ("sla simulate -", 16 * MIB),
        ("agent key add ann -", 64 * 1024),
        ("report audit --check-anchors -", 64 * MIB),
        ("import - --map freshdesk", 64 * MIB),
    ],
)
def test_an_endless_input_is_read_up_to_the_limit_and_refused(
    shell: Shell, command: str, limit: int
) -> None:
    given = Endless()
    said = shell.refused(1, *command.split(), stdin=io.BufferedReader(given))
    assert "larger than" in said or "characters" in said
    assert given.taken <= limit + MIB


def test_an_endless_device_is_read_up_to_the_limit(shell: Shell) -> None:
    assert "/dev/zero is larger than 1 MiB" in shell.refused(1, "macro", "check", "/dev/zero")
    assert "/dev/zero is larger than 16 MiB" in shell.refused(1, "policy", "check", "/dev/zero")


def test_a_text_of_just_the_limit_is_kept_whatever_its_bytes(shell: Shell) -> None:
    text = "é" * TEXT_LIMIT
    made = shell.json("ticket", "new", "-s", "x", "-b", "-", stdin=text)
    assert made["body"] == text
    assert "at most" in shell.refused(1, "ticket", "note", "1", "--text", "-", stdin=f"{text}é")


def test_a_batch_of_any_length_is_read_line_by_line(shell: Shell) -> None:
    lines = '{"q": "vpn"}\n' + f'{{"q": "{"x" * TEXT_LIMIT}"}}\n'
    done = shell.run("search", "--batch", "-", stdin=lines)
    assert done.returncode == 1
    assert done.stdout.count(b"\n") == 1
    assert b"line 2 of standard input has more than" in done.stderr
