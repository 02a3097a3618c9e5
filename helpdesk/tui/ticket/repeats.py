"""The actions for a ticket that is similar to known ones: answer it, link it, write an article."""

from dataclasses import replace

from textual import work

from helpdesk.desk.knowledge.views import ArticleView
from helpdesk.desk.search.views import SearchMode, Suggestion, Suggestions
from helpdesk.desk.ticket.views import TicketView
from helpdesk.domain.errors import DeskError, RefusedError
from helpdesk.domain.i18n import _
from helpdesk.domain.text import one_line
from helpdesk.domain.ticket import LinkKind, parse_ref, ref
from helpdesk.tui.search.suggestions import SuggestionsScreen
from helpdesk.tui.ticket.actions import TicketActions

_HITS = 12


class RepeatActions(TicketActions):
    """A screen of one ticket with its suggestions; a subclass draws them.

    :ivar suggested: similar articles and tickets; None before they are read.
    """

    ticket: TicketView | None = None
    suggested: Suggestions | None = None

    def suggestions_changed(self) -> None:
        """Draw the suggestions, which were just read."""

    @work(exclusive=True, group="looks-like")
    async def look_for_repeats(self) -> None:
        """Read the suggestions, if the ticket is still active."""
        active = self.ticket is not None and self.ticket.state.is_active
        self.suggested = await self._similar("all") if active else None
        self.suggestions_changed()

    async def _similar(
        self, scope: str, *, open_only: bool = False, as_typed: bool = False
    ) -> Suggestions | None:
        from helpdesk.desk.search import (
            suggest,  # imports the ORM, so only when needed
        )

        ticket = self.ticket
        if ticket is None:
            return None
        text = suggest.ticket_text(ticket.subject, ticket.body)
        mode = SearchMode(as_typed=as_typed, ignored=ticket.ref)
        try:
            similar = await self.desk_app.backend.look_up(
                suggest.suggest, text, scope, _HITS, False, ticket.service, mode
            )
        except DeskError:
            return None
        known = {ticket.ref, *(link.ref for link in ticket.links)}
        hits = tuple(
            hit for hit in similar.hits if hit.id not in known and (hit.active or not open_only)
        )
        return replace(similar, hits=hits)

    async def action_suggestions(self) -> None:
        """List the suggestions, so that the user can read or use one."""
        await self._offer("suggestions", "Looks like", self.suggested, "all")

    async def action_resolve_with(self) -> None:
        """Answer with the likeliest suggestion; the user can change the text before it is sent.

        A suggestion that is not marked as a repeat is opened to be read first.
        """
        likely = [hit for hit in self._hits() if hit.is_likely and not hit.active]
        if likely:
            await self._answer_or_read(likely[0])
        else:
            await self._offer("resolve_with", "Answer with", self.suggested, "all")

    async def action_same_as(self) -> None:
        """Let the user choose the open ticket that this one duplicates."""
        similar = await self._similar("tickets", open_only=True)
        await self._offer("same_as", "The same issue as", similar, "tickets", open_only=True)

    async def action_its_problem(self) -> None:
        """Let the user choose the problem that causes this ticket."""
        similar = await self._similar("tickets")
        await self._offer("its_problem", "Caused by", similar, "tickets")

    def _asked(self) -> str:
        """Return the words of the requester."""
        return f"{self.ticket.subject}\n{self.ticket.body}" if self.ticket else ""

    def _hits(self) -> tuple[Suggestion, ...]:
        return self.suggested.hits if self.suggested else ()

    async def _offer(
        self,
        purpose: str,
        title: str,
        found: Suggestions | None,
        scope: str,
        *,
        open_only: bool = False,
    ) -> None:
        if found is None or not found.hits:
            self.desk_app.say_error(RefusedError("nothing known looks like this ticket."))
            return

        async def search(as_typed: bool) -> Suggestions | None:
            return await self._similar(scope, open_only=open_only, as_typed=as_typed)

        number = self.current_ticket()
        head = f"{title}  {ref(number)}" if number else title
        screen = SuggestionsScreen(head, found, search, purpose)
        await self.app.push_screen(screen, self._on_chosen)

    async def _on_chosen(self, chosen: tuple[str, Suggestion] | None) -> None:
        if chosen is None:
            self.look_for_repeats()  # an agent may have said that one does not fit
            return
        purpose, hit = chosen
        if purpose == "resolve_with":
            await self._answer_or_read(hit)
        elif purpose == "same_as":
            await self._link(hit, LinkKind.DUPLICATE)
        elif purpose == "its_problem":
            await self._link(hit, LinkKind.PROBLEM)
        else:
            await self._read(hit)

    async def _answer_or_read(self, hit: Suggestion) -> None:
        if hit.repeat:
            await self._answer_with(hit)
        else:
            await self._read(hit)

    async def _read(self, hit: Suggestion) -> None:
        from helpdesk.desk.knowledge import articles  # as above
        from helpdesk.desk.ticket import show_ticket  # as above
        from helpdesk.tui.search.reader import ReaderScreen

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
            if key == "resolve_with":  # it has been read now
                await self._answer_with(hit)
            elif key:
                await self._on_chosen((key, hit))

        await self.app.push_screen(
            ReaderScreen(document, answer_first=False, asked=self._asked()), go_on
        )

    async def action_steps(self) -> None:
        """Show the steps of the SOPs that suit the ticket, to be ticked."""
        from helpdesk.desk.ticket import sop_steps  # as above
        from helpdesk.tui.ticket.steps import StepsScreen

        number = self._number()
        if number is None:
            return
        try:
            procedures = await self.desk_app.backend.look_up(sop_steps.procedures, number)
        except DeskError as error:
            self.desk_app.say_error(error)
            return
        if procedures:
            await self.app.push_screen(StepsScreen(number, procedures))
        else:
            self.desk_app.say_error(RefusedError("no SOP looks like this ticket."))

    async def action_write_article(self) -> None:
        """Begin an article from this ticket."""
        from helpdesk.tui.knowledge.begin import from_ticket

        number = self._number()
        if number is not None:
            await from_ticket(self.desk_app, number)

    async def _answer_with(self, hit: Suggestion) -> None:
        from helpdesk.desk.ticket import past_answer  # as above
        from helpdesk.tui.dialogs import open_resolve

        number = self._number()
        if number is None:
            return
        try:
            answer = await self.desk_app.backend.call(
                past_answer.answer_of, hit.kind, hit.id, self._asked()
            )
        except DeskError as error:
            self.desk_app.say_error(error)
            return
        await open_resolve(self.desk_app, number, answer.text, answer.article or "", answer.answers)
        if answer.problem:
            self.desk_app.say(answer.problem, done=False)

    async def _link(self, hit: Suggestion, kind: LinkKind) -> None:
        from helpdesk.desk.bulk import bulk  # as above
        from helpdesk.desk.ticket import links, show_ticket  # as above

        number = self._number()
        if number is None or hit.kind != "ticket":
            return
        app = self.desk_app
        try:
            other = parse_ref(hit.id)
            if kind is LinkKind.DUPLICATE:
                from helpdesk.desk.ticket.merge_check import merge_check  # as above

                checked = await app.backend.call(merge_check, [number], other)
                if checked.customers:  # the dialog shows both, and warns
                    from helpdesk.tui.dialogs import open_duplicate  # as above

                    await open_duplicate(app, number, hit.id)
                    return
            if kind is LinkKind.PROBLEM:
                other = await app.backend.call(links.problem_among, [other])
            linked = await app.backend.call(bulk.apply, [number], [links.Link(other, kind)])
            bulk.require_done(linked)
            app.record_change(linked.made)
            ticket = await app.backend.call(show_ticket.show, number)
            app.say(_link_message(ticket, other, kind))
            await app.look_for_changes()
        except DeskError as error:
            app.say_error(error)


def _link_message(ticket: TicketView, other: int, kind: LinkKind) -> str:
    if kind is LinkKind.DUPLICATE:
        who = one_line(ticket.requester.mail) if ticket.requester else ""
        told = _(", and its answers go to {who} as well").format(who=who) if who else ""
        return f"{ticket.ref} follows {ref(other)}: it is resolved with that one{told}."
    recurrence = f" ({one_line(ticket.reappeared.sentence)})" if ticket.reappeared else ""
    return f"{ticket.ref} is linked to the problem {ref(other)}{recurrence}."
