"""Read policy files, and the starter policy that is shipped."""

from datetime import datetime
from importlib.resources import files
from pathlib import Path

from helpdesk.desk.policy.host_zone import host_zone
from helpdesk.domain.errors import RefusedError
from helpdesk.policy import Policy, PolicyFinding, PolicyReading, read_policy
from helpdesk.policy.context import PolicyContext

_SIZE_LIMIT = 16 * 1024 * 1024


def read_text(file: Path) -> str:
    """Return the text of a policy file.

    :raises RefusedError: if the file cannot be read, is too large, or is not UTF-8.
    """
    try:
        if file.stat().st_size > _SIZE_LIMIT:
            raise RefusedError(f"{file} is larger than 16 MiB: name a policy file.")
        return file.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise RefusedError(
            f"{file} cannot be read ({error.strerror}): name a policy file."
        ) from error
    except UnicodeDecodeError as error:
        raise RefusedError(
            f"{file} is no text in UTF-8 (byte {error.start}): save it as UTF-8."
        ) from error


def check_text(text: str, folder: Path | None, now: datetime) -> PolicyReading:
    """Parse and check a policy as of ``now``.

    :param folder: where the iCalendar files lie that it names; None: it can name none.
    """
    return read_policy(text, PolicyContext(now.astimezone().date(), host_zone(), folder))


def require_policy(text: str, name: str, folder: Path | None, now: datetime) -> Policy:
    """Return a policy that has no mistakes.

    :param name: the file name for the error message.
    :raises RefusedError: if it has mistakes; names the first one and says how many more there are.
    """
    reading = check_text(text, folder, now)
    if reading.policy is None:
        raise RefusedError(_refusal(name, reading.findings))
    return reading.policy


def starter_text() -> str:
    """Return the text of the starter policy, which is in force on a new desk."""
    return files("helpdesk.policy").joinpath("starter.toml").read_text(encoding="utf-8")


def _refusal(name: str, findings: tuple[PolicyFinding, ...]) -> str:
    more = len(findings) - 1
    rest = f" ({more} more: helpdesk policy check {name})" if more else ""
    return f"{name}:{findings[0]}{rest}"
