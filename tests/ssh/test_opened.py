"""Every command, run over SSH, touches what it declares, and declares nothing that it never uses.

The commands come from the parser, so that a new one is tried without being named here.
"""

from pathlib import Path

import pytest

from helpdesk.ssh.needs import Need
from tests.ssh.commands import every_command
from tests.ssh.opened import APP, LIST, OpenedHost, allowed, row, unused, used_by, used_by_app

#: A group of commands is up to thirty processes, one after the other.
pytestmark = pytest.mark.timeout(600)
COMMANDS = dict(every_command())
GROUPS = sorted({command.split()[0] for command in COMMANDS})


@pytest.fixture
def host(tmp_path: Path) -> OpenedHost:
    """A host on which each command finds what it can work with."""
    return OpenedHost(tmp_path)


@pytest.mark.parametrize("group", GROUPS)
def test_each_command_touches_what_it_declares_and_no_more(host: OpenedHost, group: str) -> None:
    listed = LIST.read_text(encoding="utf-8").splitlines()
    for command, need in COMMANDS.items():
        if command.split()[0] == group:
            _check(command, need, used_by(host, command), listed)


def test_the_app_touches_what_it_declares_and_no_more(host: OpenedHost) -> None:
    listed = LIST.read_text(encoding="utf-8").splitlines()
    _check(APP, Need.APP, used_by_app(host), listed)


def test_the_list_names_every_command_once() -> None:
    named = [line.partition(":")[0] for line in LIST.read_text(encoding="utf-8").splitlines()]
    assert named == [*COMMANDS, APP]


def test_a_new_command_may_touch_the_least() -> None:
    assert allowed(Need.NOTHING) < allowed(Need.READ_DROP)
    assert sum(need is Need.NOTHING for need in COMMANDS.values()) > len(COMMANDS) / 2


def _check(command: str, need: Need, used: set[str], listed: list[str]) -> None:
    assert used <= allowed(need), f"{command} touches more than it declares"
    assert unused(need, used) == [], f"{command} declares what it never uses"
    assert row(command, need, used) in listed, "run python -m tests.ssh.opened"
