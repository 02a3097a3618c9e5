"""Requesters, customers and support levels as screens and commands show them."""

from dataclasses import dataclass
from datetime import datetime

from helpdesk.domain.escalation import HandOverPart, Level
from helpdesk.domain.person import person_ref
from helpdesk.domain.ticket import State


@dataclass(frozen=True, slots=True)
class PersonView:
    """A person who sends queries.

    :ivar mail: their address; "" if none is known.
    :ivar customer: the name of their customer, or "".
    :ivar number: the number of their record; 0 for somebody who is not stored yet.
    :ivar language: the code of the language that they speak, or "".
    :ivar note: what agents should know of them.
    :ivar customer_note: what agents should know of the customer.
    :ivar further_mails: the addresses of records that were joined to this one.
    :ivar version: counts the changes by agents.
    :ivar customer_version: counts the changes of the note on the customer; 0 without a customer.
    """

    mail: str
    name: str
    customer: str
    number: int = 0
    phone: str = ""
    room: str = ""
    device: str = ""
    language: str = ""
    vip: bool = False
    note: str = ""
    customer_note: str = ""
    further_mails: tuple[str, ...] = ()
    version: int = 1
    customer_version: int = 0

    @property
    def ref(self) -> str:
        """The reference, such as "P-12"; "" for somebody who is not stored yet."""
        return person_ref(self.number) if self.number else ""

    @property
    def called(self) -> str:
        """The address, or without one the name: how a line names the person."""
        return self.mail or self.name

    @property
    def unique(self) -> str:
        """The address, or without one the reference: what means this person alone."""
        return self.mail or self.ref


@dataclass(frozen=True, slots=True)
class PersonTicket:
    """A ticket in the list of a person's tickets.

    :ivar at: when it was resolved; of an open one, when it was logged.
    """

    number: int
    ref: str
    subject: str
    state: State
    at: datetime


@dataclass(frozen=True, slots=True)
class PersonCard:
    """A person with their tickets.

    :ivar tickets: the newest of them, those that are open first.
    :ivar open: how many are open; ``past`` are finished.
    :ivar joined: the references of the records that were joined to this one.
    """

    person: PersonView
    tickets: tuple[PersonTicket, ...]
    open: int
    past: int
    joined: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CustomerView:
    """A customer with the note on it.

    :ivar domains: the mail domains of its requesters.
    """

    name: str
    note: str
    domains: tuple[str, ...]
    version: int


@dataclass(frozen=True, slots=True)
class LevelView:
    """A support level at the time when it was read.

    :ivar ola_s: the target of the level's OLA in seconds, or None.
    :ivar hours: the name of the calendar in which somebody is on duty; "": always.
    :ivar requires: the parts of a hand-over note that are mandatory.
    :ivar members: the logins of the agents who serve it.
    :ivar online: the logins of those who have the app open.
    :ivar on_duty: whether somebody is on duty now.
    :ivar changes_at: when ``on_duty`` changes (UTC); None: never.
    :ivar open: how many active tickets are in its queue.
    :ivar unassigned: how many of them have no assignee.
    """

    level: Level
    name: str
    ola_s: int | None
    hours: str
    requires: tuple[HandOverPart, ...]
    vendor: str
    vendor_contact: str
    members: tuple[str, ...]
    online: tuple[str, ...]
    on_duty: bool
    changes_at: datetime | None
    open: int
    unassigned: int
