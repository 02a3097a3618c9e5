"""What a made ticket is promised, looked up once for all tickets of equal facts."""

from sqlalchemy.orm import Session

from helpdesk.desk import promises
from helpdesk.desk.demo.contracts import Contract
from helpdesk.desk.demo.issues import Issue
from helpdesk.desk.promises import Promise
from helpdesk.domain.priority import Priority
from helpdesk.domain.ticket import Kind
from helpdesk.store import people


class Agreed:
    """The desk's policies, and the row numbers by which they are chosen."""

    def __init__(self, session: Session, customers: dict[str, int]) -> None:
        self._session = session
        self._customers = customers
        self._services = {one.name: one.id for one in people.services(session)}
        self._known: dict[tuple[int | None, int | None, Kind, Priority], Promise] = {}

    def customer_id(self, contract: Contract) -> int | None:
        """Return the row number of the customer; None for those who are nobody's."""
        return self._customers.get(contract.customer)

    def service_id(self, issue: Issue) -> int | None:
        """Return the row number of the service; None if the desk has none of that name."""
        return self._services.get(issue.service)

    def promise(self, contract: Contract, issue: Issue, priority: Priority) -> Promise:
        """Return what a ticket of these facts is promised."""
        facts = (self.customer_id(contract), self.service_id(issue), issue.kind, priority)
        found = self._known.get(facts)
        if found is None:
            found = self._known[facts] = promises.for_facts(self._session, *facts)
        return found
