"""The log of unexpected errors, which keeps tracebacks off the user's screen."""

import secrets
import traceback
from datetime import UTC, datetime
from textwrap import indent

from helpdesk.domain.text import inert
from helpdesk.locations import state_dir
from helpdesk.memory import ran_out

_TOO_LITTLE = (
    "there is too little memory, or room for threads, to go on: raise the limits (ulimit -v, "
    "ulimit -u) or end other programs."
)


def log_crash(error: BaseException) -> str:
    """Append an error with its traceback to the log; return one sentence to show to the user.

    The log can be read on a terminal: it is inert, and only the head of an entry begins a line,
    whatever text the error quotes.  Want of memory is no fault of the program and is not logged.
    """
    if ran_out(error):
        return _TOO_LITTLE
    error_id = secrets.token_hex(4)
    details = indent(inert("".join(traceback.format_exception(error))), "  ", lambda _: True)
    file = state_dir() / "errors.log"
    try:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with file.open("a", encoding="utf-8", errors="backslashreplace") as log:
            log.write(f"{datetime.now(UTC).isoformat()} error {error_id}\n{details}\n")
    except OSError:
        return f"something went wrong ({type(error).__name__}) and {file} cannot be written."
    return f"something went wrong; please report error {error_id}, whose details are in {file}."
