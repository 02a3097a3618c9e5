"""Checking the configuration of sshd for the account of the help desk."""

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

_SBIN = "/usr/sbin:/usr/local/sbin:/sbin:/usr/bin"
_TIMEOUT_S = 10
#: The environment variables that a client may send: they affect language and display only.
_HARMLESS = ("lang", "lc_*", "language", "colorterm", "no_color", "tz", "term")
#: The settings that the block below makes, as ``sshd -T`` prints them.
_REQUIRED = {
    "passwordauthentication": "no",
    "kbdinteractiveauthentication": "no",
    "disableforwarding": "yes",
    "permituserrc": "no",
}
_GLOBAL = {"permituserenvironment": "no"}


def recommended_settings(account: str) -> str:
    """Return the settings for an account, for a file in ``/etc/ssh/sshd_config.d``."""
    return f"""\
Match User {account}
    PubkeyAuthentication yes
    PasswordAuthentication no
    KbdInteractiveAuthentication no
    DisableForwarding yes
    PermitUserRC no
    AcceptEnv LANG LC_* COLORTERM NO_COLOR TZ
    ClientAliveInterval 15
    ClientAliveCountMax 3
"""


def effective_settings(account: str, config: Path | None = None) -> dict[str, list[str]] | None:
    """Return the values of sshd's options for an account, by name in lower case.

    None if sshd is not installed, fails, or may not be run by this user.

    :param config: the configuration file; default: the host's.
    """
    program = shutil.which("sshd", path=_SBIN)
    if program is None:
        return None
    connection = f"user={account},host=localhost,addr=127.0.0.1"
    command = [program, "-T", "-C", connection, *(["-f", str(config)] if config else [])]
    try:
        done = subprocess.run(  # noqa: S603  (no shell; the name comes from the user database)
            command, capture_output=True, text=True, timeout=_TIMEOUT_S, check=False
        )
    except (OSError, subprocess.SubprocessError):
        return None
    if done.returncode:
        return None  # it needs the host's keys, which only root can read
    found: dict[str, list[str]] = {}
    for line in done.stdout.splitlines():
        name, _, value = line.partition(" ")
        found.setdefault(name.lower(), []).append(value)
    return found


def wrong_settings(found: dict[str, list[str]]) -> Iterator[str]:
    """Yield a few words about each setting that is not as it should be."""
    for name, wanted in {**_REQUIRED, **_GLOBAL}.items():
        value = " ".join(found.get(name, ["(not set)"]))
        if value.lower() != wanted:
            yield f"{name} is {value}, not {wanted}"
    accepted = [word for value in found.get("acceptenv", []) for word in value.split()]
    unsafe = [word for word in accepted if word.lower() not in _HARMLESS and not _is_locale(word)]
    if unsafe:
        yield f"clients may set {', '.join(unsafe)}"
    if " ".join(found.get("clientaliveinterval", ["0"])) == "0":
        yield "clientaliveinterval is 0: a lost connection is noticed late"


def _is_locale(word: str) -> bool:
    return word.upper().startswith("LC_")
