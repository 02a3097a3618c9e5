"""Every text that an action takes is limited in length and made valid for the database."""

import dataclasses
from collections.abc import Callable, Mapping

import pytest

from helpdesk.desk.bulk import undo
from helpdesk.desk.escalation import hand_over
from helpdesk.desk.escalation.hand_over import Escalate, FromLead, SendBack, ToLead
from helpdesk.desk.session import Desk
from helpdesk.desk.ticket import (
    follow_ups,
    handling,
    links,
    log_query,
    parents,
    resolving,
    set_fields,
    show_ticket,
)
from helpdesk.desk.ticket.follow_ups import FollowUp
from helpdesk.desk.ticket.handling import Assign, Claim, Note, Pend, Receive, Reply
from helpdesk.desk.ticket.resolving import Reopen, Resolve
from helpdesk.desk.ticket.set_fields import SetFields, Tag
from helpdesk.desk.ticket.views import NewQuery, TicketView
from helpdesk.desk.unit_of_work.action import Action
from helpdesk.desk.unit_of_work.fields import FieldChanges
from helpdesk.domain.errors import DeskError
from helpdesk.domain.escalation import HandOver, Level
from helpdesk.domain.tags import TagChange
from helpdesk.domain.ticket import ReplyWay, Waiting
from tests.verbs import do

_NOTE = HandOver(tried="a", known="b", asked="c")
_MODULES = (follow_ups, parents, hand_over, links, resolving, set_fields, undo, handling)


@pytest.fixture
def ticket(desk: Desk) -> TicketView:
    """Ticket 1, open in L2 and assigned to ann."""
    log_query.log_query(desk, NewQuery("one"))
    return do(desk, 1, Escalate(Level.L2, "defect", _NOTE), Claim())


def _escalate(**parts: str) -> Action:
    """Return an escalation with a hand-over note that has these parts."""
    return Escalate(Level.L3, "defect", dataclasses.replace(_NOTE, **parts))


#: Every text that an action takes, with a function that makes the action from it.
TEXTS: Mapping[str, Callable[[str], Action]] = {
    "Reply.text": lambda text: Reply(text, ReplyWay.PHONE),
    "Note.text": Note,
    "Receive.text": Receive,
    "Resolve.text": Resolve,
    "Resolve.article": lambda text: Resolve("done", text),
    "Reopen.reason": Reopen,
    "Escalate.reason": lambda text: Escalate(Level.L3, text, _NOTE),
    "Escalate.note.tried": lambda text: _escalate(tried=text),
    "Escalate.note.known": lambda text: _escalate(known=text),
    "Escalate.note.asked": lambda text: _escalate(asked=text),
    "Escalate.note.references": lambda text: _escalate(references=text),
    "SendBack.reason": lambda text: SendBack(None, text),
    "SendBack.note": lambda text: SendBack(None, "not ours", text),
    "ToLead.reason": ToLead,
    "FromLead.reason": FromLead,
    "SetFields.wanted.subject": lambda text: SetFields(FieldChanges(subject=text)),
}
#: Texts that must name something or have a certain form; others are refused.
NAMES: Mapping[str, Callable[[str], Action]] = {
    "Assign.to": Assign,
    "Pend.until": lambda text: Pend(Waiting.DATE, text),
    "FollowUp.when": FollowUp,
    "Tag.tags": lambda text: Tag(TagChange((text,))),
    "SetFields.wanted.tags": lambda text: SetFields(FieldChanges(tags=TagChange((text,)))),
    "SetFields.wanted.service": lambda text: SetFields(FieldChanges(service=text)),
    "SetFields.wanted.customer": lambda text: SetFields(FieldChanges(customer=text)),
    "SetFields.wanted.requester": lambda text: SetFields(FieldChanges(requester=text)),
}
#: What must be done before, so that the action is allowed.
BEFORE: Mapping[str, Action] = {"Reopen.reason": Resolve(), "FromLead.reason": ToLead("stuck")}


@pytest.mark.parametrize("name", [*TEXTS, *NAMES])
def test_a_text_that_is_too_long_is_refused(desk: Desk, ticket: TicketView, name: str) -> None:
    before = do(desk, 1, BEFORE[name]) if name in BEFORE else ticket
    with pytest.raises(DeskError) as caught:
        do(desk, 1, {**TEXTS, **NAMES}[name]("x" * 2_000_000))
    assert len(str(caught.value)) < 400
    assert show_ticket.show(desk, 1) == before


@pytest.mark.parametrize("name", TEXTS)
def test_characters_that_no_database_stores_are_replaced_in_texts(
    desk: Desk, ticket: TicketView, name: str
) -> None:
    if name in BEFORE:
        do(desk, 1, BEFORE[name])
    last = do(desk, 1, TEXTS[name]("a\x00b\ud800c\r\nd")).events
    stored = " ".join(f"{event.text} {event.data}" for event in last)
    clean = "a\N{REPLACEMENT CHARACTER}b\N{REPLACEMENT CHARACTER}c"
    assert clean in stored
    assert "\\r" not in stored
    assert "\r" not in stored


@pytest.mark.parametrize("name", NAMES)
def test_names_with_characters_that_no_database_stores_are_refused(
    desk: Desk, ticket: TicketView, name: str
) -> None:
    with pytest.raises(DeskError):
        do(desk, 1, NAMES[name]("a\x00b\ud800c"))
    assert show_ticket.show(desk, 1) == ticket


def test_every_text_of_every_action_is_covered() -> None:
    verbs = [kind for module in _MODULES for kind in vars(module).values() if hasattr(kind, "verb")]
    texts = {
        f"{kind.__name__}.{one.name}"
        for kind in verbs
        for one in dataclasses.fields(kind)
        if one.type in (str, str | None)
    }
    assert texts <= {*TEXTS, *NAMES}
    assert {Reply, Resolve, Escalate, FollowUp} <= set(verbs)
