"""``helpdesk report kpi`` and ratings, as scripts see them."""

from datetime import UTC, datetime

import pytest

from tests.cli.shell import Shell


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (["--last", "soon"], "no span"),
        (["--month", "2026-13"], "no month"),
        (["--from", "yesterday"], "neither a day"),
        (["--from", "2026-11-02", "--to", "2026-11-01"], "before it begins"),
        (["--last", "7d", "--month", "2026-10"], "one period"),
        (["--to", "2026-11-01"], "needs --from"),
        (["--from", "1971-01-01", "--by", "day"], "more than 400"),
        (["--format", "csv", "-o", "/nowhere/x.csv"], "cannot be written"),
    ],
)
def test_a_bad_period_or_output_file_is_refused(
    shell: Shell, arguments: list[str], word: str
) -> None:
    assert word in shell.refused(1, "report", "kpi", *arguments)


def test_a_report_on_the_command_line(shell: Shell) -> None:
    shell.json("ticket", "new", "-s", "one", "--service", "vpn")
    shell.json("ticket", "resolve", "1", "--text", "done")
    assert "not one of" in shell.refused(2, "report", "kpi", "--by", "moon")
    found = shell.json("report", "kpi", "--last", "24h", "--by", "agent")
    assert [group["name"] for group in found["groups"]] == [shell.login]
    file = shell.folder / "report.html"
    assert shell.run("report", "kpi", "--format", "html", "-o", str(file)).returncode == 0
    assert file.read_text().startswith("<!DOCTYPE html>")
    assert list(shell.folder.glob(".report*")) == []


def test_only_resolved_tickets_can_be_rated(shell: Shell) -> None:
    shell.json("ticket", "new", "-s", "one")
    assert "resolve it first" in shell.refused(1, "ticket", "set", "1", "--csat", "4")
    shell.json("ticket", "resolve", "1", "--text", "done")
    shell.refused(2, "ticket", "set", "1", "--csat", "6")
    assert "by itself" in shell.refused(1, "ticket", "set", "1", "--csat", "4", "--impact", "low")
    rated = shell.json("ticket", "set", "1", "--csat", "4")
    assert (rated["csat"], rated["events"][-1]["type"]) == (4, "rated")
    assert shell.json("ticket", "reopen", "1")["csat"] == 4


_READING = (
    "ticket list", "ticket show 1", "ticket list --query state:any", "search printer",
    "sla explain 1", "report kpi --by agent", "report time", "report audit", "export tickets",
    "export events --format jsonl", "doctor", "db check", "levels", "kb list", "policy show",
    "policy check", "people list", "view list", "inbox", "agent list",
)  # fmt: skip


def test_a_command_that_only_reads_changes_no_figure(shell: Shell) -> None:
    for number in range(1, 5):
        shell.json("ticket", "new", "-s", f"printer {number}", "--service", "print")
    shell.json("ticket", "resolve", "2", "--text", "done")
    shell.json("ticket", "escalate", "3", "--to", "L2", "--reason", "defect", "--note", "x")
    day = f"{datetime.now(UTC):%Y-%m-%d}"
    reports = [
        ("report", "kpi", "--from", "2026-01-01", "--to", day, "--by", by)
        for by in ("agent", "level", "service", "month")
    ]

    def figures() -> list[object]:
        made = [shell.json(*report) for report in reports]
        # The ages of what is open, and when the report was made, are those of now.
        return [[_steady(made_one["kpis"]), made_one["logged_by"]] for made_one in made]

    before = figures()
    for command in _READING:
        shell.run(*command.split())
        assert figures() == before, command


def _steady(kpis: list[dict[str, object]]) -> list[dict[str, object]]:
    return [kpi for kpi in kpis if "age" not in str(kpi["name"])]
