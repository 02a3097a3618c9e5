"""The query language by which tickets are filtered: ``state:open queue:L2 due<4h -tag:vip "disk"``.

A query is a list of terms that must all be true.  A term is a word or a ``"phrase"`` that the
subject or the details hold, or a field with values of which one must be true; ``-`` before a term
turns it round.  ``sort:`` orders the list.
"""

from helpdesk.domain.query.complete import Completion, complete
from helpdesk.domain.query.fields import FIELDS, Field, FieldKind
from helpdesk.domain.query.parse import parse
from helpdesk.domain.query.terms import (
    Age,
    Compared,
    Op,
    Query,
    QueryError,
    Sort,
    Term,
    Text,
)

__all__ = [
    "FIELDS",
    "Age",
    "Compared",
    "Completion",
    "Field",
    "FieldKind",
    "Op",
    "Query",
    "QueryError",
    "Sort",
    "Term",
    "Text",
    "complete",
    "parse",
]
