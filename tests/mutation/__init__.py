"""Change single lines of the program, and see whether a test notices.

    python -m tests.mutation --seed 1 --count 300 --minutes 90

1. The checkout is copied to ``build/mutation/checkout``, and the suite runs there once, on SQLite:
   which test executes which line, and how long each takes, is kept beside the copy.
2. So many mutants are drawn at random with the seed, from what stands in functions and is executed
   by a test (``mutants.py``).
3. Each is run in a temporary copy against the tests that execute its line, the fastest first,
   until one fails.  A mutant that takes more than three times the tests' usual time is killed too.

A run that was stopped, or whose minutes were over, goes on with the same command: the results are
in ``build/mutation/results-SEED.jsonl``.  ``--survivors`` runs those that survived again,
``--fresh`` takes a new copy and starts over.
"""
