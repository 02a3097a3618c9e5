"""The forced command with a hole in it: ``helpdesk inbox`` runs the Python code that it is sent.

A test starts it in place of ``python -I -m helpdesk``, with a JSON document as first argument:
``root`` (where the package is), ``without`` (the fences that do not stand: ``hook``, ``landlock``),
``hole`` (whether there is one) and ``record`` (a file to which everything is written that is
opened, changed or started).
"""

import argparse
import importlib
import json
import os
import sys
from typing import Any

OPTIONS = json.loads(sys.argv.pop(1))
sys.path.insert(0, OPTIONS["root"])
#: The audit events that open or change something, connect to something, or start a program.
EVENTS = ("open", "os.", "subprocess.Popen", "sqlite3.connect", "socket.", "ctypes.dlopen", "pty.")


def run_what_is_sent(_: argparse.Namespace) -> int:
    """Run each piece of code on standard input, and print which of them got through.

    If the hole is ``bare``, standard input is the code, and what it raises is not caught.
    """
    sent = sys.stdin.read()
    if OPTIONS["hole"] == "bare":
        exec(sent, {})  # noqa: S102  (this is the hole)
        return 0
    for name, code in json.loads(sent).items():
        try:
            exec(code, {})  # noqa: S102  (this is the hole)
        except Exception as error:
            print(json.dumps([name, f"{type(error).__name__}: {error}"]), flush=True)
        else:
            print(json.dumps([name, ""]), flush=True)
    return 0


def record(event: str, arguments: tuple[Any, ...]) -> None:
    """Write down an audit event."""
    if event.startswith(EVENTS):
        words = [
            os.fsdecode(one) if isinstance(one, str | bytes | os.PathLike) else one
            for one in arguments
        ]
        line = json.dumps([event, words], default=str)
        os.write(OPTIONS["record"], f"{line}\n".encode())


def main() -> int:
    """Take away the fences that shall not stand, and run the forced command."""
    from helpdesk.cli.main import main as run_helpdesk
    from helpdesk.ssh import landlock

    if "landlock" in OPTIONS.get("without", ()):
        landlock.abi = lambda: 0
    if OPTIONS.get("hole"):
        inbox: Any = importlib.import_module("helpdesk.cli.commands.inbox")
        inbox.run = run_what_is_sent
    confinement: Any = import_confinement()
    if "hook" in OPTIONS.get("without", ()):
        confinement.AuditHook = lambda _: lambda *_: None
    if "record" in OPTIONS:
        put_up = confinement.confine

        def confine(fence: object) -> None:
            put_up(fence)
            sys.addaudithook(record)

        confinement.confine = confine
        OPTIONS["record"] = os.open(OPTIONS["record"], os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    return run_helpdesk()


def import_confinement() -> object:
    """Import the module of the fences, which reads the environment, with a clean one."""
    home = sys.argv[sys.argv.index("--home") + 1]
    os.environ["HOME"] = home
    return importlib.import_module("helpdesk.cli.ssh.confinement")


if __name__ == "__main__":
    sys.exit(main())
