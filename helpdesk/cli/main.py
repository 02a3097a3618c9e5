"""The entry point: parse the arguments, run the command, return an exit code."""

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
from helpdesk.cli.inert_stream import InertStream
from helpdesk.domain.errors import DeskError
from helpdesk.domain.text import one_line
from helpdesk.error_log import log_crash
from helpdesk.memory import save_address_space

#: Run the cyclic garbage collector after this many new objects.  With Python's default of 700 it
#: runs hundreds of times while libraries are imported; that takes a fifth of a command's time and
#: frees nothing.
_GC_THRESHOLD = 50_000


def main(argv: Sequence[str] | None = None) -> int:
    """Run ``helpdesk`` and return its exit code.

    A :class:`DeskError` is printed as one sentence on stderr.  Any other exception is written to
    the error log, and only the id of its entry is printed.

    :param argv: the arguments; default: those of the process.
    """
    gc.set_threshold(_GC_THRESHOLD, *gc.get_threshold()[1:])
    save_address_space()
    _make_streams_safe()
    arguments = _parsed(sys.argv[1:] if argv is None else argv)
    try:
        # Only the module of this command is imported: `ticket show` must not import the app.
        module_name, _, function = arguments.handler.partition(":")
        module = import_module(f"helpdesk.cli.commands.{module_name}")
        code = getattr(module, function)(arguments)
        sys.stdout.flush()
    except DeskError as error:
        print(f"helpdesk: {one_line(str(error))}", file=sys.stderr)
        # Errors in a query come with two lines that point at the mistake.
        if caret := getattr(error, "caret", ""):
            print(caret, file=sys.stderr)
        return exit_code_of(error)
    except BrokenPipeError:
        # The reader (`| head`) closed the pipe; keep Python from reporting that while it exits.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return ExitCode.DONE
    except KeyboardInterrupt:
        print(
            "helpdesk: interrupted; only changes that were confirmed have been saved.",
            file=sys.stderr,
        )
        return ExitCode.REFUSED
    except Exception as error:
        print(f"helpdesk: {log_crash(error)}", file=sys.stderr)
        return ExitCode.REFUSED
    return int(code or ExitCode.DONE)


def _parsed(words: Sequence[str]) -> Any:
    if not words:
        return SimpleNamespace(handler="app:run")  # start the app without building a parser
    from helpdesk.cli.parser import build_parser

    return build_parser().parse_args(words)


def _make_streams_safe() -> None:
    """Make printing safe, for commands that succeeded and for the terminal.

    A stream that the caller closed (``>&-``) is replaced by the null device; characters that the
    output encoding lacks are printed as backslash escapes, so that no command fails because of its
    output.  What goes to a terminal is made harmless, and so are all messages: they end on one.
    """
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        stream = getattr(sys, name)
        if stream is None:
            nowhere = Path(os.devnull).open(mode, encoding="utf-8")  # noqa: SIM115  (stays open)
            setattr(sys, name, nowhere)
        elif mode == "w" and isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
            if name == "stderr" or stream.isatty():
                setattr(sys, name, InertStream(stream))


if __name__ == "__main__":
    sys.exit(main())
