"""The screen to log a query."""

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from textual import on, work
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.timer import Timer
from textual.widget import Widget
from textual.widgets import Input, Static, TextArea

from helpdesk.desk.knowledge import articles
from helpdesk.desk.people import person_lookup, requesters
from helpdesk.desk.people.views import PersonView
from helpdesk.desk.search import suggest
from helpdesk.desk.search.views import Suggestion, Suggestions
from helpdesk.desk.ticket import links, log_query, past_answer, show_ticket
from helpdesk.desk.ticket.views import QueryPreview, TicketView
from helpdesk.domain.errors import DeskError, RefusedError, UnknownPersonError
from helpdesk.domain.i18n import _
from helpdesk.domain.text import one_line
from helpdesk.domain.ticket import parse_ref, ref
from helpdesk.tui.base.desk_screen import DeskScreen
from helpdesk.tui.base.form_draft import FormDraft
from helpdesk.tui.dialogs.person import NewPersonScreen
from helpdesk.tui.log_form.answer import AnswerScreen
from helpdesk.tui.log_form.fields import QueryFields, query_of
from helpdesk.tui.log_form.requester import (
    FEWEST,
    PEOPLE,
    PeopleList,
    RequesterField,
    given_by,
)
from helpdesk.tui.search.reader import ReaderScreen
from helpdesk.tui.search.search_log import SearchRecorder
from helpdesk.tui.terminal.type_ahead import wait_for_typed_keys
from helpdesk.tui.text.people import TICKETS
from helpdesk.tui.widgets.choice_input import ChoiceInput
from helpdesk.tui.widgets.hit_list import HitList
from helpdesk.tui.widgets.keymap import CALLER, FORM, LOG_FORM, bindings

#: How long typing must pause before the preview is updated.
_PAUSE_S = 0.15
_HITS = 12


class LogScreen(DeskScreen):
    """The fields on the left, the suggestions on the right, updated with every key."""

    MANUAL = "agent#log-a-query"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(FORM, LOG_FORM, CALLER)]
    KEYS = (FORM[0], *LOG_FORM, *CALLER, FORM[1])

    def __init__(self) -> None:
        super().__init__()
        self.form_draft = FormDraft(self, "log", self.values)
        self._preview_timer: Timer | None = None
        self._looked_up = ""
        self._picked = False

    def body(self) -> Iterable[Widget]:
        """Lay out fields and suggestions."""
        fields = QueryFields()
        yield Static("", classes="draft", markup=False)
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

    def _put(self, name: str, text: str) -> None:
        if name == "body":
            self.query_one("#body", TextArea).text = text
        for field in self.query(f"#{name}").results(Input):
            field.value = text
            field.cursor_position = len(text)

    def _text(self) -> str:
        """Return the text to search suggestions for: the subject and the start of the details."""
        values = self.values()
        return suggest.ticket_text(values["subject"], values["body"], typing=True)

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
            found.show_card(card)
        else:
            found.show_people(text, people)

    def action_new_person(self) -> None:
        """Add the person who is typed as a new one."""
        self._add_person("")

    def _add_person(self, why: str, how: Mapping[str, Any] | None = None) -> None:
        """Show the form of a new person.

        :param why: the sentence why they are not known.
        :param how: how the query is logged once they are added; None: it is not.
        """

        async def added(person: PersonView | None) -> None:
            if person is None:
                return
            self.query_one(RequesterField).put(person)
            if how is not None:
                await self._log(**how)

        self.app.push_screen(NewPersonScreen(given_by(self.values()["requester"]), why), added)

    async def _ask_who(self, error: UnknownPersonError, how: Mapping[str, Any]) -> None:
        """Let the agent choose the requester in the list, or add them as a new person."""
        if self.query_one(PeopleList).people:
            self.set_focus(self.query_one("#requester"))
            self.desk_app.say_error(
                RefusedError(
                    _(
                        "{text!r} may be one of those listed: ↓ and Enter choose, Ctrl+N adds a "
                        "new person."
                    ).format(text=one_line(error.text)[:60])
                )
            )
        else:
            self._add_person(str(error), how)

    def knowledge_changed(self) -> None:
        """Search again, because the changed article may be the answer."""
        self._looked_up = ""
        self._suggest(self._text())

    @on(Input.Submitted)
    def _on_submitted(self) -> None:
        self.focus_next()

    @work(exclusive=True, group="suggest")
    async def _suggest(self, text: str) -> None:
        if text != self._looked_up:
            await self._look_up(text)

    async def _look_up(self, text: str) -> None:
        """Search suggestions for a text; show them if the text has not changed in the meantime."""
        found = Suggestions((), (), 0.0)
        if text:
            try:
                service = self.values()["service"].strip()
                found = await self.desk_app.backend.look_up(
                    suggest.suggest, text, "all", _HITS, True, service
                )
            except DeskError as error:
                self.desk_app.say_error(error)
                return
        if text == self._text():
            self._looked_up = text
            self.recorder.hits_shown(text, found.hits)
            self.hits.show(found, "no similar article or ticket found" if text else "")

    @work(exclusive=True, group="preview")
    async def _update_preview(self) -> None:
        """Show which priority, targets and default values the query would get."""
        outlook = self.query_one("#outlook", Static)
        try:
            query = query_of(self.values())
            found = await self.desk_app.backend.look_up(log_query.preview, query)
        except DeskError as error:
            outlook.update(Content.styled(one_line(str(error)), "$warning"))
            return
        outlook.update(Content(_preview_text(found)))
        for name, guessed in (
            ("service", found.service),
            ("kind", found.kind),
            ("impact", found.impact),
            ("urgency", found.urgency),
        ):
            field = self.query_one(f"#{name}", ChoiceInput)
            field.placeholder = one_line(guessed) or "↑↓"

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
        self.recorder.hit_opened(event.hit)
        backend = self.desk_app.backend
        try:
            if event.hit.kind == "article":
                document = await backend.look_up(articles.show, event.hit.id)
                await self.app.push_screen(ReaderScreen(document), self._on_read)
            else:
                ticket = await backend.look_up(show_ticket.show, parse_ref(event.hit.id))
                await self.app.push_screen(ReaderScreen(ticket), self._on_read)
        except DeskError as error:
            self.desk_app.say_error(error)

    async def _on_read(self, key: str | None) -> None:
        if key == "resolve_with":
            await self.action_resolve_with()
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
        """Log the query and resolve it with the chosen suggestion or the likeliest one."""
        hit = await self._chosen()
        if hit is None:
            self.desk_app.say_error(
                RefusedError(
                    "no suggestion is likely enough to resolve it with: choose one (F2), "
                    "or log the query (Ctrl+S)."
                )
            )
        else:
            await self._resolve(hit)

    async def _resolve(self, hit: Suggestion, reply: str = "") -> bool:
        if hit.kind == "article":
            return await self._log(resolve_with=hit.id, reply=reply)
        return await self._log(resolve_like=parse_ref(hit.id), reply=reply)

    async def action_answer_first(self) -> None:
        """Edit the answer of the chosen suggestion, then log and resolve the query with it."""
        hit = await self._chosen()
        if hit is None:
            self.desk_app.say_error(
                RefusedError("no suggestion is likely enough to answer with: choose one (F2).")
            )
            return
        try:
            answer = await self.desk_app.backend.call(past_answer.answer_of, hit.kind, hit.id)
        except DeskError as error:
            self.desk_app.say_error(error)
            return
        screen = AnswerScreen(hit.id, answer.text)

        async def send(text: str | None) -> None:
            if text and await self._resolve(hit, text):
                screen.form_draft.drop()

        await self.app.push_screen(screen, send)

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
        await self._log(duplicate_of=parse_ref(hit.id))

    async def _chosen(self, kind: str = "") -> Suggestion | None:
        """Return the suggestion that the agent chose; if none was chosen, the first likely one.

        :param kind: accept only ``article`` or ``ticket``; "" accepts both.
        """
        await wait_for_typed_keys(self)
        if self._picked or self.focused is self.hits:
            hit = self.hits.chosen
            return hit if hit and kind in ("", hit.kind) else None
        if self._looked_up != self._text():
            await self._look_up(self._text())
        likely = [hit for hit in self.hits.all_hits if hit.is_likely]
        return next((hit for hit in likely if kind in ("", hit.kind)), None)

    async def _log(
        self,
        *,
        resolve_with: str | None = None,
        resolve_like: int | None = None,
        duplicate_of: int | None = None,
        problem: int | None = None,
        reply: str = "",
    ) -> bool:
        """Log the query and close the form; return whether it was logged."""
        await wait_for_typed_keys(self)
        app = self.desk_app
        values = self.values()
        try:
            ticket = await app.backend.call(
                log_query.log_query,
                query_of(values),
                resolve_with=resolve_with,
                resolve_like=resolve_like,
                duplicate_of=duplicate_of,
                problem=problem,
                reply=reply,
            )
        except UnknownPersonError as error:
            how = {
                "resolve_with": resolve_with,
                "resolve_like": resolve_like,
                "duplicate_of": duplicate_of,
                "problem": problem,
                "reply": reply,
            }
            await self._ask_who(error, how)
            return False
        except DeskError as error:
            app.say_error(error)
            return False
        self.form_draft.saved()
        used_ticket = duplicate_of or resolve_like or problem
        self.recorder.finished(
            resolve_with or (ref(used_ticket) if used_ticket else ""),
            (values["requester"], values.get("customer", "")),
        )
        self.app.pop_screen()
        app.say(_confirmation(ticket, resolve_with, duplicate_of))
        app.show_logged(ticket.number)
        return True

    def keep_draft(self) -> None:
        """Save the draft now."""
        self.form_draft.keep()

    async def action_drop_draft(self) -> None:
        """Discard what was typed and close the form."""
        self.form_draft.saved()
        self.app.pop_screen()

    async def action_back(self) -> None:
        """Go from the suggestions to the subject, or close the form and save the draft."""
        if self.focused is self.hits:
            self.set_focus(self.query_one("#subject"))
            return
        await wait_for_typed_keys(self)
        self.form_draft.keep()
        self.app.pop_screen()


def _preview_text(preview: QueryPreview) -> str:
    parts = [f"→ {preview.priority}"]
    if preview.respond_by is not None:
        parts.append(f"respond by {preview.respond_by.astimezone():%a %H:%M}")
    if preview.resolve_by is not None:
        parts.append(f"resolve by {preview.resolve_by.astimezone():%a %H:%M}")
    parts += [one_line(text) for text in (preview.customer, preview.support_hours) if text]
    return " · ".join(parts)


def _confirmation(ticket: TicketView, article: str | None, duplicate_of: int | None) -> str:
    if duplicate_of is not None:
        return f"logged as the same issue as {ticket.ref}."
    if article is not None:
        return f"{ticket.ref} logged and resolved with {article}."
    if ticket.reappeared is not None:
        return f"{ticket.ref} logged; {ticket.reappeared.sentence}."
    return f"{ticket.ref} logged: {ticket.priority}, {ticket.state}."
