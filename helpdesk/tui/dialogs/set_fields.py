"""Changing what tickets say about themselves."""

from collections.abc import Callable, Iterable
from enum import StrEnum
from typing import TypeVar

from textual.containers import Horizontal
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input, Static

from helpdesk.desk.actions import Action, setting
from helpdesk.desk.fields import Wanted
from helpdesk.desk.session import Desk
from helpdesk.desk.views import TicketView
from helpdesk.domain.errors import RefusedError
from helpdesk.domain.priority import Impact, Urgency
from helpdesk.domain.tags import read_change
from helpdesk.domain.ticket import Kind
from helpdesk.tui.dialogs.base import TicketDialog
from helpdesk.tui.dialogs.choice import ChoiceInput

W = TypeVar("W", bound=StrEnum)


class SetDialog(TicketDialog):
    """A line for each field; of several tickets, what is left empty stays as it is."""

    MANUAL = "agent#change-fields-and-tags"
    NAME, TITLE_TEXT, DONE = "set", "Set fields", "changed"
    HINTS = "Ctrl+S set   ↑↓ choose   Esc back (draft kept)"
    FIRST_FIELD = "#service"

    def __init__(self, ticket: TicketView, services: tuple[str, ...]) -> None:
        super().__init__(ticket)
        self._services = services

    def _now(self) -> dict[str, str]:
        """Return what the fields begin with."""
        if len(self.numbers) > 1:
            return {}
        ticket = self.ticket
        return {
            "service": ticket.service,
            "impact": ticket.impact,
            "urgency": ticket.urgency,
            "kind": ticket.kind,
            "customer": ticket.customer,
            "requester": ticket.requester.mail if ticket.requester else "",
            "subject": ticket.subject,
        }

    def fields(self) -> Iterable[Widget]:
        """A line for each field."""
        now = self._now()
        tags = " ".join(self.ticket.tags) if now else ""
        yield Static("", classes="label", markup=False)
        for name, choices in (
            ("service", self._services),
            ("impact", tuple(Impact)),
            ("urgency", tuple(Urgency)),
            ("kind", tuple(Kind)),
        ):
            line = ChoiceInput(choices, name=name, value=now.get(name, ""))
            yield self._row(name.capitalize(), line)
        yield self._row("Customer", Input(now.get("customer", ""), id="customer"))
        yield self._row("Requester", Input(now.get("requester", ""), id="requester"))
        yield self._row("Subject", Input(now.get("subject", ""), id="subject"))
        yield self._row("Tags", Input("", id="tags", placeholder="+vip -old"))
        if tags:
            yield Static(Content(f"tagged {tags}"), classes="hints", markup=False)
        if not now:
            yield Static("what is empty stays as it is", classes="hints", markup=False)

    def _row(self, name: str, field: Input) -> Horizontal:
        return Horizontal(Static(name, classes="name", markup=False), field, classes="row")

    def action(self) -> Callable[[Desk], Action]:
        """Set what is other than before."""
        before = self._now()

        def changed(name: str) -> str | None:
            value = self.value(name).strip()
            return value if value and value != before.get(name, "") else None

        tags = self.value("tags").strip()
        wanted = Wanted(
            subject=changed("subject"),
            kind=_word(changed("kind"), Kind),
            impact=_word(changed("impact"), Impact),
            urgency=_word(changed("urgency"), Urgency),
            service=changed("service"),
            customer=changed("customer"),
            requester=changed("requester"),
            tags=read_change(tags) if tags else None,
        )
        return lambda _: setting(wanted)


def _word(text: str | None, kind: type[W]) -> W | None:
    if text is None:
        return None
    found = [one for one in kind if one.startswith(text.lower())]
    if len(found) != 1:
        raise RefusedError(f"{text[:20]!r} is none of {', '.join(kind)}: choose with ↑↓.")
    return found[0]
