"""The fields of the log form; everything but the subject can be left as it is."""

from collections.abc import Mapping
from enum import StrEnum
from typing import TypeVar

from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.suggester import Suggester
from textual.widgets import Input, Static

from helpdesk.desk.ticket.views import Query
from helpdesk.domain.errors import RefusedError
from helpdesk.domain.priority import Impact, Urgency
from helpdesk.domain.ticket import Channel, Kind
from helpdesk.tui.dialogs.base import text_area
from helpdesk.tui.dialogs.choice import ChoiceInput

W = TypeVar("W", bound=StrEnum)


class QueryFields(Vertical):
    """Subject, requester, service, kind, impact, urgency, channel, details."""

    def __init__(self, suggester: Suggester) -> None:
        super().__init__(id="query-fields")
        self._suggester = suggester

    def compose(self) -> ComposeResult:
        """A line each; details below."""
        yield _row("Subject", Input(id="subject", placeholder="what the caller says"))
        yield _row(
            "Requester",
            Input(id="requester", placeholder="mail address", suggester=self._suggester),
        )
        yield _row("Service", ChoiceInput((), name="service"))
        yield _row("Kind", ChoiceInput(tuple(Kind), name="kind"))
        yield _row("Impact", ChoiceInput(tuple(Impact), name="impact"))
        yield _row("Urgency", ChoiceInput(tuple(Urgency), name="urgency"))
        yield _row("Channel", ChoiceInput(tuple(Channel), name="channel", value=Channel.PHONE))
        yield Static("", id="outlook", markup=False)
        yield Static(Content("Details"), classes="label", markup=False)
        details = text_area("body")
        details.add_class("tall")
        yield details


def _row(label: str, field: Input) -> Horizontal:
    return Horizontal(Static(Content(label), classes="name", markup=False), field, classes="row")


def query_of(values: Mapping[str, str]) -> Query:
    """Return what the fields say; empty ones are left to the desk.

    :raises RefusedError: if one holds a word that is none of its choices.
    """
    return Query(
        subject=values.get("subject", ""),
        body=values.get("body", ""),
        requester=values.get("requester", "").strip(),
        service=values.get("service", "").strip(),
        kind=_word(Kind, values.get("kind", "")),
        impact=_word(Impact, values.get("impact", "")),
        urgency=_word(Urgency, values.get("urgency", "")),
        channel=_word(Channel, values.get("channel", "")) or Channel.PHONE,
    )


def _word(kind: type[W], text: str) -> W | None:
    """Read a word or its beginning."""
    typed = text.strip().lower()
    if not typed:
        return None
    near = [member for member in kind if member.startswith(typed)]
    if len(near) != 1:
        known = ", ".join(kind)
        raise RefusedError(f"{text[:20]!r} is not one of {known}: choose with ↑↓.")
    return near[0]
