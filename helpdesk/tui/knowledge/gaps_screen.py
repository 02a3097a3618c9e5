"""What the knowledge base lacks: searches without an answer, what is stale, broken, never used."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, ClassVar

from textual import on, work
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widget import Widget
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from helpdesk.desk.knowledge.views import ArticleRow
from helpdesk.domain.errors import DeskError
from helpdesk.domain.text import one_line
from helpdesk.domain.ticket import parse_ref
from helpdesk.tui.base.desk_screen import DeskScreen
from helpdesk.tui.widgets.keymap import BACK, Key, bindings

if TYPE_CHECKING:  # bring the ORM along
    from helpdesk.desk.knowledge.gaps import Gaps
    from helpdesk.knowledge.writing import Source

_EACH = 15
KEYS = (Key("write_article", "A", "write", "write it", "write the article that is missing"),)


class GapsScreen(DeskScreen):
    """One list: what nobody found first, then what nobody used or looked after."""

    MANUAL = "knowledge#what-to-write-next"
    BINDINGS: ClassVar[list[BindingType]] = [
        *bindings(BACK, KEYS),
        Binding("j,down", "move(1)", show=False, priority=True),
        Binding("k,up", "move(-1)", show=False, priority=True),
        Binding("f3", "back", show=False, priority=True, id="gaps"),
    ]
    KEYS = (Key("open", "enter", "", "open, edit", ""), *KEYS, *BACK)

    def __init__(self) -> None:
        super().__init__()
        self._asked: dict[str, str] = {}

    def body(self) -> Iterable[Widget]:
        """The figures, the list."""
        yield Static("", id="title", markup=False)
        yield OptionList(markup=False)

    @property
    def listing(self) -> OptionList:
        """The list."""
        return self.query_one(OptionList)

    def on_mount(self) -> None:
        """Begin in the list."""
        self.set_focus(self.listing)

    def desk_changed(self) -> None:
        """Read it anew."""
        self._load()

    @work(exclusive=True, group="gaps")
    async def _load(self) -> None:
        from helpdesk.desk.knowledge import gaps  # brings the ORM along

        try:
            found = await self.desk_app.backend.look_up(gaps.gaps)
        except DeskError as error:
            self.desk_app.say_error(error)
            return
        asked = found.searches
        self.query_one("#title", Static).update(
            Content(
                f"gaps · {found.days} days: {asked['none']} of {sum(asked.values())} searches "
                f"without a pick · {found.without_article} of {found.resolved} tickets without "
                "an article"
            )
        )
        at = self.listing.highlighted
        self._asked = {f"search {place}": one.text for place, one in enumerate(found.unanswered)}
        self.listing.clear_options()
        self.listing.add_options(_options(found))
        if self.listing.option_count:
            self.listing.highlighted = min(at or 1, self.listing.option_count - 1)

    def action_move(self, lines: int) -> None:
        """Go to another line."""
        if lines > 0:
            self.listing.action_cursor_down()
        else:
            self.listing.action_cursor_up()

    @on(OptionList.OptionSelected)
    async def _on_selected(self, event: OptionList.OptionSelected) -> None:
        what, _, which = (event.option_id or "").partition(" ")
        if what == "search":
            await self.action_write()
        elif what == "ticket":
            await self.desk_app.open_ticket(parse_ref(which))
        elif what:
            await self._edit(which)

    async def action_write(self) -> None:
        """Begin the article for the search or the ticket under the cursor."""
        from helpdesk.tui.knowledge.begin import from_ticket, from_words

        at = self.listing.highlighted
        chosen = (self.listing.get_option_at_index(at).id or "") if at is not None else ""
        what, _, which = chosen.partition(" ")
        if what == "ticket":
            await from_ticket(self.desk_app, parse_ref(which))
        elif what == "search":
            await from_words(self.desk_app, self._asked.get(chosen, ""))
        else:
            self.desk_app.say("choose a search or a ticket that no article answers.")

    async def _edit(self, path: str) -> None:
        from helpdesk.desk.knowledge import editing  # as above
        from helpdesk.tui.knowledge.editor import EditorScreen

        try:
            source: Source = await self.desk_app.backend.call(editing.begin, path)
        except DeskError as error:
            self.desk_app.say_error(error)
            return
        await self.app.push_screen(EditorScreen(source))


def _options(found: "Gaps") -> Iterator[Option]:
    yield from _section(
        "Searched for without a pick (A writes it)",
        [
            (f"search {place}", f"{one.times:4}×  {one_line(one.text)}")
            for place, one in enumerate(found.unanswered)
        ],
    )
    yield from _section(
        "Resolved without an article (A writes it)",
        [
            (f"ticket {one.ref}", f"{one.ref:8} {one_line(one.subject)}")
            for one in found.not_written
        ],
    )
    yield from _section("Broken files", _rows(found.broken, "broken"))
    yield from _section("Overdue for a review", _rows(found.stale, "stale"))
    yield from _section(
        "Shown, but never used",
        [(f"vain {one.path}", f"{one.shown:4}×  {one_line(one.title)}") for one in found.in_vain],
    )
    yield from _section("Never used", _rows(found.never_used, "unused"))
    yield from _section("Drafts", _rows(found.drafts, "draft"))


def _rows(rows: tuple[ArticleRow, ...], what: str) -> list[tuple[str, str]]:
    return [
        (
            f"{what} {row.path}",
            f"{row.reviewed or '–':10}  {one_line(row.error or row.title)}  {one_line(row.path)}",
        )
        for row in rows
    ]


def _section(name: str, lines: list[tuple[str, str]]) -> Iterator[Option]:
    if not lines:
        return
    yield Option(Content.styled(f"{name} · {len(lines)}", "bold $accent"), disabled=True)
    for ident, text in lines[:_EACH]:
        yield Option(Content(f"  {text}"), id=ident)
    if len(lines) > _EACH:
        more = f"  … {len(lines) - _EACH} more: helpdesk kb stats"
        yield Option(Content.styled(more, "$secondary"), disabled=True)
