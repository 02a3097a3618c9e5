"""Bytes from a terminal become keys and pastes, however they arrive and whatever they are."""

import random
import time

import pytest
from textual import events
from textual.message import Message

from helpdesk.text_encoding import input_encoding
from helpdesk.tui.terminal.typed_bytes import TypedBytes, key_delay_s
from tests.tui.test_received import ANSWERS


def names(found: list[Message]) -> list[str]:
    """Return the keys and pastes in short."""
    return [
        event.key if isinstance(event, events.Key) else f"paste {event.text}"
        for event in found
        if isinstance(event, (events.Key, events.Paste))
    ]


def read(typed: TypedBytes, *parts: bytes) -> list[str]:
    """Return what bytes become that arrive in parts, within the delay of a key."""
    found: list[Message] = []
    for part in parts:
        found += [*typed.feed(part), *typed.tick()]
    return names(found)


@pytest.mark.parametrize(
    ("key", "name"),
    [
        *((b"\x1b[A", "up"), (b"\x1bOQ", "f2"), (b"\x1b[15~", "f5"), (b"\x1b[1;5C", "ctrl+right")),
        *((b"\x1b[[A", "f1"), (b"\x1b[5~", "pageup"), (b"\x1b[Z", "shift+tab")),
    ],
)
def test_the_parts_of_one_key_that_arrive_apart_are_one_key(key: bytes, name: str) -> None:
    parts = [key[place : place + 1] for place in range(len(key))]
    assert read(TypedBytes("utf-8", 60), *parts) == [name]
    assert read(TypedBytes("utf-8", 60), key + b"x") == [name, "x"]


def test_escape_is_a_key_when_nothing_follows_it_or_another_key_does() -> None:
    at_once = TypedBytes("utf-8", 0)
    assert read(at_once, b"\x1b") == ["escape"]
    patient = TypedBytes("utf-8", 60)
    assert read(patient, b"\x1b", b"j") == ["escape", "j"]
    assert read(patient, b"\x1b\x1b[A") == ["escape", "up"]


def test_a_sequence_whose_end_does_not_come_is_no_key() -> None:
    assert read(TypedBytes("utf-8", 0), b"\x1b[", b"x") == ["x"]
    assert read(TypedBytes("utf-8", 60), b"\x1b[?64;1;2c", b"x") == ["x"]  # an unknown report


@pytest.mark.parametrize("answer", ANSWERS)
def test_answers_of_the_terminal_that_arrive_slowly_are_no_keys(answer: str) -> None:
    for whole in (answer, f"{answer}x"):
        sent = whole.encode()
        parts = [sent[place : place + 1] for place in range(len(sent))]
        assert read(TypedBytes("utf-8", 60), *parts) == (["x"] if whole != answer else [])
    cut = answer.encode()[:-1].removesuffix(b"\x1b")  # its end never comes
    assert read(TypedBytes("utf-8", 0), cut, b"x") == ["x"]


def test_escape_and_a_key_with_which_an_answer_begins_are_two_keys() -> None:
    for key, name in ((b"P", "P"), (b"_", "underscore"), (b"O", "O")):
        typed = TypedBytes("utf-8", 0.05)
        found = [*typed.feed(b"\x1b"), *typed.feed(key)]
        time.sleep(typed.wait_s)
        assert names([*found, *typed.tick()]) == ["escape", name]


def test_escape_sequences_in_a_paste_are_no_keys() -> None:
    text = b"one\x1b[Z\x1b[Atwo\x1b[31m\rthree\x1b\x1b]0;title\x07\tend"
    pasted = b"\x1b[200~" + text + b"\x1b[201~k"
    for step in (1, 3, 200):
        parts = [pasted[place : place + step] for place in range(0, len(pasted), step)]
        assert read(TypedBytes("utf-8", 60), *parts) == [f"paste {text.decode()}", "k"]


def test_letters_follow_the_encoding_of_the_locale() -> None:
    for environment, encoding in (
        ({"LANG": "de_DE.ISO-8859-1"}, "iso8859-1"),
        ({"LANG": "C"}, "utf-8"),
        ({"LC_ALL": "de_DE.ISO-8859-15@euro", "LANG": "C.UTF-8"}, "iso8859-15"),
        ({"LANG": "xx.unheard-of"}, "utf-8"),
        ({}, "utf-8"),
    ):
        assert input_encoding(environment) == encoding
    assert read(TypedBytes("iso8859-15", 60), b"\xa4") == ["euro_sign"]
    assert read(TypedBytes("utf-8", 60), "ü".encode()[:1], "ü".encode()[1:]) == ["ü"]
    assert read(TypedBytes("utf-8", 60), b"\xfc", b"x") == ["ü", "x"]


def test_the_delay_is_longer_over_ssh_and_can_be_set() -> None:
    assert key_delay_s({}) < key_delay_s({"SSH_CONNECTION": "a 1 b 22"})
    assert key_delay_s({"SSH_TTY": "x", "ESCDELAY": "1500"}) == 1.5
    assert key_delay_s({"ESCDELAY": "soon"}) == key_delay_s({})


def test_no_bytes_raise_an_error() -> None:
    dice = random.Random(25)
    pieces = [
        b"\x1b",
        b"\x1b[",
        b"\x1b[<",
        b"99999999999;",
        b"u",
        b"M",
        b"\x1b[48;9;9;9;9t",
        b"\x1bO",
    ]
    pieces += [b"\x1b[200~", b"\x1b[201~", b"\xff", b"\xc3", b"9", b";", b":", b"~", b"R", b"\x00"]
    pieces += [b"\x1b[99999999999u", b"\x1b[1114112;1u", b"\x1b[1;1;55555555u"]
    for delay in (0.0, 60.0):
        typed = TypedBytes("utf-8", delay)
        for _ in range(3000):
            read(typed, b"".join(dice.choices(pieces, k=dice.randrange(1, 5))))
        assert read(typed, b"\x1b[201~" + bytes(200), b"x")[-1] == "x"
