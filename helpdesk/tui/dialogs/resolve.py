"""Resolving a ticket, with the article that answers it or in own words."""

from collections.abc import Callable, Iterable

from textual import on, work
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input, Static

from helpdesk.desk.knowledge import articles
from helpdesk.desk.search.views import Suggestions
from helpdesk.desk.session import Desk
from helpdesk.desk.ticket.resolving import resolve_with
from helpdesk.desk.ticket.views import TicketView
from helpdesk.desk.unit_of_work.action import Action
from helpdesk.domain.errors import DeskError
from helpdesk.domain.text import one_line
from helpdesk.domain.ticket import LinkKind, parse_ref
from helpdesk.tui.dialogs.base import TicketDialog, text_area
from helpdesk.tui.widgets.choice_input import ChoiceInput


class ResolveDialog(TicketDialog):
    """The article, whose answer fills the reply, and the reply."""

    MANUAL = "agent#resolve-and-reopen"
    NAME, TITLE_TEXT, DONE = "resolve", "Resolve", "resolved"
    HINTS = "Ctrl+S resolve   ↑↓ articles   Esc back (draft kept)"

    def __init__(self, ticket: TicketView, found: Suggestions) -> None:
        super().__init__(ticket)
        self._hits = [hit for hit in found.hits if hit.kind == "article"]
        self._filled = ""
        self._text, self._article = "", ""

    def answer_with(self, text: str, article: str) -> None:
        """Begin with this answer, which the agent may change before it is sent."""
        self._text, self._article = text, article
        self._filled = text
        self.FIRST_FIELD = "#text"

    def fields(self) -> Iterable[Widget]:
        """Article and reply."""
        yield self.label("Article that answers it (or leave empty)")
        yield ChoiceInput([hit.id for hit in self._hits], name="article", value=self._article)
        known = [
            f"{hit.score:.2f}{' repeat' if hit.repeat else ''}  {hit.id}  {one_line(hit.title)}"
            for hit in self._hits[:4]
        ]
        yield Static(Content("\n".join(known)), classes="hints", markup=False)
        children = self._children()
        if children:
            names = ", ".join(children[:6]) + (" …" if children[6:] else "")
            yield self.label(
                f"Its {len(children)} open children, too, with the same reply: {names}"
            )
            yield ChoiceInput(("yes", "no"), name="children", value="yes")
        yield self.label("Reply to the requester (empty: none)")
        yield text_area("text", self._text)

    def _children(self) -> list[str]:
        """Return the open children of a major incident."""
        if len(self.numbers) > 1:
            return []
        return [
            link.ref
            for link in self.ticket.links
            if link.kind is LinkKind.PARENT and not link.outward and link.state.is_active
        ]

    def targets(self) -> tuple[int, ...]:
        """The ticket, and its children if they are wanted."""
        if not self._children() or not self.value("children").strip().startswith("y"):
            return super().targets()
        return (*self.numbers, *map(parse_ref, self._children()))

    @on(Input.Changed, "#article")
    def _on_article(self, event: Input.Changed) -> None:
        if event.value in [hit.id for hit in self._hits]:
            self._fill_reply(event.value)

    @work(exclusive=True, group="fill")
    async def _fill_reply(self, path: str) -> None:
        try:
            article = await self.desk_app.backend.call(articles.show, path)
        except DeskError as error:
            self.desk_app.say_error(error)
            return
        # What the agent wrote is never replaced, only what another article had filled in.
        if self.value("text").strip() in ("", self._filled.strip()):
            self._filled = article.answer
            self.put("text", article.answer)

    def action(self) -> Callable[[Desk], Action]:
        """Resolve."""
        article, text = self.value("article").strip() or None, self.value("text")
        return lambda desk: resolve_with(desk, text, article)
