"""The line of sshd's that lets an agent into the help desk, and into nothing else."""

import re
import shlex
from collections.abc import Sequence
from dataclasses import dataclass

from helpdesk.domain.errors import RefusedError
from helpdesk.domain.text import one_line
from helpdesk.ssh.public_key import PublicKey

#: As Debian's adduser: a login never looks like an option, a path or a piece of shell.
LOGIN = re.compile(r"[a-z_][a-z0-9_.-]{0,31}")
_PRINTABLE = re.compile(r"[ -~]+")


@dataclass(frozen=True, slots=True)
class Entrance:
    """How sshd starts the help desk on this host.

    :ivar program: the program and its first arguments, the program by its full path.
    :ivar options: what names the desk (``--db URL`` …), where it is not the default one.
    """

    program: tuple[str, ...]
    options: tuple[str, ...] = ()

    def command(self, login: str, fingerprint: str) -> str:
        """Return the command, as the account's shell reads it.

        :raises RefusedError: if a word of it cannot stand there.
        """
        if not LOGIN.fullmatch(login):
            raise RefusedError(
                f"{one_line(login)[:40]!r} cannot come in over SSH: only a login of lower-case "
                "letters, digits, '.', '_' and '-' can."
            )
        words = [*self.program, "door", *self.options, "--key", fingerprint, "--as", login]
        return _quoted(words)

    def line(self, login: str, key: PublicKey) -> str:
        """Return the line of ``authorized_keys`` for an agent's key.

        ``restrict`` forbids every forwarding, the account's ``rc`` file and whatever later
        versions of sshd will add; a terminal alone is given back.
        """
        command = self.command(login, key.fingerprint).replace('"', '\\"')
        return f'restrict,pty,command="{command}" {key.line} {login}'


def _quoted(words: Sequence[str]) -> str:
    for word in words:
        # A backslash before a quote would end sshd's own quoting.
        if not _PRINTABLE.fullmatch(word) or "\\" in word:
            raise RefusedError(
                f"{one_line(word)[:60]!r} cannot stand in sshd's file: use a path of plain "
                "characters without a backslash."
            )
    return shlex.join(words)
