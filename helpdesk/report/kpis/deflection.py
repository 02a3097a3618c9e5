"""Deflection by the knowledge base: work that knowledge spared.

Rate = tickets resolved in the period that an article of the knowledge base answered or that were
merged into a ticket about the same thing ÷ tickets resolved in the period.

Deflection in the strict sense (a requester helps themselves and never writes) leaves no ticket to
count; what an agent answers from an article, instead of solving it anew, is what a desk without
self-service can measure.

Source: KCS v6 (Consortium for Service Innovation), "known versus new" and link rate; HDI,
"deflection".
"""

from helpdesk.report.facts import Cohort, Fact
from helpdesk.report.kpi import Kpi, Summary, Unit


def was_known(ticket: Fact) -> bool:
    """Whether the answer was known before."""
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
