"""One ticket as plain text: to be copied, or written to a file of the agent's own."""

import os
from pathlib import Path

from helpdesk.desk import session
from helpdesk.desk.exchange.ticket_text import ticket_text
from helpdesk.desk.session import Desk
from helpdesk.desk.ticket import show_ticket
from helpdesk.domain.errors import RefusedError
from helpdesk.domain.i18n import _
from helpdesk.domain.roles import Right
from helpdesk.domain.text import inert
from helpdesk.domain.ticket import ref

#: So many files about one ticket may lie in a folder.
_MOST_FILES = 100


def text_of(desk: Desk, number: int) -> str:
    """Return everything about a ticket as lines of text, its control characters made visible."""
    return inert(ticket_text(show_ticket.show(desk, number), whole=True))


def export(desk: Desk, number: int, folder: Path) -> Path:
    """Write the text of a ticket to a new file, which only its owner may read.

    The export is put on record.

    :return: the path of the file, such as ``HD-12.txt``, or ``HD-12-2.txt`` if there is one.
    :raises RefusedError: if the app does not run under the agent's own account, or the file cannot
        be written.
    """
    desk.require(Right.EXPORT)
    own_account = desk.settings.origin is None and session.system_login() == desk.login
    if not own_account:
        raise RefusedError(
            _(
                "no file is written here, because it would stay on the desk's host: run "
                "'ticket show {ticket}' over SSH, and write its output to a file of your own."
            ).format(ticket=ref(number))
        )
    text = text_of(desk, number)
    try:
        path, descriptor = _new_file(folder, ref(number))
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(f"{text}\n")
    except OSError as error:
        raise RefusedError(
            _(
                "no file can be written in {folder} ({why}): start the app in another folder."
            ).format(folder=folder, why=error.strerror)
        ) from error
    desk.record_use("exported a ticket", ref(number), 1, str(path.absolute()))
    return path


def copied(desk: Desk, number: int) -> str:
    """Return :func:`text_of` to be copied to a clipboard, which is put on record."""
    desk.require(Right.EXPORT)
    text = text_of(desk, number)
    desk.record_use("copied a ticket", ref(number), 1, "clipboard")
    return text


def _new_file(folder: Path, name: str) -> tuple[Path, int]:
    """Open a file that did not exist; never follow a link that lies there.

    :return: its path, and its descriptor.
    """
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW
    for place in range(1, _MOST_FILES + 1):
        path = folder / (f"{name}.txt" if place == 1 else f"{name}-{place}.txt")
        try:
            return path, os.open(path, flags, 0o600)
        except FileExistsError:
            if place == _MOST_FILES:
                raise
    raise AssertionError("unreachable")
