"""Run the suite once and note which test executes which line, and how long each takes."""

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
#: In these, the program runs in processes of its own, of whose lines nothing is known.
_APART = ("pty", "ssh", "mutation")


@dataclass(frozen=True)
class Usual:
    """How long a test takes, as the clock shows and by the time it has the processor."""

    wall_s: float
    cpu_s: float


class Known:
    """What the collecting run found."""

    def __init__(self, folder: Path, checkout: Path) -> None:
        self._checkout = checkout
        self._data = CoverageData(str(folder / "coverage"))
        self._data.read()
        noted = json.loads((folder / "noted.json").read_text())
        self.tests = {name: Usual(*spans) for name, spans in noted["tests"].items()}
        #: The modules that were imported and are not ours.
        self.modules: list[str] = noted["modules"]

    def tests_by_line(self, path: str) -> dict[int, set[str]]:
        """Return the ids of the tests that passed and execute each line of a file."""
        contexts = self._data.contexts_by_lineno(str(self._checkout / path))
        return {
            line: executed
            for line, names in contexts.items()
            if (executed := self.tests.keys() & set(names))
        }


def collect(
    checkout: Path, folder: Path, sources: list[str], tests: list[str], workers: int
) -> None:
    """Run the suite in a checkout; what it shows is kept in a folder.

    :param sources: the folders of the program whose lines are looked at.
    """
    done = subprocess.run(
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
    if done.returncode not in (0, 1):
        raise SystemExit(f"The collecting run was not finished (exit code {done.returncode}).")
    data = CoverageData(str(folder / "coverage"))
    for part in folder.glob("part-*.coverage"):
        one = CoverageData(str(part))
        one.read()
        data.update(one)
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
    """A plugin of pytest that gives each test a context of its own."""

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
        """Leave out what runs on PostgreSQL or in processes of its own."""
        items[:] = [
            item
            for item in items
            if not on_postgresql(item) and item.nodeid.split("/")[1] not in _APART
        ]

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, bool, bool]:
        """Note the lines and the time of one test, with what is set up for it."""
        self._coverage.switch_context(item.nodeid)
        wall, cpu = time.monotonic(), time.process_time()
        done = yield
        self._tests[item.nodeid] = (time.monotonic() - wall, time.process_time() - cpu)
        self._coverage.switch_context("")
        return done

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Forget a test that does not pass."""
        if report.failed or report.skipped:
            self._failed.add(report.nodeid)

    def pytest_sessionfinish(self) -> None:
        """Keep what was noted."""
        self._coverage.stop()
        self._coverage.save()
        ours = {"helpdesk", "tests", "__main__", "__mp_main__", "conftest"}
        plugin = "_hypothesis_pytestplugin"  # wants to be imported by pytest
        noted = {
            "tests": {name: t for name, t in self._tests.items() if name not in self._failed},
            "modules": [
                name for name in sys.modules if name.partition(".")[0] not in {*ours, plugin}
            ],
        }
        Path(f"{self._part}.json").write_text(json.dumps(noted))


if _FOLDER in os.environ:  # this module is a plugin of pytest in the collecting run
    _collector = Collector(Path(os.environ[_FOLDER]), os.environ[_SOURCES].split(os.pathsep))

    def pytest_configure(config: pytest.Config) -> None:
        """Begin to collect."""
        config.pluginmanager.register(_collector)
