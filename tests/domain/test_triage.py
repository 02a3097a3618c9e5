"""The words of a query raise impact and urgency only if they say how bad it is."""

import pytest

from helpdesk.domain.priority import Impact, Urgency
from helpdesk.domain.triage import guess_impact, guess_urgency


@pytest.mark.parametrize(
    "text",
    [
        *("vpn down", "Printer down", "the mail server is down again", "network went down"),
        *("everything down since 9", "Wi-Fi down on floor 2", "printer offline"),
        *("all phones offline", "till shows offline", "urgent: no mail", "cannot work", "outage"),
        "the tills are all DOWN",
    ],
)
def test_words_for_a_standstill_raise_the_urgency(text: str) -> None:
    assert guess_urgency(text) is Urgency.HIGH


@pytest.mark.parametrize(
    "text",
    [
        *("pc slows down", "computer slowed down", "download fails", "page down key sticks"),
        *("drop-down list is empty", "cannot scroll down", "shut down takes long"),
        *("arrow down does nothing", "down arrow does nothing", "the pc won't shut down"),
        *("please make the files available offline", "Outlook is in offline mode"),
        *("how can I work offline", "breakdown of costs", "markdown preview"),
    ],
)
def test_words_of_other_meanings_leave_the_urgency(text: str) -> None:
    assert guess_urgency(text) is Urgency.MEDIUM


@pytest.mark.parametrize(
    "text",
    [
        *("all users locked out", "all phones dead", "all our printers are offline"),
        *("vpn down for all", "all of us cannot log in", "we all lost the network drive"),
        *("all the tills on floor 1", "everyone is affected", "the whole department"),
        *("all VoIP phones offline", "every user sees it", "no one can print", "site-wide"),
    ],
)
def test_words_for_everybody_raise_the_impact(text: str) -> None:
    assert guess_impact(text) is Impact.HIGH


@pytest.mark.parametrize(
    "text",
    [
        *("it does not print at all", "fails all day", "all my files are gone", "all the time"),
        *("after all it works", "reply all is missing", "first of all, hello"),
        *("installing all updates hangs", "the call fell", "small printers", "tried it all"),
        *("all my printers are lost", "every day at nine"),
    ],
)
def test_words_of_less_leave_the_impact(text: str) -> None:
    assert guess_impact(text) is Impact.MEDIUM
