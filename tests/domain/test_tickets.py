"""The small rules of tickets: states, priorities, levels, references, roles, triage."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk.domain.errors import NotPermittedError, RefusedError
from helpdesk.domain.escalation import HandOver, Level, require_escalation, require_return
from helpdesk.domain.priority import MATRIX, Impact, Priority, Urgency, raise_priority
from helpdesk.domain.roles import BY_POLICY, RIGHTS, Right, Role, require_right
from helpdesk.domain.text_words import words
from helpdesk.domain.ticket import (
    ALLOWED,
    Kind,
    State,
    Verb,
    number_in_ref,
    parse_ref,
    ref,
    require_allowed,
)
from helpdesk.domain.triage import guess_impact, guess_kind, guess_service, guess_urgency


def test_the_matrix_is_whole_and_never_falls_with_impact_or_urgency() -> None:
    assert set(MATRIX) == set(product(Impact, Urgency))
    ranks = {pair: list(Priority).index(priority) for pair, priority in MATRIX.items()}
    for first, second in product(product(range(3), range(3)), repeat=2):
        if first[0] <= second[0] and first[1] <= second[1]:
            high = (list(Impact)[first[0]], list(Urgency)[first[1]])
            low = (list(Impact)[second[0]], list(Urgency)[second[1]])
            assert ranks[high] <= ranks[low]
    assert MATRIX[Impact.HIGH, Urgency.HIGH] is Priority.P1
    assert MATRIX[Impact.LOW, Urgency.LOW] is Priority.P4


@given(st.integers(1, 10**17))
def test_a_ticket_number_is_read_as_it_is_written(number: int) -> None:
    for text in (ref(number), str(number), f" hd-{number} ", f"hd{number}", f"HD {number}"):
        assert parse_ref(text) == parse_ref(f"#{number}") == number


@pytest.mark.parametrize(("impact", "urgency"), list(product(Impact, Urgency)))
def test_raising_goes_up_one_priority_at_least(impact: Impact, urgency: Urgency) -> None:
    higher = raise_priority(MATRIX, impact, urgency)
    if higher is None:
        assert MATRIX[impact, urgency] is Priority.P1
    else:
        assert MATRIX[higher] < MATRIX[impact, urgency]


@pytest.mark.parametrize(
    ("text", "number"),
    [("HD-1042", 1042), ("hd-0007", 7), ("1042", None), ("HD-", None), ("HD-1 or so", None)],
)
def test_only_a_number_with_its_prefix_is_taken_for_a_reference(
    text: str, number: int | None
) -> None:
    assert number_in_ref(text) == number


@pytest.mark.parametrize("text", ["", "  "])
def test_a_number_that_is_left_out_is_asked_for(text: str) -> None:
    with pytest.raises(RefusedError, match=r"no ticket is named: write its number"):
        parse_ref(text)


@pytest.mark.parametrize("text", ["HD-", "HD-0", "-1", "HD-1x", "1٣", "HD--1", "9" * 30])
def test_what_is_no_ticket_number_is_refused(text: str) -> None:
    with pytest.raises(RefusedError, match="is not a ticket id"):
        parse_ref(text)


@pytest.mark.parametrize(("verb", "state"), list(product(Verb, State)))
def test_verbs_are_refused_where_the_state_forbids(verb: Verb, state: State) -> None:
    if state in ALLOWED[verb]:
        require_allowed(verb, state, "HD-1")
    else:
        with pytest.raises(RefusedError, match=f"HD-1 is {state}"):
            require_allowed(verb, state, "HD-1")


def test_only_reopening_undoing_and_a_message_can_leave_the_closed_state() -> None:
    allowed = {verb for verb in Verb if State.CLOSED in ALLOWED[verb]}
    keep_the_state = {Verb.NOTE, Verb.LINK, Verb.TAG, Verb.RATE, Verb.SPEND}
    assert allowed - keep_the_state == {Verb.REOPEN, Verb.UNDO, Verb.RECEIVE}


@pytest.mark.parametrize(("source", "target"), list(product(Level, Level)))
def test_escalating_goes_up_and_returning_goes_down(source: Level, target: Level) -> None:
    note = HandOver(asked="why?")
    if target > source:
        require_escalation(source, target, "reason", note, "HD-1")
        with pytest.raises(RefusedError, match="does not go down"):
            require_return(source, target, "reason", "HD-1")
    else:
        with pytest.raises(RefusedError, match="does not go up"):
            require_escalation(source, target, "reason", note, "HD-1")
    if target < source:
        require_return(source, target, "reason", "HD-1")


def test_a_hand_over_needs_a_reason_and_a_note() -> None:
    with pytest.raises(RefusedError, match=r"add a reason \(--reason\) and a hand-over note"):
        require_escalation(Level.L1, Level.L2, " ", HandOver(), "HD-1")
    with pytest.raises(RefusedError, match=r"add a reason \(--reason\)"):
        require_return(Level.L2, Level.L1, "", "HD-1")


def test_roles_have_what_their_table_says() -> None:
    for role, right in product(Role, Right):
        if right in RIGHTS[role]:
            require_right("ann", role, right)
        else:
            with pytest.raises(NotPermittedError, match="ann"):
                require_right("ann", role, right)
    by_policy = set(BY_POLICY.values())  # which every role has until the policy takes them away
    assert RIGHTS[Role.AUDITOR] == {Right.READ, Right.SEE_DRAFTS, Right.AUDIT} | by_policy


def test_triage_guesses_from_the_words_of_a_ticket() -> None:
    keywords = {"vpn": "vpn tunnel", "mail": "mail outlook"}
    assert guess_service("Outlook mail and the VPN", keywords) == "mail"
    assert guess_service("nothing of it", keywords) == ""
    assert guess_service("a mail about vpn, vpn", keywords) == "vpn"
    assert guess_service("mailbox", keywords) == ""
    assert guess_service("vpn", {}) == ""
    assert guess_kind("Please install the editor") is Kind.REQUEST
    assert guess_kind("the editor does not start, please help") is Kind.INCIDENT
    assert guess_urgency("cannot work at all") is Urgency.HIGH
    assert guess_impact("nobody in the whole office can print") is Impact.HIGH
    assert guess_impact("my printer") is Impact.MEDIUM


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("User's can't-do: Größe", ["user", "cant", "do", "grosse"]),
        ("0x80070643 v2.1", ["0x80070643", "v2", "1"]),
        ("打印机", ["打印", "印机"]),
        ("ＦＵＬＬ ﬁle", ["full", "file"]),
        ("...", []),
    ],
)
def test_text_is_cut_into_words(text: str, found: list[str]) -> None:
    assert words(text) == found
