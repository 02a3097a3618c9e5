"""What can be done to many tickets in one go: each verb with all that it needs, as a value."""

from dataclasses import dataclass, field, replace
from typing import ClassVar, Protocol

from helpdesk.desk import attention, family, fields, handover, links, outcome, work
from helpdesk.desk.articles import require_article
from helpdesk.desk.recording import Change
from helpdesk.desk.session import Desk
from helpdesk.domain.escalation import HandOver, Level
from helpdesk.domain.tags import TagChange
from helpdesk.domain.text import accept_required
from helpdesk.domain.ticket import LinkKind, Verb, Waiting


class Action(Protocol):
    """Something to be done to a ticket within a change that is under way."""

    verb: ClassVar[Verb]

    def apply(self, desk: Desk, change: Change) -> None:
        """Do it; a refusal is raised as the verb itself raises it."""


@dataclass(frozen=True, slots=True)
class Claim:
    """Take it."""

    verb: ClassVar[Verb] = Verb.CLAIM

    def apply(self, desk: Desk, change: Change) -> None:
        """Claim."""
        work.claim_within(change)


@dataclass(frozen=True, slots=True)
class Release:
    """Put it back."""

    verb: ClassVar[Verb] = Verb.RELEASE

    def apply(self, desk: Desk, change: Change) -> None:
        """Release."""
        work.release_within(desk, change)


@dataclass(frozen=True, slots=True)
class Assign:
    """Give it to an agent."""

    to: str
    verb: ClassVar[Verb] = Verb.ASSIGN

    def apply(self, desk: Desk, change: Change) -> None:
        """Assign."""
        work.assign_within(desk, change, self.to)


@dataclass(frozen=True, slots=True)
class Reply:
    """Answer the requester."""

    text: str
    verb: ClassVar[Verb] = Verb.REPLY

    def apply(self, desk: Desk, change: Change) -> None:
        """Reply."""
        work.reply_within(change, self.text)


@dataclass(frozen=True, slots=True)
class Note:
    """Add an internal note."""

    text: str
    verb: ClassVar[Verb] = Verb.NOTE

    def apply(self, desk: Desk, change: Change) -> None:
        """Note."""
        change.record("noted", accept_required(self.text, "note"))


@dataclass(frozen=True, slots=True)
class Escalate:
    """Hand it to a higher level.

    ``fill``: what the note leaves open is taken from the timeline.
    """

    to: Level
    reason: str
    note: HandOver
    fill: bool = False
    verb: ClassVar[Verb] = Verb.ESCALATE

    def apply(self, desk: Desk, change: Change) -> None:
        """Escalate."""
        handover.escalate_within(change, self.to, self.reason, self.note, fill=self.fill)


@dataclass(frozen=True, slots=True)
class SendBack:
    """Return it to a lower level; None: the next lower one."""

    to: Level | None
    reason: str
    note: str = ""
    verb: ClassVar[Verb] = Verb.RETURN

    def apply(self, desk: Desk, change: Change) -> None:
        """Return."""
        handover.send_back_within(change, self.to, self.reason, self.note)


@dataclass(frozen=True, slots=True)
class ToLead:
    """Ask the lead to step in."""

    reason: str
    verb: ClassVar[Verb] = Verb.LEAD

    def apply(self, desk: Desk, change: Change) -> None:
        """Leave it to the lead."""
        handover.to_lead_within(change, self.reason)


@dataclass(frozen=True, slots=True)
class FromLead:
    """Give it back to its team."""

    reason: str
    verb: ClassVar[Verb] = Verb.LEAD

    def apply(self, desk: Desk, change: Change) -> None:
        """Give it back."""
        handover.from_lead_within(desk, change, self.reason)


@dataclass(frozen=True, slots=True)
class Receive:
    """Record what the requester wrote or said."""

    text: str
    reopen: bool = True
    verb: ClassVar[Verb] = Verb.RECEIVE

    def apply(self, desk: Desk, change: Change) -> None:
        """Receive."""
        work.receive_within(change, self.text, reopen=self.reopen)


@dataclass(frozen=True, slots=True)
class FollowUp:
    """Look at it again on a date; "" takes the date back."""

    when: str
    verb: ClassVar[Verb] = Verb.FOLLOW_UP

    def apply(self, desk: Desk, change: Change) -> None:
        """Set the date."""
        attention.follow_up_within(change, self.when)


@dataclass(frozen=True, slots=True)
class Pend:
    """Let it wait."""

    on: Waiting
    until: str = ""
    verb: ClassVar[Verb] = Verb.PEND

    def apply(self, desk: Desk, change: Change) -> None:
        """Pend."""
        work.pend_within(change, self.on, self.until)


@dataclass(frozen=True, slots=True)
class Resume:
    """Go on with it."""

    verb: ClassVar[Verb] = Verb.RESUME

    def apply(self, desk: Desk, change: Change) -> None:
        """Resume."""
        change.wake()


@dataclass(frozen=True, slots=True)
class Resolve:
    """Resolve it, with a text as the last public answer; see :func:`resolve_with`."""

    text: str = ""
    article: str | None = None
    verb: ClassVar[Verb] = Verb.RESOLVE

    def apply(self, desk: Desk, change: Change) -> None:
        """Resolve."""
        outcome.mark_resolved(change, self.text, self.article)


@dataclass(frozen=True, slots=True)
class Close:
    """Close what is resolved."""

    verb: ClassVar[Verb] = Verb.CLOSE

    def apply(self, desk: Desk, change: Change) -> None:
        """Close."""
        outcome.close_within(change)


@dataclass(frozen=True, slots=True)
class Reopen:
    """Take it up again."""

    reason: str
    verb: ClassVar[Verb] = Verb.REOPEN

    def apply(self, desk: Desk, change: Change) -> None:
        """Reopen."""
        outcome.reopen_within(change, self.reason)


@dataclass(frozen=True, slots=True)
class Rate:
    """Record how content the requester is."""

    score: int
    verb: ClassVar[Verb] = Verb.RATE

    def apply(self, desk: Desk, change: Change) -> None:
        """Rate."""
        outcome.rate_within(change, self.score)


@dataclass(frozen=True, slots=True)
class Tag:
    """Put tags on it, or take them off."""

    tags: TagChange
    verb: ClassVar[Verb] = Verb.TAG

    def apply(self, desk: Desk, change: Change) -> None:
        """Tag."""
        fields.tag(change, self.tags)


@dataclass(frozen=True, slots=True)
class Merge:
    """End it as a duplicate of another."""

    into: int
    verb: ClassVar[Verb] = Verb.MERGE

    def apply(self, desk: Desk, change: Change) -> None:
        """Merge."""
        links.merge_within(change, self.into)


@dataclass(frozen=True, slots=True)
class Link:
    """Relate it to another."""

    to: int
    kind: LinkKind
    verb: ClassVar[Verb] = Verb.LINK

    def apply(self, desk: Desk, change: Change) -> None:
        """Link."""
        links.link_within(change, self.to, self.kind)


@dataclass(frozen=True, slots=True)
class Unlink:
    """Take a link away."""

    to: int
    kind: LinkKind
    verb: ClassVar[Verb] = Verb.LINK

    def apply(self, desk: Desk, change: Change) -> None:
        """Unlink."""
        family.unlink_within(change, self.to, self.kind)


@dataclass(frozen=True, slots=True)
class SetFields:
    """Change what it says about itself."""

    wanted: fields.Wanted = field(default_factory=fields.Wanted)
    verb: ClassVar[Verb] = Verb.SET

    def apply(self, desk: Desk, change: Change) -> None:
        """Set."""
        fields.change(change, self.wanted)


def resolve_with(desk: Desk, text: str, article: str | None) -> Resolve:
    """Return a resolving with an article, whose Answer section is the reply if there is no text.

    :raises NotFoundError: if there is no such article.
    """
    action = Resolve(text, article)
    if article is None:
        return action
    found = require_article(desk, article)
    return action if text.strip() else replace(action, text=found.answer)


def setting(wanted: fields.Wanted) -> Action:
    """Return what changes these fields; tags alone may be changed in every state."""
    if wanted.tags is not None and wanted == fields.Wanted(tags=wanted.tags):
        return Tag(wanted.tags)
    return SetFields(wanted)
