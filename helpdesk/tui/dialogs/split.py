"""The dialog that splits a part of a ticket off, with the texts that go along."""

from collections.abc import Iterable, Mapping
from typing import ClassVar

from textual import on
from textual.content import Content
from textual.widget import Widget
from textual.widgets import SelectionList
from textual.widgets.selection_list import Selection

from helpdesk.desk.bulk.bulk import BulkOutcome
from helpdesk.desk.ticket import splitting
from helpdesk.desk.ticket.views import EventView
from helpdesk.domain.errors import RefusedError
from helpdesk.domain.i18n import _
from helpdesk.domain.text import one_line
from helpdesk.tui.dialogs.base import TicketDialog
from helpdesk.tui.text.moments import stamp_text
from helpdesk.tui.widgets.stored_text import LineField, text_area

_WORDS = 60


class SplitDialog(TicketDialog):
    """Split a part of a ticket off as a new ticket."""

    MANUAL = "agent#tickets-that-belong-together"
    NAME, TITLE_TEXT, DONE = "split", "Split a part off", "was split"
    HINTS = "Ctrl+S log it as a new ticket of the same requester   Esc back (draft kept)"
    DEFAULT_CSS = """
    SplitDialog SelectionList { height: auto; max-height: 8; border: none; padding: 0; }
    """
    _ENTRIES: ClassVar[str] = "entries"
    _part = ""

    def fields(self) -> Iterable[Widget]:
        """Return the fields for subject and details of the new ticket, and the texts to choose."""
        yield self.label("Subject of the new ticket")
        yield LineField(id="subject")
        yield self.label("Details")
        yield text_area("body")
        texts = [
            Selection(Content(self._line(event)), place)
            for place, event in enumerate(self.ticket.events, 1)
            if event.type in splitting.MOVABLE
        ]
        if texts:
            yield self.label(_("What goes along, with the tags and all requesters (Space chooses)"))
            yield SelectionList(*texts, id=self._ENTRIES)

    def _line(self, event: EventView) -> str:
        at = stamp_text(event.at, self.desk_app.now())
        return f"{at}  {one_line(event.actor)}  {event.type}  {one_line(event.text)[:_WORDS]}"

    def _chosen(self) -> tuple[int, ...]:
        return tuple(sorted(place for each in self.query(SelectionList) for place in each.selected))

    @on(SelectionList.SelectedChanged)
    def _on_chosen(self) -> None:
        self.form_draft.changed()

    def values(self) -> Mapping[str, str]:
        """Return the texts, and the places of the chosen entries."""
        return {**super().values(), self._ENTRIES: " ".join(map(str, self._chosen()))}

    def set_value(self, name: str, text: str) -> None:
        """Set a text, or choose the entries."""
        if name != self._ENTRIES:
            super().set_value(name, text)
            return
        for each in self.query(SelectionList):
            each.deselect_all()
            for place in text.split():
                if place.isdigit() and 0 < int(place) <= len(self.ticket.events):
                    self._choose(each, int(place))

    def _choose(self, texts: "SelectionList[int]", place: int) -> None:
        if self.ticket.events[place - 1].type in splitting.MOVABLE:
            texts.select(place)

    async def save(self, version: int) -> BulkOutcome:
        """Split the ticket.

        :raises RefusedError: if several tickets are marked, or a text is refused.
        """
        if len(self.numbers) > 1:
            raise RefusedError("only one ticket can be split at a time: remove the marks with Esc.")
        part = await self.desk_app.backend.call(
            splitting.split,
            self.ticket.number,
            self.value("subject"),
            self.value("body"),
            version,
            self._chosen(),
        )
        self._part = f"{part.ref} is logged: {one_line(part.subject)}"
        return BulkOutcome({self.ticket.number: 0})

    def done_text(self, done: tuple[int, ...]) -> str:
        """Return the message after saving, with the new ticket."""
        return f"{self._part}; {super().done_text(done)}"
