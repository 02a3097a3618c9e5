"""What sshd is configured to do for the help desk's account, and what it should."""

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

_SBIN = "/usr/sbin:/usr/local/sbin:/sbin:/usr/bin"
_PATIENCE_S = 10
#: What a client may send: how it writes, and nothing that a program heeds otherwise.
_HARMLESS = ("lang", "lc_*", "language", "colorterm", "no_color", "tz", "term")
#: What the block below sets, as ``sshd -T`` prints it.
_WANTED = {
    "passwordauthentication": "no",
    "kbdinteractiveauthentication": "no",
    "disableforwarding": "yes",
    "permituserrc": "no",
}
_GLOBAL = {"permituserenvironment": "no"}


def block(account: str) -> str:
    """Return what belongs into a file of ``/etc/ssh/sshd_config.d``."""
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


def effective(account: str, config: Path | None = None) -> dict[str, list[str]] | None:
    """Return what sshd would do for the account, by option; None where it cannot be asked.

    :param config: its configuration file; default: the host's.
    """
    program = shutil.which("sshd", path=_SBIN)
    if program is None:
        return None
    connection = f"user={account},host=localhost,addr=127.0.0.1"
    command = [program, "-T", "-C", connection, *(["-f", str(config)] if config else [])]
    try:
        done = subprocess.run(  # noqa: S603  (no shell; the account's name is the system's)
            command, capture_output=True, text=True, timeout=_PATIENCE_S, check=False
        )
    except (OSError, subprocess.SubprocessError):
        return None
    if done.returncode:
        return None  # it reads the host's keys, which only root may
    found: dict[str, list[str]] = {}
    for line in done.stdout.splitlines():
        name, _, value = line.partition(" ")
        found.setdefault(name.lower(), []).append(value)
    return found


def faults(found: dict[str, list[str]]) -> Iterator[str]:
    """Yield in a few words each setting that is not as it should be."""
    for name, wanted in {**_WANTED, **_GLOBAL}.items():
        value = " ".join(found.get(name, ["(not set)"]))
        if value.lower() != wanted:
            yield f"{name} is {value}, not {wanted}"
    sent = [word for value in found.get("acceptenv", []) for word in value.split()]
    loose = [word for word in sent if word.lower() not in _HARMLESS and not _is_locale(word)]
    if loose:
        yield f"clients may set {', '.join(loose)}"
    if " ".join(found.get("clientaliveinterval", ["0"])) == "0":
        yield "clientaliveinterval is 0: a lost connection is noticed late"


def _is_locale(word: str) -> bool:
    return word.upper().startswith("LC_")
