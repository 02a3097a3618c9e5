"""Look up the requesters, customers and services of an import, each only once."""

from collections.abc import Iterable

from sqlalchemy.orm import Session

from helpdesk.desk.people.requesters import (
    add_person,
    find_customer,
    find_requester,
    find_service,
    meant_by,
)
from helpdesk.domain.person import LINE_LIMIT, NAME_LIMIT, accept_line, read_address
from helpdesk.domain.person_search import is_phone_number
from helpdesk.domain.text import one_line
from helpdesk.store.models import Requester
from helpdesk.store.people import people, persons

#: How many names are cached, so that memory does not grow with the file.
_CACHE_LIMIT = 20_000
#: How many new names of each kind are remembered, to be listed.
_LISTED = 10_000


class ImportNames:
    """Finds the row numbers of the names in a file; names that are new are added to the desk.

    :ivar new: the names that were added, of ``people``, ``customers`` and ``services``.
    """

    def __init__(self) -> None:
        self._requesters: dict[str, tuple[int | None, int | None]] = {}
        self._others: dict[tuple[str, str], int] = {}
        self.new: dict[str, list[str]] = {"people": [], "customers": [], "services": []}

    def prefetch(self, session: Session, texts: Iterable[str]) -> None:
        """Look up the people of these addresses with few queries, and add those who are new.

        :param texts: mail addresses, with or without a name; other texts are ignored.
        """
        wanted: dict[str, tuple[str, list[str]]] = {}
        unknown = [text for text in texts if text and text not in self._requesters]
        if any("@" not in text for text in unknown):
            return  # a mere name means whom it meant before the next row: they go one by one
        for text in unknown:
            address = read_address(text)
            if address is not None:
                wanted.setdefault(address[0], (address[1], []))[1].append(text)
        known = persons.by_mails(session, wanted)
        missing = {mail: name for mail, (name, _) in wanted.items() if mail not in known}
        known |= persons.add_with_mails(
            session,
            {mail: (name or mail.partition("@")[0])[:NAME_LIMIT] for mail, name in missing.items()},
        )
        self._note("people", *missing)
        if len(self._requesters) + len(wanted) > _CACHE_LIMIT:
            self._requesters.clear()
        for mail, (_, named) in wanted.items():
            for text in named:
                self._requesters[text] = (known[mail].id, known[mail].customer_id)

    def requester(
        self, session: Session, text: str, phone: str = ""
    ) -> tuple[int | None, int | None]:
        """Return the row numbers of a requester and of their customer.

        :param text: a mail address, with or without a name, or a name alone; without text both are
            None, and also if it is neither, such as a number of the other program.
        :param phone: their telephone number, which is stored if none is known.
        :raises RefusedError: if the text is no valid address.
        """
        known = self._requesters.get(text) if text else (None, None)
        if known is None:
            person = self._person(session, text)
            known = (person.id, person.customer_id) if person else (None, None)
            if len(self._requesters) >= _CACHE_LIMIT:
                self._requesters.clear()
            self._requesters[text] = known
        if phone and known[0] is not None:
            one = session.get(Requester, known[0])
            if one is not None and not one.phone:
                one.phone = accept_line(phone[:LINE_LIMIT], "phone")
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
        if without_address:
            return without_address[0]
        self._note("people", name)
        return add_person(session, name, None)

    def customer(self, session: Session, name: str) -> int | None:
        """Return the row number of a customer; None without a name.

        :raises RefusedError: if the name is not valid.
        """
        return self._named(session, "customers", name)

    def service(self, session: Session, name: str) -> int | None:
        """Return the row number of a service; None without a name.

        :raises RefusedError: if the name is not valid.
        """
        return self._named(session, "services", name)

    def _named(self, session: Session, kind: str, name: str) -> int | None:
        if not name:
            return None
        known = self._others.get((kind, name))
        if known is None:
            look_up = people.customer if kind == "customers" else people.service
            is_new = look_up(session, name) is None
            find = find_customer if kind == "customers" else find_service
            known = find(session, name).id
            if is_new:
                self._note(kind, name)
            if len(self._others) >= _CACHE_LIMIT:
                self._others.clear()
            self._others[kind, name] = known
        return known

    def _note(self, kind: str, *names: str) -> None:
        own = self.new[kind]
        own += names[: max(0, _LISTED - len(own))]
