"""``helpdesk door``: what sshd starts for an agent."""

import argparse
import os
from importlib import import_module

from helpdesk.cli.door.environment import scrub


def run(arguments: argparse.Namespace) -> int | None:
    """Do what somebody asked for over SSH, as the agent whom sshd's line names."""
    asked_for = os.environ.get("SSH_ORIGINAL_COMMAND", "")
    scrub(getattr(arguments, "home", None))
    # All that reads the environment comes after that.
    from helpdesk.cli.door.request import read_request, words_of
    from helpdesk.desk.settings import Origin
    from helpdesk.domain.errors import RefusedError

    login = getattr(arguments, "acting_as", None)
    if login is None:
        raise RefusedError("the door needs to know whom it lets in: name them with --as LOGIN.")
    asked = read_request(words_of(asked_for))
    asked.acting_as = login
    for name in ("db", "kb"):
        if hasattr(arguments, name):
            setattr(asked, name, getattr(arguments, name))
    asked.origin = Origin(
        address=os.environ.get("SSH_CONNECTION", "").partition(" ")[0],
        key=getattr(arguments, "key", ""),
        terminal=os.environ.get("SSH_TTY", ""),
    )
    module, _, function = asked.handler.partition(":")
    handler = getattr(import_module(f"helpdesk.cli.commands.{module}"), function)
    code: int | None = handler(asked)
    return code
