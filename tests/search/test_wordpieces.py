"""Texts are cut into the pieces into which the encoder's own tokenizer cuts them.

``tests/data/wordpieces.json`` holds what that tokenizer (the package ``tokenizers``) made of texts
in many scripts, and of every character of the blocks that people type.
"""

import json
from pathlib import Path

import pytest

from helpdesk.search import tokenizer
from helpdesk.search.tokenizer import WordPieces

_RECORDED = Path(__file__).resolve().parents[1] / "data" / "wordpieces.json"
#: As many pieces as are taken of a text.
_MOST = 48


@pytest.fixture(scope="module")
def pieces() -> WordPieces:
    """The list of pieces, read once."""
    return WordPieces()


@pytest.fixture(scope="module")
def numbers() -> dict[str, int]:
    """The number of each piece: its line in the list."""
    file = Path(tokenizer.__file__).with_name("wordpieces.txt")
    return {piece: number for number, piece in enumerate(file.read_text("utf-8").split("\n"))}


def test_the_pieces_are_those_of_the_reference(pieces: WordPieces, numbers: dict[str, int]) -> None:
    cases = json.loads(_RECORDED.read_text("utf-8"))["cases"]
    assert len(cases) > 300
    for text, recorded in cases:
        expected = [numbers[piece] for piece in ("[CLS]", *recorded.split()[:_MOST], "[SEP]")]
        assert pieces.numbers(text) == expected, text


def test_the_words_of_the_reference_for_itself_are_plain_text_here(
    pieces: WordPieces, numbers: dict[str, int]
) -> None:
    """Nobody ends a title by typing what means the end."""
    assert pieces.numbers("[SEP]") == [
        numbers[piece] for piece in ("[CLS]", "[", "sep", "]", "[SEP]")
    ]
