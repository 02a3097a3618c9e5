"""Text that was wrapped by hand is joined, and nothing else."""

import pytest

from helpdesk.domain.reflow import unwrap

_MAIL = (
    "Since the update this morning the export of the monthly report stops with an error\n"
    "message that I have never seen before. My colleague has the same. Could you have a\n"
    "look at it, please?"
)

_LOG = (
    "2026-01-01 10:00 ERROR something bad happened in module foobar at line 12345 yes\n"
    "2026-01-01 10:01 ERROR second line of the log"
)


def test_a_paragraph_wrapped_by_hand_becomes_one_line() -> None:
    assert (
        unwrap(f"Hello,\n\n{_MAIL}\n\nMara") == f"Hello,\n\n{_MAIL.replace(chr(10), ' ')}\n\nMara"
    )


def test_a_list_item_takes_the_lines_that_hang_below_it() -> None:
    text = "1. Switch off any option that\n   saves energy.\n2. Restart.\n- a\n  b"
    assert unwrap(text) == "1. Switch off any option that saves energy.\n2. Restart.\n- a b"


@pytest.mark.parametrize(
    "text",
    [
        "Mara Ortiz\nContoso\nHauptstrasse 1\n10115 Berlin",
        "Please restart the computer and tell us whether it works again.\nRegards",
        _LOG,
        "    code that is indented by four and wrapped at a width of sixty cells\n    and more",
        "```\n" + _MAIL + "\n```",
        "> " + _MAIL.replace("\n", "\n> "),
        "Server: db01\nDisk: 98 % full since the update of the operating system\nUser: a",
        "a,b\nc,d",
        "",
    ],
)
def test_lines_that_were_ended_on_purpose_stay(text: str) -> None:
    assert unwrap(text) == text
