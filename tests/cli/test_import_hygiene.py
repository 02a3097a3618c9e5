"""Which modules a command imports, checked in a fresh process."""

import os
import subprocess
import sys
from pathlib import Path

from helpdesk.tui.app.prefetch import QueuePrefetch

ROOT = Path(__file__).resolve().parents[2]
_PROBE = """
import sys
from helpdesk.cli.main import main
try:
    main({arguments!r})
except SystemExit:
    pass
print("LOADED", *sys.modules)
"""
_IMPORT_PREFETCH = f"from {QueuePrefetch.__module__} import {QueuePrefetch.__name__} as Prefetch"


def _env(tmp_path: Path) -> dict[str, str]:
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(tmp_path),
        "HELPDESK_DATABASE_URL": f"sqlite:///{tmp_path / 'desk.db'}",
        "PYTHONPATH": str(ROOT),
    }


def loaded(tmp_path: Path, *arguments: str) -> set[str]:
    """Return the top-level packages that a command imports."""
    return {name.partition(".")[0] for name in modules(tmp_path, *arguments)}


def modules(tmp_path: Path, *arguments: str) -> set[str]:
    """Return all modules that a command imports."""
    done = subprocess.run(
        [sys.executable, "-c", _PROBE.format(arguments=list(arguments))],
        env=_env(tmp_path),
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    line = next(line for line in done.stdout.splitlines() if line.startswith("LOADED"))
    return set(line.split()[1:])


def _printed(tmp_path: Path, probe: str) -> set[str]:
    """Run Python code in a fresh process and return the words that it prints."""
    done = subprocess.run(
        [sys.executable, "-c", probe],
        env=_env(tmp_path),
        capture_output=True,
        text=True,
        check=True,
    )
    return set(done.stdout.split())


def test_help_loads_neither_the_app_nor_the_orm(tmp_path: Path) -> None:
    heavy = {"textual", "rich", "sqlalchemy", "alembic", "yaml", "rapidfuzz", "watchfiles"}
    assert not loaded(tmp_path, "--help") & heavy
    assert not loaded(tmp_path, "ticket", "escalate", "--help") & heavy


def test_ticket_commands_load_no_app_no_migrations_no_search(tmp_path: Path) -> None:
    # The first command creates the desk: only this one needs the migrations.
    assert "alembic" in loaded(tmp_path, "ticket", "new", "-s", "x")
    for command in (("new", "-s", "x"), ("list",), ("show", "1")):
        found = loaded(tmp_path, "ticket", *command)
        assert "sqlalchemy" in found
        assert not found & {"textual", "alembic", "yaml", "rapidfuzz", "watchfiles"}


def test_reading_a_ticket_loads_no_verb_and_no_other_engine(tmp_path: Path) -> None:
    loaded(tmp_path, "ticket", "new", "-s", "x")
    for command in (("list",), ("show", "1")):
        found = modules(tmp_path, "ticket", *command)
        assert "helpdesk.desk.queue.lists" in found
        heavy = (
            "helpdesk.desk.ticket.handling",
            "helpdesk.desk.ticket.log_query",
            "helpdesk.desk.unit_of_work.act_due",
        )
        assert not found & {*heavy, "helpdesk.policy", "helpdesk.search", "helpdesk.knowledge"}
        # An option such as postgresql_where is enough to load it: see store.models.base.
        assert "sqlalchemy.dialects.postgresql" not in found


def test_the_pure_clock_loads_no_database(tmp_path: Path) -> None:
    assert not loaded(tmp_path, "sla", "simulate", "none.json") & {"sqlalchemy", "textual"}


def test_the_prefetch_starts_before_textual_and_sqlalchemy_are_imported(tmp_path: Path) -> None:
    probe = (
        "import sys, helpdesk.cli.commands.app; "
        "print('LOADED', *sorted(name.partition('.')[0] for name in sys.modules))"
    )
    found = _printed(tmp_path, probe)
    assert not found & {"textual", "rich", "sqlalchemy", "asyncio", "argparse"}


def test_the_prefetched_page_is_read_without_the_orm(tmp_path: Path) -> None:
    loaded(tmp_path, "ticket", "new", "-s", "x")
    probe = (
        "import sys; from helpdesk.desk.settings import Settings; "
        f"{_IMPORT_PREFETCH}; "
        "found = Prefetch.start(Settings()).result(); "
        "print('LOADED', found.page.rows[0].ref, *sys.modules)"
    )
    found = _printed(tmp_path, probe)
    assert "HD-1" in found
    assert "sqlalchemy" not in found


def test_a_prefetch_that_fails_reports_nothing(tmp_path: Path) -> None:
    (tmp_path / "desk.db").write_text("no database")
    probe = (
        "import os; from helpdesk.desk.settings import Settings; "
        f"{_IMPORT_PREFETCH}; "
        "first = Prefetch.start(Settings()); print('FOUND', first.result()); first.cancel(); "
        "late = Prefetch.start(Settings()); late.cancel(); "
        "print(*os.popen(f'ps --ppid {os.getpid()} -o comm=').read().split())"
    )
    assert _printed(tmp_path, probe) & {"FOUND", "None", "python"} == {"FOUND", "None"}


def test_what_the_app_loads_before_its_first_paint(tmp_path: Path) -> None:
    probe = (
        "import sys, helpdesk.tui.app.run; "
        "print('LOADED', *sorted(name.partition('.')[0] for name in sys.modules))"
    )
    found = _printed(tmp_path, probe)
    assert "textual" in found
    assert not found & {"sqlalchemy", "alembic", "yaml", "rapidfuzz", "watchfiles", "markdown_it"}
