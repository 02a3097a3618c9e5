"""``helpdesk door``: the forced command that sshd starts for an agent."""

import argparse
import os
import sys
from contextlib import suppress
from importlib import import_module
from typing import TYPE_CHECKING

from helpdesk.cli.ssh.environment import scrub

if TYPE_CHECKING:
    from helpdesk.cli.ssh.request import Asked
    from helpdesk.cli.ssh.request_end import RequestEnd
    from helpdesk.desk.session import Desk
    from helpdesk.desk.ssh.host_file import HostRules

_APP = "app:run"


def run(arguments: argparse.Namespace) -> int | None:
    """Run the command that an SSH client asks for, as the agent named in sshd's line."""
    requested = os.environ.get("SSH_ORIGINAL_COMMAND", "")
    scrub(getattr(arguments, "home", None))
    # Imported after that, because these modules read the environment.
    from helpdesk.cli.ssh.request import parse_request
    from helpdesk.cli.ssh.request_end import RequestEnd, RequestEndedError, discard_output
    from helpdesk.desk.settings import Origin
    from helpdesk.desk.ssh.host_file import host_rules
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
    rules = host_rules()
    asked = parse_request(requested, rules.drop_folder)
    _confine(arguments, rules, asked)
    with RequestEnd(rules.limits) as end:
        try:
            return _serve(arguments, asked, rules, end)
        except RequestEndedError as ended:
            discard_output()
            return int(str(ended.code))
        except SystemExit as end_of_help:
            return int(end_of_help.code or 0)
        except Exception as error:
            refusal = rules.limits.exceeded(error)
            if refusal is None:
                raise
            raise refusal from error


def _confine(arguments: argparse.Namespace, rules: "HostRules", asked: "Asked") -> None:
    """Restrict this process for the rest of its life to what the request needs."""
    from helpdesk.cli.settings import settings_of
    from helpdesk.cli.ssh.confinement import confine
    from helpdesk.desk.ssh.database_place import DatabasePlace
    from helpdesk.desk.ssh.fence import fence_of, make_own_folders

    settings = settings_of(arguments)
    make_own_folders(settings.acting_as or "", asked.need)
    confine(fence_of(settings, rules, asked.need, asked.file, _own_terminal()))
    rules.limits.limit_memory_and_files(DatabasePlace(settings.database_url).file)


def _own_terminal() -> str:
    """Return the client's terminal; SSH_TTY might name somebody else's."""
    with suppress(OSError, AttributeError, ValueError):
        return os.ttyname(sys.stdin.fileno())
    return ""


def _serve(
    arguments: argparse.Namespace, asked: "Asked", rules: "HostRules", end: "RequestEnd"
) -> int | None:
    """Sign the agent in, then run the command; the app signs in by itself."""
    from helpdesk.cli.settings import settings_of
    from helpdesk.desk.opening import record_refusal
    from helpdesk.domain.errors import FencedError

    if asked.command is not None and asked.command.handler == _APP:
        try:
            return _handle(_with_desk_of(arguments, asked.command))
        except FencedError as error:
            record_refusal(settings_of(arguments), asked.attempt(str(error)))
            raise
    from helpdesk.cli.ssh.sign_in import signed_in

    with signed_in(settings_of(arguments), end) as desk:
        command = _checked(desk, asked)
        rules.limits.limit_processor_time()
        command.signed_in = desk
        return _run(desk, _with_desk_of(arguments, command), asked)


def _checked(desk: "Desk", asked: "Asked") -> argparse.Namespace:
    """Return the command, or say and record now why there is none."""
    if asked.command is not None:
        return asked.command
    sentence = asked.tell_refusal()
    if sentence:
        desk.database.record_refusal(asked.attempt(sentence))
    raise asked.end


def _run(desk: "Desk", command: argparse.Namespace, asked: "Asked") -> int | None:
    from helpdesk.cli.ssh.request import names_place_outside
    from helpdesk.domain.errors import (
        FencedError,
        NotPermittedError,
        PathRefusedError,
        RefusedError,
    )

    try:
        return _handle(command)
    except FencedError as error:
        desk.database.record_refusal(asked.attempt(str(error)))
        raise
    except NotPermittedError:
        raise  # it is on record already
    except RefusedError as error:
        if isinstance(error, PathRefusedError) or names_place_outside(command):
            desk.database.record_refusal(asked.attempt(str(error)))
        raise


def _with_desk_of(arguments: argparse.Namespace, command: argparse.Namespace) -> argparse.Namespace:
    for name in ("db", "kb", "acting_as", "origin"):
        if hasattr(arguments, name):
            setattr(command, name, getattr(arguments, name))
    return command


def _handle(command: argparse.Namespace) -> int | None:
    from helpdesk.cli.changes import changes

    changes.command = getattr(command, "command", "helpdesk")
    module, _, function = command.handler.partition(":")
    handler = getattr(import_module(f"helpdesk.cli.commands.{module}"), function)
    code: int | None = handler(command)
    return code
