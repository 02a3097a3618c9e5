"""Where an unexpected error is written, so that its traceback never reaches a person's screen."""

import secrets
import traceback
from datetime import UTC, datetime

from helpdesk.locations import state_dir


def log_crash(error: BaseException) -> str:
    """Append the error with its traceback to the log; return the sentence for the person."""
    name = secrets.token_hex(4)
    lines = "".join(traceback.format_exception(error))
    file = state_dir() / "errors.log"
    try:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with file.open("a", encoding="utf-8", errors="backslashreplace") as log:
            log.write(f"{datetime.now(UTC).isoformat()} error {name}\n{lines}\n")
    except OSError:
        return f"something went wrong ({type(error).__name__}) and {file} cannot be written."
    return f"something went wrong; please report error {name}, whose details are in {file}."
