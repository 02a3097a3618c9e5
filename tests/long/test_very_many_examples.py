"""Property tests with very many examples, in batches that take a few minutes each.

    pytest -n 2 -m long tests/long

Each batch is a separate test with its own seed.  The batches that passed are recorded in
``build/long-progress.jsonl``: the same command skips them until the code changes.
"""

import os
import subprocess
import sys
from importlib import import_module

import pytest
from hypothesis import is_hypothesis_test

from tests.examples import VARIABLE
from tests.targets import ROOT

#: For each module of property tests: the number of examples in a batch, and of batches.
_MODULES = {
    "tests.domain.test_sla_properties": (5_000, 20),
    "tests.domain.test_support_properties": (5_000, 20),
    "tests.desk.test_scheduler": (200, 10),
    "tests.desk.test_sla_clocks": (200, 10),
}
_BATCHES = [
    pytest.param(module, name, count, seed, id=f"{name}-{seed}")
    for module, (count, batches) in _MODULES.items()
    for name, test in vars(import_module(module)).items()
    if is_hypothesis_test(test)
    for seed in range(1, batches + 1)
]


@pytest.mark.long
@pytest.mark.parametrize(("module", "name", "count", "seed"), _BATCHES)
def test_a_property_holds(module: str, name: str, count: int, seed: int) -> None:
    test = f"{module.replace('.', '/')}.py::{name}"
    options = ("-q", "-n", "0", "-m", "not bench", "--timeout=0", f"--hypothesis-seed={seed}")
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *options, test],
        cwd=ROOT,
        env={**os.environ, VARIABLE: str(count)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    assert " passed" in done.stdout
