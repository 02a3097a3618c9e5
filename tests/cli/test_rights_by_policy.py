"""Rights that the policy can take from roles, and the record of what is taken out of the desk."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from helpdesk.desk import audit
from helpdesk.desk.exchange import exporting, one_ticket
from helpdesk.desk.people import agents
from helpdesk.desk.policy.apply_policy import apply
from helpdesk.desk.policy.files import PolicyText, starter_text
from helpdesk.desk.queue import board
from helpdesk.desk.report import kpi_report
from helpdesk.desk.report.time_spent import time_report
from helpdesk.desk.session import Desk
from helpdesk.desk.ticket import log_query
from helpdesk.desk.ticket.views import NewQuery
from helpdesk.domain.errors import NotPermittedError
from helpdesk.domain.escalation import Level
from helpdesk.domain.roles import Role
from helpdesk.report import period
from helpdesk.report.by import GroupBy
from tests.cli.shell import Shell

_RIGHTS = """
[rights]
colleagues_figures = ["lead", "admin"]
export = ["admin"]
"""
_POLICY = starter_text().replace("\n[rights]\n", _RIGHTS)


def test_without_the_table_every_role_has_both_rights(shell: Shell) -> None:
    shell.json("ticket", "new", "-s", "one")
    for role in Role:
        shell.json("agent", "add", f"x-{role}", "--role", role, "--level", "L1")
        assert shell.run("--as", f"x-{role}", "report", "kpi", "--by", "agent").returncode == 0
        assert shell.run("--as", f"x-{role}", "export", "tickets").returncode == 0


def test_a_role_that_the_policy_leaves_out_is_refused(shell: Shell) -> None:
    shell.json("ticket", "new", "-s", "one")
    shell.json("agent", "add", "bob", "--level", "L1")
    shell.json("agent", "add", "lea", "--level", "L1", "--role", "lead")
    file = shell.folder / "policy.toml"
    file.write_text(_POLICY)
    shell.json("policy", "apply", str(file))
    for command in (("export", "tickets"), ("export", "events")):
        assert "may not export tickets" in shell.refused(4, "--as", "bob", *command)
        assert "may not export tickets" in shell.refused(4, "--as", "lea", *command)
    by_agent = ("report", "kpi", "--by", "agent")
    assert "may not see colleagues' figures" in shell.refused(4, "--as", "bob", *by_agent)
    assert shell.run("--as", "bob", "report", "kpi", "--by", "level").returncode == 0
    assert shell.run("--as", "lea", *by_agent).returncode == 0
    assert shell.run("export", "tickets").returncode == 0


def test_what_is_exported_and_reported_on_persons_is_on_record(shell: Shell) -> None:
    for subject in ("one", "two"):
        shell.json("ticket", "new", "-s", subject, "--service", "vpn")
    file = shell.folder / "all.csv"
    shell.run("export", "tickets", "--query", "service:vpn", "-o", str(file))
    shell.run("export", "events", "--format", "jsonl")
    shell.run("report", "kpi", "--last", "7d", "--by", "agent")
    shell.run("report", "kpi", "--last", "7d")  # names nobody
    shell.run("report", "time", "--last", "7d")
    shell.run("db", "copy", "--to", f"sqlite:///{shell.folder / 'copy.db'}")
    shell.run("db", "backup", str(shell.folder / "backup.db"))
    records = shell.json("report", "audit")
    used = {record["did"]: record["what"] for record in records if "rows" in record["what"]}
    assert all(record["login"] == shell.login for record in records)
    assert used["exported tickets as csv"] == {
        "query": "service:vpn", "rows": 2, "to": str(file)
    }  # fmt: skip
    assert used["exported events as jsonl"] == {"query": "", "rows": 2, "to": "standard output"}
    assert used["reported figures by agent"]["query"] == "last 7d"
    assert used["reported time by agent"]["to"] == "standard output"
    assert used["copied the desk"]["to"].endswith("copy.db")
    assert used["copied the desk"]["rows"] > 2
    assert used["backed up the desk"] == {
        "query": "", "rows": 2, "to": str(shell.folder / "backup.db")
    }  # fmt: skip
    assert sum("figures" in record["did"] for record in records) == 1
    assert shell.run("db", "check").returncode == 0


def test_an_export_that_is_stopped_is_on_record(desk: Desk) -> None:
    log_query.log_query(desk, NewQuery("one"))
    chunks = exporting.tickets(desk)
    next(chunks)
    chunks.close()
    newest = audit.trail(desk, 1)[0]
    assert (newest.did, json.loads(newest.what)["rows"]) == ("exported tickets", 1)


def test_the_app_keeps_to_the_policy_as_the_shell_does(
    desk: Desk, desk_of: Callable[[str], Desk], tmp_path: Path
) -> None:
    log_query.log_query(desk, NewQuery("one"))
    one_ticket.export(desk, 1, tmp_path)
    one_ticket.copied(desk, 1)
    assert [record.did for record in audit.trail(desk, 2)] == [
        *("exported a ticket", "copied a ticket")
    ]
    assert GroupBy.AGENT in kpi_report.splits(desk)
    apply(desk, PolicyText(_POLICY, "policy.toml"))
    agents.add(desk, "cat", [Level.L1])
    as_cat = desk_of("cat")
    assert GroupBy.AGENT not in kpi_report.splits(as_cat)
    assert [line.login for line in board.read(as_cat).agents] == ["cat"]
    assert {line.login for line in board.read(desk).agents} >= {"ann", "bob", "cat"}
    span = period.last("7d", desk.now())
    for refused in (
        lambda: one_ticket.copied(as_cat, 1),
        lambda: one_ticket.export(as_cat, 1, tmp_path),
        lambda: kpi_report.kpis(as_cat, span, GroupBy.AGENT),
        lambda: kpi_report.tickets_behind(as_cat, "logged", span, GroupBy.AGENT, "ann"),
    ):
        with pytest.raises(NotPermittedError):
            refused()
    assert all(not row.agents for row in time_report(as_cat, span.start, span.end))
