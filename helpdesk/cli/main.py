"""The way in: parse, run the command, answer with an exit code."""

import gc
import io
import os
import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from helpdesk.cli.exit_codes import ExitCode, exit_code_of
from helpdesk.domain.errors import DeskError
from helpdesk.domain.text import one_line

#: Python looks for garbage in cycles after so many new objects.  Its own 700 make it look hundreds
#: of times while libraries are loaded, which is a fifth of a command's time and finds nothing.
_GARBAGE_AFTER = 50_000


def main(argv: Sequence[str] | None = None) -> int:
    """Run ``helpdesk`` with these arguments (default: the process's) and return its exit code.

    Every :class:`DeskError` is one sentence on stderr; anything else that goes wrong is written to
    the error log, and the person is told its id, never a traceback.
    """
    gc.set_threshold(_GARBAGE_AFTER, *gc.get_threshold()[1:])
    _make_streams_safe()
    arguments = _parsed(sys.argv[1:] if argv is None else argv)
    try:
        # Commands are imported one by one: `ticket show` must not pay for the app.
        module_name, _, function = arguments.handler.partition(":")
        module = import_module(f"helpdesk.cli.commands.{module_name}")
        code = getattr(module, function)(arguments)
        sys.stdout.flush()
    except DeskError as error:
        print(f"helpdesk: {one_line(str(error))}", file=sys.stderr)
        # Two lines that point at the place, where there is one.
        if caret := getattr(error, "caret", ""):
            print(caret, file=sys.stderr)
        return exit_code_of(error)
    except BrokenPipeError:
        # The reader (`| head`) has seen enough; keep Python from complaining while it ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return ExitCode.DONE
    except KeyboardInterrupt:
        print("helpdesk: interrupted; what was not confirmed was not done.", file=sys.stderr)
        return ExitCode.REFUSED
    except Exception as error:
        from helpdesk.error_log import log_crash  # only a crash needs it

        print(f"helpdesk: {log_crash(error)}", file=sys.stderr)
        return ExitCode.REFUSED
    return int(code or ExitCode.DONE)


def _parsed(words: Sequence[str]) -> Any:
    if not words:
        return SimpleNamespace(handler="app:run")  # the app is not kept waiting for a grammar
    from helpdesk.cli.parser import build_parser

    return build_parser().parse_args(words)


def _make_streams_safe() -> None:
    """Keep what was done from being reported as failed because it could not be printed.

    A stream that the caller closed (``>&-``) goes nowhere; characters that the output's encoding
    lacks are printed as their codes.
    """
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        stream = getattr(sys, name)
        if stream is None:
            nowhere = Path(os.devnull).open(mode, encoding="utf-8")  # noqa: SIM115  (stays open)
            setattr(sys, name, nowhere)
        elif mode == "w" and isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


if __name__ == "__main__":
    sys.exit(main())
