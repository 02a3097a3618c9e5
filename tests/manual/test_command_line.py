"""The page about the command line: every command is there, and prints what the page says."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from helpdesk.manual.pages import read_page
from tests.cli.shell import Shell
from tests.manual.console import blocks_of, matches, run_page

_LISTED = re.compile(r"^    ([a-z][a-z-]*)(?: |$)", re.MULTILINE)


def commands(shell: Shell, *above: str) -> Iterator[str]:
    """Yield every command that ``--help`` lists, with those below it."""
    said = shell.run(*above, "--help").stdout.decode()
    _, _, listed = said.partition("\ncommands:\n")
    names = _LISTED.findall(listed)
    if not names:
        yield " ".join(above)
    for name in names:
        yield from commands(shell, *above, name)


def test_every_command_has_an_example(tmp_path: Path) -> None:
    known = set(commands(Shell(tmp_path)))
    assert {"manual", "ticket new", "agent key add", "db copy"} <= known
    examples = [
        re.sub(r"^(?:echo .*\| )?helpdesk (?:--as \S+ )?", "", example.command)
        for block in blocks_of(read_page("command-line").text)
        for example in block.examples
    ]
    lacking = {
        name for name in known if not any(f"{one} ".startswith(f"{name} ") for one in examples)
    }
    assert lacking == set()


def test_every_example_prints_what_the_page_says(tmp_path: Path) -> None:
    count = 0
    for example, printed in run_page(read_page("command-line").text, tmp_path):
        assert matches(example.expected, printed), "\n".join(
            (f"$ {example.command}", *printed, "run: python -m tests.manual.console")
        )
        count += 1
    assert count > 100


@pytest.mark.parametrize(
    ("expected", "printed", "same"),
    [
        (["a"], ["a"], True),
        (["a"], ["b"], False),
        (["a … c"], ["a b c"], True),
        (["a … c"], ["a b"], False),
        (["a", "…"], ["a"], True),
        (["a", "…", "d"], ["a", "b", "c", "d"], True),
        (["a", "…", "d"], ["a", "b"], False),
        ([], ["a"], False),
        (["a.b"], ["axb"], False),
    ],
)
def test_an_ellipsis_stands_for_what_differs(
    expected: list[str], printed: list[str], same: bool
) -> None:
    assert matches(expected, printed) is same
