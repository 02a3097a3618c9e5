"""``helpdesk report kpi`` and ratings, as scripts see them."""

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
