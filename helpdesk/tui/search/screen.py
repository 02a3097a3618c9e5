"""The search screen for articles and past tickets."""

from collections.abc import Iterable
from typing import ClassVar

from textual import on, work
from textual.binding import BindingType
from textual.containers import Horizontal
from textual.timer import Timer
from textual.widget import Widget
from textual.widgets import Input

from helpdesk.desk.knowledge import articles
from helpdesk.desk.search import lookup
from helpdesk.desk.search.views import Suggestions
from helpdesk.desk.ticket import show_ticket
from helpdesk.domain.errors import DeskError
from helpdesk.domain.i18n import _
from helpdesk.domain.ticket import parse_ref, ref
from helpdesk.tui.base.desk_screen import DeskScreen
from helpdesk.tui.search.search_log import SearchRecorder
from helpdesk.tui.widgets.article_view import ArticleReader
from helpdesk.tui.widgets.hit_list import HitList
from helpdesk.tui.widgets.keymap import AS_TYPED, BACK, FORM, HITS, LIST, SEARCHING, bindings
from helpdesk.tui.widgets.stored_text import LineField

_HITS = 20
#: From this width of the terminal on, the chosen hit is shown beside the hits.
_PREVIEW_FROM_WIDTH = 120
#: How long the cursor must rest on a hit before it is shown.
_PREVIEW_DELAY_S = 0.2
_NOTHING = Suggestions((), (), 0.0)


class SearchScreen(DeskScreen):
    """An input and the hits, which are updated with every key; the chosen hit is shown beside them.

    On a narrow terminal there are only the hits.
    """

    DEFAULT_CSS = """
    SearchScreen #found { height: 1fr; }
    SearchScreen HitList { width: 1fr; }
    SearchScreen ArticleReader { width: 1fr; height: 1fr; border-left: solid $rule; display: none; }
    """

    MANUAL = "agent#search"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(BACK, FORM[3:], SEARCHING, AS_TYPED)]
    KEYS = (*LIST[:1], *HITS, *AS_TYPED, *BACK)
    _preview_timer: Timer | None = None

    def __init__(self) -> None:
        super().__init__()
        #: The text whose hits are shown.
        self._shown = ""

    def body(self) -> Iterable[Widget]:
        """Lay out the input, the hits, and what the chosen hit says."""
        yield LineField(
            placeholder=_("(words, an error code, or a ticket like {ticket})").format(
                ticket=ref(12)
            )
        )
        yield Horizontal(HitList(), ArticleReader(), id="found")

    def on_mount(self) -> None:
        """Focus the input."""
        self.recorder = SearchRecorder(self.desk_app, "search")
        self.as_typed = False
        self.set_focus(self.query_one(Input))

    def on_resize(self) -> None:
        """Show the chosen hit beside the hits if there is room."""
        super().on_resize()
        self.query_one(ArticleReader).display = self.size.width >= _PREVIEW_FROM_WIDTH
        self._preview_soon()

    @on(HitList.Moved)
    def _preview_soon(self) -> None:
        if self._preview_timer is not None:
            self._preview_timer.stop()
        self._preview_timer = self.set_timer(_PREVIEW_DELAY_S, self._preview)

    @work(exclusive=True, group="preview")
    async def _preview(self) -> None:
        reader = self.query_one(ArticleReader)
        hit = self.query_one(HitList).chosen
        if not reader.display:
            return
        backend = self.desk_app.backend
        try:
            if hit is None:
                await reader.show_text("")
            elif hit.kind == "article":
                await reader.show_article(await backend.look_up(articles.show, hit.id))
            else:
                ticket = await backend.look_up(show_ticket.show, parse_ref(hit.id))
                await reader.show_ticket(ticket)
        except DeskError as error:  # such as an article that was deleted meanwhile
            await reader.show_text(str(error))

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
            self.as_typed = False
            hits.show(_NOTHING, "articles and past tickets appear as you type")
            return
        try:
            found = await self.desk_app.backend.look_up(lookup.look_up, text, _HITS, self.as_typed)
        except DeskError as error:
            self.desk_app.say_error(error, of_loading=True)
            return
        self.desk_app.loaded()
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

    def action_search_as_typed(self) -> None:
        """Search without corrections, or with them again."""
        self.as_typed = not self.as_typed
        self._search(self.query_one(Input).value)

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
