"""Every field of every shipped mapping, by a sample in the other program's documented format."""

from pathlib import Path
from typing import Any

import pytest

from helpdesk.exchange.fields import FieldReader
from helpdesk.exchange.mapping import built_in_mappings, load_mapping
from helpdesk.exchange.rows import read_rows
from helpdesk.exchange.source import SourceTicket
from helpdesk.exchange.translate import tickets
from tests.exchange.samples import write_samples

#: What the first and the last ticket of each sample say; the rest is None, "" or a default.
EXPECTED: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "freshdesk": (
        {"source_id": "11", "kind": "incident", "state": "closed", "channel": "phone",
         "impact": "medium", "urgency": "high", "customer": "Contoso", "csat": 4,
         "responded_at": "2024-03-01 10:20", "resolved_at": "2024-03-01 12:00",
         "closed_at": "2024-03-02 10:00", "sla_met": False, "response_met": True,
         "requester": "Mara Ortiz <m.ortiz@contoso.example>", "assignee": "ann"},
        {"source_id": "12", "kind": "request", "state": "open", "channel": "portal",
         "assignee": "", "responded_at": None, "sla_met": None, "response_met": None},
    ),
    "zendesk": (
        {"source_id": "35436", "kind": "incident", "state": "resolved", "channel": "mail",
         "responded_at": "2024-07-21 08:00", "resolved_at": "2024-07-22 10:38", "reopenings": 1,
         "csat": 5, "group": "Support", "customer": "Contoso", "closed_at": None},
        {"source_id": "35437", "kind": "request", "state": "pending", "waiting": "vendor",
         "waiting_word": "hold", "responded_at": None, "channel": "portal", "sla_met": None},
    ),
    "zammad": (
        {"source_id": "22003", "state": "closed", "responded_at": "2021-11-03 12:10",
         "resolved_at": "2021-11-04 12:00", "closed_at": "2021-11-04 12:00", "sla_met": False,
         "response_met": True, "channel": "mail", "customer": "Contoso", "assignee": "ann"},
        {"source_id": "22004", "state": "pending", "responded_at": None, "sla_met": None,
         "response_met": None, "urgency": "high", "channel": "phone"},
    ),
    "jira-service-management": (
        {"source_id": "ITSM-12", "kind": "incident", "state": "resolved", "impact": "high",
         "responded_at": None, "resolved_at": "2024-03-14 10:00", "sla_met": None,
         "requester": "Sam Lee <sam.lee@jira.invalid>"},
        {"source_id": "ITSM-13", "kind": "request", "state": "open", "assignee": ""},
    ),
    "osticket": (
        # "Overdue: 0" of a closed ticket says nothing: closing takes the mark away.
        {"source_id": "482913", "state": "closed", "sla_met": None, "reopenings": 2,
         "responded_at": None, "resolved_at": "2023-05-02 11:00", "service": "mail"},
        {"source_id": "482914", "state": "open", "sla_met": False, "closed_at": None},
    ),
    "request-tracker": (
        # Told is the last contact: it is no first answer.
        {"source_id": "7", "state": "closed", "responded_at": None, "assignee": "ann",
         "resolved_at": "2022-01-03 12:00", "requester": "m.ortiz@contoso.example"},
        {"source_id": "8", "state": "pending", "waiting": "requester", "assignee": "",
         "requester": "j.weber@fab.example", "resolved_at": None},
    ),
    "servicenow-log": (
        {"source_id": "INC1", "state": "closed", "subject": "Mail, Client: Hangs",
         "hand_overs": 2, "reopenings": 0, "sla_met": True, "resolved_at": "2016-03-01 15:00"},
        {"source_id": "INC2", "state": "closed", "subject": "Net", "impact": "high",
         "hand_overs": 1, "reopenings": 1, "sla_met": False},
    ),
    "level-log": (
        {"source_id": "1-1", "state": "closed", "queue": "L1", "subject": "PROD1 (fr)",
         "created_at": "2010-03-31 14:59", "hand_overs": None, "reopenings": None,
         "responded_at": None, "sla_met": None},
        {"source_id": "1-2", "state": "pending", "queue": "L3", "waiting": "vendor",
         "impact": "high"},
    ),
}  # fmt: skip

#: Fields that a program writes only in editions or settings that the samples do not show.
NOT_IN_SAMPLES = {
    "jira-service-management": {"group", "channel", "service", "customer", "csat"},
    "request-tracker": {"service", "customer"},
    "zammad": {"body"},
}


def read(folder: Path, name: str) -> list[SourceTicket]:
    """Return the tickets of a mapping's sample."""
    mapping = load_mapping(name)
    found = []
    for _, ticket in tickets(read_rows(write_samples(folder)[name], mapping), mapping):
        assert isinstance(ticket, SourceTicket), ticket
        found.append(ticket)
    return found


@pytest.mark.parametrize("name", built_in_mappings())
def test_a_sample_says_what_the_other_programs_documentation_says(
    tmp_path: Path, name: str
) -> None:
    read_tickets = read(tmp_path, name)
    for ticket, expected in zip((read_tickets[0], read_tickets[-1]), EXPECTED[name], strict=True):
        found = {key: getattr(ticket, key) for key in expected}
        shown = {
            key: f"{value:%Y-%m-%d %H:%M}" if key.endswith("_at") and value else value
            for key, value in found.items()
        }
        assert shown == expected


@pytest.mark.parametrize("name", built_in_mappings())
def test_a_sample_shows_every_field_of_its_mapping(tmp_path: Path, name: str) -> None:
    mapping = load_mapping(name)
    reader = FieldReader(mapping.missing)
    shown = set()
    for row in read_rows(write_samples(tmp_path)[name], mapping):
        shown |= {key for key, spec in mapping.fields.items() if reader.read(row.values, spec)}
    assert set(mapping.fields) - shown == NOT_IN_SAMPLES.get(name, set())
