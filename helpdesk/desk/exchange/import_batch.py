"""Import a batch of tickets in one transaction."""

from collections.abc import Iterable, Iterator
from typing import Any

from sqlalchemy.orm import Session

from helpdesk.desk.exchange.import_agents import ImportAgents
from helpdesk.desk.exchange.import_names import ImportNames
from helpdesk.desk.exchange.import_timeline import ImportedTimeline
from helpdesk.desk.session import Desk
from helpdesk.desk.sla import agreement, ticket_clocks
from helpdesk.desk.sla.agreement import PolicyArchive, SlaAgreement, StoredPolicyLookup
from helpdesk.desk.sla.history import UnsavedEntry, read_history
from helpdesk.domain.errors import RefusedError
from helpdesk.domain.person import LINE_LIMIT, accept_line
from helpdesk.domain.text import accept, accept_subject
from helpdesk.domain.ticket import Kind
from helpdesk.exchange.mapping_parts import ImportMapping
from helpdesk.exchange.source import SourceTicket
from helpdesk.store.database.many_rows import insert_rows, new_numbers, values_of
from helpdesk.store.models import (
    Ticket,
    TicketClock,
    TicketEvent,
    TicketOrigin,
)

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
        self._agents = ImportAgents(session, mapping)
        self._collected: list[tuple[Ticket, list[TicketClock], ImportedTimeline, SourceTicket]] = []
        self.entries = 0
        self.notes: dict[str, tuple[str, ...]] = {}

    @property
    def tickets(self) -> int:
        """The number of tickets collected so far."""
        return len(self._collected)

    @property
    def agents(self) -> ImportAgents:
        """The agents of the desk."""
        return self._agents

    def added(self) -> Iterator[tuple[SourceTicket, ImportedTimeline]]:
        """Yield the tickets that were added."""
        for _, _, timeline, source in self._collected:
            yield source, timeline

    def prepare(self, sources: Iterable[SourceTicket]) -> None:
        """Look up the people of tickets that will be added, all at once."""
        self._names.prefetch(
            self._session, [one.requester for one in sources if not self._impossible(one)]
        )

    def _impossible(self, source: SourceTicket) -> str:
        """Return why a ticket cannot be, as a clause without a full stop; or ""."""
        if len(source.source_id) > _ID_LIMIT:
            return f"its id has more than {_ID_LIMIT} characters"
        if source.created_at > self._now:
            return "it was created in the future"
        times = {
            "responded_at": source.responded_at,
            "resolved_at": source.resolved_at,
            "closed_at": source.closed_at,
            "last row": source.state_changes[-1].at if source.state_changes else None,
            "last comment": source.comments[-1].at if source.comments else None,
        }
        late = next((name for name, at in times.items() if at is not None and at > self._now), "")
        return f"its {late} is in the future" if late else ""

    def refusal(self, source: SourceTicket) -> str:
        """Add a ticket to the batch.

        :returns: "" if it was added, else why it was refused, as a clause without a full stop.
        """
        impossible = self._impossible(source)
        if impossible:
            return impossible
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
        sla_agreement = self._agreement_cache[facts].for_asked(
            source.kind or Kind.INCIDENT, source.channel, named=requester is not None
        )
        timeline = ImportedTimeline(source, self._agents, sla_agreement.as_data(), self._now)
        for entry in timeline.entries:
            entry["text"] = accept(entry["text"], "text")
        notes = source.notes
        if timeline.assignee and timeline.state.is_active:
            number, login = timeline.assignee
            if not self._agents.may_have(number, source.queue, customer):
                notes += (f"{login} may not work on it on this desk, so nobody has it",)
                timeline.release()
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
        self._collected.append((ticket, clocks, timeline, source))
        if notes:
            self.notes[source.source_id] = notes
        self.entries += len(timeline.entries)

    def write(self) -> None:
        """Write all collected tickets."""
        session = self._session
        numbers = new_numbers(session, Ticket, len(self._collected))
        tickets: list[dict[str, Any]] = []
        entries: list[dict[str, Any]] = []
        origins = []
        rows: list[dict[str, Any]] = []
        for number, (ticket, clocks, timeline, source) in zip(
            numbers, self._collected, strict=True
        ):
            ticket.id = number
            tickets.append(values_of(ticket))
            rows += [{**values_of(clock), "ticket_id": number} for clock in clocks]
            entries += [{**entry, "ticket_id": number} for entry in timeline.entries]
            origins.append(
                {
                    "source": self._mapping.name,
                    "source_id": source.source_id,
                    "ticket_id": number,
                }
            )
        insert_rows(session, Ticket, tickets)
        insert_rows(session, TicketClock, rows)
        insert_rows(session, TicketEvent, entries)
        insert_rows(session, TicketOrigin, origins)
