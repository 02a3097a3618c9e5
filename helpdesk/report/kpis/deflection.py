"""Deflection by the knowledge base: tickets whose answer was known already.

Rate = tickets resolved in the period that an article of the knowledge base answered or that were
resolved together with a ticket of which they are duplicates ÷ tickets resolved in the period.

Deflection in the strict sense (requesters help themselves and never write) leaves no ticket to
count.  A desk without self-service can only measure the tickets that agents answer from articles
instead of solving them again.

Source: KCS v6 (Consortium for Service Innovation), "known versus new" and link rate; HDI,
"deflection".
"""

from helpdesk.report.facts import Cohort, TicketFacts
from helpdesk.report.kpi import Kpi, Summary, Unit


def was_known(ticket: TicketFacts) -> bool:
    """Return whether the answer was known before."""
    return ticket.from_knowledge or ticket.duplicate


KPIS = (
    Kpi(
        "kb_deflection",
        "Answered from knowledge",
        Unit.SHARE,
        Cohort.RESOLVED,
        was_known,
        Summary.SHARE,
        55,
        True,
    ),
)
