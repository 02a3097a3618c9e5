"""By what a report can be told apart."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from helpdesk.domain.ticket_fields import GROUPED
from helpdesk.report.by import By
from helpdesk.report.facts import Fact
from helpdesk.store.people import people

#: What a group is called whose tickets have no agent, customer or service.
NONE = "(none)"


#: The properties by which the volume is always told.
ALWAYS = (By.KIND, By.SERVICE, By.CHANNEL, By.LEVEL, By.PRIORITY)

#: The place of each property in the groups of a fact.
_PLACES = {By(field.group): place for place, field in enumerate(GROUPED)}


@dataclass(frozen=True, slots=True)
class Grouping:
    """Tells which group a ticket belongs to, and what the group is called."""

    by: By
    names: dict[object, str]

    def key(self, fact: Fact) -> object:
        """Return the group of a ticket."""
        return fact.groups[_PLACES[self.by]]

    def name(self, key: object) -> str:
        """Return what people call a group."""
        return NONE if key in (None, "") else self.names.get(key, str(key))


def grouping(session: Session, by: By) -> Grouping:
    """Return how tickets are grouped by a property."""
    names: dict[object, str] = {}
    match by:
        case By.AGENT:
            names = {one.id: one.login for one in people.agents(session)}
        case By.CUSTOMER:
            names = {one.id: one.name for one in people.every_customer(session)}
        case By.SERVICE:
            names = {one.id: one.name for one in people.services(session)}
    return Grouping(by, names)
