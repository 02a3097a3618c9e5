"""Dialogs of handing over: escalate up, return down, ask the lead to step in."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input, Static

from helpdesk.desk.escalation.hand_over import Escalate, FromLead, SendBack, ToLead
from helpdesk.desk.escalation.views import HandOverDraft, HandOverTarget
from helpdesk.desk.people.views import LevelView
from helpdesk.desk.session import Desk
from helpdesk.desk.ticket.views import TicketView
from helpdesk.desk.unit_of_work.action import Action
from helpdesk.domain.errors import RefusedError
from helpdesk.domain.escalation import HandOver, HandOverPart, Level
from helpdesk.domain.text import one_line
from helpdesk.tui.dialogs.base import TicketDialog, text_area
from helpdesk.tui.widgets.choice_input import ChoiceInput

_LABELS = {
    HandOverPart.ASKED: "Asked: what should the next level do?",
    HandOverPart.TRIED: "Tried",
    HandOverPart.KNOWN: "Known",
    HandOverPart.REFERENCES: "Attachments, references",
}


class EscalateDialog(TicketDialog):
    """Reason and hand-over note; the next level is chosen already."""

    MANUAL = "agent#hand-over"
    NAME, TITLE_TEXT, DONE = "escalate", "Escalate", "escalated"
    HINTS = "Ctrl+S escalate   ↑↓ reasons   Ctrl+L other level   Esc back (draft kept)"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+l", "next_level", show=False, priority=True)
    ]

    def __init__(self, ticket: TicketView, draft: HandOverDraft) -> None:
        super().__init__(ticket)
        self._draft = draft
        self._target = 0

    @property
    def _to(self) -> HandOverTarget | None:
        return self._draft.targets[self._target] if self._draft.targets else None

    def fields(self) -> Iterable[Widget]:
        """Target, reason, asked; tried, known and references are filled from the timeline."""
        yield Static(self._target_text(), id="target", markup=False)
        yield self.label("Reason")
        yield ChoiceInput(self._draft.reasons, name="reason")
        for part in _LABELS:
            label = self.label(self._label(part))
            label.id = f"label-{part}"
            yield label
            area = text_area(part, self._draft.note.part(part), short=True)
            area.set_class(part is HandOverPart.REFERENCES, "two")
            yield area

    def on_mount(self) -> None:
        """Keep the form together on small screens."""
        self.add_class("tight")

    def _label(self, part: HandOverPart) -> str:
        needed = self._to is not None and part in self._to.level.requires
        return f"{_LABELS[part]}{'  (required)' if needed else ''}"

    def _target_text(self) -> Content:
        target = self._to
        if target is None:
            return Content("there is no higher level")
        level = target.level
        name = "" if level.name == level.level else f" {one_line(level.name)}"
        text = Content.styled(f"{self.ticket.queue} → {level.level}{name}", "bold")
        text += Content(f"   {level.open} open there, {level.unassigned} unassigned\n")
        text += Content(who_is_there(level, self.desk_app.now()))
        for warning in _warnings(target, self.ticket):
            text += Content.styled(f"\n◆ {warning}", "$warning")
        return text

    def action_next_level(self) -> None:
        """Choose the next of the higher levels."""
        if self._draft.targets:
            self._target = (self._target + 1) % len(self._draft.targets)
            self.query_one("#target", Static).update(self._target_text())
            for part in _LABELS:
                self.query_one(f"#label-{part}", Static).update(Content(self._label(part)))

    def action(self) -> Callable[[Desk], Action]:
        """Escalate."""
        target = self._to
        if target is None:
            raise RefusedError(f"{self.ticket.ref} is in the highest queue: nothing lies above.")
        note = HandOver(**{part.value: self.value(part) for part in HandOverPart})
        level, reason = target.level.level, self.value("reason")
        # Of several tickets each has a timeline of its own to fill the note from.
        fill = len(self.numbers) > 1
        return lambda _: Escalate(level, reason, note, fill)


def who_is_there(level: LevelView, now: datetime) -> str:
    """Return who receives what goes to a level: ``on duty until 17:00: bob, eve (1 online)``."""
    until = ""
    if level.changes_at is not None:
        at = level.changes_at.astimezone()
        day = "" if at.date() == now.astimezone().date() else f"{at:%a} "
        until = f" until {day}{at:%H:%M}"
    duty = f"on duty{until}" if level.on_duty else f"off duty{until}"
    people = ", ".join(map(one_line, level.members[:6])) or "nobody"
    if len(level.members) > 6:
        people += f" and {len(level.members) - 6} more"
    here = f" ({len(level.online)} online)" if level.members else ""
    vendor = ""
    if level.vendor:
        contact = f", {one_line(level.vendor_contact)}" if level.vendor_contact else ""
        vendor = f"; vendor {one_line(level.vendor)}{contact}"
    return f"{duty}: {people}{here}{vendor}"


def _warnings(target: HandOverTarget, ticket: TicketView) -> Iterable[str]:
    if target.skipped:
        yield f"passes over {', '.join(target.skipped)}, whose agents are told"
    if not target.bought:
        yield f"{target.level.level} is not in the contract of {one_line(ticket.customer)}"
    if not target.level.members and not target.level.vendor:
        yield f"nobody serves {target.level.level}: it will be refused"


class ReturnDialog(TicketDialog):
    """Sending a ticket back, with a reason."""

    MANUAL = "agent#hand-over"
    NAME, TITLE_TEXT, DONE = "return", "Return", "returned"
    HINTS = "Ctrl+S return   Esc back (draft kept)"
    FIRST_FIELD = "#reason"  # the level is chosen already

    def fields(self) -> Iterable[Widget]:
        """Target, reason and note."""
        yield self.label("To level")
        yield Input(str(self.ticket.queue.below or ""), id="level")
        yield self.label("Reason: why does it come back, what should be done?")
        yield text_area("reason", short=True)
        yield self.label("Known by now")
        yield text_area("known", short=True)

    def action(self) -> Callable[[Desk], Action]:
        """Return."""
        wanted = self.value("level").strip().upper()
        level = next((level for level in Level if level == wanted), None)
        if level is None:
            raise RefusedError(f"{wanted[:20]!r} is no level: use one of {', '.join(Level)}.")
        reason, known = self.value("reason"), self.value("known")
        return lambda _: SendBack(level, reason, known)


class LeadDialog(TicketDialog):
    """Asking the lead to step in; or, where the lead has, giving the ticket back to its team."""

    MANUAL = "agent#hand-over"
    NAME, TITLE_TEXT, DONE = "lead", "Escalate to the lead", "is with the lead"

    def __init__(self, ticket: TicketView) -> None:
        super().__init__(ticket)
        self._with_lead = ticket.with_lead_since is not None
        if self._with_lead:
            self.TITLE_TEXT, self.DONE = "Give back from the lead", "is back with its team"

    def fields(self) -> Iterable[Widget]:
        """The reason."""
        if self._with_lead:
            yield self.label("What was decided, what should the team do?")
        else:
            yield self.label("Why should the lead step in? Queue and assignee stay as they are.")
        yield text_area("text", short=True)

    def action(self) -> Callable[[Desk], Action]:
        """Escalate, or give back."""
        text = self.value("text")
        return lambda _: FromLead(text) if self._with_lead else ToLead(text)
