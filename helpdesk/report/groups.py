"""Grouping the tickets of a report by a property."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from helpdesk.domain.ticket_fields import GROUPED
from helpdesk.report.by import GroupBy
from helpdesk.store.people import people

#: The name of the group of tickets without an agent, customer or service.
NONE = "(none)"

#: The properties by which every report counts the tickets logged.
VOLUME_PROPERTIES = (
    GroupBy.KIND,
    GroupBy.SERVICE,
    GroupBy.CHANNEL,
    GroupBy.LEVEL,
    GroupBy.PRIORITY,
)

#: The position of each property in ``Counted.groups``, and of the queue there.
PLACES = {GroupBy(field.group): place for place, field in enumerate(GROUPED)}
QUEUE = PLACES[GroupBy.LEVEL]


@dataclass(frozen=True, slots=True)
class Grouping:
    """Assigns tickets to groups by a property, and names the groups."""

    by: GroupBy
    names: dict[object, str]

    def key(self, groups: tuple[Any, ...]) -> object:
        """Return the key of a ticket's group, by the values in ``Counted.groups``."""
        return groups[PLACES[self.by]]

    def name(self, key: object) -> str:
        """Return the name of a group."""
        return NONE if key in (None, "") else self.names.get(key, str(key))


def grouping(session: Session, by: GroupBy) -> Grouping:
    """Return how tickets are grouped by a property."""
    names: dict[object, str] = {}
    match by:
        case GroupBy.AGENT:
            names = {agent.id: agent.login for agent in people.agents(session)}
        case GroupBy.CUSTOMER:
            names = {customer.id: customer.name for customer in people.every_customer(session)}
        case GroupBy.SERVICE:
            names = {service.id: service.name for service in people.services(session)}
    return Grouping(by, names)
