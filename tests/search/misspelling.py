"""Made-up typing errors: a letter left out, two swapped, a neighbouring key, a letter doubled."""

import random

_KEYBOARD = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_NEIGHBOUR = {
    row[place]: row[place + 1] if place + 1 < len(row) else row[place - 1]
    for row in _KEYBOARD
    for place in range(len(row))
}


def misspell(text: str, chance: random.Random, share: float = 0.2) -> str:
    """Return the text with about this share of its longer words misspelt."""
    return " ".join(
        _misspell_word(word, chance) if len(word) > 3 and chance.random() < share else word
        for word in text.split()
    )


def _misspell_word(word: str, chance: random.Random) -> str:
    place = chance.randrange(1, len(word) - 1)
    before, letter, after = word[:place], word[place], word[place + 1 :]
    return chance.choice(
        (
            before + after,
            before + after[0] + letter + after[1:],
            before + _NEIGHBOUR.get(letter.lower(), letter) + after,
            before + letter + letter + after,
        )
    )
