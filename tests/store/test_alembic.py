"""Alembic's own command works in a checkout, and touches no desk."""

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
    """What Alembic reads of a checkout, to be changed."""
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
        # A desk that it names must not be made.
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


def test_a_new_migration_gets_the_next_number_and_what_the_models_have_more(
    checkout: Path,
) -> None:
    versions = checkout / "migrations" / "versions"
    assert _alembic(checkout, "check")[0] == 0
    newest = next(versions.glob(f"{HEAD}_*.py"))
    newest.unlink()
    code, said = _alembic(checkout, "check")
    assert code != 0
    assert "New upgrade operations detected" in said
    code, said = _alembic(checkout, "revision", "--autogenerate", "-m", "Versions again")
    assert code == 0, said
    made = versions / f"{HEAD}_versions_again.py"
    assert "'changed_by'" in made.read_text()
    code, said = _alembic(checkout, "history")
    assert code == 0, said
    assert said.startswith(f"{int(HEAD) - 1:04} -> {HEAD} (head), Versions again")
    assert _alembic(checkout, "check")[0] == 0


def test_a_new_migration_that_is_written_by_hand(checkout: Path) -> None:
    code, said = _alembic(checkout, "revision", "-m", "By hand")
    assert code == 0, said
    (made,) = (checkout / "migrations" / "versions").glob("*_by_hand.py")
    assert made.name.startswith(f"{int(HEAD) + 1:04}_")
    assert f"down_revision = '{HEAD}'" in made.read_text()
