"""Terminals without Unicode get ASCII of the same width."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from helpdesk.tui.terminal.ascii_output import shows_unicode, to_ascii
from helpdesk.tui.text.countdown import SYMBOLS


@pytest.mark.parametrize(
    ("environment", "unicode"),
    [
        ({}, True),
        ({"LANG": "de_DE.UTF-8"}, True),
        ({"LANG": "C.utf8"}, True),
        ({"LANG": "en_US.UTF-8", "LC_ALL": "C"}, False),
        ({"LANG": "en_US.ISO-8859-1"}, False),
        ({"LANG": "de_DE@euro"}, False),
        ({"LC_CTYPE": "POSIX"}, False),
        ({"LC_CTYPE": "C.UTF-8", "LANG": "C"}, False),
        ({"LC_CTYPE": "C.UTF-8"}, True),
    ],
)
def test_the_locale_decides_whether_unicode_is_sent(
    environment: dict[str, str], unicode: bool
) -> None:
    assert shows_unicode(environment) is unicode


def test_symbols_stay_distinct_and_words_readable() -> None:
    text = "▲ HD-1 Größe, café ─ プリンター … ⏸ ◆"
    assert to_ascii(text) == "^ HD-1 Gro?e, cafe - ?????????? . = *"
    signs = [to_ascii(sign) for sign in SYMBOLS.values() if sign.strip()]
    assert len(set(signs)) == len(signs)


@given(st.text())
def test_every_character_keeps_its_width(text: str) -> None:
    assert to_ascii(text).isascii()
    assert cell_len(to_ascii(text)) == cell_len(text)
