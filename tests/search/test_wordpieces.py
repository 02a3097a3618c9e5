"""The tokenizer cuts texts into the same pieces as the reference tokenizer of the model.

``tests/data/wordpieces.json`` contains the results of the reference (the package ``tokenizers``)
for texts in many scripts, and for every character of the common Unicode blocks.
"""

import json
from pathlib import Path

import pytest

from helpdesk.search import tokenizer
from helpdesk.search.tokenizer import WordPieces

_RECORDED = Path(__file__).resolve().parents[1] / "data" / "wordpieces.json"
#: The maximum number of pieces of a text.
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


def test_special_tokens_in_a_text_are_plain_text(
    pieces: WordPieces, numbers: dict[str, int]
) -> None:
    """A title that contains [SEP] does not end there."""
    assert pieces.numbers("[SEP]") == [
        numbers[piece] for piece in ("[CLS]", "[", "sep", "]", "[SEP]")
    ]
