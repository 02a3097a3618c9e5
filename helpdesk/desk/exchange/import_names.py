"""Look up the requesters, customers and services of an import, each only once."""

from sqlalchemy.orm import Session

from helpdesk.desk.people.requesters import find_customer, find_requester, find_service

#: How many names are cached, so that memory does not grow with the file.
_CACHE_LIMIT = 20_000


class ImportNames:
    """Finds the row numbers of the names in a file; names that are new are added to the desk."""

    def __init__(self) -> None:
        self._requesters: dict[str, tuple[int, int | None]] = {}
        self._others: dict[tuple[str, str], int] = {}

    def requester(self, session: Session, text: str) -> tuple[int | None, int | None]:
        """Return the row numbers of a requester and of their customer.

        :param text: a mail address, with or without a name; without text both are None.
        :raises RefusedError: if the text is not a mail address.
        """
        if not text:
            return None, None
        known = self._requesters.get(text)
        if known is None:
            person = find_requester(session, text)
            known = person.id, person.customer_id
            if len(self._requesters) >= _CACHE_LIMIT:
                self._requesters.clear()
            self._requesters[text] = known
        return known

    def customer(self, session: Session, name: str) -> int | None:
        """Return the row number of a customer; None without a name.

        :raises RefusedError: if the name is not valid.
        """
        return self._named(session, "customer", name)

    def service(self, session: Session, name: str) -> int | None:
        """Return the row number of a service; None without a name.

        :raises RefusedError: if the name is not valid.
        """
        return self._named(session, "service", name)

    def _named(self, session: Session, noun: str, name: str) -> int | None:
        if not name:
            return None
        known = self._others.get((noun, name))
        if known is None:
            find = find_customer if noun == "customer" else find_service
            known = find(session, name).id
            if len(self._others) >= _CACHE_LIMIT:
                self._others.clear()
            self._others[noun, name] = known
        return known
