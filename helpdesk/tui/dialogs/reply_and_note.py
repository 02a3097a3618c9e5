"""The dialogs with a single text: reply, internal note, reopen."""

from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType
from typing import ClassVar

from textual.binding import BindingType
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from helpdesk.desk.session import Desk
from helpdesk.desk.ticket.handling import Note, Reply
from helpdesk.desk.ticket.resolving import Reopen
from helpdesk.desk.unit_of_work.action import Action
from helpdesk.domain.i18n import _
from helpdesk.domain.text import one_line
from helpdesk.domain.ticket import ReplyWay
from helpdesk.tui.dialogs.base import TicketDialog
from helpdesk.tui.dialogs.writing import WritingDialog
from helpdesk.tui.terminal.type_ahead import wait_for_typed_keys
from helpdesk.tui.widgets.keymap import REPLY, bindings
from helpdesk.tui.widgets.stored_text import TextField, text_area


class ReplyDialog(WritingDialog):
    """Reply to the requester; the requester sees the text."""

    MANUAL = "agent#answer-and-note"
    NAME, TITLE_TEXT, DONE = "reply", "Reply", "answered"
    INTERNAL = False
    MAY_REOPEN = True
    HINTS = "Ctrl+S answer  Ctrl+L by phone  Ctrl+R quote  F3 canned  F4 $EDITOR  Esc back"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(REPLY)]
    _way: ReplyWay | None = None
    #: What was typed to keep the text as a canned reply, without saving it.
    _canned: Mapping[str, str] = MappingProxyType({})

    def fields(self) -> Iterable[Widget]:
        """Return the line that says how the requester gets the reply, and the text field."""
        line = self.label(self._way_text())
        line.id = "way"
        yield line
        yield text_area("text")

    def _way_text(self) -> str:
        if self._way is not None:
            return _("said {way}").format(way=self._way.words)
        if len(self.numbers) > 1:
            return _("goes to the requester of each")
        address = self._address()
        if address:
            return _("goes to {address}").format(address=one_line(address))
        person = self.ticket.requester
        who = one_line(person.called) if person is not None else ""
        hint = _("no address is known: Ctrl+L marks it as said by phone or in person")
        return f"{who}: {hint}" if who else hint

    def _address(self) -> str:
        """Return the first address that the reply can go to, or ""."""
        requester = self.ticket.requester
        people = (*((requester,) if requester else ()), *self.ticket.further_requesters)
        return next((person.mail for person in people if person.mail), "")

    def action_next_way(self) -> None:
        """Mark the reply as said by phone, then as said in person, then not as said."""
        ways = (None, ReplyWay.PHONE, ReplyWay.PERSON)
        self._set_way(ways[(ways.index(self._way) + 1) % len(ways)])
        self.form_draft.changed()

    def _set_way(self, way: ReplyWay | None) -> None:
        self._way = way
        self.query_one("#way", Static).update(Content(self._way_text()))

    def values(self) -> Mapping[str, str]:
        """Return the text and how the requester gets it."""
        return {**super().values(), "by": self._way or ""}

    def set_value(self, name: str, text: str) -> None:
        """Set the text, or how the requester gets it."""
        if name == "by":
            self._set_way(ReplyWay(text) if text in tuple(ReplyWay) else None)
        else:
            super().set_value(name, text)

    async def action_canned(self) -> None:
        """Let the user choose a canned reply, and insert it at the cursor."""
        from helpdesk.tui.macro.screens import choose_reply  # imported when first used

        area = self.query_one("#text", TextField)
        await choose_reply(self.desk_app, self.ticket.number, area.insert_paragraph)

    async def action_keep_reply(self) -> None:
        """Let the user keep the text as a canned reply, or as a macro."""
        from helpdesk.tui.macro.save import SaveReply, with_placeholders  # as above

        def left(typed: Mapping[str, str] | None) -> None:
            self._canned = typed or {}

        await wait_for_typed_keys(self)
        text = with_placeholders(self.value("text"), self.ticket)
        self.app.push_screen(SaveReply({"text": text, **self._canned}), left)

    def done_text(self, done: tuple[int, ...]) -> str:
        """Return the message after saving, with what was sent or said to whom."""
        return self.sent_message(done, self.value("text"), self._way)

    def action(self) -> Callable[[Desk], Action]:
        """Return the reply."""
        text, way = self.value("text").rstrip(), self._way
        return lambda _: Reply(text, way)


class NoteDialog(WritingDialog):
    """Write an internal note, which the requester does not see."""

    MANUAL = "agent#answer-and-note"
    NAME, TITLE_TEXT, DONE = "note", "Internal note", "noted"
    HINTS = "Ctrl+S save   Ctrl+R quote   F4 $EDITOR   Esc back"

    def fields(self) -> Iterable[Widget]:
        """Return the text field."""
        yield self.label("┃ internal: the requester does not see it")
        yield text_area("text")

    def action(self) -> Callable[[Desk], Action]:
        """Return the note."""
        text = self.value("text")
        return lambda _: Note(text)


class ReopenDialog(TicketDialog):
    """Reopen a resolved or closed ticket."""

    MANUAL = "agent#resolve-and-reopen"
    NAME, TITLE_TEXT, DONE = "reopen", "Reopen", "is open again"

    def fields(self) -> Iterable[Widget]:
        """Return the field for the reason."""
        yield self.label("Why is it not solved?")
        yield text_area("text", short=True)

    def action(self) -> Callable[[Desk], Action]:
        """Return the action that reopens the ticket."""
        reason = self.value("text")
        return lambda _: Reopen(reason)
