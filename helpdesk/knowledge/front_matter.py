"""The front matter of an article: YAML between two ``---`` lines.

Files of other tools can be read as well: unknown keys are ignored, and a file without front matter
is an article too.  The values of known keys must have the right type.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import yaml

from helpdesk.domain.errors import RefusedError
from helpdesk.domain.span import SpanFormat, SpanUnit
from helpdesk.knowledge.statuses import STATUSES

_LIMIT = 64 * 1024
_FENCE = "---"
# The C loader is ten times as fast; a build without libyaml lacks it.
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

KINDS = ("article", "sop")
#: The keys that this program uses.
KEYS = (
    "title", "kind", "tags", "aliases", "service", "status", "owner", "reviewed", "review_every",
    "answer", "submitted_by", "approved_by", "approved",
    "aliases_of",
)  # fmt: skip
#: The key of the aliases in another language, such as ``aliases_de``.
_TRANSLATED_ALIASES = re.compile(r"aliases_(?!of)([a-z]{2})")
_REVIEW = SpanFormat(
    {"d": SpanUnit.DAY, "w": SpanUnit.WEEK, "m": SpanUnit.MONTH, "y": SpanUnit.YEAR},
    count="[1-9][0-9]{0,3}",
)


class BrokenArticleError(RefusedError):
    """A file that cannot be read as an article.

    :ivar line: the line of the mistake, from 1.
    :ivar problem: what is wrong, without path and line.
    """

    def __init__(self, path: str, line: int, problem: str) -> None:
        super().__init__(f"{path}, line {line}: {problem}.")
        self.line = line
        self.problem = problem


def is_known_key(key: str) -> bool:
    """Whether this program uses the key."""
    return key in KEYS or _TRANSLATED_ALIASES.fullmatch(key) is not None


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """The values of the front matter; missing ones have their defaults.

    :ivar own: whether it has a ``kind``: then it was written for this program and must follow its
        rules.
    :ivar review_every: how long a review is valid; None: as the desk's policy says.
    :ivar answer: the heading of the section that can be sent; "" for ``Answer``.
    :ivar aliases_of: the former paths of the article.
    :ivar submitted_by: who asked for a review, a login.
    :ivar approved_by: who approved that it is published, a login.
    :ivar translated_aliases: the aliases in other languages, as (code, aliases) pairs.
    :ivar body_line: the line on which the body begins, from 1.
    :ivar lines: every key with its line, in order.
    """

    title: str = ""
    kind: str = "article"
    status: str = "published"
    tags: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    service: str = ""
    owner: str = ""
    reviewed: date | None = None
    review_every: timedelta | None = None
    own: bool = False
    answer: str = ""
    aliases_of: tuple[str, ...] = ()
    submitted_by: str = ""
    approved_by: str = ""
    approved: date | None = None
    translated_aliases: tuple[tuple[str, tuple[str, ...]], ...] = ()
    body_line: int = 1
    lines: tuple[tuple[str, int], ...] = ()

    def line_of(self, key: str) -> int:
        """Return the line of the file with this key; 1 if there is none."""
        return next((line for name, line in self.lines if name == key), 1)


def split_front_matter(path: str, text: str) -> tuple[FrontMatter, str]:
    """Split a file into its front matter and its body.

    :raises BrokenArticleError: if the front matter is not closed, too large, not valid YAML, or
        has a value of the wrong type.
    """
    lines = text.split("\n")
    if lines[0].rstrip() != _FENCE:
        return FrontMatter(), text
    end = next((n for n, line in enumerate(lines[1:], 1) if line.rstrip() in (_FENCE, "...")), None)
    if end is None:
        raise BrokenArticleError(path, 1, "the front matter is not closed by a line '---'")
    head = "\n".join(lines[1:end])
    if len(head) > _LIMIT:
        raise BrokenArticleError(path, 1, f"the front matter is over {_LIMIT // 1024} KiB")
    values, key_lines = _load(path, head)
    return _Reader(path, key_lines).front_matter(values, end + 2), "\n".join(lines[end + 1 :])


def _load(path: str, head: str) -> tuple[Mapping[str, Any], dict[str, int]]:
    """Return the values by key, and the line of each key in the file."""
    try:
        if "&" in head or "*" in head:
            _forbid_aliases(path, head)
        node, values = _parse(head)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        problem = error.problem or error.context or "it cannot be read"
        line = mark.line + 2 if mark else 2
        raise BrokenArticleError(path, line, f"broken YAML: {problem}") from error
    except (yaml.YAMLError, ValueError, RecursionError, OverflowError) as error:
        first = (str(error).splitlines() or ["it cannot be read"])[0]
        raise BrokenArticleError(path, 2, f"broken YAML: {first}") from error
    if values is None:
        return {}, {}
    if not isinstance(values, dict):
        raise BrokenArticleError(path, 2, "the front matter is not a list of 'key: value' lines")
    return values, _key_lines(path, node)


def _forbid_aliases(path: str, head: str) -> None:
    """Refuse anchors and aliases, with which a few lines can expand to gigabytes."""
    for event in yaml.parse(head, Loader=_Loader):
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            line = event.start_mark.line + 2 if event.start_mark else 2
            raise BrokenArticleError(path, line, "YAML anchors and aliases are not allowed")


def _parse(head: str) -> tuple[Any, Any]:
    """Return the YAML node and its value; (None, None) if the document is empty.

    Of another tool's file only the title is made a value, as nothing else of it is used.
    """
    loader = _Loader(head)
    try:
        node = loader.get_single_node()
        if not isinstance(node, yaml.MappingNode) or "kind" in _names(node):
            return node, None if node is None else loader.construct_document(node)
        titles = [value for key, value in node.value if key.value == "title"]
        return node, {"title": loader.construct_object(titles[-1], deep=True)} if titles else {}
    finally:
        loader.dispose()


def _names(node: yaml.MappingNode) -> set[str]:
    return {str(key.value) for key, _value in node.value}


def _key_lines(path: str, node: Any) -> dict[str, int]:
    lines: dict[str, int] = {}
    for key, _ in node.value:
        line = key.start_mark.line + 2
        name = str(key.value)
        # Without this check, YAML would silently use the later one.
        if is_known_key(name) and name in lines:
            raise BrokenArticleError(
                path, line, f"'{name}' stands on line {lines[name]} already: keep one of them"
            )
        lines.setdefault(name, line)
    return lines


def _translated(values: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return each key with aliases in another language, with the language's code."""
    found = ((key, _TRANSLATED_ALIASES.fullmatch(str(key))) for key in values)
    return [(key, match[1]) for key, match in found if match]


class _Reader:
    """Reads the known keys; an error names the line of the key."""

    def __init__(self, path: str, key_lines: Mapping[str, int]) -> None:
        self._path = path
        self._key_lines = key_lines

    def front_matter(self, values: Mapping[str, Any], body_line: int) -> FrontMatter:
        own = "kind" in values
        # In files of other tools, keys of the same names may have any values.
        strict = values if own else {"title": values.get("title")}
        return FrontMatter(
            title=" ".join(self._text(strict, "title").split()),
            kind=self._choice(strict, "kind", KINDS, "article"),
            status=self._choice(strict, "status", STATUSES, "published"),
            tags=self._texts(strict, "tags"),
            aliases=self._texts(strict, "aliases"),
            service=self._text(strict, "service"),
            owner=self._text(strict, "owner"),
            reviewed=self._date(strict, "reviewed"),
            review_every=self._span(strict, "review_every"),
            own=own,
            aliases_of=self._texts(strict, "aliases_of"),
            submitted_by=self._text(strict, "submitted_by"),
            approved_by=self._text(strict, "approved_by"),
            approved=self._date(strict, "approved"),
            answer=" ".join(self._text(strict, "answer").lstrip("#").split()),
            translated_aliases=tuple(
                (language, self._texts(strict, key)) for key, language in _translated(strict)
            ),
            body_line=body_line,
            lines=tuple(self._key_lines.items()),
        )

    def _text(self, values: Mapping[str, Any], key: str) -> str:
        value = values.get(key)
        if value is None:
            return ""
        if isinstance(value, str | int | float | date) and not isinstance(value, bool):
            return str(value).strip()
        raise self._wrong(key, "must be a text")

    def _choice(
        self, values: Mapping[str, Any], key: str, known: tuple[str, ...], default: str
    ) -> str:
        value = values.get(key, default)
        if value not in known:
            raise self._wrong(key, f"must be one of {', '.join(known)}")
        return str(value)

    def _texts(self, values: Mapping[str, Any], key: str) -> tuple[str, ...]:
        value = values.get(key)
        if value is None:
            return ()
        entries = [value] if isinstance(value, str) else value
        if not isinstance(entries, list) or not all(
            isinstance(entry, str | int | float) for entry in entries
        ):
            raise self._wrong(key, "must be a list of texts")
        return tuple(text for entry in entries if (text := " ".join(str(entry).split())))

    def _date(self, values: Mapping[str, Any], key: str) -> date | None:
        value = values.get(key)
        if isinstance(value, datetime):
            return value.date()
        if value is None or isinstance(value, date):
            return value
        raise self._wrong(key, "must be a date such as 2026-11-24")

    def _span(self, values: Mapping[str, Any], key: str) -> timedelta | None:
        value = values.get(key)
        if value is None:
            return None
        parts = _REVIEW.read(str(value).strip())
        if not parts:
            raise self._wrong(key, "must be a span such as 90d, 26w, 6m or 2y")
        return timedelta(seconds=parts[0].seconds)

    def _wrong(self, key: str, problem: str) -> BrokenArticleError:
        return BrokenArticleError(self._path, self._key_lines.get(key, 2), f"'{key}' {problem}")
