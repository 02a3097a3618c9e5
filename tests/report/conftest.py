"""What is tested here is tested on both engines."""

import pytest


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest) -> str:
    """The kind of database that the desk is kept in."""
    return str(request.param)
