"""The editor for articles in the app."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, ClassVar

from textual import on, work
from textual.binding import BindingType
from textual.content import Content
from textual.timer import Timer
from textual.widget import Widget
from textual.widgets import Static, TextArea

from helpdesk.domain.errors import DeskError, RefusedError
from helpdesk.domain.text import inert, one_line
from helpdesk.tui.base.desk_screen import DeskScreen
from helpdesk.tui.base.form_draft import FormDraft
from helpdesk.tui.knowledge.difference import DifferenceScreen
from helpdesk.tui.knowledge.own_editor import edit_externally
from helpdesk.tui.terminal.type_ahead import wait_for_typed_keys
from helpdesk.tui.widgets.keymap import EDITOR, FORM, bindings
from helpdesk.tui.widgets.stored_text import TextField, end_of_change

if TYPE_CHECKING:  # imports the ORM
    from helpdesk.desk.knowledge.editing import SavedArticle
    from helpdesk.knowledge.writing import ArticleSource

#: How long after the last key the text is checked.
_CHECK_DELAY_S = 0.4
#: How many findings are shown.
_FINDINGS = 3
#: The keys of forms that work here; the others, such as Tab, are needed for writing.
_FORM = tuple(key for key in FORM if key.name in ("save", "back"))


class EditorScreen(DeskScreen):
    """Edit the file of an article; errors in it are shown while one writes."""

    MANUAL = "knowledge#edit-in-the-app"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(_FORM, EDITOR)]
    KEYS = (*_FORM, *EDITOR)

    def __init__(self, source: "ArticleSource") -> None:
        super().__init__()
        self.source = source
        self._seen = source.seen
        self.form_draft = FormDraft(self, f"article {source.path}", self.values)
        self._check_timer: Timer | None = None

    def body(self) -> Iterable[Widget]:
        """Lay out the path, the text and the findings."""
        yield Static("", id="editing", markup=False)
        yield Static("", classes="draft", markup=False)
        area = TextField(self.source.text, id="text", tab_behavior="indent", show_line_numbers=True)
        area.indent_width = 2
        yield area
        yield Static("", id="findings", markup=False)

    @property
    def area(self) -> TextField:
        """The text area."""
        return self.query_one("#text", TextField)

    def on_mount(self) -> None:
        """Show the text of the file, or its draft if there is one."""
        heading = "Edit" if self._seen else "New article"
        self.query_one("#editing", Static).update(Content(f"{heading}  {self.source.path}"))
        self.set_focus(self.area)
        self.form_draft.begin()
        fields, notice = self.form_draft.restore()
        if fields.get("text"):
            self.area.text = fields["text"]
            self.area.cursor_to(end_of_change(self.source.text, fields["text"]))
            self._seen = fields.get("seen", "")
        self._show_notice(notice)
        self._check()

    def values(self) -> Mapping[str, str]:
        """Return the text, and the version of the file that it is based on."""
        return {"text": self.area.text, "seen": self._seen}

    def _show_notice(self, notice: str) -> None:
        line = self.query_one(".draft", Static)
        line.display = bool(notice)
        line.update(Content(notice))

    @on(TextArea.Changed)
    def _on_typed(self) -> None:
        self.form_draft.changed()
        if self._check_timer is not None:
            self._check_timer.stop()
        self._check_timer = self.set_timer(_CHECK_DELAY_S, self._check)

    @work(exclusive=True, group="check")
    async def _check(self) -> None:
        from helpdesk.desk.knowledge import editing  # imports the ORM

        try:
            findings = await self.desk_app.backend.look_up(
                editing.check, self.source.path, self.area.text
            )
        except DeskError as error:
            self._show_findings([Content.styled(one_line(str(error)), "$error")])
            return
        lines = [
            Content.styled(
                one_line(f"{'▲' if each.severity == 'error' else '◆'} {each.line}: {each.message}"),
                "$error" if each.severity == "error" else "$warning",
            )
            for each in findings[:_FINDINGS]
        ]
        if len(findings) > _FINDINGS:
            lines.append(Content.styled(f"… {len(findings) - _FINDINGS} more", "$secondary"))
        self._show_findings(lines)

    def _show_findings(self, lines: list[Content]) -> None:
        panel = self.query_one("#findings", Static)
        panel.display = bool(lines)
        panel.update(Content("\n").join(lines))

    def desk_changed(self) -> None:
        """Check whether somebody else has saved this file."""
        self._check_file()

    @work(exclusive=True, group="file")
    async def _check_file(self) -> None:
        from helpdesk.desk.knowledge import editing  # as above

        if not self._seen:
            return
        try:
            now = await self.desk_app.backend.look_up(editing.begin, self.source.path)
        except DeskError:
            return
        if now.seen != self._seen:
            self._show_notice("◆ somebody else has saved this file meanwhile: Ctrl+S compares")

    async def action_save(self) -> None:
        """Save the article; on an error or a conflict the text stays, and its draft is saved."""
        from helpdesk.desk.knowledge import editing  # as above
        from helpdesk.knowledge.front_matter import BrokenArticleError
        from helpdesk.knowledge.writing import ArticleChangedError, ArticleSource

        await wait_for_typed_keys(self)
        app = self.desk_app
        self.form_draft.keep()
        mine = ArticleSource(self.source.path, self.area.text, self._seen)
        try:
            saved = await app.backend.call(editing.save, mine)
        except ArticleChangedError as error:
            self._seen = error.theirs.seen
            self.form_draft.save_extra("theirs", {"text": error.theirs.text})
            self.form_draft.keep()
            await self.app.push_screen(
                DifferenceScreen(str(error), error.changes), self._on_compared
            )
        except BrokenArticleError as error:
            self.area.move_cursor((error.line - 1, 0), center=True)
            app.say_error(error)
        except DeskError as error:
            app.say_error(error)
        else:
            self.form_draft.saved()
            self.app.pop_screen()
            app.say(saved_message(saved))
            show = getattr(self.app.screen, "go_to_article", None)
            if show is not None:
                show(saved.source.path)

    async def _on_compared(self, choice: str | None) -> None:
        if choice == "mine":
            await self.action_save()
        elif choice == "theirs":
            await self._take_theirs()

    async def action_compare(self) -> None:
        """Show what saving would change in the file, or in the version that somebody else saved."""
        from helpdesk.knowledge.writing import difference  # as above

        await wait_for_typed_keys(self)
        theirs = self.form_draft.read_extra("theirs").get("text")
        base = self.source.text if theirs is None else theirs
        lines = tuple(difference(base, self.area.text))
        other = "the file as it was opened" if theirs is None else "what somebody else saved"
        sentence = f"{self.source.path}, compared with {other}" + ("" if lines else ": no change")

        async def decide(choice: str | None) -> None:
            if choice == "theirs" and theirs is not None:
                self.area.text = theirs  # not read from the file, which mine has overwritten
            else:
                await self._on_compared(choice)

        await self.app.push_screen(DifferenceScreen(sentence, lines), decide)

    async def action_undo_all(self) -> None:
        """Discard the draft; with a selection, cut that, as the key does in every text."""
        await wait_for_typed_keys(self)
        if self.area.selected_text:
            self.area.action_cut()
        else:
            await self._take_theirs()

    async def _take_theirs(self) -> None:
        """Discard the draft and read the file again; close the editor if the article is new."""
        from helpdesk.desk.knowledge import editing  # as above

        self.form_draft.drop()
        if not self.source.seen:
            self.form_draft.saved()
            self.app.pop_screen()
            return
        try:
            self.source = await self.desk_app.backend.look_up(editing.begin, self.source.path)
        except DeskError as error:
            self.desk_app.say_error(error)
            return
        self._seen = self.source.seen
        self.area.text = self.source.text
        self.form_draft.begin()
        self._show_notice("")

    async def action_own_editor(self) -> None:
        """Open the text in the user's own editor, if the policy allows that."""
        from helpdesk.desk.knowledge import editing  # as above

        await wait_for_typed_keys(self)
        self.form_draft.keep()
        try:
            command = await self.desk_app.backend.call(editing.external_editor)
            text = edit_externally(self.app, command, self.source.path, self.area.text)
        except DeskError as error:
            self.desk_app.say_error(error)
            return
        if text != self.area.text:
            self.area.text = text
            self.form_draft.keep()

    async def action_jump(self, place: int) -> None:
        """Go to the start of the text (0) or to its end (-1)."""
        await wait_for_typed_keys(self)
        self.area.move_cursor(self.area.document.end if place else (0, 0))

    def keep_draft(self) -> None:
        """Save the draft now."""
        self.form_draft.keep()

    async def action_back(self) -> None:
        """Save the draft and close the editor."""
        await wait_for_typed_keys(self)
        self.form_draft.keep()
        if self.area.text != self.source.text:
            self.desk_app.say(f"the draft of {self.source.path} is kept.")
        self.app.pop_screen()


def saved_message(saved: "SavedArticle") -> str:
    """Return the sentence about an article that was saved."""
    parts = [f"{saved.source.path} saved"]
    if saved.revision:
        parts.append(f"committed as {saved.revision}")
    if saved.git_problem:
        parts.append(f"but not committed to git: {saved.git_problem}")
    if saved.findings:
        first = saved.findings[0]
        parts.append(f"line {first.line}: {inert(first.message)}")
    return f"{', '.join(parts)}."


def no_article_chosen() -> RefusedError:
    """Return the error for a cursor that is on no article."""
    return RefusedError("there is no article under the cursor: choose one, or begin one (N).")
