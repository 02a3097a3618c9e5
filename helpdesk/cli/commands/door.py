"""``helpdesk door``: the forced command that sshd starts for an agent."""

import argparse
import os
import shutil
from importlib import import_module
from typing import TYPE_CHECKING

from helpdesk.cli.ssh.environment import scrub

if TYPE_CHECKING:
    from helpdesk.desk.ssh.host_file import HostRules


def run(arguments: argparse.Namespace) -> int | None:
    """Run the command that an SSH client asks for, as the agent named in sshd's line."""
    requested = os.environ.get("SSH_ORIGINAL_COMMAND", "")
    scrub(getattr(arguments, "home", None))
    # Imported after that, because these modules read the environment.
    from helpdesk.cli.changes import changes
    from helpdesk.cli.ssh.request import read_request, words_of
    from helpdesk.desk.settings import Origin
    from helpdesk.domain.errors import NotPermittedError, RefusedError

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
    rules = _confine(arguments)
    try:
        command = read_request(words_of(requested), rules.drop_folder)
    except NotPermittedError as error:
        from helpdesk.cli.settings import settings_of
        from helpdesk.desk.opening import record_refusal

        record_refusal(settings_of(arguments), f"{error} Asked for: {requested[:500]}")
        raise
    changes.command = getattr(command, "command", "helpdesk")
    for name in ("db", "kb", "acting_as", "origin"):
        if hasattr(arguments, name):
            setattr(command, name, getattr(arguments, name))
    module, _, function = command.handler.partition(":")
    handler = getattr(import_module(f"helpdesk.cli.commands.{module}"), function)
    code: int | None = handler(command)
    return code


def _confine(arguments: argparse.Namespace) -> "HostRules":
    from helpdesk.cli.settings import settings_of
    from helpdesk.cli.ssh.confinement import confine
    from helpdesk.desk.ssh.host_file import host_rules, make_own_folders, own_folders

    rules = host_rules()
    make_own_folders()  # a confined process cannot make them
    git = shutil.which("git")
    programs = [program for program in (git, *rules.editor[:1]) if program]
    confine(programs, own_folders(settings_of(arguments), rules))
    return rules
