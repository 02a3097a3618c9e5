"""The query language that filters tickets: ``state:open queue:L2 due<4h -tag:vip "disk"``.

A query is a list of terms; a ticket must match all of them.  A term is a word or a ``"phrase"`` in
the subject or the details, or a field with one or more values, one of which must match.  A ``-``
before a term negates it.  ``sort:`` orders the list.
"""

from helpdesk.domain.query.complete import Completion, complete
from helpdesk.domain.query.fields import FIELDS, FieldKind, QueryField
from helpdesk.domain.query.parse import parse
from helpdesk.domain.query.terms import (
    Comparison,
    Op,
    QueryError,
    RelativeTime,
    Sort,
    Term,
    TextTerm,
    TicketQuery,
)

__all__ = [
    "FIELDS",
    "Comparison",
    "Completion",
    "FieldKind",
    "Op",
    "QueryError",
    "QueryField",
    "RelativeTime",
    "Sort",
    "Term",
    "TextTerm",
    "TicketQuery",
    "complete",
    "parse",
]
