"""A process that has imported all libraries in advance, and forks for each run of tests.

Start it with ``python -m tests.mutation.warm MODULES.json`` in the checkout whose tests it runs.
It reads jobs from standard input, one line of JSON each, and answers each with a line of JSON.
"""

import importlib
import json
import os
import resource
import signal
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

_DISABLED_PLUGINS = (
    "xdist",
    "cacheprovider",
    "terminalreporter",
    "doctest",
    "junitxml",
    "pastebin",
)


class Selection:
    """A pytest plugin that runs these tests in this order and records the first failure."""

    def __init__(self, tests: list[str], answer: Path) -> None:
        self._order = {name: place for place, name in enumerate(tests)}
        self._answer = answer

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Select and sort the tests."""
        chosen = [item for item in items if item.nodeid in self._order]
        items[:] = sorted(chosen, key=lambda item: self._order[item.nodeid])

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Record the first test that fails."""
        if report.failed and not self._answer.exists():
            self._answer.write_text(report.nodeid)


def run_tests(tests: list[str], answer: Path) -> int:
    """Run tests until one fails; return the exit code of pytest."""
    files = sorted({name.partition("::")[0] for name in tests})
    disabled = [word for plugin in _DISABLED_PLUGINS for word in ("-p", f"no:{plugin}")]
    options = ["-x", "-q", *disabled, f"--basetemp={answer.with_name('tmp')}"]
    return int(pytest.main([*options, *files], plugins=[Selection(tests, answer)]))


def run_job(job: dict[str, Any]) -> dict[str, Any]:
    """Run tests in a forked process with a time limit; return how it ended."""
    answer = Path(job["answer"])
    answer.unlink(missing_ok=True)
    start = time.monotonic()
    child = os.fork()
    if child == 0:
        os.setsid()
        # Limit the CPU time: unlike wall-clock time it does not depend on how busy the machine is.
        resource.setrlimit(resource.RLIMIT_CPU, (job["cpu_s"], job["cpu_s"] + 5))
        output = os.open(answer.with_name("output"), os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        for stream in (1, 2):
            os.dup2(output, stream)
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        code = 3
        try:
            code = run_tests(job["tests"], answer)
        finally:
            os._exit(code)
    status = _wait(child, start + job["wall_s"])
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(child, signal.SIGKILL)  # processes that the tests have left running
    return {
        "code": None if status is None or os.WIFSIGNALED(status) else os.WEXITSTATUS(status),
        "failed": answer.read_text() if answer.exists() else "",
        "seconds": round(time.monotonic() - start, 2),
    }


def _wait(child: int, until: float) -> int | None:
    """Return the exit status of a process, or None if it had to be killed."""
    while time.monotonic() < until:
        ended, status = os.waitpid(child, os.WNOHANG)
        if ended:
            return status
        time.sleep(0.02)
    os.killpg(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return None


def main() -> None:
    """Import the libraries, then run one job after another."""
    os.environ["OPENBLAS_NUM_THREADS"] = "1"  # OpenBLAS threads would not survive the fork
    for name in json.loads(Path(sys.argv[1]).read_text())["modules"]:
        with suppress(Exception):
            importlib.import_module(name)
    for line in sys.stdin:
        print(json.dumps(run_job(json.loads(line))), flush=True)


if __name__ == "__main__":
    main()
