"""The screen to log a query."""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import ClassVar, Unpack

from textual import on, work
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.events import DescendantFocus
from textual.timer import Timer
from textual.widget import Widget
from textual.widgets import Input, Static, TextArea

from helpdesk.desk.form_drafts import CALL, parked_form
from helpdesk.desk.knowledge import articles
from helpdesk.desk.knowledge.views import ArticleView
from helpdesk.desk.people import new_names, person_lookup, requesters
from helpdesk.desk.people.views import PersonView
from helpdesk.desk.search import suggest
from helpdesk.desk.search.views import SearchMode, Suggestion, Suggestions
from helpdesk.desk.ticket import links, log_query, merge_check, past_answer, show_ticket
from helpdesk.desk.ticket.log_query import HowToFinish
from helpdesk.desk.ticket.views import QueryPreview, TicketView
from helpdesk.domain.errors import DeskError, RefusedError, UnknownPersonError
from helpdesk.domain.i18n import _
from helpdesk.domain.text import one_line
from helpdesk.domain.ticket import parse_ref, ref
from helpdesk.tui.base.desk_screen import DeskScreen
from helpdesk.tui.base.form_draft import FormDraft
from helpdesk.tui.base.new_names import NewNamesScreen
from helpdesk.tui.dialogs.person import NewPersonScreen, given_by
from helpdesk.tui.log_form.answer import AnswerScreen
from helpdesk.tui.log_form.fields import QueryFields, SubjectLine, query_of
from helpdesk.tui.log_form.logged import change_made, confirmation
from helpdesk.tui.log_form.requester import (
    FEWEST,
    PEOPLE,
    PeopleList,
    RequesterField,
)
from helpdesk.tui.search.reader import ReaderScreen
from helpdesk.tui.search.search_log import SearchRecorder
from helpdesk.tui.terminal.type_ahead import wait_for_typed_keys
from helpdesk.tui.text.moments import moment_text
from helpdesk.tui.text.people import TICKETS
from helpdesk.tui.widgets.choice_input import ChoiceInput
from helpdesk.tui.widgets.hit_list import HitList
from helpdesk.tui.widgets.key_bar import most_used_first
from helpdesk.tui.widgets.keymap import AS_TYPED, CALLER, FORM, LOG_FORM, bindings, keys_text
from helpdesk.tui.widgets.stored_text import LineField, TextField

#: The fields whose text is searched for.
_SEARCHED = ("subject", "body")
#: How long typing must pause before the preview is updated.
_PAUSE_S = 0.15
_HITS = 12


class LogScreen(DeskScreen):
    """The fields on the left, the suggestions on the right, updated with every key."""

    MANUAL = "agent#log-a-query"
    #: The field whose further pasted lines go to the details.
    TAKES_MORE_LINES = "subject"
    #: A low window has no room for empty lines.
    VERTICAL_BREAKPOINTS: list[tuple[int, str]] | None = [(0, "-low"), (20, "-high")]  # noqa: RUF012
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(FORM, LOG_FORM, CALLER, AS_TYPED)]
    KEYS = most_used_first(
        (*FORM[:2], *LOG_FORM, *CALLER), "save", "suggestions", "resolve_with", "back"
    )

    def __init__(self, form: str = CALL) -> None:
        super().__init__()
        self._form = form
        self.form_draft = FormDraft(self, form, self.values)
        self._preview_timer: Timer | None = None
        self._looked_up, self._was_typing = "", False
        self._as_typed = False
        self._picked = False
        self._asked_to_join: tuple[int, tuple[str, ...]] | None = None

    def body(self) -> Iterable[Widget]:
        """Lay out fields and suggestions."""
        fields = QueryFields()
        yield Static("", classes="draft", markup=False)
        yield SubjectLine()
        yield Horizontal(
            fields,
            Vertical(
                Static(Content("Looks like"), id="looks-like", markup=False),
                HitList(id="suggestions"),
                id="suggestions-pane",
            ),
        )

    def on_mount(self) -> None:
        """Focus the subject; restore an earlier draft."""
        self.recorder = SearchRecorder(self.desk_app, "form")
        self.set_focus(self.query_one("#subject"))
        self.form_draft.begin()
        fields, notice = self.form_draft.restore()
        for name, text in fields.items():
            self._put(name, text)
        self.query_one(TextField).cursor_to_end()
        line = self.query_one(".draft", Static)
        line.display = bool(notice)
        line.update(Content(notice))
        self.hits.show(Suggestions((), (), 0.0), "articles and past tickets appear as you type")
        self._load_services()
        self._update_preview()

    @property
    def hits(self) -> HitList:
        """The suggestions."""
        return self.query_one(HitList)

    @work
    async def _load_services(self) -> None:
        try:
            names = await self.desk_app.backend.call(requesters.services)
        except DeskError as error:
            self.desk_app.say_error(error)
            return
        self.query_one("#service", ChoiceInput).offer(names)

    def values(self) -> Mapping[str, str]:
        """Return the typed texts by field."""
        found = {field.id: field.value for field in self.query(Input) if field.id}
        return {**found, "body": self.query_one("#body", TextArea).text}

    def _chosen_values(self) -> Mapping[str, str]:
        """Return the texts by field; a known one that is typed in part is returned whole."""
        fields = self.query(ChoiceInput).results(ChoiceInput)
        return {**self.values(), **{field.id: field.chosen for field in fields if field.id}}

    def _put(self, name: str, text: str) -> None:
        if name == "body":
            self.query_one("#body", TextField).put(text)
        for field in self.query(f"#{name}").results(Input):
            field.value = text
            field.cursor_position = len(text)

    def _text(self) -> str:
        """Return the text to search suggestions for: the subject and the start of the details."""
        values = self.values()
        return suggest.ticket_text(values["subject"], values["body"])

    @on(Input.Changed)
    @on(TextArea.Changed)
    def _on_typed(self) -> None:
        self.form_draft.changed()
        self._picked = False
        self._suggest(self._text())
        if self._preview_timer is not None:
            self._preview_timer.stop()
        self._preview_timer = self.set_timer(_PAUSE_S, self._update_preview)

    @on(Input.Changed, "#requester")
    def _on_requester_typed(self, event: Input.Changed) -> None:
        self._look_for_people(event.value)

    @work(exclusive=True, group="people")
    async def _look_for_people(self, text: str) -> None:
        """Show who may be meant by a text, or the one who is."""
        found = self.query_one(PeopleList)
        if len(text.strip()) < FEWEST:
            found.clear()
            return
        backend = self.desk_app.backend
        try:
            card = await backend.look_up(person_lookup.card, text, TICKETS)
            people = () if card else await backend.look_up(requesters.requesters, text, PEOPLE)
        except DeskError as error:
            self.desk_app.say_error(error)
            return
        if text != self.values()["requester"]:
            return
        if card is not None:
            found.show_card(card, self.desk_app.now())
        else:
            found.show_people(text, people)

    def action_new_person(self) -> None:
        """Add the person who is typed as a new one."""
        self._add_person("")

    def _add_person(self, why: str, then: Callable[[], Awaitable[None]] | None = None) -> None:
        """Show the form of a new person.

        :param why: the sentence why they are not known.
        :param then: called once they are added.
        """

        async def added(person: PersonView | None) -> None:
            if person is None:
                return
            self.query_one(RequesterField).put(person)
            if then is not None:
                await then()

        self.app.push_screen(NewPersonScreen(given_by(self.values()["requester"]), why), added)

    def _ask_who(self, error: UnknownPersonError, then: Callable[[], Awaitable[None]]) -> None:
        """Let the agent choose the requester in the list, or add them as a new person.

        :param then: called once they are added.
        """
        if not self.query_one(PeopleList).people:
            self._add_person(str(error), then)
            return
        self.set_focus(self.query_one(RequesterField))
        sentence = _(
            "{text!r} may be one of those listed: ↓ and Enter choose, {key} adds a new person."
        ).format(text=one_line(error.text)[:60], key=keys_text(CALLER[0].keys))
        self.desk_app.say_error(RefusedError(sentence))

    def knowledge_changed(self) -> None:
        """Search again, because the changed article may be the answer."""
        self._suggest_again()

    @on(LineField.MoreLines)
    def _on_more_lines(self, event: LineField.MoreLines) -> None:
        details = self.query_one("#body", TextArea)
        before = details.text
        gap = "" if not before or before.endswith("\n") else "\n"
        details.insert(f"{gap}{event.rest}", details.document.end)
        told = _("the first line is the subject; the other lines are in the details.")
        self.desk_app.say(told, done=False)

    @on(Input.Submitted)
    def _on_submitted(self) -> None:
        self.focus_next()

    @property
    def _is_typing(self) -> bool:
        """Whether the text to search for is being typed, so that its last word may go on."""
        return self.focused is not None and self.focused.id in _SEARCHED

    def on_descendant_focus(self, event: DescendantFocus) -> None:
        """Search again for a text that is complete, as the other screens do for the ticket.

        That never happens below a cursor on the hits, nor once the agent has chosen one of them.
        """
        is_field = isinstance(event.widget, Input) and not self._is_typing
        if is_field and self._looked_up and self._was_typing and not self._picked:
            self._suggest_again()

    def _suggest_again(self) -> None:
        """Search for the same text once more, because something else has changed."""
        self._looked_up = ""
        self._suggest(self._text())

    @work(exclusive=True, group="suggest")
    async def _suggest(self, text: str) -> None:
        if text != self._looked_up:
            await self._look_up(text)

    async def _look_up(self, text: str) -> None:
        """Search suggestions for a text; show them if the text has not changed in the meantime."""
        found = Suggestions((), (), 0.0)
        typing = self._is_typing
        if text:
            try:
                service = self.values()["service"].strip()
                found = await self.desk_app.backend.look_up(
                    suggest.suggest,
                    text,
                    "all",
                    _HITS,
                    typing,
                    service,
                    SearchMode(as_typed=self._as_typed),
                )
            except DeskError as error:
                self.desk_app.say_error(error, of_loading=True)
                return
            self.desk_app.loaded()
        if text == self._text():
            self._looked_up, self._was_typing = text, typing
            self.recorder.hits_shown(text, found.hits)
            self.hits.show(found, "no similar article or ticket found" if text else "")

    @work(exclusive=True, group="preview")
    async def _update_preview(self) -> None:
        """Show which priority, targets and default values the query would get."""
        outlook = self.query_one("#outlook", Static)
        try:
            query = query_of(self._chosen_values())
            found = await self.desk_app.backend.look_up(log_query.preview, query)
        except DeskError as error:
            outlook.update(Content.styled(one_line(str(error)), "$warning"))
            return
        outlook.update(Content(_preview_text(found, self.desk_app.now())))
        for name, guessed in (
            ("service", found.service),
            ("kind", found.kind),
            ("impact", found.impact),
            ("urgency", found.urgency),
            ("queue", found.queue),
        ):
            self.query_one(f"#{name}", ChoiceInput).guess(guessed)

    def action_search_as_typed(self) -> None:
        """Search for suggestions without corrections, or with them again."""
        self._as_typed = not self._as_typed
        self._suggest_again()

    async def action_suggestions(self) -> None:
        """Go to the suggestions, or from there back to the subject."""
        await wait_for_typed_keys(self)
        if self.focused is self.hits:
            self.set_focus(self.query_one("#subject"))
            return
        await self._look_up(self._text())
        self.set_focus(self.hits)
        self._picked = True

    @on(HitList.Opened)
    async def _on_opened(self, event: HitList.Opened) -> None:
        await self._open(event.hit)

    async def _open(self, hit: Suggestion) -> None:
        """Show a hit in full; the keys there act on that hit."""
        self.recorder.hit_opened(hit)
        self.hits.choose(hit)
        self._picked = True
        backend = self.desk_app.backend
        document: ArticleView | TicketView
        try:
            if hit.kind == "article":
                document = await backend.look_up(articles.show, hit.id)
            else:
                document = await backend.look_up(show_ticket.show, parse_ref(hit.id))
        except DeskError as error:
            self.desk_app.say_error(error)
            return

        async def go_on(key: str | None) -> None:
            await self._on_read(hit, key)

        await self.app.push_screen(ReaderScreen(document, asked=self._text()), go_on)

    async def _on_read(self, hit: Suggestion, key: str | None) -> None:
        if key == "resolve_with":
            await self._answer_with(hit)
        elif key == "answer_first":
            await self.action_answer_first()
        elif key == "same_as":
            await self.action_same_as()
        elif key == "its_problem":
            await self.action_its_problem()

    async def action_save(self) -> None:
        """Log the query."""
        await self._log()

    async def action_resolve_with(self) -> None:
        """Log the query and resolve it with the chosen suggestion or the likeliest one.

        Without a further look this sends only the Answer section of an article that is marked as a
        repeat; the answer of a past ticket is edited first, and any other hit is opened.
        """
        hit = await self._chosen(finished=True)
        if hit is None:
            self.desk_app.say_error(
                RefusedError(
                    "no suggestion is likely enough to resolve it with: choose one (F2), "
                    "or log the query (Ctrl+S)."
                )
            )
        elif hit.repeat:
            await self._answer_with(hit)
        else:
            await self._open(hit)

    async def _answer_with(self, hit: Suggestion) -> None:
        """Resolve the query with a hit that the agent has read, or that is marked as a repeat."""
        try:
            answer = await self.desk_app.backend.call(
                past_answer.answer_of, hit.kind, hit.id, self._text()
            )
        except DeskError as error:
            self.desk_app.say_error(error)
            return
        if hit.kind == "article" and answer.text.strip() and not answer.problem:
            await self._log(resolve_with=hit.id)
        else:
            await self._edit_answer(hit, answer)

    async def action_answer_first(self) -> None:
        """Edit the answer of the chosen suggestion, then log and resolve the query with it."""
        hit = await self._chosen(finished=True)
        if hit is None:
            self.desk_app.say_error(
                RefusedError("no suggestion is likely enough to answer with: choose one (F2).")
            )
            return
        try:
            answer = await self.desk_app.backend.call(
                past_answer.answer_of, hit.kind, hit.id, self._text()
            )
        except DeskError as error:
            self.desk_app.say_error(error)
            return
        await self._edit_answer(hit, answer)

    async def _edit_answer(self, hit: Suggestion, answer: past_answer.PastAnswer) -> None:
        values = self.values()
        query = f"{values['subject']}\n{values['requester']}"
        recipient = values["requester"].strip()
        screen = AnswerScreen(hit.id, answer.text, query, recipient, answer.answers)

        async def send(text: str | None) -> None:
            if text:
                await self._resolve(hit, text, screen.form_draft.drop)

        await self.app.push_screen(screen, send)
        if answer.problem:
            self.desk_app.say(answer.problem, done=False)

    async def _resolve(self, hit: Suggestion, reply: str, then: Callable[[], None]) -> None:
        if hit.kind == "article":
            await self._log(then, resolve_with=hit.id, reply=reply)
        else:
            await self._log(then, resolve_like=parse_ref(hit.id), reply=reply)

    async def action_its_problem(self) -> None:
        """Log the query, linked to the problem that the chosen ticket is or is linked to."""
        hit = await self._chosen(kind="ticket")
        hits = (
            [hit]
            if self._picked and hit
            else [hit for hit in self.hits.all_hits if hit.kind == "ticket" and hit.is_likely]
        )
        try:
            numbers = [parse_ref(hit.id) for hit in hits]
            problem = await self.desk_app.backend.call(links.problem_among, numbers)
        except DeskError as error:
            self.desk_app.say_error(error)
            return
        await self._log(problem=problem)

    async def action_same_as(self) -> None:
        """Log the query as the same issue as the chosen open ticket."""
        hit = await self._chosen(kind="ticket")
        if hit is None:
            self.desk_app.say_error(
                RefusedError("no open ticket is chosen: choose one of the suggestions (F2).")
            )
            return
        number = parse_ref(hit.id)
        if await self._may_join(number):
            await self._log(duplicate_of=number)

    async def _may_join(self, number: int) -> bool:
        """Whether the query may follow a ticket; another customer's is named and asked about."""
        try:
            checked = await self.desk_app.backend.call(
                merge_check.query_check, query_of(self._chosen_values()), number
            )
        except DeskError as error:
            self.desk_app.say_error(error)
            return False
        asked = (number, checked.customers)
        if not checked.customers or asked == self._asked_to_join:
            return True
        self._asked_to_join = asked
        question = _("nothing was logged yet: {reason}; F6 again does it.")
        self.desk_app.say_error(RefusedError(question.format(reason=checked.customer_warning)))
        return False

    async def _chosen(self, kind: str = "", *, finished: bool = False) -> Suggestion | None:
        """Return the suggestion that the agent chose; if none was chosen, the first likely one.

        :param kind: accept only ``article`` or ``ticket``; "" accepts both.
        :param finished: if none was chosen, pass over open tickets, which have no answer yet.
        """
        await wait_for_typed_keys(self)
        if self._picked or self.focused is self.hits:
            hit = self.hits.chosen
            return hit if hit and kind in ("", hit.kind) else None
        if self._looked_up != self._text():
            await self._look_up(self._text())
        likely = [
            hit for hit in self.hits.all_hits if hit.is_likely and not (finished and hit.active)
        ]
        return next((hit for hit in likely if kind in ("", hit.kind)), None)

    async def _log(
        self, then: Callable[[], None] | None = None, **how: Unpack[HowToFinish]
    ) -> None:
        """Log the query and close the form, after a question if that would add names to the desk.

        :param then: called once the query is logged.
        """
        await wait_for_typed_keys(self)
        values = self._chosen_values()
        try:
            new = await self.desk_app.backend.call(
                new_names.new_names, values["service"], "", values["requester"]
            )
        except DeskError as error:
            self.desk_app.say_error(error)
            return
        if not new:
            await self._log_now(then, how)
            return

        is_new = any(name.noun == "requester" for name in new)

        async def answered(add: bool | None) -> None:
            if add:
                await self._log_now(then, how, new_person=is_new)

        self.app.push_screen(NewNamesScreen(new), answered)

    async def _log_now(
        self, then: Callable[[], None] | None, how: HowToFinish, *, new_person: bool = False
    ) -> None:
        """Log the query and close the form.

        :param new_person: whether a requester who is not known is added without a question.
        """
        app = self.desk_app
        values = self._chosen_values()
        try:
            query = replace(query_of(values), new_person=new_person)
            logged = await app.backend.call(log_query.log_and_finish, query, **how)
        except UnknownPersonError as error:
            self._ask_who(error, lambda: self._log_now(then, how))
            return
        except DeskError as error:
            app.say_error(error)
            return
        self.form_draft.saved()
        if then is not None:
            then()
        used_ticket = how.get("duplicate_of") or how.get("resolve_like") or how.get("problem")
        used = how.get("resolve_with") or (ref(used_ticket) if used_ticket else "")
        self.recorder.finished(used, (values["requester"], values.get("customer", "")))
        self.app.pop_screen()
        app.record_change(change_made(logged), keep_marks=True)
        app.say(confirmation(logged, used))
        app.show_logged(logged.ticket.number)

    def keep_draft(self) -> None:
        """Save the draft now."""
        self.form_draft.keep()

    async def action_park(self) -> None:
        """Keep this call for later under a name of its own, and begin a new one."""
        await wait_for_typed_keys(self)
        app = self.desk_app
        if not self.form_draft.has_text:
            app.say(_("there is nothing to park yet."), done=False)
            return
        try:
            app.drafts.keep(parked_form(self._form), self.values())
        except OSError as error:
            app.say_error(RefusedError(f"the draft cannot be saved ({error.strerror})."))
            return
        if self._form == CALL:
            self.form_draft.saved()
        app.say(_("the call is parked: D lists parked calls and drafts."))
        await self.app.switch_screen(LogScreen())

    async def action_drop_draft(self) -> None:
        """Discard what was typed and close the form."""
        self.form_draft.saved()
        self.desk_app.draft_dropped()
        self.app.pop_screen()

    async def action_back(self) -> None:
        """Go from the suggestions to the subject, or close the form and save the draft."""
        if self.focused is self.hits:
            self.set_focus(self.query_one("#subject"))
            return
        await wait_for_typed_keys(self)
        self.form_draft.keep()
        self.app.pop_screen()


def _preview_text(preview: QueryPreview, now: datetime) -> str:
    parts = [f"→ {preview.priority}"]
    if preview.respond_by is not None:
        parts.append(f"respond by {moment_text(preview.respond_by, now)}")
    if preview.resolve_by is not None:
        parts.append(f"resolve by {moment_text(preview.resolve_by, now)}")
    parts += [one_line(text) for text in (preview.customer, preview.support_hours) if text]
    return " · ".join(parts)
