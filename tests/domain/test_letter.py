"""The greeting and the signature of an earlier reply are for one reader only."""

import pytest

from helpdesk.domain.letter import without_greeting_and_signature

_BODY = "The driver was old.\n\n1. Restart it.\n2. Print the test page."


@pytest.mark.parametrize(
    "greeting",
    [
        "Hi Mara,\n\n", "Hello,\n", "Dear Mr. O'Neill:\n\n", "hi mara!\n\n", "Mara,\n\n",
        "Dear all\n\n", "Good morning Anna-Lena,\n\n", "Sehr geehrte Frau Dr. Weber,\n\n",
        "Hallo zusammen,\n\n", "Guten Tag,\n\n", "Bonjour Madame Dupont,\n\n", "Hola María,\n\n",
        "Dzień dobry Ewa,\n\n", "Dobrý den Jano,\n\n", "Ken様\n\n", "Hi Mara, ", "Hello Mara - ",
    ],
)  # fmt: skip
@pytest.mark.parametrize(
    "signature",
    [
        "", "\n\nBest regards\nAnn, Help desk", "\n\nKind regards, Ann", "\n\nThanks, Ann",
        "\n\nRegards,\nAnn Lee\nHelp desk\n+49 30 1234", "\n-- \nAnn\nhttps://example.org",
        "\n\nMit freundlichen Grüßen\nAnna Schmidt", "\n\nViele Grüße, Anna",
        "\n\nCordialement,\nAnn", "\n\nann", "\n\nAnn Lee",
        "\n\nAnn\n\nOn Mon, 3 Feb 2025 Mara Ortiz wrote:\n> it broke\n> help",
    ],
)  # fmt: skip
def test_greeting_and_signature_are_left_out(greeting: str, signature: str) -> None:
    letter = f"{greeting}{_BODY}{signature}"
    assert without_greeting_and_signature(letter, ["ann"]) == _BODY


@pytest.mark.parametrize(
    "text",
    [
        "Hello world prints an error. Restart it.",
        "Fixed",
        "Thanks for the details, they helped: restart it.",
        "Windows Update, then restart.",
        "Restart it.\n\nThank you for your patience with this long outage.",
        "Best to restart it.\n\n1. Stop\n2. Start",
        "Open Settings, Mail, Accounts\nand choose Add.",
        "Ask Ann.",
    ],
)
def test_what_helps_anybody_stays(text: str) -> None:
    assert without_greeting_and_signature(text, ["ann"]) == text
