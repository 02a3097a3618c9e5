"""``helpdesk door``: the forced command that sshd starts for an agent."""

import argparse
import os
import shutil
from importlib import import_module
from typing import TYPE_CHECKING

from helpdesk.cli.ssh.environment import scrub

if TYPE_CHECKING:
    from helpdesk.cli.ssh.request_end import RequestEnd
    from helpdesk.desk.session import Desk
    from helpdesk.desk.ssh.host_file import HostRules

_APP = "app:run"


def run(arguments: argparse.Namespace) -> int | None:
    """Run the command that an SSH client asks for, as the agent named in sshd's line."""
    requested = os.environ.get("SSH_ORIGINAL_COMMAND", "")
    scrub(getattr(arguments, "home", None))
    # Imported after that, because these modules read the environment.
    from helpdesk.cli.ssh.request_end import RequestEnd, RequestEndedError, discard_output
    from helpdesk.desk.settings import Origin
    from helpdesk.domain.errors import RefusedError

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
    with RequestEnd(rules.limits) as end:
        try:
            return _serve(arguments, requested, rules, end)
        except RequestEndedError as ended:
            discard_output()
            return int(str(ended.code))
        except Exception as error:
            refusal = rules.limits.exceeded(error)
            if refusal is None:
                raise
            raise refusal from error


def _serve(
    arguments: argparse.Namespace, requested: str, rules: "HostRules", end: "RequestEnd"
) -> int | None:
    """Sign the agent in, then run the command; the app signs in by itself."""
    from helpdesk.cli.settings import settings_of

    command = argparse.Namespace(handler=_APP)
    if requested.strip():
        from helpdesk.cli.ssh.sign_in import signed_in

        with signed_in(settings_of(arguments), end) as desk:
            command = _read(desk, requested, rules)
            if command.handler != _APP:
                rules.limits.limit_processor_time()
                command.signed_in = desk
                return _run(desk, _with_desk_of(arguments, command), requested)
    return _handle(_with_desk_of(arguments, command))


def _read(desk: "Desk", requested: str, rules: "HostRules") -> argparse.Namespace:
    from helpdesk.cli.arguments import UsageError
    from helpdesk.cli.ssh.request import attempt, read_request, words_of
    from helpdesk.domain.errors import DeskError

    try:
        return read_request(words_of(requested), rules.drop_folder)
    except DeskError as error:
        desk.database.record_refusal(attempt(str(error), requested))
        raise
    except UsageError as error:
        desk.database.record_refusal(attempt(error.sentence, requested))
        raise


def _run(desk: "Desk", command: argparse.Namespace, requested: str) -> int | None:
    from helpdesk.cli.ssh.request import attempt, names_place_outside
    from helpdesk.domain.errors import NotPermittedError, PathRefusedError, RefusedError

    try:
        return _handle(command)
    except NotPermittedError:
        raise  # it is on record already
    except RefusedError as error:
        if isinstance(error, PathRefusedError) or names_place_outside(command):
            desk.database.record_refusal(attempt(str(error), requested))
        raise


def _with_desk_of(arguments: argparse.Namespace, command: argparse.Namespace) -> argparse.Namespace:
    for name in ("db", "kb", "acting_as", "origin"):
        if hasattr(arguments, name):
            setattr(command, name, getattr(arguments, name))
    return command


def _handle(command: argparse.Namespace) -> int | None:
    module, _, function = command.handler.partition(":")
    handler = getattr(import_module(f"helpdesk.cli.commands.{module}"), function)
    code: int | None = handler(command)
    return code


def _confine(arguments: argparse.Namespace) -> "HostRules":
    from helpdesk.cli.settings import settings_of
    from helpdesk.cli.ssh.confinement import confine
    from helpdesk.desk.ssh.host_file import (
        database_file,
        host_rules,
        make_own_folders,
        own_folders,
    )

    rules = host_rules()
    settings = settings_of(arguments)
    make_own_folders()  # a confined process cannot make them
    git = shutil.which("git")
    programs = [program for program in (git, *rules.editor[:1]) if program]
    confine(programs, own_folders(settings, rules))
    rules.limits.limit_memory_and_files(database_file(settings))
    return rules
