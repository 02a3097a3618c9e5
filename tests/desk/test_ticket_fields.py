"""The table of ticket fields agrees with the classes, and a new text field works."""

import json
import subprocess
import sys
from dataclasses import fields
from pathlib import Path

import pytest

from helpdesk.desk.queue.views import QueueRow
from helpdesk.desk.ticket.views import NewQuery, TicketView
from helpdesk.desk.unit_of_work.fields import FieldChanges
from helpdesk.domain.errors import RefusedError
from helpdesk.domain.priority import Impact
from helpdesk.domain.ticket_fields import GROUPED, TICKET_FIELDS, FieldType, TicketField
from helpdesk.report.by import GroupBy
from helpdesk.store.models import Ticket

_PLACE = TicketField(name="place", label="Place", field_type=FieldType.TEXT, limit=10)


@pytest.mark.parametrize("field", TICKET_FIELDS, ids=lambda field: field.name)
def test_a_field_exists_in_the_classes_that_the_table_names(field: TicketField) -> None:
    names_of = {
        view: {one.name for one in fields(view)}
        for view in (QueueRow, TicketView, NewQuery, FieldChanges)
    }
    if field.field_type is not FieldType.TAGS:
        assert field.attribute in Ticket.__table__.columns
    if field.in_json:
        assert field.name in names_of[QueueRow]
        assert field.name in names_of[TicketView]
    if field.can_log:
        assert field.name in names_of[NewQuery]
    if field.can_set:
        assert field.name in names_of[FieldChanges]


def test_names_are_not_used_twice_and_groups_are_those_of_reports() -> None:
    for names in (
        [field.name for field in TICKET_FIELDS],
        [field.query for field in TICKET_FIELDS if field.query],
        [field.column.name for field in TICKET_FIELDS if field.column],
    ):
        assert len(names) == len(set(names))
    assert {field.group for field in GROUPED} == {by for by in GroupBy if not by.is_time}


def test_a_text_is_kept_on_one_line_within_its_limit() -> None:
    assert _PLACE.accept("  North\n wing ") == "North wing"
    assert _PLACE.accept("") == ""
    with pytest.raises(RefusedError, match=r"^the place has 11 characters; at most 10 are allowed"):
        _PLACE.accept("x" * 11)


def test_a_choice_is_accepted_by_its_word() -> None:
    impact = next(field for field in TICKET_FIELDS if field.name == "impact")
    assert impact.accept("high") is Impact.HIGH


_WITH_ANOTHER_FIELD = """
import json, sys
from helpdesk.domain import ticket_fields as table
details = table.TicketField(
    name="body", label="Details", field_type=table.FieldType.TEXT, query="details",
    meaning="what it says", can_sort=True, in_json=False, in_export=False,
)
table.TICKET_FIELDS = (*table.TICKET_FIELDS, details)
from helpdesk.cli.main import main
for arguments in json.loads(sys.argv[1]):
    if main(arguments):
        sys.exit(f"refused: {arguments}")
"""


def test_a_text_field_is_filtered_and_sorted_by_as_soon_as_it_is_in_the_table(
    tmp_path: Path,
) -> None:
    found = {
        'details:"north WING"': ["HD-1"],
        "details:none": ["HD-3"],
        "-details:annex": ["HD-1", "HD-3"],
        "sort:-details": ["HD-2", "HD-1", "HD-3"],
    }
    place = ("--db", f"sqlite:///{tmp_path}/desk.db", "--kb", str(tmp_path))
    commands = [
        *(("ticket", "new", "-s", "x", "-b", body) for body in ("North wing", "annex", "")),
        *(("ticket", "list", "--json", f"--query={query}") for query in found),
    ]
    done = subprocess.run(
        [
            *(sys.executable, "-c", _WITH_ANOTHER_FIELD),
            json.dumps([[*command, *place] for command in commands]),
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    printed = done.stdout[done.stdout.index("[") :].replace("]\n[", "]\0[").split("\0")
    lists = [[one["id"] for one in json.loads(text)] for text in printed]
    assert lists == list(found.values())
