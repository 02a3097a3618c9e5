"""A desk that holds something in every table, for tests of the audit trail.

:func:`fill` makes it through the desk's own functions, with a clock of early 2025, until nothing
is left to become due, so that it does not change by itself; the constants name its tickets.
"""

import csv
import io
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from helpdesk.desk import scheduler
from helpdesk.desk.bulk import bulk
from helpdesk.desk.escalation.hand_over import Escalate, SendBack, ToLead
from helpdesk.desk.exchange import importing
from helpdesk.desk.macro import macros
from helpdesk.desk.opening import open_desk
from helpdesk.desk.people import (
    agents,
    person_lookup,
    person_records,
    person_separation,
    preferences,
)
from helpdesk.desk.people.person_records import PersonValues
from helpdesk.desk.policy.files import starter_text
from helpdesk.desk.queue import saved_views
from helpdesk.desk.session import Desk
from helpdesk.desk.settings import Settings
from helpdesk.desk.ssh import keys
from helpdesk.desk.ticket import follow_ups, log_query, sop_steps, splitting
from helpdesk.desk.ticket.follow_ups import FollowUp
from helpdesk.desk.ticket.handling import Assign, Claim, Note, Pend, Receive, Reply
from helpdesk.desk.ticket.links import Link, Merge
from helpdesk.desk.ticket.resolving import Close, Rate, Reopen, Resolve, resolve_with
from helpdesk.desk.ticket.set_fields import SetFields, Tag
from helpdesk.desk.ticket.views import NewQuery
from helpdesk.desk.time_spent import entries
from helpdesk.desk.unit_of_work.fields import FieldChanges
from helpdesk.desk.unit_of_work.further_requesters import FurtherRequesters
from helpdesk.domain.escalation import HandOver, Level
from helpdesk.domain.priority import Impact
from helpdesk.domain.roles import Role
from helpdesk.domain.tags import TagChange
from helpdesk.domain.ticket import Kind, LinkKind, Waiting
from tests.policies import apply_text, sla
from tests.verbs import do

START = datetime(2025, 3, 3, 9, 0, tzinfo=UTC)

NEW, OPEN, PENDING, RESOLVED, CLOSED, DUPLICATE, PARENT, CHILD, PART, SECRET, PROBLEM, FIX = range(
    1, 13
)
REOPENED, FOLLOWED_UP, WITH_LEAD, WAITING = range(13, 17)
#: The first of the imported tickets, and how many there are; all but the last were closed by one
#: action.
IMPORTED, IMPORTS = 17, 300

_SOP = "procedures/close-ticket.md"
_POLICY_MORE = f"""
[calendars."office"]
hours = "mon-fri 08:00-18:00"
holidays = ["12-24", "2026-05-01"]

[customers."Contoso"]
domains = ["contoso.example"]
support_hours = "office"
team_size = 4
starts = 2024-01-01
ends = 2028-12-31

[customers."Secret"]
domains = ["secret.example"]
confidential = ["ann", "cid"]

{sla("Gold", 'customers = ["Contoso"]', 'first_response = "1h", resolution = "8h"')}
"""
_MACROS = """
[macros.Wait]
steps = ["note", "pend requester"]
text = "we wait"
[replies.Thanks]
text = "Thank you for your query."
"""


class MovingClock:
    """A clock that moves a second with each reading, and further when it is told to."""

    def __init__(self, start: datetime = START) -> None:
        self.now = start

    def __call__(self) -> datetime:
        """Return the clock's time."""
        self.now += timedelta(seconds=1)
        return self.now

    def advance(self, **span: float) -> None:
        """Move the clock forward by a span such as ``hours=1``."""
        self.now += timedelta(**span)


def public_key(comment: str) -> str:
    """Return a new public key in the format of ``authorized_keys``."""
    key = Ed25519PrivateKey.generate().public_key()
    return f"{key.public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH).decode()} {comment}"


def freshdesk_export(count: int) -> str:
    """Return an export of Freshdesk with this many resolved tickets."""
    text = io.StringIO()
    rows = csv.writer(text)
    rows.writerow(
        ["Ticket ID", "Subject", "Status", "Priority", "Source", "Agent", "Created time",
         "Last update time", "Resolved time", "Full name", "Email"]
    )  # fmt: skip
    for number in range(1, count + 1):
        rows.writerow(
            [number, f"imported {number}", "Resolved", "Low", "Phone", "ann", "2025-03-05 10:00:00",
             "2025-03-05 11:00:00", "2025-03-05 11:00:00", f"Person {number}",
             f"p{number}@import.example"]
        )  # fmt: skip
    return text.getvalue()


def fill(url: str, kb: Path, folder: Path) -> None:
    """Make the desk.

    :param url: the URL of an empty database.
    :param folder: a folder for its files, which takes the place of the home folder meanwhile.
    """
    clock = MovingClock()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HOME", str(folder))
        patch.setenv("TZ", "UTC")
        patch.setattr("helpdesk.desk.session.system_login", lambda: "ann")

        def opened(login: str) -> Desk:
            return open_desk(Settings(url, kb, login), clock)

        ann = open_desk(Settings(url, kb), clock)
        _people(ann)
        _policy(ann)
        _tickets(ann, opened, clock)
        _import(ann, folder)
        _requesters(ann)
        _rest(ann)
        clock.advance(days=2)
        scheduler.catch_up(ann)
        clock.advance(days=60)
        while scheduler.catch_up(ann):
            pass
        ann.close()


def _people(ann: Desk) -> None:
    agents.add(ann, "bob", [Level.L1, Level.L2], name="Bob Lee")
    agents.add(ann, "cid", [Level.L1])
    agents.add(ann, "dan", [Level.L1, Level.L2], Role.LEAD)
    agents.add(ann, "eve", [Level.L1], Role.AUDITOR)
    agents.add(ann, "gus", [Level.L1])
    agents.change(ann, "gus", agents.AgentChanges(active=False))
    keys.add(ann, "bob", public_key("bob@laptop"))
    keys.add(ann, "cid", public_key("cid@laptop"))


def _policy(ann: Desk) -> None:
    text = starter_text().replace('timezone = "host"', 'timezone = "UTC"')
    text = text.replace('after_resolved = "7d"', 'after_resolved = "9999d"')
    apply_text(ann, f"{text}\n{_POLICY_MORE}")


def _tickets(ann: Desk, opened: Callable[[str], Desk], clock: MovingClock) -> None:
    bob, dan = opened("bob"), opened("dan")

    def log(subject: str, requester: str = "m.ortiz@contoso.example", **more: Kind) -> int:
        return log_query.log_query(ann, NewQuery(subject, "words", requester, **more)).number  # type: ignore[arg-type]

    assert log("printer prints blank pages") == NEW
    do(ann, NEW, Tag(TagChange(("vip", "paper"))))
    follow_ups.watch(bob, NEW)
    assert log("vpn does not connect") == OPEN
    do(bob, OPEN, Claim())
    do(bob, OPEN, Reply("restart it"))
    do(bob, OPEN, Note("third time"))
    do(bob, OPEN, Receive("did not help"))
    entries.record_time(bob, OPEN, "25m", "on the phone")
    entries.record_time(bob, OPEN, "40m", "a mistake")
    entries.correct(bob, OPEN, 2)
    do(bob, OPEN, Escalate(Level.L2, "defect", HandOver(tried="a", known="b", asked="c")))
    do(bob, OPEN, SendBack(Level.L1, "not ours"))
    do(bob, OPEN, Claim())
    do(ann, OPEN, SetFields(FieldChanges(impact=Impact.HIGH)))
    assert log("mailbox is full") == PENDING
    do(bob, PENDING, Claim())
    do(bob, PENDING, Pend(Waiting.REQUESTER))
    clock.advance(minutes=30)
    do(bob, PENDING, Receive("which one?"))
    do(bob, PENDING, Pend(Waiting.VENDOR))
    assert log("token is lost") == RESOLVED
    do(bob, RESOLVED, resolve_with(bob, "here is a new one", "vpn/reset-token.md"))
    do(bob, RESOLVED, Rate(4))
    assert log("screen flickers", "j.weber@fab.example") == CLOSED
    clock.advance(days=3)
    do(dan, CLOSED, Resolve("new cable"))
    do(dan, CLOSED, Close())
    assert log("prints blank pages, too", "k.lo@contoso.example") == DUPLICATE
    do(ann, DUPLICATE, Merge(NEW))
    _related(ann, bob, log)
    _left_open(ann, bob, log)
    bob.close()
    dan.close()


def _related(ann: Desk, bob: Desk, log: Callable[..., int]) -> None:
    """Log tickets that are linked to each other."""
    assert log("office moves") == PARENT
    assert log("phone must move") == CHILD
    do(ann, CHILD, Link(PARENT, LinkKind.PARENT))
    assert splitting.split(ann, OPEN, "a part", "of the whole").number == PART
    assert log("takeover plan", "x@secret.example") == SECRET
    assert log("toner leaks", kind=Kind.PROBLEM) == PROBLEM
    assert log("new toner for all", kind=Kind.CHANGE) == FIX
    do(ann, PROBLEM, Link(FIX, LinkKind.RELATED))
    do(ann, NEW, Link(PROBLEM, LinkKind.RELATED))


def _left_open(ann: Desk, bob: Desk, log: Callable[..., int]) -> None:
    """Log tickets that wait for somebody, or for a date."""
    assert log("badge is broken") == REOPENED
    do(bob, REOPENED, Resolve("try again"))
    do(bob, REOPENED, Reopen("it did not help"))
    assert log("laptop is slow") == FOLLOWED_UP
    do(bob, FOLLOWED_UP, Claim())
    do(bob, FOLLOWED_UP, FollowUp("3h"))
    sop_steps.tick(bob, FOLLOWED_UP, _SOP, 1)
    assert log("nobody answers") == WITH_LEAD
    do(bob, WITH_LEAD, ToLead("stuck"))
    do(ann, WITH_LEAD, Assign("dan"))
    assert log("wait for the fair") == WAITING
    do(bob, WAITING, Pend(Waiting.DATE, "2099-01-01"))
    entries.start(bob, WAITING)
    do(ann, FIX, Resolve("toner was changed"))
    do(ann, PROBLEM, Resolve("toner was changed"))
    do(ann, PARENT, Link(PROBLEM, LinkKind.PROBLEM))
    saved_views.save(bob, "mine", "assignee:bob state:open")
    preferences.change_preferences(bob, light=True)


def _import(ann: Desk, folder: Path) -> None:
    file = folder / "freshdesk.csv"
    file.write_text(freshdesk_export(IMPORTS), encoding="utf-8")
    importing.import_file(ann, file, "freshdesk")
    bulk.require_done(bulk.apply(ann, range(IMPORTED, IMPORTED + IMPORTS - 1), [Close()]))


def _requesters(ann: Desk) -> None:
    """Put down what is known of people and of a customer; join two records, and take one back."""
    values = PersonValues(phone="030 555", room="3.14", device="PC-7", language="de", vip=True)
    person_records.change(ann, "m.ortiz@contoso.example", replace(values, note="is deaf"))
    person_lookup.set_customer_note(ann, "Contoso", "pays late")
    otto = person_records.add(ann, "Otto Ortiz", PersonValues(phone="0171 2"))
    do(ann, OPEN, SetFields(FieldChanges(callback="0171 9")))
    do(ann, WAITING, SetFields(FieldChanges(further=FurtherRequesters((otto.ref,)))))
    person_records.join(ann, otto.ref, "j.weber@fab.example")
    third = person_records.add(ann, "K. Lo", PersonValues(room="9"))
    person_records.join(ann, third.ref, "k.lo@contoso.example")
    person_separation.separate(ann, third.ref)


def _rest(ann: Desk) -> None:
    saved_views.save(ann, "unclaimed", "assignee:none", shared=True)
    macros.save(ann, _MACROS, shared=True)
