"""The search screen for articles and past tickets."""

from collections.abc import Iterable
from typing import ClassVar

from textual import on, work
from textual.binding import Binding, BindingType
from textual.widget import Widget
from textual.widgets import Input

from helpdesk.desk.search import lookup
from helpdesk.desk.search.views import Suggestions
from helpdesk.domain.errors import DeskError
from helpdesk.domain.i18n import _
from helpdesk.domain.ticket import parse_ref, ref
from helpdesk.tui.base.desk_screen import DeskScreen
from helpdesk.tui.search.search_log import SearchRecorder
from helpdesk.tui.widgets.hit_list import HitList
from helpdesk.tui.widgets.keymap import BACK, FORM, LIST, bindings
from helpdesk.tui.widgets.stored_text import LineField

_HITS = 20
_NOTHING = Suggestions((), (), 0.0)


class SearchScreen(DeskScreen):
    """An input and the hits, which are updated with every key."""

    MANUAL = "agent#search"
    BINDINGS: ClassVar[list[BindingType]] = [
        *bindings(BACK, FORM[3:]),
        Binding("down", "to_hits", show=False, priority=True),
    ]
    KEYS = (*LIST[:1], *BACK)

    def __init__(self) -> None:
        super().__init__()
        #: The text whose hits are shown.
        self._shown = ""

    def body(self) -> Iterable[Widget]:
        """Lay out the input and the hits."""
        yield LineField(
            placeholder=_("(words, an error code, or a ticket like {ticket})").format(
                ticket=ref(12)
            )
        )
        yield HitList()

    def on_mount(self) -> None:
        """Focus the input."""
        self.recorder = SearchRecorder(self.desk_app, "search")
        self.set_focus(self.query_one(Input))

    @on(Input.Changed)
    def _on_typed(self, event: Input.Changed) -> None:
        self._search(event.value)

    @work(exclusive=True)
    async def _search(self, text: str) -> None:
        await self._look_up(text)

    async def _look_up(self, text: str) -> None:
        """Show what is found for a text."""
        hits = self.query_one(HitList)
        if not text.strip():
            self._shown = text
            hits.show(_NOTHING, "articles and past tickets appear as you type")
            return
        try:
            found = await self.desk_app.backend.look_up(lookup.look_up, text, _HITS)
        except DeskError as error:
            self.desk_app.say_error(error)
            return
        if text != self.query_one(Input).value:
            return
        self._shown = text
        self.recorder.hits_shown(text, found.hits)
        hits.show(found, "nothing found: try other words")

    @on(Input.Submitted)
    async def _on_submitted(self, event: Input.Submitted) -> None:
        """Open the marked hit, once the hits are those of the text."""
        if self._shown != event.value:
            await self._look_up(event.value)
        if self._shown == event.value:
            self.query_one(HitList).action_open()

    def action_to_hits(self) -> None:
        """Go from the input to the hits, or to the next hit."""
        hits = self.query_one(HitList)
        if self.focused is hits:
            hits.action_move(1)
        else:
            self.set_focus(hits)

    async def action_back(self) -> None:
        """Close the screen; a search without a result is recorded."""
        self.recorder.finished()
        self.app.pop_screen()

    @on(HitList.Opened)
    async def _on_opened(self, event: HitList.Opened) -> None:
        self.recorder.hit_opened(event.hit)
        if event.hit.kind == "ticket":
            await self.desk_app.open_ticket(parse_ref(event.hit.id))
            return
        from helpdesk.tui.knowledge.screen import KnowledgeScreen  # imported when first used

        await self.app.push_screen(KnowledgeScreen(event.hit.id))
