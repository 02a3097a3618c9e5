"""The dialog that resolves a ticket, with an article of the knowledge base or in own words."""

from collections.abc import Callable, Iterable
from typing import ClassVar

from textual import on, work
from textual.binding import BindingType
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input, Static

from helpdesk.desk.bulk.bulk import BulkOutcome
from helpdesk.desk.knowledge import articles
from helpdesk.desk.knowledge.answers import NO_ANSWERS, ArticleAnswers, answers_of
from helpdesk.desk.search.views import Suggestions
from helpdesk.desk.session import Desk
from helpdesk.desk.ticket.resolving import Resolve, resolve_with
from helpdesk.desk.ticket.views import TicketView
from helpdesk.desk.unit_of_work.action import Action
from helpdesk.domain.errors import DeskError, RefusedError
from helpdesk.domain.text import one_line
from helpdesk.domain.ticket import LinkKind, parse_ref
from helpdesk.tui.dialogs.article_text import GAP, ArticleText
from helpdesk.tui.dialogs.base import TicketDialog
from helpdesk.tui.widgets.answer_language import following_answer
from helpdesk.tui.widgets.choice_input import ChoiceInput
from helpdesk.tui.widgets.keymap import LANGUAGE, bindings
from helpdesk.tui.widgets.stored_text import text_area


class ResolveDialog(TicketDialog):
    """Resolve a ticket; choosing an article fills in the reply."""

    MANUAL = "agent#resolve-and-reopen"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(LANGUAGE)]
    NAME, TITLE_TEXT, DONE = "resolve", "Resolve", "resolved"
    HINTS = "Ctrl+S resolve   ↑↓ articles   Ctrl+L language   Esc back (draft kept)"

    def __init__(self, ticket: TicketView, suggestions: Suggestions) -> None:
        super().__init__(ticket)
        self._hits = [hit for hit in suggestions.hits if hit.kind == "article"]
        self._filled = ArticleText()
        self._text, self._article, self._sent = "", "", ""
        self._answers = NO_ANSWERS

    def prefill(self, text: str, article: str, answers: ArticleAnswers = NO_ANSWERS) -> None:
        """Start with an answer, which the agent can change before it is sent.

        :param article: the path of the article that the answer is from, or "".
        :param answers: the answers of that article, among which the agent can switch.
        """
        self._answers = answers
        self._text, self._article = f"{text.strip()}{GAP}" if text.strip() else "", article
        self._filled.found_in(text, article, text.strip())
        self.FIRST_FIELD = "#text"

    def fields(self) -> Iterable[Widget]:
        """Return the fields for the article, the open children and the reply."""
        yield self.label("Article that answers it (or leave empty)")
        yield ChoiceInput([hit.id for hit in self._hits], name="article", value=self._article)
        lines = [
            f"{hit.score:.2f}{' repeat' if hit.repeat else ''}  {hit.id}  {one_line(hit.title)}"
            for hit in self._hits[:4]
        ]
        yield Static(Content("\n".join(lines)), classes="hints", markup=False)
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
        """Return the references of the open children of a major incident.

        Return none if several tickets are resolved at once.
        """
        if len(self.numbers) > 1:
            return []
        return [
            link.ref
            for link in self.ticket.links
            if link.kind is LinkKind.PARENT and not link.outward and link.state.is_active
        ]

    def targets(self) -> tuple[int, ...]:
        """Return the tickets, with the open children if the agent chose to resolve them too."""
        if not self._children() or not self.value("children").strip().startswith("y"):
            return super().targets()
        return (*self.numbers, *map(parse_ref, self._children()))

    @on(Input.Changed, "#article")
    def _on_article(self, event: Input.Changed) -> None:
        self._fill_reply(event.value.strip())

    @work(exclusive=True, group="fill")
    async def _fill_reply(self, path: str) -> None:
        await self._fill(path)

    async def _fill(self, path: str) -> None:
        """Put the article's text into the reply, or take it out if there is no such article."""
        if path == self._filled.article:
            return
        text, self._answers = "", NO_ANSWERS
        if path in [hit.id for hit in self._hits]:
            try:
                article = await self.desk_app.backend.call(articles.show, path)
            except DeskError as error:
                self.desk_app.say_error(error, of_loading=True)
                return
            self.desk_app.loaded()
            self._answers = answers_of(article)
            text = self._answers.text_for(self._asked())
            if article.problem:
                self.desk_app.say(article.problem, done=False)
        reply = self._filled.put_into(self.value("text"), path, text)
        if reply is not None:
            self.set_value("text", reply)

    def _asked(self) -> str:
        """Return the words of the requester."""
        return f"{self.ticket.subject}\n{self.ticket.body}"

    def action_switch_language(self) -> None:
        """Replace the answer of the article by the same one in the next language."""
        try:
            text = following_answer(self.value("text"), self._answers)
        except RefusedError as error:
            self.desk_app.say_error(error)
            return
        self.set_value("text", f"{text}{GAP}")
        self._filled.found_in(text, self._filled.article, text)

    async def save(self, version: int) -> BulkOutcome:
        """Resolve the tickets; the reply is first brought in line with the field of the article."""
        await self._fill(self.value("article").strip())
        return await super().save(version)

    def done_text(self, done: tuple[int, ...]) -> str:
        """Return the message after saving, with what was sent to whom."""
        return self.sent_message(done, self._sent)

    def action(self) -> Callable[[Desk], Action]:
        """Return the action that resolves the ticket.

        The reply is what the field shows.  Only if an article was named that is none of the
        suggestions, and the field is empty, the article's answer is the reply.
        """
        article, text = self.value("article").strip() or None, self.value("text").strip()

        def build(desk: Desk) -> Action:
            shown = article is None or (article == self._filled.article and self._filled.text)
            action = Resolve(text, article) if shown else resolve_with(desk, text, article)
            answers = action.answers or NO_ANSWERS
            self._sent = action.text or answers.text_for(self._asked())
            return action

        return build
