"""Changing what a ticket says about itself, and its tags."""

from dataclasses import dataclass, field
from typing import ClassVar

from helpdesk.desk.session import Desk
from helpdesk.desk.unit_of_work import fields
from helpdesk.desk.unit_of_work.fields import Wanted
from helpdesk.desk.unit_of_work.recorder import Change
from helpdesk.domain.tags import TagChange
from helpdesk.domain.ticket import Verb


@dataclass(frozen=True, slots=True)
class SetFields:
    """Change a ticket's fields; priority and SLA follow.

    A change of priority, service, customer or kind picks the policy again; time used stays used.
    """

    wanted: Wanted = field(default_factory=Wanted)
    verb: ClassVar[Verb] = Verb.SET

    def apply(self, desk: Desk, change: Change) -> None:
        """Set the fields.

        :raises RefusedError: if nothing is wanted, or a value is not valid.
        """
        fields.change(change, self.wanted)


@dataclass(frozen=True, slots=True)
class Tag:
    """Put tags on a ticket, or take them off."""

    tags: TagChange
    verb: ClassVar[Verb] = Verb.TAG

    def apply(self, desk: Desk, change: Change) -> None:
        """Change the tags.

        :raises RefusedError: if one is no tag, or they would be too many.
        """
        fields.tag(change, self.tags)


def setting(wanted: Wanted) -> SetFields | Tag:
    """Return what changes these fields; tags alone may be changed in every state."""
    if wanted.tags is not None and wanted == Wanted(tags=wanted.tags):
        return Tag(wanted.tags)
    return SetFields(wanted)
