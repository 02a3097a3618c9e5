"""The screen to browse the knowledge base."""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, ClassVar

from textual import on, work
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input, Static

from helpdesk.desk.knowledge import articles
from helpdesk.desk.knowledge.views import ArticleRow
from helpdesk.domain.desk_zone import day_of
from helpdesk.domain.errors import DeskError, RefusedError
from helpdesk.domain.text import one_line
from helpdesk.tui.base.desk_screen import DeskScreen
from helpdesk.tui.knowledge.article_list import ArticleList
from helpdesk.tui.widgets.answer_language import NO_OTHER_LANGUAGE
from helpdesk.tui.widgets.article_view import ArticleReader
from helpdesk.tui.widgets.keymap import (
    ARTICLES,
    BACK,
    FORM,
    GLOBAL,
    KNOWLEDGE,
    LANGUAGE,
    Key,
    bindings,
)
from helpdesk.tui.widgets.stored_text import LineField

if TYPE_CHECKING:  # these import the ORM
    from helpdesk.desk.knowledge.editing import SavedArticle
    from helpdesk.desk.session import Desk

#: On this screen ``/`` narrows the list, and the knowledge base is open already.
_GLOBAL = tuple(key for key in GLOBAL if key.name not in ("search", "knowledge"))


class KnowledgeScreen(DeskScreen):
    """Articles on the left, the chosen one on the right.

    A change to a file by any editor is shown at once.
    """

    MANUAL = "knowledge#browse"
    BINDINGS: ClassVar[list[BindingType]] = [
        *bindings(BACK, FORM[3:], _GLOBAL, KNOWLEDGE, ARTICLES, LANGUAGE)
    ]
    KEYS = (
        ARTICLES[0],
        Key("read", "enter", "", "read", ""),
        *KNOWLEDGE,
        *BACK,
        *LANGUAGE,
        *_GLOBAL,
    )

    def __init__(self, path: str | None = None) -> None:
        super().__init__()
        self._go_to = path
        self._shown: str | None = None

    def body(self) -> Iterable[Widget]:
        """Lay out the list and the reader."""
        yield Horizontal(
            Vertical(
                LineField(placeholder="(/ narrows the list)", id="narrow"),
                ArticleList(),
                id="kb-left",
            ),
            Vertical(Static("", id="kb-facts", markup=False), ArticleReader(), id="kb-right"),
        )

    def on_mount(self) -> None:
        """Focus the list."""
        self.set_focus(self.query_one(ArticleList))

    def desk_changed(self) -> None:
        """Read the list and the article again."""
        self._shown = None
        self._load()

    def go_to_article(self, path: str) -> None:
        """Read the list again and then put the cursor on an article."""
        self._go_to = path
        self.desk_changed()

    @work(exclusive=True, group="rows")
    async def _load(self) -> None:
        try:
            rows = await self.desk_app.backend.look_up(articles.rows, with_history=True)
        except DeskError as error:
            self.query_one("#kb-facts", Static).update(Content(one_line(str(error))))
            return
        self.query_one(ArticleList).show(rows, self._go_to)
        self._go_to = None

    @on(ArticleList.Chosen)
    def _on_chosen(self, event: ArticleList.Chosen) -> None:
        self._show(event.row)

    @work(exclusive=True, group="article")
    async def _show(self, row: ArticleRow) -> None:
        reader = self.query_one(ArticleReader)
        facts = self.query_one("#kb-facts", Static)
        if row.error:
            self._shown = None
            facts.update(Content.styled(f"▲ {one_line(row.error)}", "$error"))
            await reader.show_text("Searches still find the last valid version of this file.")
            return
        if row.path == self._shown:
            return
        try:
            article = await self.desk_app.backend.look_up(articles.show, row.path)
        except DeskError as error:
            facts.update(Content.styled(f"▲ {one_line(str(error))}", "$error"))
            return
        self._shown = None  # until all of it stands there: the next choice ends this worker
        facts.update("")  # what it names must not stand above the text of another article
        await reader.show_article(article)
        parts = [article.path, article.status, f"owner {article.owner or '–'}"]
        parts += [f"reviewed {article.reviewed or '–'}", f"used {article.times_used}×"]
        if article.approved_by:
            parts.append(f"approved {article.approved} by {article.approved_by}")
        if row.changed_at is not None:
            by = f" by {row.changed_by}" if row.changed_by else ""
            parts.append(f"changed {day_of(row.changed_at)}{by}")
        facts.update(Content.styled(one_line(" · ".join(parts)), "$secondary"))
        self._shown = row.path

    def action_narrow(self) -> None:
        """Focus the line that narrows the list."""
        self.set_focus(self.query_one("#narrow"))

    @on(Input.Changed, "#narrow")
    def _on_narrowed(self, event: Input.Changed) -> None:
        self.query_one(ArticleList).narrow(event.value)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Let ``/`` enter the narrowing line and Enter leave it; inside it ``/`` is text."""
        if action in ("narrow", "narrowed"):
            return isinstance(self.focused, Input) == (action == "narrowed")
        return super().check_action(action, parameters)

    def action_narrowed(self) -> None:
        """Go from the narrowing line to the list, before the next key is handled."""
        self.set_focus(self.query_one(ArticleList))

    @on(ArticleList.OptionSelected)
    def _on_selected(self) -> None:
        self.set_focus(self.query_one(ArticleReader))

    async def action_switch_language(self) -> None:
        """Show the answer of the article in the next language."""
        if not await self.query_one(ArticleReader).switch_language():
            self.desk_app.say_error(RefusedError(NO_OTHER_LANGUAGE))

    async def action_edit(self) -> None:
        """Edit the article under the cursor."""
        from helpdesk.desk.knowledge import editing  # imports the ORM
        from helpdesk.tui.knowledge.editor import EditorScreen, no_article_chosen

        path = self.query_one(ArticleList).current_path
        if path is None:
            self.desk_app.say_error(no_article_chosen())
            return
        try:
            source = await self.desk_app.backend.call(editing.begin, path)
        except DeskError as error:
            self.desk_app.say_error(error)
            return
        await self.app.push_screen(EditorScreen(source))

    async def action_reviewed(self) -> None:
        """Note that the article under the cursor was reviewed today."""
        from helpdesk.desk.knowledge import review  # imports the ORM

        await self._change(review.mark_reviewed)

    async def action_publish(self) -> None:
        """Submit the draft under the cursor for review, or publish it."""
        from helpdesk.desk.knowledge import review  # as above

        await self._change(review.go_on)

    async def _change(self, verb: "Callable[[Desk, str], SavedArticle]") -> None:
        from helpdesk.tui.knowledge.editor import no_article_chosen, saved_message

        path = self.query_one(ArticleList).current_path
        if path is None:
            self.desk_app.say_error(no_article_chosen())
            return
        try:
            saved = await self.desk_app.backend.call(verb, path)
        except DeskError as error:
            self.desk_app.say_error(error)
            return
        self.desk_app.say(saved_message(saved))
        self.go_to_article(path)

    async def action_new(self) -> None:
        """Begin an article from a template."""
        from helpdesk.tui.knowledge.begin import from_template

        current = self.query_one(ArticleList).current_path or ""
        folder = current.rpartition("/")[0]
        await from_template(self.desk_app, f"{folder}/" if folder else "")

    async def action_gaps(self) -> None:
        """Show the screen that lists what is missing, unused and overdue."""
        from helpdesk.tui.knowledge.gaps_screen import GapsScreen

        await self.app.push_screen(GapsScreen())

    async def action_back(self) -> None:
        """Go back from reader or line to the list, and from the list to the previous screen."""
        listing = self.query_one(ArticleList)
        if self.focused is listing:
            self.app.pop_screen()
        else:
            self.set_focus(listing)
