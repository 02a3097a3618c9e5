"""The list of drafts and parked calls, newest first."""

from collections.abc import Iterable
from contextlib import suppress
from typing import ClassVar

from textual import work
from textual.binding import BindingType
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static
from textual.widgets.option_list import Option

from helpdesk.desk.form_drafts import SavedDraft
from helpdesk.domain.desk_zone import to_local
from helpdesk.domain.errors import DeskError, RefusedError
from helpdesk.domain.i18n import _
from helpdesk.domain.text import one_line
from helpdesk.domain.ticket import number_in_ref
from helpdesk.tui.base.option_screen import OptionScreen
from helpdesk.tui.widgets.keymap import BACK, DRAFTS, GLOBAL, LIST, bindings
from helpdesk.tui.widgets.option_list import DeskOptions


class DraftsScreen(OptionScreen):
    """A line for each draft; Enter opens its form again."""

    MANUAL = "agent#drafts-and-parked-calls"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(DRAFTS, LIST, BACK, GLOBAL)]
    KEYS = (*LIST[:1], *DRAFTS, *BACK, *GLOBAL)

    def __init__(self) -> None:
        super().__init__()
        self._drafts: tuple[SavedDraft, ...] = ()

    def body(self) -> Iterable[Widget]:
        """Lay out the title and the list."""
        yield Static(Content(_("drafts and parked calls")), id="title", markup=False)
        yield DeskOptions(markup=False)

    def on_mount(self) -> None:
        """Read the drafts."""
        self._read()

    def on_screen_resume(self) -> None:
        """Read the drafts again: a form may have been sent meanwhile."""
        super().on_screen_resume()
        self._read()

    def _read(self) -> None:
        self._count_drafts()
        place = self.list.highlighted or 0
        self._drafts = self.desk_app.drafts.listing()
        self.list.clear_options()
        if not self._drafts:
            self.list.add_option(Option(_("there is no draft"), disabled=True))
            return
        self.list.add_options([Option(_line(draft)) for draft in self._drafts])
        self.list.highlighted = min(place, len(self._drafts) - 1)

    @work(exclusive=True, group="header")
    async def _count_drafts(self) -> None:
        """Let the header say how many drafts are left."""
        with suppress(DeskError):  # the counts are read again in any case
            await self.desk_app.refresh_counts()
        self.counts_changed()

    @property
    def _current(self) -> SavedDraft | None:
        place = self.list.highlighted
        return None if place is None or not self._drafts else self._drafts[place]

    def current_ticket(self) -> int | None:
        """Return the ticket of the draft under the cursor."""
        return number_in_ref(self._current.about) if self._current else None

    async def action_open(self) -> None:
        """Open the form of the draft under the cursor."""
        draft = self._current
        if draft is None:
            return
        try:
            await self._open(draft)
        except DeskError as error:
            self.desk_app.say_error(error)

    async def _open(self, draft: SavedDraft) -> None:
        from helpdesk.desk.form_drafts import is_of_a_call  # with the form, when first used
        from helpdesk.tui.dialogs import open_dialog
        from helpdesk.tui.log_form.screen import LogScreen

        number = number_in_ref(draft.about)
        if is_of_a_call(draft.form):
            await self.app.push_screen(LogScreen(draft.form))
        elif draft.kind == "article":
            from helpdesk.desk.knowledge import editing
            from helpdesk.tui.knowledge.editor import EditorScreen

            source = await self.desk_app.backend.call(editing.begin, draft.about)
            await self.app.push_screen(EditorScreen(source))
        elif number is not None:
            await open_dialog(self.desk_app, draft.kind, (number,))
        else:
            raise RefusedError(
                _("this draft belongs to a choice of tickets or to a call: open that first.")
            )

    def action_drop_one(self) -> None:
        """Discard the draft under the cursor."""
        if self._current is not None:
            self.desk_app.drafts.drop(self._current.form)
            self._read()


def _line(draft: SavedDraft) -> Content:
    at = f"{to_local(draft.saved_at):%b %d %H:%M}"
    return Content(f"{at}  {one_line(draft.title):24} {one_line(draft.words)[:200]}")
