"""Hostile text is stored as it was received and made harmless when it is shown."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk.domain.errors import RefusedError
from helpdesk.domain.text import (
    accept,
    accept_subject,
    inert,
    inert_cells,
    inert_in_place,
    one_line,
)
from tests.hostile import code_points_among_others, hostile_texts
from tests.terminal_stream import harmful

_ANYTHING = st.text(st.characters(), max_size=200)


@given(_ANYTHING)
def test_no_control_or_bidi_character_is_ever_shown(text: str) -> None:
    for char in inert(text):
        code = ord(char)
        assert code >= 0x20 or char in "\t\n"
        assert not 0x7F <= code < 0xA0
        assert code not in {0x200E, 0x200F, 0xFEFF, *range(0x202A, 0x202F), *range(0x2066, 0x206A)}
        assert not 0xD800 <= code < 0xE000


@given(_ANYTHING)
def test_a_line_is_one_line(text: str) -> None:
    assert "\n" not in one_line(text)
    assert one_line(one_line(text)) == one_line(text)


@given(_ANYTHING)
def test_showing_a_shown_text_changes_nothing(text: str) -> None:
    assert inert(inert(text)) == inert(text)


@given(_ANYTHING)
def test_accepted_text_can_be_stored_and_is_accepted_unchanged(text: str) -> None:
    accepted = accept(text, "text")
    accepted.encode("utf-8")
    assert "\x00" not in accepted
    assert accept(accepted, "text") == accepted
    try:
        subject = accept_subject(text)
    except RefusedError:
        assert not any(char.isalnum() for char in text)
    else:
        assert subject == accept_subject(subject)
        assert len(subject.splitlines()) == 1


@given(st.text(st.characters(codec="utf-8", exclude_characters="\x00\r"), max_size=200))
def test_text_is_kept_as_it_came(text: str) -> None:
    assert accept(text, "text") == text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[31mred\x1b[0m", "␛[31mred␛[0m"),
        ("\x1b]0;title\x07", "␛]0;title␇"),
        ("\x9b31m", "‹9B›31m"),
        ("a\u202eb", "a‹U+202E›b"),
        ("zero\u200bwidth", "zero‹U+200B›width"),
        ("👩\u200d💻 stays", "👩\u200d💻 stays"),
        ("Größe 打印机", "Größe 打印机"),
        ("[bold]x[/bold]", "[bold]x[/bold]"),
        ("a\r\nb", "a\nb"),
        ("e" + "\u0301" * 50, "e" + "\u0301" * 4),
    ],
)
def test_harmful_characters_are_shown_as_symbols_or_codes(text: str, shown: str) -> None:
    assert inert(text) == shown


def test_what_no_database_stores_is_replaced() -> None:
    assert accept("a\x00b\ud800c", "text") == "a\ufffdb\ufffdc"


@pytest.mark.parametrize("text", ["", "  \n\t ", "\u200b"])
def test_a_subject_must_say_something(text: str) -> None:
    with pytest.raises(RefusedError, match="the subject is empty"):
        accept_subject(text)


def test_texts_have_bounds() -> None:
    with pytest.raises(RefusedError, match="at most 500"):
        accept_subject("x" * 501)
    with pytest.raises(RefusedError, match="1,048,577 characters"):
        accept("x" * 1_048_577, "details")
    assert accept_subject("two\nlines ") == "two lines"


@pytest.mark.parametrize("shown_by", [inert, inert_cells, inert_in_place])
def test_every_code_point_is_harmless_alone_and_beside_others(
    shown_by: Callable[[str], str],
) -> None:
    for text in code_points_among_others():
        shown = shown_by(text)
        assert harmful(shown.replace("\t", " ")) == []
        assert shown_by is not inert_in_place or len(shown) == len(text)


@pytest.mark.parametrize("text", [*hostile_texts()])
def test_every_hostile_text_is_harmless(text: str) -> None:
    assert harmful(inert(text).replace("\t", " ")) == []
    assert harmful(inert_cells(text)) == []
    assert harmful(inert_in_place(text)) == []
    assert len(inert_in_place(text)) == len(text)


@pytest.mark.parametrize(
    "text",
    [
        "हिन्दी में क्‍षमा और श्रृंखला",
        "ภาษาไทย ที่นี่ น้ำ",
        "Tiê\u0301ng Viê\u0323t Tie\u0302\u0301ng Vie\u0323\u0302t",
        "שָׁלוֹם בְּרֵאשִׁ֖ית",
        "السَّلَامُ عَلَيْكُمْ، اَلْقُرْآن",
        "می‌خواهم فایل PDF‌ها را بفرستم",
        "র‍্যাম বাংলা",
        "ന്‍ ശ്രീ മലയാളം",
        "தமிழ் கோ",
        "ශ්‍රී ලංකා",
        "မြန်မာ ကြောင်း လွှဲ့",
        "ភាសាខ្មែរ ស្ត្រី",
        "བོད་སྐད་ རྒྱུད",
        "ᠮᠣᠩᠭᠣᠯ",
        "한국어 \u1112\u1161\u11ab 日本語 が か\u3099",
        "葛\U000e0104城 辻\U000e0100",
        "👩‍👩‍👧‍👦 👨🏽‍🚒 👩🏽‍❤️‍💋‍👨🏿 🧑🏻‍🤝‍🧑🏿 🏳️‍🌈 🙂‍↔️",
        "❤️ ☎️ ☎︎ ‼️ ™️ ©️ 🩷 🫨",
        "🇩🇪🇫🇷🇯🇵 🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",
        "1️⃣ #️⃣ *️⃣",
        "⠓⠑⠇⠇⠕⠀⠺⠕⠗⠇⠙",
        "\u00a0a\u202fb\u3000c",
    ],
)
def test_what_a_language_or_an_emoji_needs_stays(text: str) -> None:
    assert inert(text) == text
    assert inert_cells(text) == text
    assert inert_in_place(text) == text
    assert harmful(text) == []


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("x" + "\u20dd" * 50, "x" + "\u20dd" * 4),
        ("x" + "\u0903" * 50, "x" + "\u0903" * 4),
        ("x" + "\u0e34" * 50, "x" + "\u0e34" * 8),
        ("x" + "\u0301\u20dd" * 50, "x" + "\u0301\u20dd" * 2),
        ("👍" + "🏻" * 50, "👍🏻"),
        ("🇩🇪" * 50, "🇩🇪" * 8),
        ("👩" + "\u200d👩" * 4, "👩" + "\u200d👩" * 3 + "‹U+200D›👩"),
        ("é\ufe0f", "é‹U+FE0F›"),
        ("1\ufe0f", "1‹U+FE0F›"),
        ("🏴\U000e0078\U000e007f", "🏴‹U+E0078›‹U+E007F›"),
        ("\u2800", "‹U+2800›"),
        ("\ue000\u0378\u0600", "‹U+E000›‹U+0378›‹U+0600›"),
        ("a\u200db", "a‹U+200D›b"),
    ],
)
def test_floods_are_cut_and_invisible_characters_without_use_are_shown(
    text: str, shown: str
) -> None:
    assert inert(text) == shown
