"""Draw mutants, run each against the tests that execute its line, and list the survivors."""

import argparse
import json
import os
import queue
import random
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.mutation.collecting import CollectedTests, collect
from tests.mutation.mutants import Mutant, find

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "build" / "mutation"
CHECKOUT = FOLDER / "checkout"
#: What is not copied.  Other hidden files are, because tests read .github and .gitignore.
_NOT_COPIED = [
    *(".git", ".venv", ".hypothesis", ".*_cache", "__pycache__"),
    *("build", "dist", "*.egg-info"),
]
#: What a process needs before its first test, in seconds of CPU time.
_START_UP_S = 20
#: So many of the fastest tests are run first: most mutants need no others.
_FIRST_TESTS = 25
#: A mutant is killed after so many times the usual time of its tests.
_TIME_FACTOR = 3


@dataclass(frozen=True)
class Chosen:
    """A mutant, and the tests that execute its line, the fastest first."""

    mutant: Mutant
    tests: list[str]


def main() -> None:
    """Read the arguments, run the mutants and print the results."""
    parser = argparse.ArgumentParser(prog="python -m tests.mutation", description=__doc__)
    parser.add_argument("--seed", type=int, default=1, help="which mutants are drawn (default: 1)")
    parser.add_argument("--count", type=int, default=300, help="how many (default: 300)")
    parser.add_argument(
        "--minutes", type=float, default=90, help="stop after so many minutes (default: 90)"
    )
    parser.add_argument("--workers", type=int, default=2, help="how many run at once (default: 2)")
    parser.add_argument("--fresh", action="store_true", help="take a new copy, and start over")
    parser.add_argument("--survivors", action="store_true", help="run those that survived again")
    parser.add_argument("--summary", action="store_true", help="run nothing, print the results")
    parser.add_argument(
        "--tests", nargs="+", default=["tests"], help="use only these tests (default: tests)"
    )
    parser.add_argument("sources", nargs="*", default=["helpdesk/domain", "helpdesk/desk"])
    options = parser.parse_args()
    until = time.monotonic() + options.minutes * 60
    results = FOLDER / f"results-{options.seed}.jsonl"
    if not options.summary:
        collected = prepare(options.sources, options.tests, options.workers, fresh=options.fresh)
        done = {
            one["id"]
            for one in read_results(results)
            if not (options.survivors and one["outcome"] == "survived")
        }
        chosen = draw(collected, options.sources, options.seed, options.count)
        todo = [one for one in chosen if one.mutant.id not in done]
        print(f"{len(chosen)} mutants, {len(todo)} of them to run", flush=True)
        run_all(collected, todo, options.workers, until, results)
    print(summary(read_results(results)))


def prepare(sources: list[str], tests: list[str], workers: int, *, fresh: bool) -> CollectedTests:
    """Return the data of the collecting run; do that run first if there are none yet."""
    if fresh:
        shutil.rmtree(FOLDER, ignore_errors=True)
    if not (FOLDER / "noted.json").exists():
        shutil.rmtree(FOLDER, ignore_errors=True)
        ignored = shutil.ignore_patterns(*_NOT_COPIED)
        shutil.copytree(ROOT, CHECKOUT, ignore=ignored, symlinks=True)
        absolute = [str(CHECKOUT / source) for source in sources]
        collect(CHECKOUT, FOLDER, absolute, tests, workers)
    return CollectedTests(FOLDER, CHECKOUT)


def draw(collected: CollectedTests, sources: list[str], seed: int, count: int) -> list[Chosen]:
    """Return mutants drawn at random, at most one for each line."""
    found: dict[tuple[str, int], list[Chosen]] = defaultdict(list)
    for source in sources:
        for file in sorted((CHECKOUT / source).rglob("*.py")):
            path = file.relative_to(CHECKOUT).as_posix()
            executed = collected.tests_by_line(path)
            for mutant in find(path, file.read_bytes()):
                tests = next((executed[at] for at in mutant.lines if at in executed), None)
                if tests:
                    ordered = sorted(tests, key=lambda name: collected.tests[name].wall_s)
                    found[path, mutant.lines[0]].append(Chosen(mutant, ordered))
    lines = sorted(found)
    random.Random(seed).shuffle(lines)
    # Each line has its own random choice, so that a larger count only adds mutants.
    return [random.Random(f"{seed} {line}").choice(found[line]) for line in lines[:count]]


def run_all(
    collected: CollectedTests, todo: list[Chosen], workers: int, until: float, results: Path
) -> None:
    """Run mutants in parallel until all are done or the time is over."""
    waiting: queue.SimpleQueue[Chosen] = queue.SimpleQueue()
    for one in todo:
        waiting.put(one)
    writing, stop = threading.Lock(), threading.Event()

    def work() -> None:
        with tempfile.TemporaryDirectory(prefix="helpdesk-mutation-") as folder:
            worker = Worker(Path(folder), collected)
            if failed := worker.run(todo[0].tests[:_FIRST_TESTS])["failed"]:
                print(f"{failed} fails without any mutant: no mutant is run", file=sys.stderr)
                stop.set()
            while time.monotonic() < until and not stop.is_set():
                try:
                    chosen = waiting.get_nowait()
                except queue.Empty:
                    break
                line = json.dumps(worker.judge(chosen))
                with writing, results.open("a", encoding="utf-8") as written:
                    written.write(line + "\n")
                    print(line, flush=True)
            worker.end()

    threads = [threading.Thread(target=work) for _ in range(min(workers, len(todo)))]
    for thread in threads:
        thread.start()
    try:
        for thread in threads:
            thread.join()
    except KeyboardInterrupt:
        print("stopping after the mutants that are running now", file=sys.stderr)
        stop.set()
        for thread in threads:
            thread.join()


class Worker:
    """A copy of the checkout with a prepared process (``warm.py``) that runs tests in it."""

    def __init__(self, folder: Path, collected: CollectedTests) -> None:
        self._collected = collected
        self._answer = folder / "answer"
        self._checkout = Path(shutil.copytree(CHECKOUT, folder / "checkout", symlinks=True))
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.mutation.warm", FOLDER / "noted.json"],
            cwd=self._checkout,
            # Python detects changed sources by whole seconds: it must not write compiled files.
            env={**os.environ, "PYTHONPATH": str(self._checkout), "PYTHONDONTWRITEBYTECODE": "1"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,  # Ctrl+C must reach the main program only
        )

    def judge(self, chosen: Chosen) -> dict[str, Any]:
        """Run the tests of one mutant; return its line of the results."""
        mutant = chosen.mutant
        file = self._checkout / mutant.path
        file.write_bytes(mutant.apply(file.read_bytes()))
        try:
            first, rest = chosen.tests[:_FIRST_TESTS], chosen.tests[_FIRST_TESTS:]
            answer = self.run(first)
            if answer["code"] == 0 and rest:
                more = self.run(rest)
                answer = {**more, "seconds": answer["seconds"] + more["seconds"]}
        finally:
            shutil.copy2(CHECKOUT / mutant.path, file)
        outcome = {0: "survived", None: "timed out"}.get(answer["code"], "killed")
        return {
            "id": mutant.id,
            "outcome": outcome,
            "path": mutant.path,
            "line": mutant.lines[0],
            "kind": mutant.kind,
            "before": mutant.before,
            "after": mutant.after,
            "tests": len(chosen.tests),
            "by": answer["failed"],
            "seconds": round(answer["seconds"], 1),
        }

    def run(self, tests: list[str]) -> dict[str, Any]:
        """Run tests until one fails; return the answer of the prepared process."""
        usual = [self._collected.tests[name] for name in tests]
        cpu_s = int(_TIME_FACTOR * sum(one.cpu_s for one in usual)) + _START_UP_S
        wall_s = _TIME_FACTOR * (sum(one.wall_s for one in usual) + _START_UP_S)
        job = {"tests": tests, "answer": str(self._answer), "cpu_s": cpu_s, "wall_s": wall_s}
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(job) + "\n")
        self._process.stdin.flush()
        answer: dict[str, Any] = json.loads(self._process.stdout.readline())
        return answer

    def end(self) -> None:
        """End the process."""
        self._process.communicate()


def read_results(file: Path) -> list[dict[str, Any]]:
    """Return the last result of each mutant."""
    if not file.exists():
        return []
    lines = map(json.loads, file.read_text(encoding="utf-8").splitlines())
    return list({one["id"]: one for one in lines}.values())


def summary(results: list[dict[str, Any]]) -> str:
    """Return how many mutants were killed, and which survived."""
    survivors = [one for one in results if one["outcome"] == "survived"]
    slow = sum(one["outcome"] == "timed out" for one in results)
    killed = len(results) - len(survivors)
    share = 100 * killed / len(results) if results else 0
    lines = [f"{killed} of {len(results)} mutants killed ({share:.1f} %), {slow} by the time-out"]
    for one in sorted(survivors, key=lambda one: (one["path"], one["line"])):
        lines += [
            f"\n{one['path']}:{one['line']}  {one['kind']}, {one['tests']} tests",
            f"  - {one['before']}",
            f"  + {one['after']}",
        ]
    return "\n".join(lines)


if __name__ == "__main__":
    main()
