"""TOML and JSON that is too deep or too large is refused like any other mistake."""

import tomllib

import pytest

from helpdesk.domain.parsing import parse_json, parse_toml


@pytest.mark.parametrize("depth", [41, 300, 5_000, 100_000])
def test_deep_documents_are_refused(depth: int) -> None:
    with pytest.raises(tomllib.TOMLDecodeError, match="nested more than 40 levels"):
        parse_toml(f"a = {'[' * depth}{']' * depth}")
    with pytest.raises(ValueError, match="nested more than 40 levels"):
        parse_json("[" * depth + "1" + "]" * depth)


def test_long_and_infinite_numbers_are_refused() -> None:
    with pytest.raises(tomllib.TOMLDecodeError, match="too many digits"):
        parse_toml(f"a = {'9' * 5_000}")
    for number in ("1e400", "Infinity", "NaN"):
        with pytest.raises(ValueError, match="too large"):
            parse_json(f'{{"a": {number}}}')


def test_what_people_write_is_read() -> None:
    assert parse_toml("[a.b]\nc = [[1, 2]]") == {"a": {"b": {"c": [[1, 2]]}}}
    assert parse_json('{"a": [1.5, "é"]}') == {"a": [1.5, "é"]}
