"""The dialogs to hand a ticket over: escalate, return, ask the lead to step in."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import ClassVar

from textual.binding import BindingType
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from helpdesk.desk.escalation.hand_over import Escalate, FromLead, SendBack, ToLead
from helpdesk.desk.escalation.views import HandOverDraft, HandOverTarget
from helpdesk.desk.people.views import LevelView
from helpdesk.desk.session import Desk
from helpdesk.desk.ticket.views import TicketView
from helpdesk.desk.unit_of_work.action import Action
from helpdesk.domain.errors import RefusedError
from helpdesk.domain.escalation import HandOver, HandOverPart, Level
from helpdesk.domain.text import one_line
from helpdesk.tui.dialogs.base import TicketDialog
from helpdesk.tui.text.moments import moment_text
from helpdesk.tui.widgets.choice_input import ChoiceInput
from helpdesk.tui.widgets.keymap import HAND_OVER, bindings
from helpdesk.tui.widgets.stored_text import LineField, text_area

_LABELS = {
    HandOverPart.ASKED: "Asked: what should the next level do?",
    HandOverPart.TRIED: "Tried",
    HandOverPart.KNOWN: "Known",
    HandOverPart.REFERENCES: "Attachments, references",
}


class EscalateDialog(TicketDialog):
    """Escalate a ticket with a reason and a hand-over note; the next level is preselected."""

    MANUAL = "agent#hand-over"
    NAME, TITLE_TEXT, DONE = "escalate", "Escalate", "escalated"
    HINTS = "Ctrl+S escalate   ↑↓ reasons   Ctrl+L other level   Esc back (draft kept)"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(HAND_OVER)]

    def __init__(self, ticket: TicketView, draft: HandOverDraft) -> None:
        super().__init__(ticket)
        self._draft = draft
        self._target = 0

    @property
    def _to(self) -> HandOverTarget | None:
        return self._draft.targets[self._target] if self._draft.targets else None

    def fields(self) -> Iterable[Widget]:
        """Return the target level, the reason and the parts of the hand-over note.

        The parts tried, known and references are prefilled from the timeline.
        """
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
        """Leave out the space between fields, so that the form fits small screens."""
        self.add_class("tight")

    def _label(self, part: HandOverPart) -> str:
        required = self._to is not None and part in self._to.level.requires
        return f"{_LABELS[part]}{'  (required)' if required else ''}"

    def _target_text(self) -> Content:
        target = self._to
        if target is None:
            return Content("there is no higher level")
        level = target.level
        name = "" if level.name == level.level else f" {one_line(level.name)}"
        text = Content.styled(f"{self.ticket.queue} → {level.level}{name}", "bold")
        text += Content(f"   {level.open} open there, {level.unassigned} unassigned\n")
        text += Content(staffing_text(level, self.desk_app.now()))
        for warning in _warnings(target, self.ticket):
            text += Content.styled(f"\n◆ {warning}", "$warning")
        return text

    def action_next_level(self) -> None:
        """Select the next of the levels above, or the first again after the last."""
        if self._draft.targets:
            self._target = (self._target + 1) % len(self._draft.targets)
            self.query_one("#target", Static).update(self._target_text())
            for part in _LABELS:
                self.query_one(f"#label-{part}", Static).update(Content(self._label(part)))

    def action(self) -> Callable[[Desk], Action]:
        """Return the escalation.

        :raises RefusedError: if there is no higher level.
        """
        target = self._to
        if target is None:
            raise RefusedError(
                f"{self.ticket.ref} is in the highest queue: there is no higher level."
            )
        note = HandOver(**{part.value: self.value(part) for part in HandOverPart})
        level, reason = target.level.level, self.value("reason")
        # With several tickets, the note of each is completed from its own timeline.
        fill = len(self.numbers) > 1
        return lambda _: Escalate(level, reason, note, fill)


def staffing_text(level: LevelView, now: datetime) -> str:
    """Return who serves a level: ``on duty until 17:00: bob, eve (1 online)``.

    Times are shown in the desk's time zone.
    """
    until = ""
    if level.changes_at is not None:
        until = f" until {moment_text(level.changes_at, now)}"
    shift = f"on duty{until}" if level.on_duty else f"off duty{until}"
    people = ", ".join(map(one_line, level.members[:6])) or "nobody"
    if len(level.members) > 6:
        people += f" and {len(level.members) - 6} more"
    online = f" ({len(level.online)} online)" if level.members else ""
    vendor = ""
    if level.vendor:
        contact = f", {one_line(level.vendor_contact)}" if level.vendor_contact else ""
        vendor = f"; vendor {one_line(level.vendor)}{contact}"
    return f"{shift}: {people}{online}{vendor}"


def _warnings(target: HandOverTarget, ticket: TicketView) -> Iterable[str]:
    if target.skipped:
        yield f"passes over {', '.join(target.skipped)}, whose agents are notified"
    if not target.bought:
        yield f"{target.level.level} is not in the contract of {one_line(ticket.customer)}"
    if not target.level.members and not target.level.vendor:
        yield f"nobody serves {target.level.level}: it will be refused"


class ReturnDialog(TicketDialog):
    """Return a ticket to a lower level, with a reason."""

    MANUAL = "agent#hand-over"
    NAME, TITLE_TEXT, DONE = "return", "Return", "returned"
    HINTS = "Ctrl+S return   Esc back (draft kept)"
    FIRST_FIELD = "#reason"  # the level is filled in already

    def fields(self) -> Iterable[Widget]:
        """Return the fields for the level, the reason and what is known."""
        yield self.label("To level")
        yield LineField(str(self.ticket.queue.below or ""), id="level")
        yield self.label("Reason: why does it come back, what should be done?")
        yield text_area("reason", short=True)
        yield self.label("Known by now")
        yield text_area("known", short=True)

    def action(self) -> Callable[[Desk], Action]:
        """Return the action that sends the ticket back.

        :raises RefusedError: if there is no such level.
        """
        entered = self.value("level").strip().upper()
        level = next((level for level in Level if level == entered), None)
        if level is None:
            raise RefusedError(f"{entered[:20]!r} is no level: use one of {', '.join(Level)}.")
        reason, known = self.value("reason"), self.value("known")
        return lambda _: SendBack(level, reason, known)


class LeadDialog(TicketDialog):
    """Ask the lead to step in; if the lead has the ticket, give it back to its team."""

    MANUAL = "agent#hand-over"
    NAME, TITLE_TEXT, DONE = "lead", "Escalate to the lead", "is with the lead"

    def __init__(self, ticket: TicketView) -> None:
        super().__init__(ticket)
        self._with_lead = ticket.with_lead_since is not None
        if self._with_lead:
            self.TITLE_TEXT, self.DONE = "Give back from the lead", "is back with its team"

    def fields(self) -> Iterable[Widget]:
        """Return the field for the reason, or for the lead's decision."""
        if self._with_lead:
            yield self.label("What was decided, what should the team do?")
        else:
            yield self.label("Why should the lead step in? Queue and assignee stay as they are.")
        yield text_area("text", short=True)

    def action(self) -> Callable[[Desk], Action]:
        """Return the escalation to the lead, or the return from the lead."""
        text = self.value("text")
        return lambda _: FromLead(text) if self._with_lead else ToLead(text)
