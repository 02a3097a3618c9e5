"""Personal data is removed from texts that everybody may read; the rest stays."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk.domain.redact import REDACTED, redact_persons


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("write to m.ortiz@contoso.example, please", "write to …, please"),
        ("<m.ortiz@contoso.example>", "<…>"),
        ("call +49 (30) 1234-5678 or 030/1234567", "call … or …"),
        ("This is Mara Ortiz, ORTIZ speaking", "This is …, … speaking"),
        ("Ortizian things stay", "Ortizian things stay"),
        ("version 10.0.19045.3570 and 192.168.100.200", None),
        ("error 0x80070005 in build 1234567.89", None),
        ("error 404 on port 8443", None),
    ],
)
def test_personal_data_is_removed_and_versions_stay(text: str, left: str | None) -> None:
    assert redact_persons(text, ["Mara Ortiz", "m.ortiz@contoso.example"]) == (left or text)


@given(st.text(), st.lists(st.text(max_size=20), max_size=3))
def test_a_mail_address_is_removed_from_any_text(text: str, names: list[str]) -> None:
    assert "someone@example.org" not in redact_persons(f"{text} someone@example.org", names)


def test_short_parts_of_a_name_are_words_like_any_other() -> None:
    assert redact_persons("a printer is on", ["On A. Printerson"]) == "a printer is on"
    assert REDACTED in redact_persons("printerson says", ["On A. Printerson"])
