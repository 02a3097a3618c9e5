"""Look up the requesters, customers and services of an import, each only once."""

from sqlalchemy.orm import Session

from helpdesk.desk.people.requesters import (
    add_person,
    find_customer,
    find_requester,
    find_service,
    meant_by,
)
from helpdesk.domain.person import LINE_LIMIT, NAME_LIMIT, accept_line
from helpdesk.domain.person_search import is_phone_number
from helpdesk.domain.text import one_line
from helpdesk.store.models import Requester

#: How many names are cached, so that memory does not grow with the file.
_CACHE_LIMIT = 20_000


class ImportNames:
    """Finds the row numbers of the names in a file; names that are new are added to the desk."""

    def __init__(self) -> None:
        self._requesters: dict[tuple[str, str], tuple[int | None, int | None]] = {}
        self._others: dict[tuple[str, str], int] = {}

    def requester(
        self, session: Session, text: str, phone: str = ""
    ) -> tuple[int | None, int | None]:
        """Return the row numbers of a requester and of their customer.

        :param text: a mail address, with or without a name, or a name alone; without text both are
            None, and also if it is neither, such as a number of the other program.
        :param phone: their telephone number, which is stored if none is known.
        :raises RefusedError: if the text is no valid address.
        """
        known = self._requesters.get((text, phone)) if text else (None, None)
        if known is None:
            person = self._person(session, text)
            if person is not None and phone and not person.phone:
                person.phone = accept_line(phone[:LINE_LIMIT], "phone")
            known = (person.id, person.customer_id) if person else (None, None)
            if len(self._requesters) >= _CACHE_LIMIT:
                self._requesters.clear()
            self._requesters[text, phone] = known
        return known

    def _person(self, session: Session, text: str) -> Requester | None:
        if "@" in text:
            return find_requester(session, text)
        name = one_line(text)[:NAME_LIMIT].strip()
        if is_phone_number(name) or not any(map(str.isalpha, name)):
            return None
        named = meant_by(session, name)
        if len(named) == 1:
            return named[0]
        # Of several people with this name nobody is chosen; their records can be joined later.
        without_address = [one for one in named if one.mail is None]
        return without_address[0] if without_address else add_person(session, name, None)

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
