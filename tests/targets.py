"""Which tests each target runs, and how long a single test may take.

===================================  =========================================================
``pytest -n 2 -m quick``             the rules, and the database on SQLite: under a minute
``pytest -n 2``                      the whole suite, on both engines: under 15 minutes
``pytest -n 2 -m long``              hours: faults, and property tests with very many examples;
                                     a stopped run continues where it stopped
``pytest tests/bench -m bench -s``   prints measurements
===================================  =========================================================

A test is ``quick`` if it is in one of :data:`QUICK_FOLDERS`, unless it runs on PostgreSQL or is
marked ``slow``.  A test that hangs fails after two minutes (``timeout`` in ``pyproject.toml``), in
the folders of :data:`_TIMEOUTS_S` later; ``@pytest.mark.timeout(SECONDS)`` sets one test's limit.

The test modules get these hooks from ``tests/conftest.py``.
"""

import hashlib
import json
import os
from collections.abc import Generator
from pathlib import Path

import pytest

from tests.examples import QUICK, VARIABLE, load_profile

TESTS = Path(__file__).resolve().parent
ROOT = TESTS.parent
QUICK_FOLDERS = frozenset(
    ("access", "audit", "domain", "exchange", "knowledge", "mutation", "policy", "report", "store")
)
#: Seconds by folder; a terminal test waits for a program to draw, up to a minute each time.
_TIMEOUTS_S = {"pty": 300, "ssh": 300, "bench": 3600, "faults": 3600, "long": 6 * 3600}
_PASSED = pytest.StashKey[bool]()
_CODE = pytest.StashKey[str]()
_SKIP = "passed before on the same code"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option for the file that lists the long tests that have passed."""
    parser.addoption(
        "--long-progress",
        type=Path,
        default=ROOT / "build" / "long-progress.jsonl",
        help="the list of tests of `-m long` that have passed on this code and are not run again "
        "(default: %(default)s; delete it to start over)",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Set how many examples property tests try, before any test module is imported."""
    if config.option.markexpr == "quick":
        os.environ.setdefault(VARIABLE, str(QUICK))
    load_profile()


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark each test with its target and its time-out."""
    passed: set[str] = set()
    if "long" in config.option.markexpr.replace("not long", ""):
        config.stash[_CODE] = _fingerprint()
        passed = _passed(config.option.long_progress, config.stash[_CODE])
    for item in items:
        folder = item.path.relative_to(TESTS).parts[0]
        if folder in _TIMEOUTS_S and item.get_closest_marker("timeout") is None:
            item.add_marker(pytest.mark.timeout(_TIMEOUTS_S[folder]))
        if item.get_closest_marker("fault"):
            item.add_marker("long")
        if item.get_closest_marker("long"):
            if item.nodeid in passed:
                item.add_marker(pytest.mark.skip(reason=_SKIP))
        elif folder in QUICK_FOLDERS and not (
            item.get_closest_marker("slow") or on_postgresql(item)
        ):
            item.add_marker("quick")


def on_postgresql(item: pytest.Item) -> bool:
    """Return whether a test needs a PostgreSQL server."""
    callspec = getattr(item, "callspec", None)
    return not {"postgres", "postgres_server"}.isdisjoint(getattr(item, "fixturenames", ())) or (
        callspec is not None and "postgresql" in map(str, callspec.params.values())
    )


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Record each long test that passes, so that it is not run again."""
    report = yield
    if report.when == "call":
        item.stash[_PASSED] = report.passed
    code = item.config.stash.get(_CODE, "")
    if code and report.when == "teardown" and report.passed and item.stash.get(_PASSED, False):
        file: Path = item.config.option.long_progress
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("a", encoding="utf-8") as progress:
            progress.write(json.dumps({"code": code, "passed": item.nodeid}) + "\n")
    return report


def _passed(file: Path, code: str) -> set[str]:
    """Return the ids of the tests that have passed on this code."""
    if not file.exists():
        return set()
    lines = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    return {line["passed"] for line in lines if line["code"] == code}


def _fingerprint() -> str:
    """Return a hash of the program and its tests."""
    digest = hashlib.sha256()
    for folder in ("helpdesk", "migrations", "tests"):
        for file in sorted((ROOT / folder).rglob("*.py")):
            digest.update(file.relative_to(ROOT).as_posix().encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()[:16]
