"""How many examples Hypothesis tries in a property test.

``HELPDESK_EXAMPLES=5000 pytest tests/domain`` tries that many in each test; the target ``quick``
tries :data:`QUICK`.
"""

import os
from collections.abc import Callable
from typing import TypeVar

from hypothesis import HealthCheck, settings

VARIABLE = "HELPDESK_EXAMPLES"
QUICK = 20

_Test = TypeVar("_Test", bound=Callable[..., object])


def examples(count: int) -> Callable[[_Test], _Test]:
    """Return a decorator: try ``count`` examples, or as many as the environment asks for."""
    return settings(max_examples=int(os.environ.get(VARIABLE, "0")) or count)


def load_profile() -> None:
    """Set the settings of all property tests; call it before the test modules are imported.

    Deadlines and the check "too slow" are off, because they depend on the machine.
    """
    settings.register_profile(
        "helpdesk",
        max_examples=int(os.environ.get(VARIABLE, "0")) or 100,
        deadline=None,
        suppress_health_check=[
            HealthCheck.too_slow,
            HealthCheck.data_too_large,
            HealthCheck.function_scoped_fixture,
        ],
    )
    settings.load_profile("helpdesk")
