"""Parse TOML and JSON written by others: whatever is too deep or too large is one kind of error."""

import json
import math
import tomllib
from typing import Any

#: How deeply values may be nested; nothing that the program reads needs a quarter of it.
_DEPTH_LIMIT = 40
_BYTE_ORDER_MARK = "\ufeff"


def parse_toml(text: str) -> dict[str, Any]:
    """Return the values of a TOML text, which may begin with a byte order mark.

    :raises tomllib.TOMLDecodeError: if it is not valid, too deeply nested, or has a number of
        thousands of digits.
    """
    try:
        found = tomllib.loads(text.removeprefix(_BYTE_ORDER_MARK))
        _require_shallow(found)
    except tomllib.TOMLDecodeError:
        raise
    except (RecursionError, ValueError) as error:
        raise tomllib.TOMLDecodeError(_reason(error)) from None
    return found


def parse_json(text: str | bytes) -> object:
    """Return the value of a JSON text, which may begin with a byte order mark.

    :raises ValueError: if it is not valid, too deeply nested, or has a number that is not finite.
    """
    if isinstance(text, str):
        text = text.removeprefix(_BYTE_ORDER_MARK)
    try:
        found: object = json.loads(text, parse_float=_finite, parse_constant=_finite)
        _require_shallow(found)
    except RecursionError as error:
        raise ValueError(_reason(error)) from None
    return found


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(f"the number {text[:40]} is too large")
    return number


def _require_shallow(value: object) -> None:
    level = [value]
    for _ in range(_DEPTH_LIMIT):
        level = [
            item
            for each in level
            if isinstance(each, dict | list)
            for item in (each.values() if isinstance(each, dict) else each)
        ]
    if level:
        raise RecursionError


def _reason(error: Exception) -> str:
    if isinstance(error, RecursionError):
        return f"it is nested more than {_DEPTH_LIMIT} levels deep"
    return "a number has too many digits" if "digits" in str(error) else str(error)
