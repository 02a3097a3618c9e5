"""Requesters, customers and services of an import, each looked up once."""

from sqlalchemy.orm import Session

from helpdesk.desk.people.requesters import find_customer, find_requester, find_service

#: So many are remembered; memory does not grow with the file.
_MOST = 20_000


class Names:
    """The row numbers of the names that a file uses; those that are new are added."""

    def __init__(self) -> None:
        self._requesters: dict[str, tuple[int, int | None]] = {}
        self._others: dict[tuple[str, str], int] = {}

    def requester(self, session: Session, text: str) -> tuple[int | None, int | None]:
        """Return the numbers of a requester and of their customer.

        :raises RefusedError: if it is no mail address.
        """
        if not text:
            return None, None
        known = self._requesters.get(text)
        if known is None:
            person = find_requester(session, text)
            known = person.id, person.customer_id
            if len(self._requesters) >= _MOST:
                self._requesters.clear()
            self._requesters[text] = known
        return known

    def customer(self, session: Session, name: str) -> int | None:
        """Return the number of a customer; None without a name.

        :raises RefusedError: if it is no name.
        """
        return self._named(session, "customer", name)

    def service(self, session: Session, name: str) -> int | None:
        """Return the number of a service; None without a name.

        :raises RefusedError: if it is no name.
        """
        return self._named(session, "service", name)

    def _named(self, session: Session, what: str, name: str) -> int | None:
        if not name:
            return None
        known = self._others.get((what, name))
        if known is None:
            find = find_customer if what == "customer" else find_service
            known = find(session, name).id
            if len(self._others) >= _MOST:
                self._others.clear()
            self._others[what, name] = known
        return known
