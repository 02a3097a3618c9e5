"""The question before tickets are taken over from the agents who hold them."""

from collections.abc import Awaitable, Callable, Mapping
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from helpdesk.desk.bulk.bulk import BulkOutcome
from helpdesk.domain.errors import HeldError
from helpdesk.domain.i18n import _
from helpdesk.domain.text import one_line
from helpdesk.domain.ticket import ref
from helpdesk.tui.base.host import AppHost
from helpdesk.tui.widgets.steady_screen import SteadyModal

_SHOWN = 12


def holders_of(outcome: BulkOutcome) -> Mapping[int, str]:
    """Return who holds each refused ticket; {} if any was refused for another reason."""
    errors = {refusal.number: refusal.error for refusal in outcome.refused}
    held = {
        number: error.holder for number, error in errors.items() if isinstance(error, HeldError)
    }
    return held if len(held) == len(errors) else {}


def ask_to_take_over(
    app: AppHost,
    outcome: BulkOutcome,
    take_over: Callable[[frozenset[str], str], Awaitable[None]],
    do_others: Callable[[bool], Awaitable[None]],
) -> bool:
    """Ask whether to take over the tickets that were refused because other agents hold them.

    :param take_over: called if the user wants that, with the logins of the holders and the end of
        the message for afterwards.
    :param do_others: called with True if the user wants only the other tickets of several.
    :returns: whether the question is asked; else some ticket was refused for another reason.
    """
    holders = holders_of(outcome)
    if not holders:
        return False
    words = _("taken over; {holders} is told").format(holders=_names(holders))

    async def answered(take: bool | None) -> None:
        if take:
            await take_over(frozenset(holders.values()), words)
        elif take is False:
            await do_others(True)

    app.push_screen(TakeOverScreen(outcome), answered)
    return True


class TakeOverScreen(SteadyModal[bool | None]):
    """Names the holders of tickets and asks whether to take them over.

    Dismissed with True to take them over, with False to do only the other tickets of several, and
    with None to do nothing.
    """

    MANUAL = "agent#take-and-assign"
    MUST_BE_SEEN = True
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y", "answer(True)", show=False, priority=True),
        Binding("r", "others", show=False, priority=True),
        Binding("n,escape", "leave", show=False, priority=True),
    ]

    def __init__(self, outcome: BulkOutcome) -> None:
        super().__init__()
        self._holders = holders_of(outcome)
        self._others = len(outcome.would)

    def compose(self) -> ComposeResult:
        """Lay out the tickets with their holders, and the choices."""
        lines = [
            _("{ticket} is {holder}'s.").format(ticket=ref(number), holder=one_line(holder))
            for number, holder in [*self._holders.items()][:_SHOWN]
        ]
        if len(self._holders) > _SHOWN:
            lines.append(_("… and {count} more.").format(count=len(self._holders) - _SHOWN))
        others = _("r  do only the other {count}").format(count=self._others)
        take = _("y  take over; {holders} is told").format(holders=_names(self._holders))
        choices = [take, *([others] if self._others else []), _("n  leave it")]
        with VerticalScroll():
            title = _("Take over?  Nothing was changed yet.")
            yield Static(Content(title), classes="title", markup=False)
            yield Static(Content("\n".join(lines)), markup=False)
            yield Static(Content("   ".join(choices)), classes="hints", markup=False)

    def action_answer(self, take: bool) -> None:
        """Dismiss the dialog with the answer."""
        self.dismiss(take)

    def action_others(self) -> None:
        """Do only the other tickets, if there are any."""
        if self._others:
            self.dismiss(False)

    def action_leave(self) -> None:
        """Dismiss the dialog; nothing is done."""
        self.dismiss(None)


def _names(holders: Mapping[int, str]) -> str:
    return ", ".join(dict.fromkeys(map(one_line, holders.values())))
