"""Figures about imported tickets are the same however often they are read."""

from typing import Any

from tests.cli.shell import Shell
from tests.exchange.samples import write_samples


def test_commands_that_only_read_change_no_figure(shell: Shell) -> None:
    for name, file in write_samples(shell.folder).items():
        assert shell.run("import", str(file), "--map", name).returncode == 0, name

    def figures() -> list[Any]:
        return [
            shell.json("report", "kpi", "--from", f"{year}-01-01", "--to", f"{year}-12-31")["kpis"]
            for year in (2016, 2021, 2022, 2023, 2024)
        ]

    first = figures()
    for command in (
        ("ticket", "list"),
        ("ticket", "show", "1"),
        ("sla", "explain", "1"),
        ("search", "disk"),
        ("db", "check"),
        ("export", "tickets"),
    ):
        assert shell.run(*command).returncode == 0
    assert figures() == first
    assert shell.json("inbox") == []
