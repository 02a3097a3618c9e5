"""The query language: what is accepted, what is refused and where, and the way back to text."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk.domain.query import (
    FIELDS,
    Comparison,
    FieldKind,
    Op,
    QueryError,
    RelativeTime,
    Sort,
    TextTerm,
    TicketQuery,
    complete,
    parse,
)
from helpdesk.domain.query.fields import SORTS
from helpdesk.domain.text import accept


def test_every_part_of_the_language_is_read() -> None:
    read = parse('state:open queue:L2 due<4h -tag:vip,"big one" "error 0x80" wifi sort:-created')
    assert read.terms == (
        Comparison("state", Op.IS, ("open",)),
        Comparison("queue", Op.IS, ("L2",)),
        Comparison("due", Op.LESS, (RelativeTime(4, "h"),)),
        Comparison("tag", Op.IS, ("vip", "big one"), negated=True),
        TextTerm("error 0x80"),
        TextTerm("wifi"),
    )
    assert read.sort == Sort("created", descending=True)
    assert parse("created>=2026-11-01 handovers>=2 reopened>0").terms == (
        Comparison("created", Op.AT_LEAST, (datetime(2026, 11, 1),)),  # noqa: DTZ001  (of this host)
        Comparison("handovers", Op.AT_LEAST, (2,)),
        Comparison("reopened", Op.MORE, (0,)),
    )
    assert parse("Queue:l1 PRIORITY:p2").terms == parse("queue:L1 priority:P2").terms
    assert parse("created:>2d") == parse("created>2d")
    assert parse("  ") == TicketQuery()


@pytest.mark.parametrize(
    ("text", "at", "sentence"),
    [
        ("sate:open", 0, "is it state?"),
        ("queue:L1 -quue:L2", 10, "is it queue?"),
        ("http://x", 0, "use quotation marks"),
        ("state:opn", 6, "'opn' is no value of state: use one of new, open"),
        ("queue:L1,L9", 9, "'L9' is no value of queue"),
        ("queue>L1", 5, "cannot be compared with < or >"),
        ("kind: change", 5, "kind: needs a value"),
        ("due<soon", 4, "use a span such as 30m"),
        ("due:4h", 4, "a span needs < or >, as in due<4h"),
        ("due<1h,2h", 7, "due< takes one value"),
        ('"never closed', 0, "never closed"),
        ('service:"vpn', 8, "never closed"),
        ('x ""', 2, "nothing between"),
        ("wifi -", 6, "'-' stands alone"),
        ("sort:colour", 5, "sort: needs one of due, created"),
        ("-sort:due", 0, "sort:-created"),
        ("handovers>many", 10, "use a whole number"),
        ("parent:bob", 7, "use a ticket's number"),
        ("x" * 2001, 2000, "at most 2,000"),
        ("a " * 60, 101, "more than 50 terms"),
    ],
)
def test_a_mistake_is_named_with_its_place(text: str, at: int, sentence: str) -> None:
    with pytest.raises(QueryError) as caught:
        parse(text)
    assert sentence in str(caught.value)
    assert caught.value.at == at


def test_the_caret_stands_under_the_place_and_nothing_reaches_the_terminal() -> None:
    with pytest.raises(QueryError) as caught:
        parse("queue:L1 state:opn due<4h")
    assert caught.value.caret == "queue:L1 state:opn due<4h\n               ^"
    with pytest.raises(QueryError) as caught:
        parse("\x1b[31mred " * 20 + "state:opn")
    line, caret = caught.value.caret.split("\n")
    assert "\x1b" not in line
    assert line[caret.index("^") :] == "opn"


@given(
    st.text(max_size=60) | st.from_regex(r'(-?[a-z]{1,9}[:<>"]=?[^ ]{0,5} ){1,4}', fullmatch=True)
)
def test_any_text_is_parsed_or_refused_with_a_query_error(text: str) -> None:
    try:
        read = parse(text)
    except QueryError as refused:
        error = refused
    else:
        assert parse(str(read)) == read
        return
    assert 0 <= error.at <= len(text)
    assert str(error).endswith((".", "?"))
    line, caret = error.caret.split("\n")
    assert len(caret) <= len(line) + 1


_NAMES = (
    st.text(min_size=1, max_size=12)
    .map(lambda text: " ".join(accept(text, "text").split()))
    .filter(bool)
)
_AGES = st.builds(RelativeTime, st.integers(0, 999_999), st.sampled_from("mhdw"))
_TIMES = st.datetimes().map(lambda at: at.replace(microsecond=0))


@st.composite
def _compared(draw: st.DrawFn) -> Comparison:
    field = FIELDS[draw(st.sampled_from(sorted(FIELDS)))]
    negated = draw(st.booleans())
    op = draw(st.sampled_from([*Op])) if field.is_ordered else Op.IS
    max_size = 3 if op is Op.IS else 1
    if field.kind is FieldKind.WORD:
        values: list[object] = draw(
            st.lists(st.sampled_from(field.words), min_size=1, max_size=max_size)
        )
    elif field.kind is FieldKind.NAME:
        names = _NAMES.filter(lambda name: name.lower() not in field.words or name in field.words)
        values = draw(st.lists(names, min_size=1, max_size=max_size))
    elif field.kind in (FieldKind.NUMBER, FieldKind.TICKET):
        values = draw(st.lists(st.integers(1, 99_999), min_size=1, max_size=max_size))
    else:
        kinds = _TIMES if op is Op.IS else _AGES | _TIMES
        values = draw(st.lists(kinds, min_size=1, max_size=max_size))
    return Comparison(field.name, op, tuple(values), negated)  # type: ignore[arg-type]


_WORDS = st.text(min_size=1).map(lambda text: accept(text, "text")).filter(str.strip)
_QUERIES = st.builds(
    TicketQuery,
    st.lists(
        _compared() | st.builds(TextTerm, _WORDS, st.booleans()),
        max_size=6,
    ).map(tuple),
    st.none() | st.builds(Sort, st.sampled_from(SORTS), st.booleans()),
)


@given(_QUERIES)
def test_what_is_written_is_read_back(query: TicketQuery) -> None:
    if len(str(query)) <= 2_000:
        assert parse(str(query)) == query


def test_a_span_is_as_long_as_it_says() -> None:
    assert [RelativeTime(2, unit).span for unit in "mhdw"] == [
        timedelta(minutes=2), timedelta(hours=2), timedelta(days=2), timedelta(weeks=2)
    ]  # fmt: skip


def _offered(text: str) -> list[str]:
    known = {"service": ["vpn", "big mail"], "assignee": ["ann"]}
    offers = complete(text, lambda field, _: known.get(field, []))
    return [completion.text for completion in offers]


def test_fields_and_values_are_completed() -> None:
    assert _offered("queue:L1 pri") == ["queue:L1 priority:"]
    assert _offered("-du") == ["-due<", "-duplicate:"]
    assert _offered("queue:L1,l") == [f"queue:L1,L{level}" for level in range(1, 5)]
    assert _offered("assignee:") == ["assignee:me", "assignee:none", "assignee:ann"]
    assert _offered('service:"b') == ['service:"none"', 'service:"vpn"', 'service:"big mail"'][1:]
    assert _offered("sort:-cr") == ["sort:-created"]
    assert _offered("foo:b") == []
    assert _offered('"in a phrase') == []
    assert "state:" in _offered("")


@given(st.text(max_size=30))
def test_completing_never_fails_and_goes_on_with_what_is_typed(text: str) -> None:
    for completion in complete(text, lambda *_: ["a b", "c"]):
        assert completion.text.startswith(text[: max(0, len(text) - 30)])
