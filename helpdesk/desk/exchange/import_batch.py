"""Import a batch of tickets in one transaction."""

from typing import Any

from sqlalchemy.orm import Session

from helpdesk.desk.exchange.import_names import ImportNames
from helpdesk.desk.exchange.import_timeline import ImportedTimeline
from helpdesk.desk.session import Desk
from helpdesk.desk.sla import agreement, ticket_clocks
from helpdesk.desk.sla.agreement import PolicyArchive, SlaAgreement, StoredPolicyLookup
from helpdesk.desk.sla.history import UnsavedEntry, read_history
from helpdesk.domain.errors import RefusedError
from helpdesk.domain.person import LINE_LIMIT, accept_line
from helpdesk.domain.text import accept, accept_subject
from helpdesk.exchange.mapping import ImportMapping
from helpdesk.exchange.source import SourceTicket
from helpdesk.store.database.many_rows import insert_rows
from helpdesk.store.models import (
    Ticket,
    TicketClock,
    TicketEvent,
    TicketOrigin,
)
from helpdesk.store.people import people

_ID_LIMIT = 200


class ImportBatch:
    """Collects tickets one by one, and writes them all together."""

    def __init__(
        self, desk: Desk, session: Session, mapping: ImportMapping, names: ImportNames
    ) -> None:
        self._session = session
        self._mapping = mapping
        self._now = desk.now()
        self._archive = PolicyArchive(session)
        self._stored = StoredPolicyLookup(session)
        self._rules = agreement.rules_in_force(session)
        self._agreement_cache: dict[tuple[Any, ...], SlaAgreement] = {}
        self._names = names
        self._agents = _agents(session, mapping)
        self._collected: list[tuple[Ticket, list[TicketClock], ImportedTimeline, str]] = []
        self.entries = 0

    @property
    def tickets(self) -> int:
        """The number of tickets collected so far."""
        return len(self._collected)

    def refusal(self, source: SourceTicket) -> str:
        """Add a ticket to the batch.

        :returns: "" if it was added, else why it was refused, as a clause without a full stop.
        """
        if len(source.source_id) > _ID_LIMIT:
            return f"its id has more than {_ID_LIMIT} characters"
        if source.created_at > self._now:
            return "it was created in the future"
        try:
            self._add(source)
        except RefusedError as error:
            return str(error).removesuffix(".")
        return ""

    def _add(self, source: SourceTicket) -> None:
        subject = accept_subject(source.subject)
        body = accept(source.body, "details")
        session = self._session
        requester, own_customer = self._names.requester(
            session, source.requester, source.requester_phone
        )
        customer = self._names.customer(session, source.customer) or own_customer
        service = self._names.service(session, source.service)
        priority = self._rules.priority_of(source.impact, source.urgency)
        facts = (customer, service, source.kind, priority)
        if facts not in self._agreement_cache:
            self._agreement_cache[facts] = agreement.for_facts(self._stored, *facts, self._now)  # type: ignore[arg-type]
        sla_agreement = self._agreement_cache[facts]
        timeline = ImportedTimeline(source, self._agents, sla_agreement.as_data(), self._now)
        for entry in timeline.entries:
            entry["text"] = accept(entry["text"], "text")
        ticket = Ticket(
            version=len(timeline.entries),
            subject=subject,
            body=body,
            kind=source.kind,
            state=timeline.state,
            waiting_on=timeline.waiting_on,
            queue=source.queue,
            impact=source.impact,
            urgency=source.urgency,
            priority=priority,
            channel=source.channel,
            service_id=service,
            customer_id=customer,
            requester_id=requester,
            assignee_id=timeline.assignee[0] if timeline.assignee else None,
            policy_id=sla_agreement.policy_id,
            calendar_id=sla_agreement.calendar_id,
            created_at=source.created_at,
            updated_at=timeline.updated_at,
            resolved_at=timeline.resolved_at,
            closed_at=timeline.closed_at,
            hand_overs=timeline.moved,
            reopenings=timeline.reopened,
            csat=source.csat,
            callback=accept_line(source.callback[:LINE_LIMIT], "callback"),
        )
        past = [
            UnsavedEntry(entry["at"], entry["type"], entry["data"]) for entry in timeline.entries
        ]
        history = read_history(past, self._archive)
        clocks = ticket_clocks.update_queue_order(ticket, history, timeline.updated_at)
        self._collected.append((ticket, clocks, timeline, source.source_id))
        self.entries += len(timeline.entries)

    def write(self) -> None:
        """Write all collected tickets."""
        session = self._session
        session.add_all(ticket for ticket, *_ in self._collected)
        session.flush()
        entries: list[dict[str, Any]] = []
        origins = []
        for ticket, clocks, timeline, source_id in self._collected:
            for clock in clocks:
                clock.ticket_id = ticket.id
            session.add_all(clocks)
            entries += [{**entry, "ticket_id": ticket.id} for entry in timeline.entries]
            origins.append(
                {"source": self._mapping.name, "source_id": source_id, "ticket_id": ticket.id}
            )
        session.flush()
        insert_rows(session, TicketEvent, entries)
        insert_rows(session, TicketOrigin, origins)


def _agents(session: Session, mapping: ImportMapping) -> dict[str, tuple[int, str]]:
    """Return the row number and login of the desk's agents by every name the file may use.

    The keys are casefolded names and logins, and the names that the mapping translates.

    :raises RefusedError: if the mapping names an agent who is not on this desk.
    """
    found: dict[str, tuple[int, str]] = {}
    by_login = {}
    for agent in people.agents(session):
        id_and_login = (agent.id, agent.login)
        by_login[agent.login] = id_and_login
        found.setdefault(agent.name.casefold(), id_and_login)
        found[agent.login.casefold()] = id_and_login
    for foreign_name, login in mapping.agents.items():
        if login not in by_login:
            raise RefusedError(
                f"the mapping names the agent {login!r}, who is not on this desk: "
                "add them first (helpdesk agent add)."
            )
        found[foreign_name] = by_login[login]
    return found
