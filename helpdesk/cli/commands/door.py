"""``helpdesk door``: what sshd starts for an agent."""

import argparse
import os
import shutil
from importlib import import_module
from typing import TYPE_CHECKING

from helpdesk.cli.ssh.environment import scrub

if TYPE_CHECKING:
    from helpdesk.desk.ssh.host_file import HostRules


def run(arguments: argparse.Namespace) -> int | None:
    """Do what somebody asked for over SSH, as the agent whom sshd's line names."""
    asked_for = os.environ.get("SSH_ORIGINAL_COMMAND", "")
    scrub(getattr(arguments, "home", None))
    # All that reads the environment comes after that.
    from helpdesk.cli.ssh.request import read_request, words_of
    from helpdesk.desk.settings import Origin
    from helpdesk.domain.errors import NotPermittedError, RefusedError

    login = getattr(arguments, "acting_as", None)
    if login is None:
        raise RefusedError("the door needs to know whom it lets in: name them with --as LOGIN.")
    arguments.origin = Origin(
        address=os.environ.get("SSH_CONNECTION", "").partition(" ")[0],
        key=getattr(arguments, "key", ""),
        terminal=os.environ.get("SSH_TTY", ""),
    )
    os.umask(0o077)
    rules = _confine(arguments)
    try:
        asked = read_request(words_of(asked_for), rules.drop_folder)
    except NotPermittedError as error:
        from helpdesk.cli.settings import settings_of
        from helpdesk.desk.opening import record_refusal

        record_refusal(settings_of(arguments), f"{error} Asked for: {asked_for[:500]}")
        raise
    for name in ("db", "kb", "acting_as", "origin"):
        if hasattr(arguments, name):
            setattr(asked, name, getattr(arguments, name))
    module, _, function = asked.handler.partition(":")
    handler = getattr(import_module(f"helpdesk.cli.commands.{module}"), function)
    code: int | None = handler(asked)
    return code


def _confine(arguments: argparse.Namespace) -> "HostRules":
    from helpdesk.cli.settings import settings_of
    from helpdesk.cli.ssh.confinement import confine
    from helpdesk.desk.ssh.host_file import host_rules, make_own_folders, own_folders

    rules = host_rules()
    make_own_folders()  # behind the fence nothing is made beside them
    git = shutil.which("git")
    programs = [program for program in (git, *rules.editor[:1]) if program]
    confine(programs, own_folders(settings_of(arguments), rules))
    return rules
