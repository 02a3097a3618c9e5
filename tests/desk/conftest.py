"""Run the tests of this folder on both database backends."""

import pytest


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest) -> str:
    """The database backend of the desk."""
    return str(request.param)
