"""Both engines refuse to change or delete a record of the audit trail."""

import pytest
from sqlalchemy import text

from helpdesk.desk import audit
from helpdesk.desk.session import Desk
from helpdesk.desk.ticket import log_query
from helpdesk.desk.ticket.views import NewQuery
from helpdesk.domain.errors import UnavailableError


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_records SET login = 'bob'",
        "DELETE FROM audit_records",
        "DELETE FROM audit_head",
    ],
)
def test_a_record_cannot_be_changed(desk: Desk, statement: str) -> None:
    log_query.log_query(desk, NewQuery("one"))
    before = audit.trail(desk, 10)

    def tamper() -> None:
        with desk.database.write() as session:
            session.connection().execute(text(statement))

    with pytest.raises(UnavailableError, match="only ever added"):
        tamper()
    assert audit.trail(desk, 10) == before
    assert audit.faults(desk) == ()
