"""The ``alembic`` command works in a checkout and touches no desk."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from helpdesk.store.database.schema_version import HEAD

_ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A copy of the part of the checkout that Alembic reads, which a test can change."""
    folder = tmp_path / "checkout"
    shutil.copytree(
        _ROOT / "migrations", folder / "migrations", ignore=shutil.ignore_patterns("__pycache__")
    )
    shutil.copy(_ROOT / "pyproject.toml", folder)
    return folder


def _alembic(checkout: Path, *arguments: str) -> tuple[int, str]:
    done = subprocess.run(
        [sys.executable, "-m", "alembic", *arguments],
        cwd=checkout,
        # The desk of this URL must not be created.
        env={
            **os.environ,
            "PYTHONPATH": str(_ROOT),
            "HELPDESK_DATABASE_URL": f"sqlite:///{checkout / 'desk.db'}",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert not (checkout / "desk.db").exists()
    return done.returncode, done.stdout + done.stderr


def test_a_new_migration_gets_the_next_number_and_the_changes_of_the_models(
    checkout: Path,
) -> None:
    versions = checkout / "migrations" / "versions"
    assert _alembic(checkout, "check")[0] == 0
    newest = next(versions.glob(f"{HEAD}_*.py"))
    newest.unlink()
    code, output = _alembic(checkout, "check")
    assert code != 0
    assert "New upgrade operations detected" in output
    code, output = _alembic(checkout, "revision", "--autogenerate", "-m", "Versions again")
    assert code == 0, output
    new_file = versions / f"{HEAD}_versions_again.py"
    assert "ix_ticket_clocks_due" in new_file.read_text()
    code, output = _alembic(checkout, "history")
    assert code == 0, output
    assert output.startswith(f"{int(HEAD) - 1:04} -> {HEAD} (head), Versions again")
    assert _alembic(checkout, "check")[0] == 0


def test_a_new_migration_without_autogenerate(checkout: Path) -> None:
    code, output = _alembic(checkout, "revision", "-m", "By hand")
    assert code == 0, output
    (new_file,) = (checkout / "migrations" / "versions").glob("*_by_hand.py")
    assert new_file.name.startswith(f"{int(HEAD) + 1:04}_")
    assert f"down_revision = '{HEAD}'" in new_file.read_text()
