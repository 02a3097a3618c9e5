"""Mutation testing: change single lines of the program and see whether a test fails.

    python -m tests.mutation --seed 1 --count 300 --minutes 90

1. The checkout is copied to ``build/mutation/checkout``, and the suite runs there once, on SQLite.
   This records which test executes which line, and how long each test takes.
2. Mutants are drawn at random, with the seed, from the code of functions that a test executes
   (``mutants.py``).
3. Each mutant is run in a temporary copy against the tests that execute its line, the fastest
   first, until one fails.  A mutant that takes more than three times the usual time of the tests
   counts as killed, too.

The same command continues a run that was stopped or whose minutes were over: the results are in
``build/mutation/results-SEED.jsonl``.  ``--survivors`` runs the surviving mutants again;
``--fresh`` takes a new copy and starts over.
"""
