"""Find the text of a field in a row of the file."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from helpdesk.domain.csv_safety import unescape_cell

_FIELD = re.compile(r"\{([^{}]+)\}")
_CLOSING = {"(": ")", "[": "]", "<": ">", "«": "»", '"': '"'}
#: What joins the parts of a template, and stands alone where a part is missing.
_JOINTS = " \t,;:/|-–—·)]>»"


@dataclass(frozen=True, slots=True)
class FieldSpec:
    """How the text of a field is found in a row.

    :ivar columns: the first of these that is not empty is used.
    :ivar template: a text with column names in braces, used instead of ``columns``; or "".
    :ivar pattern: the part of the text that is used: its first group, or all that it matches.
    :ivar from_first: whether it is that of the ticket's first row, not of its last.
    """

    columns: tuple[str, ...] = ()
    template: str = ""
    pattern: re.Pattern[str] | None = None
    from_first: bool = False

    @property
    def names(self) -> tuple[str, ...]:
        """The columns that it is read from."""
        return self.columns or tuple(_FIELD.findall(self.template))

    @property
    def words(self) -> str:
        """Where it is found, for a sentence."""
        return self.template or " or ".join(self.columns)


class FieldReader:
    """Reads fields; values that mean "not known" are empty."""

    def __init__(self, missing: frozenset[str]) -> None:
        self._missing = missing

    def read(self, values: Mapping[str, Any], spec: FieldSpec) -> str:
        """Return the text of a field; "" if it is not known."""
        if spec.template:
            text = fill(spec.template, lambda column: self.column(values, column))
        else:
            text = next(
                (found for column in spec.columns if (found := self.column(values, column))), ""
            )
        if spec.pattern is None or not text:
            return text
        match = spec.pattern.search(text)
        return (match[1 if spec.pattern.groups else 0] or "").strip() if match else ""

    def reader(self, spec: FieldSpec) -> Callable[[Mapping[str, Any]], str]:
        """Return a function that reads a field; the common kind, one column, is read fast."""
        if spec.template or spec.pattern is not None or len(spec.columns) != 1:
            return partial(self.read, spec=spec)
        (column,) = spec.columns
        missing = self._missing

        def read(values: Mapping[str, Any]) -> str:
            value = values.get(column)
            if type(value) is not str:
                return self.column(values, column)
            text = value.strip()
            if text in missing:
                return ""
            return unescape_cell(text) if text[:1] == "'" else text

        return read

    def column(self, values: Mapping[str, Any], column: str) -> str:
        """Return the text of one column."""
        value = values[column] if column in values else look_up(values, column)
        if isinstance(value, list):
            return next((text for item in value if (text := self._text(item))), "")
        return self._text(value)

    def _text(self, value: Any) -> str:
        if value is None or isinstance(value, dict | list):
            return ""
        if isinstance(value, bool):
            return "true" if value else "false"
        text = str(value).strip()
        if text.startswith("'"):
            text = unescape_cell(text)
        return "" if text in self._missing else text


def look_up(values: Mapping[str, Any], column: str) -> Any:
    """Return the value of a column; ``a.b`` is the value ``b`` in the object ``a`` (JSON)."""
    if column in values:
        return values[column]
    head, _, rest = column.partition(".")
    inner = values.get(head)
    return look_up(inner, rest) if rest and isinstance(inner, dict) else None


def fill(template: str, value_of: Callable[[str], str]) -> str:
    """Return a template with its values.

    A value that is missing is left out together with the text before it, and the bracket that the
    text opens is not closed.  Without any value the result is empty.

    :param value_of: returns the value of a column, "" if it is missing.
    """
    pieces = _FIELD.split(template)
    literals, columns = pieces[::2], pieces[1::2]
    if not columns:
        return template
    text, opened, last = "", "", ""
    for literal, column in zip(literals, columns, strict=False):
        if opened and literal.lstrip().startswith(_CLOSING[opened]):
            literal = literal.lstrip()[1:]
        opened = ""
        last = value_of(column)
        if last:
            # After a missing value the text before this one may only join it to that.
            text += (literal if text or column == columns[0] else literal.lstrip(_JOINTS)) + last
        else:
            opened = next((char for char in reversed(literal) if char in _CLOSING), "")
    if last:
        text += literals[-1]
    return text
