"""The entry point: parse the arguments, run the command, return an exit code."""

import gc
import sys
from collections.abc import Callable, Sequence
from importlib import import_module
from types import SimpleNamespace
from typing import Any

from helpdesk.cli.changes import changes
from helpdesk.cli.exit_codes import ExitCode, exit_code_of
from helpdesk.cli.output_stream import OutputError, OutputStream, make_streams_safe
from helpdesk.domain.cures import in_the_shell
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
    the error log, and only the id of its entry is printed.  If the answer cannot be printed, a
    sentence on stderr says so, and what was done.

    :param argv: the arguments; default: those of the process.
    """
    gc.set_threshold(_GC_THRESHOLD, *gc.get_threshold()[1:])
    save_address_space()
    make_streams_safe()
    changes.clear()
    words = sys.argv[1:] if argv is None else argv
    code = _protected(lambda: _run(words))
    # Flushed here and not by Python while it exits, which has no sentence and a code of its own.
    flushed = _protected(sys.stdout.flush)
    return code or flushed


def _run(words: Sequence[str]) -> int:
    try:
        arguments = _parsed(words)
    except SystemExit as left:  # by argparse: after --help, --version, or a wrong command line
        return int(left.code or 0)
    changes.command = getattr(arguments, "command", "helpdesk")
    # Only the module of this command is imported: `ticket show` must not import the app.
    module_name, _, function = arguments.handler.partition(":")
    module = import_module(f"helpdesk.cli.commands.{module_name}")
    return int(getattr(module, function)(arguments) or ExitCode.DONE)


def _protected(call: Callable[[], int | None]) -> int:
    """Call a function; print a sentence for each error, and return the exit code."""
    try:
        return call() or ExitCode.DONE
    except DeskError as error:
        print(f"helpdesk: {one_line(in_the_shell(str(error)))}", file=sys.stderr)
        # Errors in a query come with two lines that point at the mistake.
        if caret := getattr(error, "caret", ""):
            print(caret, file=sys.stderr)
        return exit_code_of(error)
    except BrokenPipeError:  # the reader (`| head`) closed the pipe
        _drop_output()
        return ExitCode.DONE
    except OutputError as error:
        _drop_output()
        print(f"helpdesk: {_lost_answer(error)}", file=sys.stderr)
        return ExitCode.REFUSED
    except KeyboardInterrupt:
        print(
            "helpdesk: interrupted; only changes that were confirmed have been saved.",
            file=sys.stderr,
        )
        return ExitCode.REFUSED
    except Exception as error:
        print(f"helpdesk: {log_crash(error)}", file=sys.stderr)
        return ExitCode.REFUSED


def _lost_answer(error: OutputError) -> str:
    done = changes.summary()
    if not done:
        return f"the output cannot be written to standard output ({error.reason})."
    return one_line(
        f"{done}, but its answer cannot be written to standard output ({error.reason}): "
        "do not run it again."
    )


def _drop_output() -> None:
    if isinstance(sys.stdout, OutputStream):
        sys.stdout.drop()


def _parsed(words: Sequence[str]) -> Any:
    if not words:
        return SimpleNamespace(handler="app:run")  # start the app without building a parser
    from helpdesk.cli.parser import build_parser

    return build_parser().parse_args(words)


if __name__ == "__main__":
    sys.exit(main())
