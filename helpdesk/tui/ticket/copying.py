"""Copy tickets to the terminal's clipboard, or export them to files."""

from pathlib import Path
from typing import TYPE_CHECKING

from helpdesk.desk.exchange import one_ticket
from helpdesk.desk.ticket import show_ticket
from helpdesk.domain.errors import DeskError, RefusedError
from helpdesk.domain.i18n import _
from helpdesk.domain.text import one_line
from helpdesk.domain.ticket import ref
from helpdesk.tui.base.host import AppHost
from helpdesk.tui.widgets.picker import Choice, Picker

if TYPE_CHECKING:
    from collections.abc import Sequence

_NUMBER, _SUBJECT, _TEXT, _FILE = "number", "subject", "text", "file"
#: Many terminals ignore more than this, in characters.
_MOST_COPIED = 50_000


async def copy_or_export(app: AppHost, numbers: "Sequence[int]") -> None:
    """Let the user choose what to copy of these tickets, or to export them."""
    names = " ".join(ref(number) for number in numbers)

    async def chosen(what: str | None) -> None:
        try:
            if what == _FILE:
                await _export(app, numbers)
            elif what is not None:
                _copy(app, await _text(app, numbers, what))
        except DeskError as error:
            app.say_error(error)

    choices = [
        Choice(_NUMBER, _("copy {tickets}").format(tickets=names), _NUMBER),
        Choice(_SUBJECT, _("copy number and subject"), _SUBJECT),
        Choice(_TEXT, _("copy everything about it as plain text"), _TEXT),
        Choice(_FILE, _("export everything about it to a text file"), _FILE),
    ]
    title = _("Copy or export {tickets}").format(tickets=names)
    app.push_screen(Picker(title, choices, "", "agent#copy-export-and-print"), chosen)


async def _text(app: AppHost, numbers: "Sequence[int]", what: str) -> str:
    parts = []
    for number in numbers:
        if what == _TEXT:
            parts.append(await app.backend.call(one_ticket.copied, number) + "\n")
        elif what == _SUBJECT:
            ticket = await app.backend.call(show_ticket.show, number)
            parts.append(f"{ticket.ref} {one_line(ticket.subject)}")
        else:
            parts.append(ref(number))
    return (" " if what == _NUMBER else "\n").join(parts)


def _copy(app: AppHost, text: str) -> None:
    if len(text) > _MOST_COPIED:
        too_long = _("this is too long for the clipboard of most terminals: export it to a file.")
        app.say_error(RefusedError(too_long))
        return
    app.copy_to_clipboard(text)
    if app.may_copy:
        first = text.partition("\n")[0]
        app.say(_("copied, if this terminal allows it: {text}").format(text=first[:60]))


async def _export(app: AppHost, numbers: "Sequence[int]") -> None:
    for number in numbers:
        path = await app.backend.call(one_ticket.export, number, Path.cwd())
        app.say(_("{ticket} is written to {path}.").format(ticket=ref(number), path=path))
