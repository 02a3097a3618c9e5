"""The dialogs about a ticket, opened by name."""

from typing import TYPE_CHECKING

from helpdesk.desk import agents, handover, suggest, tickets
from helpdesk.desk.views import TicketView
from helpdesk.domain.errors import DeskError
from helpdesk.tui.dialogs.assign import AssignDialog
from helpdesk.tui.dialogs.base import TicketDialog
from helpdesk.tui.dialogs.hand_over import EscalateDialog, ReturnDialog
from helpdesk.tui.dialogs.pend import PendDialog
from helpdesk.tui.dialogs.resolve import ResolveDialog
from helpdesk.tui.dialogs.words import NoteDialog, ReopenDialog, ReplyDialog

if TYPE_CHECKING:
    from helpdesk.tui.app import HelpdeskApp

_PLAIN: dict[str, type[TicketDialog]] = {
    "reply": ReplyDialog,
    "note": NoteDialog,
    "return": ReturnDialog,
    "pend": PendDialog,
    "reopen": ReopenDialog,
}


async def open_dialog(app: "HelpdeskApp", name: str, number: int) -> None:
    """Read what the dialog needs, then show it."""
    try:
        ticket = await app.backend.call(tickets.show, number)
        await app.push_screen(await _dialog(app, name, ticket))
    except DeskError as error:
        app.say_error(error)


async def open_resolve(app: "HelpdeskApp", number: int, text: str, article: str) -> None:
    """Show the dialog to resolve a ticket, with an answer to be looked over."""
    try:
        ticket = await app.backend.call(tickets.show, number)
        dialog = await _dialog(app, "resolve", ticket)
        assert isinstance(dialog, ResolveDialog)  # noqa: S101  (the one of that name)
        dialog.answer_with(text, article)
        await app.push_screen(dialog)
    except DeskError as error:
        app.say_error(error)


async def _dialog(app: "HelpdeskApp", name: str, ticket: TicketView) -> TicketDialog:
    if name in _PLAIN:
        return _PLAIN[name](ticket)
    if name == "escalate":
        return EscalateDialog(ticket, await app.backend.call(handover.draft, ticket.number))
    if name == "assign":
        return AssignDialog(ticket, await app.backend.call(agents.list_agents))
    text = f"{ticket.subject}\n{ticket.body[:500]}"
    found = await app.backend.look_up(suggest.suggest, text, "kb", 8, False, ticket.service)
    return ResolveDialog(ticket, found)
