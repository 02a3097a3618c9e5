"""Read policy files, and the starter policy that is shipped."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from importlib.resources import files
from pathlib import Path

from helpdesk.desk.policy.host_zone import host_zone
from helpdesk.domain.desk_zone import day_of
from helpdesk.domain.errors import RefusedError
from helpdesk.policy import Policy, PolicyFinding, PolicyReading, read_policy
from helpdesk.policy.context import PolicyContext

#: The maximum size of a policy file in bytes.
SIZE_LIMIT = 16 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class PolicyText:
    """The text of a policy, and which files of this host it may name.

    :ivar name: the name of its file, for error messages.
    :ivar names_files: whether it may name iCalendar files; never if it comes from an SSH client.
    :ivar folder: where the iCalendar files lie that it names by a relative path; None: it can name
        none so.
    """

    text: str
    name: str
    names_files: bool = False
    folder: Path | None = None


def decode(raw: bytes, name: str) -> str:
    """Return the text of a policy file from its bytes.

    :raises RefusedError: if it is not UTF-8.
    """
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise RefusedError(
            f"{name} is no text in UTF-8 (byte {error.start}): save it as UTF-8."
        ) from error


def check_text(
    policy: PolicyText, now: datetime, agents: Mapping[str, bool] | None = None
) -> PolicyReading:
    """Parse and check a policy as of ``now``.

    :param agents: the logins of the desk's agents, each with whether they are active; None if no
        desk is at hand.
    """
    context = PolicyContext(day_of(now), host_zone(), policy.names_files, policy.folder, agents)
    return read_policy(policy.text, context)


def require_policy(policy: PolicyText, now: datetime) -> Policy:
    """Return a policy that has no mistakes.

    :raises RefusedError: if it has mistakes; names the first one and says how many more there are.
    """
    reading = check_text(policy, now)
    if reading.policy is None:
        raise RefusedError(_refusal(policy.name, reading.findings))
    return reading.policy


def starter_text() -> str:
    """Return the text of the starter policy, which is in force on a new desk."""
    return files("helpdesk.policy").joinpath("starter.toml").read_text(encoding="utf-8")


def _refusal(name: str, findings: tuple[PolicyFinding, ...]) -> str:
    more = len(findings) - 1
    rest = f" ({more} more: helpdesk policy check {name})" if more else ""
    return f"{name}:{findings[0]}{rest}"
