"""The dialogs about a ticket, opened by name."""

from helpdesk.desk.escalation.hand_over import draft as draft_hand_over
from helpdesk.desk.knowledge.answers import NO_ANSWERS, ArticleAnswers
from helpdesk.desk.people import requesters
from helpdesk.desk.search import suggest
from helpdesk.desk.search.views import SearchMode
from helpdesk.desk.ticket import candidates, show_ticket
from helpdesk.desk.ticket.assignable import assignable
from helpdesk.desk.ticket.views import TicketView
from helpdesk.desk.time_spent import entries
from helpdesk.domain.errors import DeskError
from helpdesk.tui.base.host import AppHost
from helpdesk.tui.dialogs.assign import AssignDialog
from helpdesk.tui.dialogs.base import TicketDialog
from helpdesk.tui.dialogs.follow_up import FollowUpDialog, ReceiveDialog
from helpdesk.tui.dialogs.hand_over import EscalateDialog, LeadDialog, ReturnDialog
from helpdesk.tui.dialogs.links import LinkDialog, MergeDialog
from helpdesk.tui.dialogs.other_ticket import OtherTicketDialog
from helpdesk.tui.dialogs.pend import PendDialog
from helpdesk.tui.dialogs.person import PersonDialog
from helpdesk.tui.dialogs.reply_and_note import NoteDialog, ReopenDialog, ReplyDialog
from helpdesk.tui.dialogs.resolve import ResolveDialog
from helpdesk.tui.dialogs.set_fields import SetDialog
from helpdesk.tui.dialogs.split import SplitDialog
from helpdesk.tui.dialogs.time_spent import TimeDialog

_SIMPLE_DIALOGS: dict[str, type[TicketDialog]] = {
    "reply": ReplyDialog,
    "note": NoteDialog,
    "return": ReturnDialog,
    "lead": LeadDialog,
    "follow-up": FollowUpDialog,
    "receive": ReceiveDialog,
    "pend": PendDialog,
    "reopen": ReopenDialog,
    "split": SplitDialog,
    "person": PersonDialog,
}
#: Dialogs that suggest open tickets which may belong together with this one.
_DIALOGS_WITH_OTHER_TICKET: dict[str, type[OtherTicketDialog]] = {
    "link": LinkDialog,
    "merge": MergeDialog,
}


async def open_dialog(app: AppHost, name: str, numbers: tuple[int, ...]) -> None:
    """Read the data that a dialog needs, then show it.

    :param name: the dialog's name, such as ``reply``.
    :param numbers: the tickets that the dialog acts on, at least one.
    """
    try:
        ticket = await app.backend.call(show_ticket.show, numbers[0])
        dialog = await _dialog(app, name, ticket)
        dialog.set_tickets(numbers)
        await app.push_screen(dialog)
    except DeskError as error:
        app.say_error(error)


async def open_resolve(
    app: AppHost, number: int, text: str, article: str, answers: ArticleAnswers = NO_ANSWERS
) -> None:
    """Show the dialog that resolves a ticket, filled with an answer that the agent can change.

    :param article: the path of the article that the answer is from; "" if there is none.
    :param answers: the answers of that article, among which the agent can switch.
    """
    try:
        ticket = await app.backend.call(show_ticket.show, number)
        dialog = await _dialog(app, "resolve", ticket)
        assert isinstance(dialog, ResolveDialog)  # noqa: S101  (narrows the type)
        dialog.prefill(text, article, answers)
        await app.push_screen(dialog)
    except DeskError as error:
        app.say_error(error)


async def open_duplicate(app: AppHost, number: int, other: str) -> None:
    """Show the dialog that makes a ticket a duplicate of another one, with both tickets.

    :param other: the other ticket, such as ``HD-12``.
    """
    try:
        ticket = await app.backend.call(show_ticket.show, number)
        dialog = await _dialog(app, "link", ticket)
        assert isinstance(dialog, LinkDialog)  # noqa: S101  (narrows the type)
        dialog.prefill(other)
        await app.push_screen(dialog)
    except DeskError as error:
        app.say_error(error)


async def _dialog(app: AppHost, name: str, ticket: TicketView) -> TicketDialog:
    if name in _SIMPLE_DIALOGS:
        return _SIMPLE_DIALOGS[name](ticket)
    if name == "escalate":
        return EscalateDialog(ticket, await app.backend.call(draft_hand_over, ticket.number))
    if name == "assign":
        return AssignDialog(ticket, await app.backend.call(assignable, ticket.number))
    if name == "set":
        return SetDialog(ticket, await app.backend.call(requesters.services))
    if name == "time":
        recorded = await app.backend.call(entries.entries, ticket.number)
        return TimeDialog(ticket, recorded, await app.backend.call(entries.running))
    if name in _DIALOGS_WITH_OTHER_TICKET:
        found = await app.backend.look_up(candidates.candidates, ticket.number)
        return _DIALOGS_WITH_OTHER_TICKET[name](ticket, found)
    text = suggest.ticket_text(ticket.subject, ticket.body)
    mode = SearchMode(ignored=ticket.ref)
    articles = await app.backend.look_up(
        suggest.suggest, text, "kb", 8, False, ticket.service, mode
    )
    return ResolveDialog(ticket, articles)
