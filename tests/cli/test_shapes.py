"""The JSON documents that scripts read have exactly these keys."""

import json
import re

from tests.cli.shell import Shell

_COMMON = {
    *("id", "subject", "kind", "state", "waiting_on", "queue", "priority", "impact", "urgency"),
    *("service", "customer", "requester", "assignee", "channel", "created_at", "updated_at"),
    *("hand_overs", "reopenings", "follow_up_at", "tags", "version", "clocks", "callback"),
    "requester_name",
}
_SHOWN = {
    *_COMMON,
    *(
        "csat",
        "person",
        "further_people",
        "body",
        "waiting_until",
        "resolved_at",
        "closed_at",
        "policy",
    ),
    *(
        "policy_version",
        "contract",
        "at_breach",
        "support_hours",
        "with_lead_since",
        "ola",
        "hand_over",
        "returns",
        "levels",
        "watchers",
        "reappeared",
        "requester_wrote",
        "merged_into",
        "further_requesters",
        "minutes_spent",
        "billable_minutes",
        "events",
        "links",
        "articles",
    ),
}
_CLOCK = {"name", "target_s", "due_at", "remaining_s", "state", "met_at", "breached_at", "standing"}
_EVENT = {"at", "actor", "type", "public", "text"}
_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")


def test_a_ticket_has_these_keys_and_unknown_values_are_null(shell: Shell) -> None:
    new = shell.json("ticket", "new", "-s", "xyzzy")
    row = shell.json("ticket", "list")[0]
    shown = shell.json("ticket", "show", "HD-1")
    assert set(new) == set(shown) == _SHOWN
    assert set(row) == _COMMON | {"duplicate_of", "reappeared", "requester_wrote"}
    assert {key: row[key] for key in _COMMON - {"clocks"}} == {
        key: shown[key] for key in _COMMON - {"clocks"}
    }
    for key in ("service", "customer", "requester", "assignee", "waiting_on"):
        assert row[key] is None
    for key in ("requester_name", "waiting_until", "resolved_at", "closed_at", "hand_over"):
        assert shown[key] is None
    assert (shown["links"], shown["articles"], shown["body"]) == ([], [], "")
    for clock in (*row["clocks"], *shown["clocks"], shown["ola"]):
        assert set(clock) == _CLOCK
        assert _INSTANT.fullmatch(clock["due_at"])
        assert isinstance(clock["remaining_s"], int)
    for instant in (row["created_at"], shown["updated_at"], shown["events"][0]["at"]):
        assert _INSTANT.fullmatch(instant)


def test_an_event_has_these_keys_and_those_of_its_type(shell: Shell) -> None:
    shell.json("ticket", "new", "-s", "one", "--requester", "a@b.example")
    shell.json("ticket", "new", "-s", "two", "--kind", "problem")
    shell.json("agent", "add", "bob", "--level", "L1,L3")
    shell.json("ticket", "assign", "1", "--to", "bob")
    shell.json(
        *("ticket", "escalate", "1", "--to", "L3", "--reason", "r"),
        *("--note", "-", "--tried", "t", "--known", "k"),
        stdin="asked\n",
    )
    shell.json("ticket", "return", "1", "--reason", "back")
    shell.json("ticket", "pend", "1", "--on", "date", "--until", "2h")
    shell.json("ticket", "set", "1", "--impact", "high", "-s", "new words")
    shell.json("ticket", "link", "1", "--to", "HD-2", "--kind", "problem")
    shell.json("ticket", "reply", "1", "--by", "phone", "--text", "answer")
    shown = shell.json("ticket", "show", "1")
    events = {event["type"]: event for event in shown["events"]}
    assert list(events) == [
        *("logged", "assigned", "escalated", "returned", "claimed", "pended"),
        *("changed", "linked", "replied"),
    ]
    own = {name: set(event) - _EVENT for name, event in events.items()}
    assert all(set(event) >= _EVENT for event in events.values())
    assert own == {
        "logged": {"channel", "promise"},
        "assigned": {"from", "to"},
        "escalated": {
            *("from", "to", "reason", "tried", "known", "asked", "references", "skipped")
        },
        "returned": {"from", "to", "reason", "known"},
        "claimed": {"to"},
        "pended": {"on", "until"},
        "changed": {"changes", "promise"},
        "linked": {"kind", "to"},
        "replied": {"by"},
    }
    assert [event["public"] for event in shown["events"]] == [True, *[False] * 7, True]
    assert (events["replied"]["text"], events["replied"]["actor"]) == ("answer", shell.login)
    assert (events["returned"]["from"], events["returned"]["to"]) == ("L3", "L2")
    assert set(shown["hand_over"]) == {
        *("at", "actor", "from", "to", "reason", "tried", "known", "asked", "references")
    }
    assert shown["links"] == [
        {"kind": "problem", "outward": True, "id": "HD-2", "subject": "two", "state": "new"}
    ]
    other = shell.json("ticket", "show", "2")
    assert other["links"][0]["outward"] is False
    changes = {change["field"]: change for change in events["changed"]["changes"]}
    assert changes["subject"] == {"field": "subject", "from": "one", "to": "new words"}
    assert set(changes) == {"subject", "impact", "priority"}


def test_merging_prints_the_remaining_ticket(shell: Shell) -> None:
    for subject in ("first", "again"):
        shell.json("ticket", "new", "-s", subject)
    kept = shell.json("ticket", "merge", "HD-2", "--into", "HD-1")
    assert (kept["id"], kept["state"]) == ("HD-1", "new")
    assert [link["id"] for link in kept["links"]] == ["HD-2"]
    assert shell.json("ticket", "show", "2")["state"] == "resolved"


def test_merging_warns_of_another_customer_and_requester(shell: Shell) -> None:
    for who, customer in (("a@x.example", "Contoso"), ("b@y.example", "Fabrikam")):
        shell.json("ticket", "new", "-s", "one", "--requester", who, "--customer", customer)
    merged = shell.run("ticket", "merge", "HD-2", "--into", "HD-1", "--json")
    assert json.loads(merged.stdout)["id"] == "HD-1"
    assert merged.stderr.decode().splitlines() == [
        "helpdesk: warning: another customer: Fabrikam would receive the answers to Contoso.",
        (
            "helpdesk: warning: another requester: b@y.example would receive the answers to "
            "a@x.example."
        ),
    ]


def test_an_agent_and_a_database_have_these_keys(shell: Shell) -> None:
    owner = shell.json("agent", "list")
    assert owner == [
        {
            "login": shell.login,
            "name": owner[0]["name"],
            "role": "admin",
            "levels": ["L1", "L2", "L3", "L4"],
            "active": True,
            "version": 1,
        }
    ]
    added = shell.json("agent", "add", "bob", "--level", "l2,L1", "--role", "LEAD", "--name", "B")
    assert added == {
        "login": "bob",
        "name": "B",
        "role": "lead",
        "levels": ["L1", "L2"],
        "active": True,
        "version": 1,
    }
    assert set(shell.json("db", "status")) == {
        *("database", "schema", "program_schema", "state", "clocks", "clocks_due"),
    }
