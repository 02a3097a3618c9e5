"""Run the suite once and record which test executes which line, and how long each takes."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Generator
from dataclasses import dataclass
from pathlib import Path

import pytest
from coverage import Coverage, CoverageData

from tests.targets import on_postgresql

_FOLDER = "HELPDESK_MUTATION_FOLDER"
_SOURCES = "HELPDESK_MUTATION_SOURCES"
#: In these folders the program runs in other processes, whose lines are not recorded.
_EXCLUDED_FOLDERS = ("pty", "ssh", "mutation")


@dataclass(frozen=True)
class UsualTime:
    """How long a test usually takes, in wall-clock time and in CPU time, both in seconds."""

    wall_s: float
    cpu_s: float


class CollectedTests:
    """The data that the collecting run has recorded."""

    def __init__(self, folder: Path, checkout: Path) -> None:
        self._checkout = checkout
        self._data = CoverageData(str(folder / "coverage"))
        self._data.read()
        noted = json.loads((folder / "noted.json").read_text())
        self.tests = {name: UsualTime(*spans) for name, spans in noted["tests"].items()}
        #: The imported modules of other projects.
        self.modules: list[str] = noted["modules"]

    def tests_by_line(self, path: str) -> dict[int, set[str]]:
        """Return the ids of the passing tests that execute each line of a file, by line."""
        contexts = self._data.contexts_by_lineno(str(self._checkout / path))
        return {
            line: executed
            for line, names in contexts.items()
            if (executed := self.tests.keys() & set(names))
        }


def collect(
    checkout: Path, folder: Path, sources: list[str], tests: list[str], workers: int
) -> None:
    """Run the suite in a checkout, and store what it records in a folder.

    :param sources: the folders of the program whose lines are recorded.
    """
    result = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-n", str(workers), "-p", __name__, *tests],
        cwd=checkout,
        env={
            **os.environ,
            "PYTHONPATH": str(checkout),
            _FOLDER: str(folder),
            _SOURCES: os.pathsep.join(sources),
        },
        check=False,
    )
    if result.returncode not in (0, 1):
        raise SystemExit(f"The collecting run was not finished (exit code {result.returncode}).")
    data = CoverageData(str(folder / "coverage"))
    for part in folder.glob("part-*.coverage"):
        part_data = CoverageData(str(part))
        part_data.read()
        data.update(part_data)
        part.unlink()
    data.write()
    usual: dict[str, list[float]] = {}
    modules: set[str] = set()
    for part in folder.glob("part-*.json"):
        noted = json.loads(part.read_text())
        usual |= noted["tests"]
        modules |= set(noted["modules"])
        part.unlink()
    (folder / "noted.json").write_text(json.dumps({"tests": usual, "modules": sorted(modules)}))


class Collector:
    """A pytest plugin that gives each test a coverage context of its own."""

    def __init__(self, folder: Path, sources: list[str]) -> None:
        self._part = folder / f"part-{os.getpid()}"
        self._tests: dict[str, tuple[float, float]] = {}
        self._failed: set[str] = set()
        self._coverage = Coverage(
            data_file=f"{self._part}.coverage",
            include=[f"{source}/*" for source in sources],
            config_file=False,
        )
        self._coverage.start()

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Exclude tests that run on PostgreSQL or start the program in other processes."""
        items[:] = [
            item
            for item in items
            if not on_postgresql(item) and item.nodeid.split("/")[1] not in _EXCLUDED_FOLDERS
        ]

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, bool, bool]:
        """Record the lines and the time of one test, including its fixtures."""
        self._coverage.switch_context(item.nodeid)
        wall, cpu = time.monotonic(), time.process_time()
        done = yield
        self._tests[item.nodeid] = (time.monotonic() - wall, time.process_time() - cpu)
        self._coverage.switch_context("")
        return done

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Exclude a test that does not pass."""
        if report.failed or report.skipped:
            self._failed.add(report.nodeid)

    def pytest_sessionfinish(self) -> None:
        """Store the recorded data."""
        self._coverage.stop()
        self._coverage.save()
        ours = {"helpdesk", "tests", "__main__", "__mp_main__", "conftest"}
        plugin = "_hypothesis_pytestplugin"  # must be imported by pytest itself
        noted = {
            "tests": {name: t for name, t in self._tests.items() if name not in self._failed},
            "modules": [
                name for name in sys.modules if name.partition(".")[0] not in {*ours, plugin}
            ],
        }
        Path(f"{self._part}.json").write_text(json.dumps(noted))


if _FOLDER in os.environ:  # this module is a pytest plugin in the collecting run
    _collector = Collector(Path(os.environ[_FOLDER]), os.environ[_SOURCES].split(os.pathsep))

    def pytest_configure(config: pytest.Config) -> None:
        """Register the collector."""
        config.pluginmanager.register(_collector)
