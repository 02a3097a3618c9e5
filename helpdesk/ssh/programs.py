"""Starting the few programs that this one uses: git, and an editor.

A process of an SSH client starts each program in a thread of its own, which the kernel restricts
further (see :mod:`helpdesk.ssh.landlock`): git and an editor reach less than this program does.
"""

import subprocess
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from helpdesk.ssh.landlock import Allowed, Restriction

_restrictions: dict[str, Restriction] = {}


def restrict_programs(restrictions: Mapping[str, Restriction]) -> None:
    """Restrict the programs that this process starts from now on.

    :param restrictions: by the command's first word.
    """
    _restrictions.update(restrictions)


def run_program(
    command: Sequence[str], folders: Sequence[Path] = (), **options: Any
) -> "subprocess.CompletedProcess[bytes]":
    """Run a program as :func:`subprocess.run` does, restricted if this process is.

    :param folders: the folders that only this run may change.
    """
    restriction = _restrictions.get(command[0])
    if restriction is None:
        return subprocess.run(command, **options)  # noqa: S603  (no shell; the callers choose it)
    for folder in folders:
        restriction.allow(folder, Allowed.ALL_BELOW)
    return _run_restricted(restriction, command, options)


def _run_restricted(
    restriction: Restriction, command: Sequence[str], options: Mapping[str, Any]
) -> "subprocess.CompletedProcess[bytes]":
    done: list[subprocess.CompletedProcess[bytes]] = []
    failed: list[BaseException] = []

    def run() -> None:
        try:
            restriction.apply()
            done.append(subprocess.run(command, **options))  # noqa: S603
        except BaseException as error:
            failed.append(error)

    # The kernel restricts a single thread; a program inherits what the starting thread may do.
    thread = threading.Thread(target=run, name=f"start {command[0]}")
    thread.start()
    thread.join()
    if failed:
        raise failed[0]
    return done[0]
