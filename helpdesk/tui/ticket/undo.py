"""The key that takes back a change: it names the change, and asks if it is not at hand."""

from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from helpdesk.domain.desk_zone import to_local
from helpdesk.domain.errors import DeskError
from helpdesk.domain.i18n import _
from helpdesk.domain.text import one_line
from helpdesk.domain.ticket import ref
from helpdesk.tui.base.host import AppHost
from helpdesk.tui.widgets.keymap import QUESTION, TAKING_BACK, bindings
from helpdesk.tui.widgets.steady_screen import SteadyModal

if TYPE_CHECKING:
    from helpdesk.desk.bulk.bulk import BulkOutcome
    from helpdesk.desk.bulk.undo import UndoableChange

_SHOWN = 8


class UndoScreen(SteadyModal[bool]):
    """Names the changes that would be taken back; dismissed with True to do it."""

    MANUAL = "agent#take-back-a-change"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(QUESTION, TAKING_BACK)]

    def __init__(self, changes: "tuple[UndoableChange, ...]", why: str) -> None:
        super().__init__()
        self._changes = changes
        self._why = why

    def compose(self) -> ComposeResult:
        """Lay out the reason to ask, the changes and the two choices."""
        with VerticalScroll():
            yield Static(Content(_("Take this back?")), classes="title", markup=False)
            yield Static(Content(self._why), classes="label", markup=False)
            lines = [_change_text(change) for change in self._changes[:_SHOWN]]
            if len(self._changes) > _SHOWN:
                lines.append(_("… and {count} more").format(count=len(self._changes) - _SHOWN))
            yield Static(Content("\n".join(lines)), markup=False)
            hints = _("y, U  take it back   n, Esc  leave it")
            yield Static(Content(hints), classes="hints", markup=False)

    def action_answer(self, take_back: bool) -> None:
        """Dismiss the dialog with the choice."""
        self.dismiss(take_back)


def _change_text(change: "UndoableChange") -> str:
    return _("· {ticket}: {words}, {at}   {subject}").format(
        ticket=ref(change.number),
        words=change.words,
        at=f"{to_local(change.at):%b %d %H:%M}",
        subject=one_line(change.subject)[:60],
    )


async def undo_last(app: AppHost, at_hand: tuple[int, ...]) -> None:
    """Take back the last change made in this app, or else the last one of the tickets at hand.

    A change that was made elsewhere or on other tickets is named first, and the user is asked.

    :param at_hand: the marked tickets, or the one under the cursor.
    """
    from helpdesk.desk.bulk import undo  # imports the ORM, so only when needed

    versions = dict(app.last_change)
    numbers = tuple(versions) or at_hand
    if not numbers:
        app.say(_("there is nothing to take back."), done=False)
        return
    try:
        changes = await app.backend.call(undo.last_changes, numbers)
    except DeskError as error:
        app.forget_last_change()
        app.say_error(error)
        return
    why = ""
    if not versions:
        versions = {change.number: change.version for change in changes}
        why = _("It was not made in this session:")
    elif set(numbers) != set(at_hand) and len(numbers) == 1:
        why = _("It is not the ticket under the cursor:")
    elif set(numbers) - set(at_hand):
        why = _("It changed several tickets:")
    if not why or not any(change.possible for change in changes):  # the refusal says why
        await _undo(app, numbers, versions, changes)
        return

    async def answered(take_back: bool | None) -> None:
        if take_back:
            await _undo(app, numbers, versions, changes)

    app.push_screen(UndoScreen(changes, why), answered)


async def _undo(
    app: AppHost,
    numbers: tuple[int, ...],
    versions: dict[int, int],
    changes: "tuple[UndoableChange, ...]",
) -> None:
    from helpdesk.desk.bulk import bulk, undo  # as above

    async def finish(outcome: "BulkOutcome") -> None:
        app.forget_last_change()
        count = len(outcome.done)
        tickets = ref(min(outcome.done)) if count == 1 else f"{count} tickets"
        words = ", ".join(dict.fromkeys(one.words for one in changes if one.number in outcome.done))
        app.say(_("{tickets} put back as before: {words}.").format(tickets=tickets, words=words))
        await app.look_for_changes()

    async def after(rest: bool | None) -> None:
        if not rest:
            return
        try:
            await finish(await app.backend.call(undo.undo, numbers, rest=True, versions=versions))
        except DeskError as error:
            app.say_error(error)

    try:
        outcome = await app.backend.call(undo.undo, numbers, versions=versions)
        if outcome.refused and len(numbers) > 1:
            from helpdesk.tui.base.refused import RefusedScreen  # imported when first used

            app.push_screen(RefusedScreen(outcome), after)
            return
        bulk.require_done(outcome)
        await finish(outcome)
    except DeskError as error:
        app.forget_last_change()
        app.say_error(error)
