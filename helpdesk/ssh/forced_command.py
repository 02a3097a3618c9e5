"""The line of ``authorized_keys`` that gives an agent's key the help desk and nothing else."""

import re
import shlex
from collections.abc import Sequence
from dataclasses import dataclass

from helpdesk.domain.errors import RefusedError
from helpdesk.domain.text import one_line
from helpdesk.ssh.public_key import PublicKey

#: The logins that Debian's adduser allows: none looks like an option, a path or shell syntax.
LOGIN = re.compile(r"[a-z_][a-z0-9_.-]{0,31}")
_PRINTABLE = re.compile(r"[ -~]+")


@dataclass(frozen=True, slots=True)
class ForcedCommand:
    """The command with which sshd starts the help desk on this host.

    :ivar program: the full path of the program and its first arguments.
    :ivar options: the options that name the desk (``--db URL`` ...), if it is not the default one.
    """

    program: tuple[str, ...]
    options: tuple[str, ...] = ()

    def command(self, login: str, fingerprint: str) -> str:
        """Return the command for an agent's key, quoted for the account's shell.

        :raises RefusedError: if the login or a path has characters that cannot be quoted.
        """
        if not LOGIN.fullmatch(login):
            raise RefusedError(
                f"{one_line(login)[:40]!r} cannot sign in over SSH: only a login of lower-case "
                "letters, digits, '.', '_' and '-' can."
            )
        words = [*self.program, "door", *self.options, "--key", fingerprint, "--as", login]
        return _quoted(words)

    def line(self, login: str, key: PublicKey) -> str:
        """Return the line of ``authorized_keys`` for an agent's key.

        ``restrict`` forbids all forwarding, the account's ``rc`` file and everything that later
        versions of sshd will add; ``pty`` allows a terminal again.
        """
        command = self.command(login, key.fingerprint).replace('"', '\\"')
        return f'restrict,pty,command="{command}" {key.line} {login}'


def _quoted(words: Sequence[str]) -> str:
    for word in words:
        # A backslash before a quote would end sshd's own quoting.
        if not _PRINTABLE.fullmatch(word) or "\\" in word:
            raise RefusedError(
                f"{one_line(word)[:60]!r} cannot be written to sshd's file: use a path of plain "
                "characters without a backslash."
            )
    return shlex.join(words)
