"""``helpdesk door``: the forced command that sshd starts for an agent."""

import argparse
import os
import sys
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from helpdesk.cli.ssh.environment import scrub

if TYPE_CHECKING:
    from helpdesk.desk.ssh.host_file import HostRules
    from helpdesk.ssh.needs import Need


def run(arguments: argparse.Namespace) -> int | None:
    """Run the command that an SSH client asks for, as the agent named in sshd's line."""
    requested = os.environ.get("SSH_ORIGINAL_COMMAND", "")
    scrub(getattr(arguments, "home", None))
    # Imported after that, because these modules read the environment.
    from helpdesk.cli.ssh.request import named_file, read_request, words_of
    from helpdesk.desk.settings import Origin
    from helpdesk.desk.ssh.host_file import host_rules
    from helpdesk.domain.errors import FencedError, NotPermittedError, RefusedError
    from helpdesk.ssh.needs import Need

    login = getattr(arguments, "acting_as", None)
    if login is None:
        raise RefusedError(
            "this command is started by sshd for an agent: name the agent with --as LOGIN."
        )
    arguments.origin = Origin(
        address=os.environ.get("SSH_CONNECTION", "").partition(" ")[0],
        key=getattr(arguments, "key", ""),
        terminal=os.environ.get("SSH_TTY", ""),
    )
    os.umask(0o077)
    host = host_rules()
    try:
        command = read_request(words_of(requested), host.drop_folder)
    except NotPermittedError as error:
        # Nothing was asked for that would need more than this.
        _confine(arguments, host, Need.NOTHING)
        _record(arguments, f"{error} Asked for: {requested[:500]}")
        raise
    for name in ("db", "kb", "acting_as", "origin"):
        if hasattr(arguments, name):
            setattr(command, name, getattr(arguments, name))
    _confine(arguments, host, command.need, named_file(command))
    module, _, function = command.handler.partition(":")
    handler = getattr(import_module(f"helpdesk.cli.commands.{module}"), function)
    try:
        code: int | None = handler(command)
    except FencedError as error:
        _record(arguments, f"{error} Asked for: {requested[:500]}")
        raise
    return code


def _confine(
    arguments: argparse.Namespace, host: "HostRules", need: "Need", named: "Path | None" = None
) -> None:
    from helpdesk.cli.settings import settings_of
    from helpdesk.cli.ssh.confinement import confine
    from helpdesk.desk.ssh.fence import fence_of, make_own_folders

    settings = settings_of(arguments)
    make_own_folders(settings.acting_as or "", need)
    confine(fence_of(settings, host, need, named, _own_terminal()))


def _own_terminal() -> str:
    """Return the client's terminal; SSH_TTY might name somebody else's."""
    with suppress(OSError, AttributeError, ValueError):
        return os.ttyname(sys.stdin.fileno())
    return ""


def _record(arguments: argparse.Namespace, sentence: str) -> None:
    from helpdesk.cli.settings import settings_of
    from helpdesk.desk.opening import record_refusal

    record_refusal(settings_of(arguments), sentence)
