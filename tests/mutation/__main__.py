"""Draw mutants, run each against the tests that execute its line, and say which survived."""

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

from tests.mutation.collecting import Known, collect
from tests.mutation.mutants import Mutant, find

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "build" / "mutation"
CHECKOUT = FOLDER / "checkout"
#: What a process needs before its first test, in seconds of the processor.
_START_UP_S = 20
#: The fastest tests are run first on their own: most mutants need no others to be imported.
_FIRST = 25
_LONGER = 3


@dataclass(frozen=True)
class Chosen:
    """A mutant, and the tests that execute its line, the fastest first."""

    mutant: Mutant
    tests: list[str]


def main() -> None:
    """Read the arguments, and run."""
    parser = argparse.ArgumentParser(prog="python -m tests.mutation", description=__doc__)
    parser.add_argument("--seed", type=int, default=1, help="which mutants are drawn (default: 1)")
    parser.add_argument("--count", type=int, default=300, help="how many (default: 300)")
    parser.add_argument("--minutes", type=float, default=90, help="stop then (default: 90)")
    parser.add_argument("--workers", type=int, default=2, help="at once (default: 2)")
    parser.add_argument("--fresh", action="store_true", help="take a new copy, and start over")
    parser.add_argument("--survivors", action="store_true", help="run those that survived again")
    parser.add_argument("--summary", action="store_true", help="run nothing, print the results")
    parser.add_argument(
        "--tests", nargs="+", default=["tests"], help="collect from these alone (default: tests)"
    )
    parser.add_argument("sources", nargs="*", default=["helpdesk/domain", "helpdesk/desk"])
    given = parser.parse_args()
    until = time.monotonic() + given.minutes * 60
    results = FOLDER / f"results-{given.seed}.jsonl"
    if not given.summary:
        known = prepare(given.sources, given.tests, given.workers, fresh=given.fresh)
        done = {
            one["id"]
            for one in read_results(results)
            if not (given.survivors and one["outcome"] == "survived")
        }
        chosen = draw(known, given.sources, given.seed, given.count)
        todo = [one for one in chosen if one.mutant.id not in done]
        print(f"{len(chosen)} mutants, {len(todo)} of them to be run", flush=True)
        run_all(known, todo, given.workers, until, results)
    print(summary(read_results(results)))


def prepare(sources: list[str], tests: list[str], workers: int, *, fresh: bool) -> Known:
    """Return what is known of the tests; find it out first if there is nothing yet."""
    if fresh:
        shutil.rmtree(FOLDER, ignore_errors=True)
    if not (FOLDER / "noted.json").exists():
        shutil.rmtree(FOLDER, ignore_errors=True)
        left_out = (".*", "__pycache__", "build", "dist", "*.egg-info")
        shutil.copytree(ROOT, CHECKOUT, ignore=shutil.ignore_patterns(*left_out), symlinks=True)
        absolute = [str(CHECKOUT / source) for source in sources]
        collect(CHECKOUT, FOLDER, absolute, tests, workers)
    return Known(FOLDER, CHECKOUT)


def draw(known: Known, sources: list[str], seed: int, count: int) -> list[Chosen]:
    """Return mutants drawn at random, at most one a line."""
    found: dict[tuple[str, int], list[Chosen]] = defaultdict(list)
    for source in sources:
        for file in sorted((CHECKOUT / source).rglob("*.py")):
            path = file.relative_to(CHECKOUT).as_posix()
            executed = known.tests_by_line(path)
            for mutant in find(path, file.read_bytes()):
                tests = next((executed[at] for at in mutant.lines if at in executed), None)
                if tests:
                    ordered = sorted(tests, key=lambda name: known.tests[name].wall_s)
                    found[path, mutant.lines[0]].append(Chosen(mutant, ordered))
    lines = sorted(found)
    random.Random(seed).shuffle(lines)
    # Drawn for each line by itself: a larger count adds mutants and changes none.
    return [random.Random(f"{seed} {line}").choice(found[line]) for line in lines[:count]]


def run_all(known: Known, todo: list[Chosen], workers: int, until: float, results: Path) -> None:
    """Run mutants side by side until all are done or the time is over."""
    waiting: queue.SimpleQueue[Chosen] = queue.SimpleQueue()
    for one in todo:
        waiting.put(one)
    writing, stop = threading.Lock(), threading.Event()

    def work() -> None:
        with tempfile.TemporaryDirectory(prefix="helpdesk-mutation-") as folder:
            worker = Worker(Path(folder), known)
            if failed := worker.run(todo[0].tests[:_FIRST])["failed"]:
                print(f"{failed} fails without any mutant: nothing is run", file=sys.stderr)
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
        print("stopping when the mutants that are being run are done", file=sys.stderr)
        stop.set()
        for thread in threads:
            thread.join()


class Worker:
    """A copy of the checkout, with a warm process in it that runs tests."""

    def __init__(self, folder: Path, known: Known) -> None:
        self._known = known
        self._answer = folder / "answer"
        self._checkout = Path(shutil.copytree(CHECKOUT, folder / "checkout", symlinks=True))
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.mutation.warm", FOLDER / "noted.json"],
            cwd=self._checkout,
            # Compiled files are told from changed sources by the second: none may be written.
            env={**os.environ, "PYTHONPATH": str(self._checkout), "PYTHONDONTWRITEBYTECODE": "1"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,  # Ctrl+C is for the program that waits for it
        )

    def judge(self, chosen: Chosen) -> dict[str, Any]:
        """Run the tests of one mutant; return what is written down of it."""
        mutant = chosen.mutant
        file = self._checkout / mutant.path
        file.write_bytes(mutant.apply(file.read_bytes()))
        try:
            first, rest = chosen.tests[:_FIRST], chosen.tests[_FIRST:]
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
        """Run tests until one fails; return the answer of the warm process."""
        usual = [self._known.tests[name] for name in tests]
        cpu_s = int(_LONGER * sum(one.cpu_s for one in usual)) + _START_UP_S
        wall_s = _LONGER * (sum(one.wall_s for one in usual) + _START_UP_S)
        job = {"tests": tests, "answer": str(self._answer), "cpu_s": cpu_s, "wall_s": wall_s}
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(job) + "\n")
        self._process.stdin.flush()
        answer: dict[str, Any] = json.loads(self._process.stdout.readline())
        return answer

    def end(self) -> None:
        """Let the process end."""
        self._process.communicate()


def read_results(file: Path) -> list[dict[str, Any]]:
    """Return the results, of each mutant the last one."""
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
