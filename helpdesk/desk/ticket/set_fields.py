"""Set the fields and tags of a ticket."""

from dataclasses import dataclass, field
from typing import ClassVar

from helpdesk.desk.session import Desk
from helpdesk.desk.unit_of_work import fields
from helpdesk.desk.unit_of_work.fields import FieldChanges
from helpdesk.desk.unit_of_work.recorder import TicketChange
from helpdesk.domain.tags import TagChange
from helpdesk.domain.ticket import Verb


@dataclass(frozen=True, slots=True)
class SetFields:
    """Change a ticket's fields; its priority and SLA agreement are recomputed.

    Time that the clocks have used already stays used.
    """

    wanted: FieldChanges = field(default_factory=FieldChanges)
    verb: ClassVar[Verb] = Verb.SET

    def apply(self, desk: Desk, change: TicketChange) -> None:
        """Set the fields.

        :raises RefusedError: if no field is given, or a value is not valid.
        """
        fields.change_fields(change, self.wanted)


@dataclass(frozen=True, slots=True)
class Tag:
    """Add tags to a ticket, or remove them."""

    tags: TagChange
    verb: ClassVar[Verb] = Verb.TAG

    def apply(self, desk: Desk, change: TicketChange) -> None:
        """Change the tags.

        :raises RefusedError: if a tag is not valid, or the ticket would have too many.
        """
        fields.change_tags(change, self.tags)


def field_action(wanted: FieldChanges) -> SetFields | Tag:
    """Return the action that sets these fields: ``Tag``, allowed in every state, for tags alone."""
    only_tags = FieldChanges(tags=wanted.tags, new_person=wanted.new_person)
    if wanted.tags is not None and wanted == only_tags:
        return Tag(wanted.tags)
    return SetFields(wanted)
