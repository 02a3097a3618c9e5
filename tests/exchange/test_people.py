"""Imports and exports of people who have no mail address, and of numbers to call back."""

import csv
from pathlib import Path

from helpdesk.desk.administration import integrity
from helpdesk.desk.exchange import exporting
from helpdesk.desk.exchange.importing import import_file
from helpdesk.desk.people import person_lookup, person_records
from helpdesk.desk.people.person_records import PersonValues
from helpdesk.desk.session import Desk
from tests.conftest import MONDAY

_MAPPING = """
[source]
name = "old"
format = "csv"
times = ["iso"]
[ticket]
id = "id"
subject = "subject"
state = "state"
created_at = "created"
requester = "mail"
requester_name = "name"
requester_phone = "phone"
callback = "callback"
[values.state]
open = "open"
"""


def _import(desk: Desk, folder: Path, *people: tuple[str, str, str, str]) -> None:
    (folder / "map.toml").write_text(_MAPPING, encoding="utf-8")
    with (folder / "old.csv").open("w", encoding="utf-8", newline="") as out:
        rows = csv.writer(out)
        rows.writerow(["id", "subject", "state", "created", "mail", "name", "phone", "callback"])
        for number, one in enumerate(people, 1):
            rows.writerow([number, "imported", "open", f"{MONDAY:%Y-%m-%d} 08:00:00", *one])
    done = import_file(desk, folder / "old.csv", str(folder / "map.toml"))
    assert done.tickets == len(people)


def test_people_without_an_address_are_imported_and_exported(desk: Desk, tmp_path: Path) -> None:
    _import(
        desk,
        tmp_path,
        ("", "Maria Ortiz", "", "0171 2"),
        ("", "Maria Ortiz", "030 555", ""),
        ("", "maría  ortiz", "", ""),
        ("", "", "", "0171 3"),
        ("mo@fab.example", "Maria Ortiz", "030 666", ""),
    )
    everybody = list(person_lookup.everybody(desk))
    assert [(one.name, one.mail, one.phone) for one in everybody] == [
        ("Maria Ortiz", "", "030 555"),
        ("Maria Ortiz", "mo@fab.example", "030 666"),
    ]
    exported = [one.facts for part in exporting.tickets(desk) for one in part]
    assert [
        (one["requester"], one["requester_name"], one["requester_phone"], one["callback"])
        for one in exported
    ] == [
        (None, "Maria Ortiz", "030 555", "0171 2"),
        (None, "Maria Ortiz", "030 555", None),
        (None, "Maria Ortiz", "030 555", None),
        (None, None, None, "0171 3"),
        ("mo@fab.example", "Maria Ortiz", "030 666", None),
    ]
    assert all(check.is_well for check in integrity.check_all(desk))


def test_tickets_of_a_joined_record_are_those_of_the_person(desk: Desk, tmp_path: Path) -> None:
    kept = person_records.add(desk, "Maria Ortiz", PersonValues(mail="mo@fab.example"))
    other = person_records.add(desk, "M. Ortiz", PersonValues(mail="m@fab.example"))
    person_records.join(desk, other.ref, kept.ref)
    _import(desk, tmp_path, ("m@fab.example", "", "", ""), ("", "M. Ortiz", "", ""))
    card = person_lookup.card(desk, kept.ref)
    assert card is not None
    assert card.open == 2
    assert [one.ref for one in person_lookup.everybody(desk)] == [kept.ref]
