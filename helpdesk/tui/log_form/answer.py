"""The dialog to edit an answer before the query being logged is resolved with it."""

from collections.abc import Mapping
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static, TextArea

from helpdesk.desk.knowledge.answers import NO_ANSWERS, ArticleAnswers
from helpdesk.domain.errors import RefusedError
from helpdesk.domain.i18n import _
from helpdesk.domain.text import one_line
from helpdesk.tui.base.form_draft import FormDraft
from helpdesk.tui.base.host import host_of
from helpdesk.tui.dialogs.article_text import GAP
from helpdesk.tui.terminal.type_ahead import wait_for_typed_keys
from helpdesk.tui.widgets.answer_language import following_answer
from helpdesk.tui.widgets.keymap import FORM, LANGUAGE, bindings
from helpdesk.tui.widgets.steady_screen import SteadyModal
from helpdesk.tui.widgets.stored_text import TextField, text_area


class AnswerScreen(SteadyModal[str]):
    """Edits the answer of a suggestion; dismissed with the text to send, or "" to go back.

    :param query: the query that is answered; a draft that was written for another one is not
        restored.
    :param recipient: the address that the answer is for; "" if there is none.
    :param answers: the answers of the article, among which the agent can switch.
    """

    MANUAL = "agent#answer-a-repeat-issue"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(FORM, LANGUAGE)]

    def __init__(
        self,
        source: str,
        text: str,
        query: str,
        recipient: str,
        answers: ArticleAnswers = NO_ANSWERS,
    ) -> None:
        super().__init__()
        self._answers = answers
        self._source = source
        self._text = f"{text.strip()}{GAP}" if text.strip() else ""
        self._query = query
        self._recipient = recipient
        self.form_draft = FormDraft(self, f"answer {source}", self.values)

    def compose(self) -> ComposeResult:
        """Lay out the source of the answer, the text and the line of keys."""
        with VerticalScroll(can_focus=False):
            title = f"Answer with {one_line(self._source)}"
            yield Static(Content(title), classes="title", markup=False)
            yield Static(Content(self._goes_to()), classes="label", markup=False)
            yield Static("", classes="draft", markup=False)
            area = text_area("text", self._text)
            area.add_class("answer")
            yield area
            hints = "Ctrl+S log, answer, resolve   Esc back to the form   Ctrl+X drop changes"
            if len(self._answers.texts) > 1:
                hints += "   Ctrl+L language"
            yield Static(Content(hints), classes="hints", markup=False)

    def on_mount(self) -> None:
        """Focus the text, with the cursor behind it; restore an earlier draft for this query."""
        area = self.query_one(TextField)
        self.set_focus(area)
        self.form_draft.begin()
        fields, notice = self.form_draft.restore()
        if fields.get("query") != self._query:
            notice = ""
        elif fields.get("text"):
            area.put(fields["text"])
        area.cursor_to_end()
        line = self.query_one(".draft", Static)
        line.display = bool(notice)
        line.update(Content(notice))

    def values(self) -> Mapping[str, str]:
        """Return the text, and the query that it answers."""
        return {"text": self.query_one(TextArea).text, "query": self._query}

    def _goes_to(self) -> str:
        if self._recipient:
            return _("goes to {recipient}").format(recipient=one_line(self._recipient))
        return _("no address is known: say it to the requester yourself")

    @on(TextArea.Changed)
    def _on_typed(self) -> None:
        self.form_draft.changed()

    async def action_save(self) -> None:
        """Dismiss the dialog with the text; its draft is kept until it was sent."""
        await wait_for_typed_keys(self)
        text = self.query_one(TextArea).text.strip()
        if not text:
            host_of(self).say_error(
                RefusedError(_("the answer is empty: write it, or go back with Esc."))
            )
            return
        self.form_draft.keep()
        self.dismiss(text)

    async def action_back(self) -> None:
        """Go back without sending; the text is saved as a draft."""
        await wait_for_typed_keys(self)
        self.form_draft.keep()
        self.dismiss("")

    def action_switch_language(self) -> None:
        """Replace the answer by the same one in the next language."""
        try:
            text = following_answer(self.query_one(TextArea).text, self._answers)
        except RefusedError as error:
            host_of(self).say_error(error)
            return
        area = self.query_one(TextField)
        area.put(f"{text}{GAP}")
        area.cursor_to_end()

    def action_drop_draft(self) -> None:
        """Discard the changes and go back."""
        self.form_draft.saved()
        host_of(self).draft_dropped()
        self.dismiss("")

    def keep_draft(self) -> None:
        """Save the draft now."""
        self.form_draft.keep()
