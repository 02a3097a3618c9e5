"""The screen that lists gaps in the knowledge base.

Gaps are searches without an answer, and articles that are overdue for a review, broken or unused.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

from textual import on, work
from textual.binding import BindingType
from textual.content import Content
from textual.widget import Widget
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from helpdesk.desk.knowledge.views import ArticleRow
from helpdesk.domain.errors import DeskError
from helpdesk.domain.text import one_line
from helpdesk.domain.ticket import parse_ref
from helpdesk.tui.base.desk_screen import DeskScreen
from helpdesk.tui.widgets.keymap import BACK, GAPS, KNOWLEDGE, LIST, QUIT, Key, bindings
from helpdesk.tui.widgets.option_list import DeskOptions

if TYPE_CHECKING:  # these import the ORM
    from helpdesk.desk.knowledge.gaps import Gaps
    from helpdesk.knowledge.writing import ArticleSource

#: The key that opens this screen closes it as well.
_LEAVE = (replace(KNOWLEDGE[1], action="back", help="back"),)
#: How many lines of each section are shown.
_MAX_LINES = 15


class GapsScreen(DeskScreen):
    """List searches and tickets without an article, then articles that need attention."""

    MANUAL = "knowledge#what-to-write-next"
    BINDINGS: ClassVar[list[BindingType]] = [
        *bindings(
            BACK, QUIT, GAPS, LIST[1:3], (replace(KNOWLEDGE[1], action="back", help="back"),)
        ),
    ]
    KEYS = (Key("open", "enter", "", "open, edit", ""), *GAPS, *BACK)

    def __init__(self) -> None:
        super().__init__()
        #: The text of each search in the list, by the id of its line.
        self._search_texts: dict[str, str] = {}

    def body(self) -> Iterable[Widget]:
        """Lay out the figures and the list."""
        yield Static("", id="title", markup=False)
        yield DeskOptions(markup=False)

    @property
    def listing(self) -> OptionList:
        """The list."""
        return self.query_one(OptionList)

    def on_mount(self) -> None:
        """Focus the list."""
        self.set_focus(self.listing)

    def desk_changed(self) -> None:
        """Read the gaps again."""
        self._load()

    @work(exclusive=True, group="gaps")
    async def _load(self) -> None:
        from helpdesk.desk.knowledge import gaps  # imports the ORM

        try:
            report = await self.desk_app.backend.look_up(gaps.gaps)
        except DeskError as error:
            self.desk_app.say_error(error, of_loading=True)
            return
        self.desk_app.loaded()
        searches = report.searches
        self.query_one("#title", Static).update(
            Content(
                f"gaps · {report.days} days: {searches['none']} of {sum(searches.values())} "
                f"searches without a pick · {report.without_article} of {report.resolved} "
                "tickets without an article"
            )
        )
        at = self.listing.highlighted
        self._search_texts = {
            f"search {place}": search.text for place, search in enumerate(report.unanswered)
        }
        self.listing.clear_options()
        self.listing.add_options(_options(report))
        if self.listing.option_count:
            self.listing.highlighted = min(at or 1, self.listing.option_count - 1)

    def action_move(self, lines: int) -> None:
        """Move the cursor down (1) or up (-1)."""
        if lines > 0:
            self.listing.action_cursor_down()
        else:
            self.listing.action_cursor_up()

    @on(OptionList.OptionSelected)
    async def _on_selected(self, event: OptionList.OptionSelected) -> None:
        kind, _, name = (event.option_id or "").partition(" ")
        if kind == "search":
            await self.action_write()
        elif kind == "ticket":
            await self.desk_app.open_ticket(parse_ref(name))
        elif kind:
            await self._edit(name)

    async def action_write(self) -> None:
        """Begin the article for the search or the ticket under the cursor."""
        from helpdesk.tui.knowledge.begin import from_search, from_ticket

        at = self.listing.highlighted
        chosen = (self.listing.get_option_at_index(at).id or "") if at is not None else ""
        kind, _, name = chosen.partition(" ")
        if kind == "ticket":
            await from_ticket(self.desk_app, parse_ref(name))
        elif kind == "search":
            await from_search(self.desk_app, self._search_texts.get(chosen, ""))
        else:
            self.desk_app.say("choose a search or a ticket that no article answers.", done=False)

    async def _edit(self, path: str) -> None:
        from helpdesk.desk.knowledge import editing  # as above
        from helpdesk.tui.knowledge.editor import EditorScreen

        try:
            source: ArticleSource = await self.desk_app.backend.call(editing.begin, path)
        except DeskError as error:
            self.desk_app.say_error(error)
            return
        await self.app.push_screen(EditorScreen(source))


def _options(report: "Gaps") -> Iterator[Option]:
    yield from _section(
        "Searched for without a pick (A writes it)",
        [
            (f"search {place}", f"{search.times:4}×  {one_line(search.text)}")
            for place, search in enumerate(report.unanswered)
        ],
    )
    yield from _section(
        "Resolved without an article (A writes it)",
        [
            (f"ticket {ticket.ref}", f"{ticket.ref:8} {one_line(ticket.subject)}")
            for ticket in report.not_written
        ],
    )
    yield from _section("Broken files", _rows(report.broken, "broken"))
    yield from _section("Overdue for a review", _rows(report.stale, "stale"))
    yield from _section(
        "Shown, but never used",
        [
            (f"shown {article.path}", f"{article.shown:4}×  {one_line(article.title)}")
            for article in report.in_vain
        ],
    )
    yield from _section("Never used", _rows(report.never_used, "unused"))
    yield from _section("Drafts", _rows(report.drafts, "draft"))


def _rows(rows: tuple[ArticleRow, ...], kind: str) -> list[tuple[str, str]]:
    return [
        (
            f"{kind} {row.path}",
            f"{row.reviewed or '–':10}  {one_line(row.error or row.title)}  {one_line(row.path)}",
        )
        for row in rows
    ]


def _section(name: str, lines: list[tuple[str, str]]) -> Iterator[Option]:
    if not lines:
        return
    yield Option(Content.styled(f"{name} · {len(lines)}", "bold $accent"), disabled=True)
    for ident, text in lines[:_MAX_LINES]:
        yield Option(Content(f"  {text}"), id=ident)
    if len(lines) > _MAX_LINES:
        more = f"  … {len(lines) - _MAX_LINES} more: helpdesk kb stats"
        yield Option(Content.styled(more, "$secondary"), disabled=True)
