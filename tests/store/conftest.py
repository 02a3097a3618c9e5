"""Run the tests of this folder on both engines."""

import pytest


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest) -> str:
    """The database engine of the desk."""
    return str(request.param)
