"""``helpdesk db check`` finds what was changed past the program, and names its row and column."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.audit import filled_desk as filled
from tests.audit.attack import AttackedDesk, Attacker, Step, Tampering, found, verdicts

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]  # the first test makes the desk

_GUARDS = ("audit_records_stay", "audit_records_remain", "audit_head_remains")
_CHECKS = ("integrity", "references", "people", "clocks", "audit trail", "search index")
_AGENT = "(SELECT id FROM agents WHERE login = '{}')"
_BOB, _CID = _AGENT.format("bob"), _AGENT.format("cid")
_CONTOSO = "(SELECT id FROM customers WHERE name = 'Contoso')"
_OTHER_CUSTOMER = "(SELECT id FROM customers WHERE name = 'Secret')"
_LATE_IMPORT = filled.IMPORTED + 250
_TRAIL = ("audit_records", "audit_head", "audit_values")


def _set(table: str, where: str, column: str, value: object) -> str:
    return f"UPDATE {table} SET {column} = {value} WHERE {where}"


def _ticket(number: int, column: str, value: object, word: str = "", engine: str = "") -> Tampering:
    """Return a change of a column of a ticket's row."""
    step = _set("tickets", f"id = {number}", column, value)
    words = (rf"HD-{number}\b", word or column.removesuffix("_id"))
    return Tampering(f"ticket {number}'s {column}", (step,), words, engine=engine)


def _clock(number: int, name: str, column: str, value: object) -> Tampering:
    """Return a change of a column of a ticket's clock."""
    step = _set("ticket_clocks", f"ticket_id = {number} AND name = '{name}'", column, value)
    words = (rf"HD-{number}\b", name, column.removesuffix("_at").removesuffix("_s"))
    return Tampering(f"clock {name} of {number}: {column}", (step,), words)


def _entry(
    number: int, kind: str, column: str, value: object, word: str = "", engine: str = ""
) -> Tampering:
    """Return a change of a column of the first timeline entry of a type."""
    row = f"SELECT min(id) FROM ticket_events WHERE ticket_id = {number} AND type = '{kind}'"
    step = _set("ticket_events", f"id = ({row})", column, value)
    words = (r"entry {row}\b", rf"\b{word or column.removesuffix('_id')}")
    return Tampering(f"entry {kind} of {number}: {column}", (step,), words, row, engine)


def _row(
    table: str, where: str, column: str, value: object, *words: str, engine: str = ""
) -> Tampering:
    """Return a change of a column of any row."""
    named = column.removesuffix("_id").removesuffix("_s").removesuffix("_at")
    return _key(table, where, column, value, *words, named, engine=engine)


def _key(
    table: str, where: str, column: str, value: object, *words: str, engine: str = ""
) -> Tampering:
    """Return a change of a column that identifies its row: the check misses the row."""
    step = _set(table, where, column, value)
    return Tampering(f"{table} {words[1]}: {column} {value}", (step,), words, engine=engine)


def _done(name: str, *steps: Step, words: tuple[str, ...], row: str = "") -> Tampering:
    """Return any other change."""
    return Tampering(name, steps, words, row)


def _replace(table: str, column: str, where: str, old: str, new: str, *words: str) -> Tampering:
    """Return a change of a part of a text or JSON value."""
    return Tampering(
        f"{table} {words[1]}: {column} {old}",
        (lambda attacker: attacker.replace(table, column, where, old, new),),
        (*words, column),
    )


_TICKETS = (
    _ticket(filled.OPEN, "subject", "'never happened'"),
    _ticket(filled.CLOSED, "body", "''"),
    _ticket(filled.OPEN, "state", "'resolved'"),
    _ticket(filled.CLOSED, "state", "'open'"),
    _ticket(filled.OPEN, "priority", "'P4'"),
    _ticket(filled.OPEN, "impact", "'low'"),
    _ticket(filled.OPEN, "urgency", "'low'"),
    _ticket(filled.OPEN, "assignee_id", _CID),
    _ticket(filled.WITH_LEAD, "assignee_id", "NULL"),
    _ticket(filled.OPEN, "created_at", "created_at + 86400", "created"),
    _ticket(filled.CLOSED, "created_at", "created_at + 86400", "created"),
    _ticket(filled.RESOLVED, "resolved_at", "resolved_at - 600", "resolved"),
    _ticket(filled.CLOSED, "resolved_at", "resolved_at - 86400", "resolved_at"),
    _ticket(filled.CLOSED, "closed_at", "closed_at - 86400", "closed_at"),
    _ticket(filled.OPEN, "requester_id", "requester_id + 1"),
    _ticket(filled.OPEN, "customer_id", _OTHER_CUSTOMER),
    _ticket(filled.SECRET, "customer_id", "NULL"),
    _ticket(filled.NEW, "service_id", "NULL"),
    _ticket(filled.OPEN, "queue", "'L3'"),
    _ticket(filled.OPEN, "kind", "'request'"),
    _ticket(filled.OPEN, "callback", "'110'"),
    _ticket(_LATE_IMPORT, "callback", "'110'"),
    _ticket(filled.OPEN, "channel", "'mail'"),
    _ticket(filled.RESOLVED, "csat", "5"),
    _ticket(filled.CLOSED, "csat", "5"),
    _ticket(filled.PENDING, "waiting_on", "'requester'"),
    _ticket(filled.WAITING, "waiting_until", "waiting_until + 86400"),
    _ticket(filled.OPEN, "hand_overs", "0"),
    _ticket(filled.REOPENED, "reopenings", "0"),
    _ticket(filled.WITH_LEAD, "with_lead_since", "NULL"),
    _ticket(filled.FOLLOWED_UP, "follow_up_at", "NULL"),
    _ticket(filled.OPEN, "policy_id", "1", "policy"),
    _ticket(filled.CLOSED, "calendar_id", "2", "calendar"),
    _ticket(_LATE_IMPORT, "subject", "'forged'"),
    _ticket(_LATE_IMPORT, "created_at", "created_at - 60", "created"),
    _done(
        "a ticket with all its rows removed",
        *(f"DELETE FROM {table} WHERE ticket_id = {filled.CLOSED}"
          for table in ("notices", "ticket_clocks", "ticket_events")),
        f"DELETE FROM tickets WHERE id = {filled.CLOSED}",
        words=(rf"HD-{filled.CLOSED}\b", "removed|missing|gone|not there|no longer"),
    ),
    _done(
        "a ticket inserted as a copy of another",
        lambda attacker: _copy_row(attacker, "tickets", f"id = {filled.CLOSED}", id="9001"),
        words=(r"HD-9001\b", "inserted|added|no audit record|unknown|not know"),
    ),
)  # fmt: skip

_CLOCKS = (
    _clock(filled.CLOSED, "resolution", "target_s", "target_s * 10"),
    _clock(filled.CLOSED, "first_response", "met_at", "met_at - 200000"),
    _clock(filled.CLOSED, "resolution", "breached_at", "NULL"),
    _clock(filled.CLOSED, "resolution", "elapsed_s", "60"),
    _clock(filled.CLOSED, "resolution", "state", "'running'"),
    _clock(filled.RESOLVED, "resolution", "met_at", "met_at - 60"),
    _clock(filled.OPEN, "resolution", "due_at", "due_at + 86400"),
    _clock(_LATE_IMPORT, "resolution", "met_at", "met_at - 60"),
    _done(
        "a clock removed",
        f"DELETE FROM ticket_clocks WHERE ticket_id = {filled.CLOSED} AND name = 'resolution'",
        words=(rf"HD-{filled.CLOSED}\b", "resolution"),
    ),
)

_ENTRIES = (
    _entry(filled.OPEN, "replied", "text", "'never said'"),
    _entry(filled.OPEN, "replied", "actor_id", _CID),
    _entry(filled.OPEN, "replied", "actor_id", "NULL"),
    _entry(filled.OPEN, "replied", "at", "at - 3600", r"at\b"),
    _entry(filled.OPEN, "noted", "public", "NOT public"),
    _entry(filled.OPEN, "noted", "type", "'replied'"),
    _entry(filled.OPEN, "escalated", "data", "'{}'"),
    _entry(filled.OPEN, "noted", "ticket_id", filled.NEW, "ticket"),
    _entry(_LATE_IMPORT, "logged", "text", "'forged'"),
    _entry(_LATE_IMPORT, "logged", "at", "at - 60", r"at\b"),
    _entry(filled.IMPORTED, "closed", "text", "'closed by the requester'"),
    _entry(_LATE_IMPORT, "closed", "text", "'closed by the requester'"),
    _entry(_LATE_IMPORT, "closed", "actor_id", _BOB),
    _entry(_LATE_IMPORT, "closed", "data", "'{}'"),
    *(
        _done(
            f"the entry {kind} of {number} removed",
            f"DELETE FROM ticket_events WHERE id = ({row})",
            words=(r"entry {row}\b", "removed|missing|gone|not there|no longer"),
            row=row,
        )
        for number, kind in (
            (filled.OPEN, "replied"), (filled.CLOSED, "breached"), (_LATE_IMPORT, "closed"),
            (_LATE_IMPORT, "logged"),
        )
        for row in (
            f"SELECT min(id) FROM ticket_events WHERE ticket_id = {number} AND type = '{kind}'",
        )
    ),
    *(
        _done(
            f"an entry inserted with number {number}",
            "INSERT INTO ticket_events (id, ticket_id, at, actor_id, type, public, text, data)"
            f" SELECT {number}, ticket_id, at, actor_id, 'replied', true, 'forged', '{{}}'"
            f" FROM ticket_events WHERE ticket_id = {filled.OPEN} AND type = 'replied'",
            *more,
            words=(rf"entry {number}\b",),
        )
        for number, more in (
            (90_001, ()),
            (0, ()),
            (-7, ()),
            (90_002, ("UPDATE audit_head SET events_before = 90002",)),
        )
    ),
    _done(
        "two entries that exchange their numbers",
        *(f"UPDATE ticket_events SET id = {new} WHERE id = {old}"
          for old, new in ((3, -3), (5, 3), (-3, 5))),
        words=(r"entry [35]\b",),
    ),
)  # fmt: skip

_OF_TICKETS = (
    _row("time_entries", "id = 1", "minutes", "5", "time", r"\b1\b|HD-2\b"),
    _row("time_entries", "id = 1", "billable", "false", "time", r"\b1\b|HD-2\b"),
    _row("time_entries", "id = 1", "note", "''", "time", r"\b1\b|HD-2\b"),
    _row("time_entries", "id = 1", "agent_id", _CID, "time", r"\b1\b|HD-2\b"),
    _done("time spent removed", "DELETE FROM time_entries WHERE id = 1",
          words=("time", r"\b1\b|HD-2\b")),
    _done(
        "time spent inserted",
        lambda attacker: _copy_row(attacker, "time_entries", "id = 1", id="77"),
        words=("time", r"\b77\b"),
    ),
    _key("ticket_articles", f"ticket_id = {filled.RESOLVED}", "path", "'mail/mailbox-full.md'",
         "article", rf"HD-{filled.RESOLVED}\b", "vpn/reset-token"),
    _done("an article use removed",
          f"DELETE FROM ticket_articles WHERE ticket_id = {filled.RESOLVED}",
          words=("article", rf"HD-{filled.RESOLVED}\b")),
    _done("an article use added",
          (f"INSERT INTO ticket_articles (ticket_id, path, at) VALUES ({filled.CLOSED}, "
           "'vpn/reset-token.md', 1741000000)"),
          words=("article", rf"HD-{filled.CLOSED}\b")),
    _done("a link removed",
          f"DELETE FROM ticket_links WHERE ticket_id = {filled.CHILD}",
          words=("link", rf"HD-{filled.CHILD}\b")),
    _done("a link added",
          (f"INSERT INTO ticket_links (ticket_id, other_id, kind) VALUES ({filled.OPEN}, "
           f"{filled.SECRET}, 'related')"),
          words=("link", rf"HD-{filled.OPEN}\b", rf"HD-{filled.SECRET}\b|\b{filled.SECRET}\b")),
    _key("ticket_links", f"ticket_id = {filled.CHILD}", "kind", "'related'",
         "link", rf"HD-{filled.CHILD}\b", "parent"),
    _done("a tag removed", "DELETE FROM ticket_tags WHERE tag = 'vip'",
          words=("tag", rf"HD-{filled.NEW}\b", "vip")),
    _done("a tag added",
          f"INSERT INTO ticket_tags (ticket_id, tag) VALUES ({filled.OPEN}, 'free')",
          words=("tag", rf"HD-{filled.OPEN}\b", "free")),
    _done("a watcher removed", "DELETE FROM ticket_watchers",
          words=("watcher", rf"HD-{filled.NEW}\b")),
    _done("a further requester of a joined record removed",
          f"DELETE FROM ticket_requesters WHERE ticket_id = {filled.WAITING}",
          words=("requester", rf"HD-{filled.WAITING}\b")),
    _done("a further requester removed", "DELETE FROM ticket_requesters",
          words=("requester", rf"HD-{filled.NEW}\b")),
    _done("a recurrence removed", "DELETE FROM ticket_reappearances",
          words=("reappear|recur", rf"HD-{filled.PARENT}\b")),
    _key("ticket_origins", f"ticket_id = {_LATE_IMPORT}", "source_id", "'x-1'",
         "origin", r"freshdesk/251\b"),
    _done("a timer moved", f"UPDATE timers SET ticket_id = {filled.OPEN}",
          words=("timer", r"bob|HD-|\b2\b", "ticket")),
)  # fmt: skip

_PEOPLE = (
    _row("agents", "login = 'cid'", "role", "'admin'", "agent", "cid"),
    _row("agents", "login = 'gus'", "active", "true", "agent", "gus"),
    _row("agents", "login = 'bob'", "active", "false", "agent", "bob"),
    _row("agents", "login = 'bob'", "name", "'Rob Lee'", "agent", "bob"),
    _row("agents", "login = 'bob'", "created_at", "created_at - 86400", "agent", "bob"),
    _row("agents", "login = 'gus'", "login", "'hal'", "agent", "gus|hal"),
    _row("agents", "login = 'bob'", "preferences", "'{\"ring\": true}'", "agent", "bob"),
    _done("a level added",
          f"INSERT INTO agent_levels (agent_id, level) VALUES ({_CID}, 'L4')",
          words=("level", r"\bcid\b", "L4")),
    _done("a level removed", f"DELETE FROM agent_levels WHERE agent_id = {_BOB} AND level = 'L2'",
          words=("level", r"\bbob\b", "L2")),
    _done(
        "an administrator inserted",
        lambda attacker: _copy_row(
            attacker, "agents", "login = 'ann'", id="66", login="'mallory'"
        ),
        words=("agent", "mallory"),
    ),
    _done("an agent removed", "DELETE FROM agent_levels WHERE agent_id = 6",
          "DELETE FROM agents WHERE login = 'gus'", words=("agent", r"\bgus\b|\b6\b")),
    _row("agent_keys", f"agent_id = {_BOB}", "agent_id", "1", "key", "SHA256:|ann|bob"),
    _row("agent_keys", f"agent_id = {_BOB}", "public", "'ssh-ed25519 AAAA'", "key", "SHA256:|bob"),
    _done("a key removed", f"DELETE FROM agent_keys WHERE agent_id = {_BOB}",
          words=("key", "{row}|bob"),
          row=f"SELECT fingerprint FROM agent_keys WHERE agent_id = {_BOB}"),
    _done(
        "a key inserted",
        lambda attacker: _copy_row(
            attacker, "agent_keys", f"agent_id = {_BOB}", fingerprint="'SHA256:forged'",
            agent_id="1",
        ),
        words=("key", "SHA256:forged"),
    ),
    _row("desk_facts", "name = 'owner'", "value", "'mallory'", "setting|fact", "owner"),
    _done("a setting inserted", "INSERT INTO desk_facts (name, value) VALUES ('forged', 'x')",
          words=("setting|fact", "forged")),
    _row("customers", "name = 'Contoso'", "name", "'Fabrikam'", "customer", r"Contoso|\b1\b"),
    _row("customer_domains", "domain = 'secret.example'", "customer_id", _CONTOSO,
         "domain", r"secret\.example"),
    _done("a confidant added",
          f"INSERT INTO customer_confidants (customer_id, login) VALUES ({_OTHER_CUSTOMER}, 'bob')",
          words=("confidant", r"\bbob\b")),
    _done("a confidant removed", "DELETE FROM customer_confidants WHERE login = 'cid'",
          words=("confidant", r"\bcid\b")),
    _done("all confidants removed", "DELETE FROM customer_confidants",
          words=("confidant", r"\bann\b")),
    _row("requesters", "mail = 'm.ortiz@contoso.example'", "mail", "'x@y.example'",
         "requester", r"m\.ortiz|x@y|\b1\b"),
    _row("requesters", "mail = 'p250@import.example'", "name", "'Somebody Else'",
         "requester", r"p250|\b\d+\b"),
    *(
        _row("requesters", "mail = 'm.ortiz@contoso.example'", column, value,
             "requester", r"m\.ortiz|\b1\b")
        for column, value in (
            ("phone", "'110'"), ("room", "''"), ("device", "'PC-8'"), ("language", "'fr'"),
            ("vip", "false"), ("note", "''"), ("joined_to_id", "2"), ("customer_id", "NULL"),
        )
    ),
    _row("requesters", "mail = 'p250@import.example'", "note", "'is rich'",
         "requester", r"p250|\b\d+\b"),
    _row("requesters", "name = 'Otto Ortiz'", "joined_to_id", "NULL", "requester", r"\b\d+\b"),
    _row("requesters", "name = 'K. Lo'", "joined_to_id", "1", "requester", r"\b\d+\b"),
    _row("customers", "name = 'Contoso'", "note", "''", "customer", r"Contoso|\b1\b"),
    _row("customers", "name = 'Secret'", "note", "'forged'", "customer", r"Secret|\b\d+\b"),
)  # fmt: skip

_GOLD = "(SELECT id FROM sla_policies WHERE name = 'Gold')"
_POLICY = (
    _row("policy_versions", "id = 2", "text", "'name = \"X\"'", "policy", r"\b2\b"),
    _row("policy_versions", "id = 2", "label", "'Other'", "policy", r"\b2\b"),
    _row("policy_versions", "id = 2", "applied_by", _BOB, "policy", r"\b2\b"),
    _row("policy_versions", "id = 2", "applied_at", "applied_at - 86400", "policy", r"\b2\b"),
    _replace("policy_versions", "rules", "id = 2", "863913600", "60", "policy", r"\b2\b"),
    _row("sla_targets", f"policy_id = {_GOLD} AND priority = 'P1'", "resolution_s", "864000",
         "target", r"Gold|\b\d+\b", "P1"),
    _done("a target removed",
          f"DELETE FROM sla_targets WHERE policy_id = {_GOLD} AND priority = 'P1'",
          words=("target", r"Gold|\b\d+\b", "P1")),
    _row("sla_policies", "name = 'Gold'", "customer_id", _OTHER_CUSTOMER, "sla", r"Gold|\b\d+\b"),
    _row("sla_policies", "name = 'Gold'", "kind", "'request'", "sla", r"Gold|\b\d+\b"),
    _row("sla_policies", "name = 'Gold'", "calendar_id", "1", "sla", r"Gold|\b\d+\b"),
    _replace("calendars", "hours", "name = 'office'", "18:00", "12:00", "calendar",
             r"office|\b\d+\b"),
    _replace("calendars", "hours", "name = 'office'", "12-24", "12-25", "calendar",
             r"office|\b\d+\b"),
    _row("contracts", f"customer_id = {_CONTOSO}", "ends_at", "ends_at + 86400", "contract",
         r"Contoso|\b\d+\b"),
    _replace("contracts", "terms", f"customer_id = {_CONTOSO}", "4", "9", "contract",
             r"Contoso|\b\d+\b"),
    _row("services", "name = 'vpn'", "keywords", "''", "service", r"vpn|\b\d+\b"),
    _row("services", "name = 'vpn'", "production", "false", "service", r"vpn|\b\d+\b"),
    _row("saved_views", "name = 'mine'", "query", "'state:closed'", "view", r"mine|\b1\b"),
    _row("saved_views", "name = 'mine'", "shared", "true", "view", r"mine|\b1\b"),
    _row("macros", "name = 'Wait'", "steps", "'[\"close\"]'", "macro", r"Wait|\b1\b"),
    _row("macros", "name = 'Thanks'", "text", "'Go away.'", "macro", r"Thanks|\b2\b"),
    _row("macros", "name = 'Thanks'", "owner_id", _BOB, "macro", r"Thanks|\b2\b"),
    _done("a macro removed", "DELETE FROM macros WHERE name = 'Wait'",
          words=("macro", r"Wait|\b1\b")),
)  # fmt: skip


def _record(name: str, *steps: Step, number: str = "20", word: str = "") -> Tampering:
    """Return a change of the records; the check must name the record of this number."""
    return _done(name, *steps, words=(rf"records? ([\d, to]*\b)?{number}\b", word))


_LAST = "SELECT max(seq) FROM audit_records"
_INSERT_RECORD = (
    "INSERT INTO audit_records (seq, at, login, address, key, host, did, what, previous, digest)"
    " SELECT {}, at, login, address, key, host, did, what, previous, digest FROM audit_records"
    " WHERE seq = {}"
)


def _redated(seq: int, change: str) -> tuple[Step, ...]:
    return (
        _set("audit_records", f"seq = {seq}", "at", change),
        lambda attacker: attacker.rewrite_chain(seq, with_head=True),
    )


_RECORDS = (
    *(
        _record(f"record's {column}", _set("audit_records", "seq = 20", column, value))
        for column, value in (
            ("login", "'eve'"), ("at", "at + 60"), ("address", "'192.0.2.1'"), ("host", "'x'"),
            ("key", "'SHA256:x'"), ("did", "'nothing'"), ("what", "'{}'"), ("what", "'{'"),
            ("digest", f"'{'f' * 64}'"), ("previous", f"'{'f' * 64}'"),
        )
    ),
    _record("a record removed", "DELETE FROM audit_records WHERE seq = 20"),
    _record("the first record removed", "DELETE FROM audit_records WHERE seq = 1", number="1"),
    _done("the last record removed", f"DELETE FROM audit_records WHERE seq = ({_LAST})",
          words=(r"record.*\b{row}\b",), row=_LAST),
    _record("a record inserted at the end",
            _INSERT_RECORD.format(90_001, 20), number="90001|90000"),
    _record("a record inserted before the first", _INSERT_RECORD.format(-1, 20), number="-1"),
    _record("a record renumbered", "UPDATE audit_records SET seq = 90001 WHERE seq = 20"),
    _record("two records exchanged",
            *(_set("audit_records", f"seq = {old}", "seq", new)
              for old, new in ((20, -20), (21, 20), (-20, 21)))),
    _done(
        "a record altered and the chain rewritten without the head",
        _set("audit_records", "seq = 20", "login", "'eve'"),
        lambda attacker: attacker.rewrite_chain(20, with_head=False),
        words=(r"record.*\b{row}\b",), row=_LAST,
    ),
    _record("a record dated a year back, the chain and the head rewritten",
            *_redated(20, "at - 31536000"), word="date|before|earlier|back"),
    _record("a record dated in the year 2200, the chain and the head rewritten",
            *_redated(20, "7258118400"), word="date|future|later|after"),
    _record("a record's details replaced by a list, the chain and the head rewritten",
            _set("audit_records", "seq = 20", "what", "'[1]'"),
            lambda attacker: attacker.rewrite_chain(20, with_head=True)),
    _done(
        "the head moved back",
        "UPDATE audit_head SET seq = seq - 1",
        words=(r"record.*\b{row}\b",), row=_LAST,
    ),
    _done("the head's hash", f"UPDATE audit_head SET digest = '{'0' * 64}'",
          words=(r"trail|head|record", "end|head")),
    _done("the head removed", "DELETE FROM audit_head",
          words=("trail|head|record", "end|head", "removed|missing|gone")),
    _done(
        "the newest records removed and the head moved back",
        lambda attacker: _cut(attacker, "%macros%"),
        words=("macro", r"Wait|Thanks|\b[12]\b"),
    ),
    _done("the trail emptied", lambda attacker: attacker.empty(*_TRAIL),
          words=("trail|record", "removed|missing|gone|empty|emptied|no ")),
    _done(
        "the trail emptied and begun again",
        lambda attacker: attacker.empty("audit_records", "audit_values"),
        f"UPDATE audit_head SET seq = 0, digest = '{'0' * 64}', events_before = 90000",
        words=("trail|record", "removed|missing|gone|empty|emptied|no "),
    ),
    _done("the timelines emptied", "DELETE FROM ticket_events",
          words=(r"entry 1\b", "removed|missing|gone|not there|no longer")),
    _done(
        "the timelines and the trail emptied",
        lambda attacker: attacker.empty("ticket_events", *_TRAIL),
        words=("trail|record", "removed|missing|gone|empty|emptied|no "),
    ),
)  # fmt: skip

_VALUES_OF_2 = "SELECT min(seq) FROM audit_values WHERE beside LIKE '%vpn does not connect%'"
_VALUES = (
    _record("the values beside a record removed", "DELETE FROM audit_values WHERE seq = 20"),
    _done("the values beside all records removed", "DELETE FROM audit_values",
          words=("values", r"record 20\b|records? 1\b")),
    _record("the values beside a record given to no record",
            "UPDATE audit_values SET seq = 90001 WHERE seq = 20"),
    _record("the values beside two records exchanged",
            *(_set("audit_values", f"seq = {old}", "seq", new)
              for old, new in ((20, -20), (21, 20), (-20, 21)))),
    _record("the values beside a record removed as if they were erased",
            "UPDATE audit_values SET beside = '[]', erased_by = 21 WHERE seq = 20"),
    _record("a record marked as if its values were erased",
            "UPDATE audit_values SET erased_by = 21 WHERE seq = 20"),
    _record("the values beside a record unreadable",
            "UPDATE audit_values SET beside = '{' WHERE seq = 20"),
    _record("the values beside a record in another form",
            "UPDATE audit_values SET beside = '{\"a\": 1}' WHERE seq = 20"),
    _done(
        "the values of a ticket erased past the program, and its row altered",
        lambda attacker: _erase_values(attacker),
        f"UPDATE tickets SET subject = 'never happened' WHERE id = {filled.OPEN}",
        words=(r"record {row}\b|HD-2\b", "subject|values"), row=_VALUES_OF_2,
    ),
    _done("the values beside a record removed, and not their salts",
          lambda attacker: _change_beside(attacker, _without_values),
          words=(r"HD-2\b", r"record {row}\b", "subject", "removed"), row=_VALUES_OF_2),
    _done("a value beside a record altered",
          lambda attacker: _forge_value(attacker),
          words=(r"record {row}\b", "subject"), row=_VALUES_OF_2),
    _done("a value altered in its row and beside its record",
          lambda attacker: _forge_value(attacker),
          f"UPDATE tickets SET subject = 'never happened' WHERE id = {filled.OPEN}",
          words=(r"record {row}\b|HD-2\b", "subject"), row=_VALUES_OF_2),
)  # fmt: skip

_UNREADABLE = (
    _ticket(filled.OPEN, "state", "'lost'"),
    _ticket(filled.OPEN, "priority", "'P9'"),
    _ticket(filled.CLOSED, "kind", "'riddle'"),
    _ticket(filled.OPEN, "created_at", "100000000000000000", "created"),
    _ticket(filled.OPEN, "subject", "CAST(x'ff' AS TEXT)", r"subject differs", engine="sqlite"),
    _key("audit_records", "seq = 5", "did", "CAST(x'ff' AS TEXT)", "record 5", "altered",
         engine="sqlite"),
    _row("audit_values", f"seq = ({_VALUES_OF_2})", "beside", "CAST(x'ff' AS TEXT)",
         "record", "unreadable", engine="sqlite"),
    _ticket(filled.OPEN, "created_at", "'yesterday'", "created", engine="sqlite"),
    _row("agents", "login = 'cid'", "role", "'king'", "agent", "cid"),
    _row("ticket_clocks", f"ticket_id = {filled.OPEN} AND name = 'resolution'", "state",
         "'melted'", "resolution", rf"HD-{filled.OPEN}\b"),
    _key("ticket_links", f"ticket_id = {filled.CHILD}", "kind", "'enemy'",
         "link", rf"HD-{filled.CHILD}\b", "parent|enemy"),
    _row("policy_versions", "id = 2", "rules", "'[]'", "policy", r"\b2\b"),
    _row("policy_versions", "id = 2", "rules", "'{'", "policy", r"\b2\b", engine="sqlite"),
    _row("calendars", "name = 'office'", "hours", "'{}'", "calendar", r"office|\b\d+\b"),
    _entry(filled.OPEN, "replied", "type", "'vanished'"),
    _entry(filled.OPEN, "escalated", "data", "'[]'"),
    _entry(filled.OPEN, "escalated", "data", "'{'", engine="sqlite"),
    _entry(filled.OPEN, "replied", "at", "-100000000000000000", r"at\b"),
    _row("agents", "login = 'bob'", "preferences", "'[]'", "agent", "bob"),
)  # fmt: skip


def _guards() -> Iterator[Tampering]:
    for name in (*_GUARDS, "audit_records_are_new"):
        yield Tampering(
            f"the guard {name} dropped", (f"DROP TRIGGER {name}",), (name,), "", "sqlite", True
        )
    yield Tampering(
        "a trigger that is not the program's",
        (
            ("CREATE TRIGGER sneaky AFTER INSERT ON ticket_events "
            "BEGIN UPDATE tickets SET csat = 5 WHERE id = NEW.ticket_id; END"),
        ),
        ("sneaky",), "", "sqlite", True,
    )  # fmt: skip
    yield Tampering(
        "a guard replaced by one that does nothing",
        (
            "DROP TRIGGER audit_records_stay",
            "CREATE TRIGGER audit_records_stay BEFORE UPDATE ON audit_records BEGIN SELECT 1; END",
        ),
        ("audit_records_stay",), "", "sqlite", True,
    )  # fmt: skip
    for name in (*_GUARDS, "audit_records_are_not_emptied"):
        table = "audit_head" if "head" in name else "audit_records"
        for verb, step in (
            ("dropped", f"DROP TRIGGER {name} ON {table}"),
            ("disabled", f"ALTER TABLE {table} DISABLE TRIGGER {name}"),
        ):
            yield Tampering(f"the guard {name} {verb}", (step,), (name,), "", "postgresql", True)
    yield Tampering(
        "the guards' function replaced by one that does nothing",
        (
            ("CREATE OR REPLACE FUNCTION audit_records_are_only_added() RETURNS trigger "
             "LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'"),
        ),
        ("audit_records_are_only_added|audit_records_stay",), "", "postgresql", True,
    )  # fmt: skip


TAMPERINGS = (
    *_TICKETS, *_CLOCKS, *_ENTRIES, *_OF_TICKETS, *_PEOPLE, *_POLICY, *_RECORDS, *_VALUES,
    *_UNREADABLE,
    *_guards(),
)  # fmt: skip


def _copy_row(attacker: Attacker, table: str, where: str, **new: str) -> None:
    """Insert a copy of a row, with other values in some columns."""
    columns = attacker.columns(table)
    values = ", ".join(new.get(name, name) for name in columns)
    attacker.run(
        f"INSERT INTO {table} ({', '.join(columns)}) SELECT {values} FROM {table} WHERE {where}"
    )


def _forge_value(attacker: Attacker) -> None:
    where = f"seq = ({_VALUES_OF_2})"
    attacker.replace("audit_values", "beside", where, "vpn does not connect", "never happened")


def _erase_values(attacker: Attacker) -> None:
    """Remove salts and values as the program does when it erases values, and name some record."""
    seq, beside = attacker.rows(
        f"SELECT seq, beside FROM audit_values WHERE seq = ({_VALUES_OF_2})"
    )[0]
    erased = json.dumps([{"salts": {}} for _ in json.loads(beside)])
    attacker.run(
        f"UPDATE audit_values SET beside = '{erased}', erased_by = {seq + 1} WHERE seq = {seq}"
    )


def _change_beside(attacker: Attacker, change: Callable[[Any], Any]) -> None:
    seq, beside = attacker.rows(
        f"SELECT seq, beside FROM audit_values WHERE seq = ({_VALUES_OF_2})"
    )[0]
    changed = json.dumps([change(one) for one in json.loads(beside)]).replace("'", "''")
    attacker.run(f"UPDATE audit_values SET beside = '{changed}' WHERE seq = {seq}")


def _without_values(beside: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in beside.items() if name != "values"}


def _cut(attacker: Attacker, did: str) -> None:
    """Remove the records from the first one with such words on, and move the head there."""
    first = attacker.rows(f"SELECT min(seq) FROM audit_records WHERE did LIKE '{did}'")[0][0]
    previous = attacker.rows(f"SELECT previous FROM audit_records WHERE seq = {first}")[0][0]
    attacker.run(f"DELETE FROM audit_records WHERE seq >= {first}")
    attacker.run(f"UPDATE audit_head SET seq = {first - 1}, digest = '{previous}'")


#: Of the tamperings on each engine, the whole suite tries every n-th one, ``-m long`` all others.
_EVERY = {"sqlite": 3, "postgresql": 24}


def _cases() -> Iterator[object]:
    for engine, every in _EVERY.items():
        some = [one for one in TAMPERINGS if one.engine in ("", engine)]
        for number, tampering in enumerate(some):
            yield pytest.param(
                engine,
                tampering,
                id=f"{engine}-{tampering.name}",
                marks=() if number % every == 0 else pytest.mark.long,
            )


def test_the_untouched_desk_is_whole(attacked: AttackedDesk) -> None:
    done = attacked.check()
    assert done.returncode == 0, done.stdout.decode()
    assert verdicts(done) == list(_CHECKS)


@pytest.mark.parametrize(("attacked", "tampering"), list(_cases()), indirect=["attacked"])
def test_a_change_past_the_program_is_found_and_named(
    attacked: AttackedDesk, tampering: Tampering
) -> None:
    patterns = attacked.tamper(tampering)
    done = attacked.check()
    text = done.stdout.decode()
    assert done.returncode == 1, text
    assert found(done, patterns), (patterns, text)
    assert verdicts(done) == list(_CHECKS), text
    assert "audit trail: DAMAGED (not everything)" not in text
    assert done.stderr.decode().count("\n") == 1


def test_a_rewritten_trail_contradicts_an_anchor(attacked: AttackedDesk, tmp_path: Path) -> None:
    anchor = attacked.shell.run("report", "audit", "--anchor")
    assert anchor.stdout.startswith(b"helpdesk-audit seq=")
    anchors = tmp_path / "anchors"
    anchors.write_bytes(b"kept elsewhere: " + anchor.stdout)
    check = ("report", "audit", "--check-anchors", str(anchors))
    whole = attacked.shell.run(*check)
    assert (whole.returncode, whole.stdout) == (0, b"1 anchor, 0 faults.\n")
    with attacked.attacker() as attacker:
        attacker.run("UPDATE audit_records SET login = 'eve' WHERE seq = 20")
        attacker.rewrite_chain(20, with_head=True)
        newest = attacker.rows(_LAST)[0][0]
    done = attacked.shell.run(*check)
    assert done.returncode == 1
    assert f"record {newest} differs from the anchor" in done.stdout.decode()


@pytest.mark.parametrize("text", ["", "Nov 23 09:00:00 desk sshd[7]: session opened\n"])
def test_a_file_without_anchors_proves_nothing(
    attacked: AttackedDesk, tmp_path: Path, text: str
) -> None:
    anchors = tmp_path / "anchors"
    anchors.write_text(text)
    done = attacked.shell.run("report", "audit", "--check-anchors", str(anchors))
    assert done.returncode == 1
    assert "holds no anchor" in (done.stdout + done.stderr).decode()


@pytest.mark.parametrize("attacked", ["sqlite"], indirect=True)
def test_a_second_upgrade_does_not_prove_altered_rows(attacked: AttackedDesk) -> None:
    """A schema that was set back gets a new baseline, but the desk is not whole."""
    with attacked.attacker() as attacker:
        attacker.run("DELETE FROM audit_values")
        attacker.run(f"UPDATE tickets SET subject = 'never happened' WHERE id = {filled.OPEN}")
    with attacked.attacker(guards=True) as attacker:
        attacker.run("DROP TABLE audit_values")
        attacker.run("UPDATE alembic_version SET version_num = '0011'")
    upgraded = attacked.shell.run("db", "upgrade", "--no-backup")
    assert upgraded.returncode in (0, 1)
    done = attacked.check()
    assert done.returncode == 1, done.stdout.decode()
