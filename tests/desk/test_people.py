"""People who send queries: found by name, number or address, made, joined and erased."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from sqlalchemy import select

from helpdesk.desk import audit
from helpdesk.desk.administration import integrity
from helpdesk.desk.bulk.undo import Undo
from helpdesk.desk.exchange import exporting
from helpdesk.desk.exchange.ticket_json import ticket_json
from helpdesk.desk.people import (
    person_erasure,
    person_lookup,
    person_records,
    person_separation,
    requesters,
)
from helpdesk.desk.people.person_records import PersonValues
from helpdesk.desk.people.views import PersonCard
from helpdesk.desk.policy import apply_policy
from helpdesk.desk.queue import filters, lists
from helpdesk.desk.search import search_log
from helpdesk.desk.session import Desk
from helpdesk.desk.ticket import log_query, show_ticket, splitting
from helpdesk.desk.ticket.handling import Claim, Pend
from helpdesk.desk.ticket.resolving import Close, Resolve
from helpdesk.desk.ticket.set_fields import SetFields
from helpdesk.desk.ticket.views import NewQuery
from helpdesk.desk.unit_of_work.fields import FieldChanges
from helpdesk.desk.unit_of_work.further_requesters import FurtherRequesters
from helpdesk.domain.errors import (
    ConflictError,
    NotPermittedError,
    RefusedError,
    UnknownPersonError,
)
from helpdesk.domain.query import parse
from helpdesk.domain.search_outcome import SearchOutcome
from helpdesk.domain.ticket import Waiting
from helpdesk.store.models import Base
from tests.policies import apply_text
from tests.verbs import do


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest) -> str:
    """The database engine of the desk."""
    return str(request.param)


@pytest.fixture
def maria(desk: Desk) -> str:
    """The reference of Maria Ortiz, who has no address; two others are known."""
    added = person_records.add(
        desk, "Maria Ortiz", PersonValues(phone="+49 (0)30 555 1234, 0171/2223334", room="3.14")
    )
    person_records.add(desk, "Jürgen Röder-Öz", PersonValues(mail="J.Roeder@contoso.example"))
    person_records.add(desk, "田中太郎", PersonValues(vip=True))
    return added.ref


def _names(desk: Desk, text: str) -> list[str]:
    return [one.name for one in requesters.requesters(desk, text)]


@pytest.mark.parametrize(
    "text",
    ["maria", "ORT", "ortiz mar", "María Órtiz", "030 5551234", "+49 30 5551234", "555 12", "01712",
     "2223334", "P-1", "p-1"],
)  # fmt: skip
def test_a_person_is_found_by_words_and_numbers(desk: Desk, maria: str, text: str) -> None:
    assert _names(desk, text) == ["Maria Ortiz"]


@pytest.mark.parametrize(
    "text",
    ["roder", "Roeder", "röd", "öz", "oez", "juergen", "röderöz", "j.roe", "J.ROEDER@contoso"],
)
def test_a_person_is_found_in_every_spelling(desk: Desk, maria: str, text: str) -> None:
    assert _names(desk, text) == ["Jürgen Röder-Öz"]


@pytest.mark.parametrize("text", ["aria", "%", "_", "0301", "99", "ortiz jürgen", "", "P-77"])
def test_nobody_is_found_for_what_fits_to_nobody(desk: Desk, maria: str, text: str) -> None:
    assert _names(desk, text) == []
    assert _names(desk, "太郎") == ["田中太郎"]


def test_a_name_alone_is_a_requester(desk: Desk, maria: str) -> None:
    for text in ("Maria Ortiz", "maria  ortiz", "0049 30 5551234", maria):
        ticket = log_query.log_query(desk, NewQuery("vpn drops", requester=text))
        assert ticket.requester is not None
        assert (ticket.requester.ref, ticket.requester.room) == (maria, "3.14")
    document = ticket_json(ticket)
    assert (document["requester"], document["requester_name"]) == (None, "Maria Ortiz")
    assert document["person"]["phone"] == "+49 (0)30 555 1234, 0171/2223334"
    [row, *_] = lists.page(desk, lists.Selection()).rows
    assert (row.requester, row.requester_name) == ("", "Maria Ortiz")
    assert lists.page(desk, lists.Selection(query=parse("requester:ortiz"))).total == 4
    assert "Maria Ortiz" in str(filters.completions(desk, "requester:ort"))
    part = splitting.split(desk, ticket.number, "a part")
    assert part.requester == ticket.requester


def test_a_whole_name_of_nobody_is_a_new_person(desk: Desk) -> None:
    ticket = log_query.log_query(desk, NewQuery("x", requester="Maria Ortiz"))
    assert ticket.requester is not None
    assert (ticket.requester.name, ticket.requester.mail) == ("Maria Ortiz", "")


@pytest.mark.parametrize("slip", ["Maria Ortis", "Maria Oritz", "Ortiz Maria", "Maria", "Ortiz"])
def test_a_slip_makes_no_person(desk: Desk, maria: str, slip: str) -> None:
    with pytest.raises(UnknownPersonError, match=rf"Maria Ortiz \({maria}"):
        log_query.log_query(desk, NewQuery("x", requester=slip))
    assert lists.page(desk, lists.Selection()).total == 0
    made = log_query.log_query(desk, NewQuery("x", requester=slip, new_person=True))
    assert made.requester is not None
    assert made.requester.name == slip


@pytest.mark.parametrize("text", ["Maria Ortiz", "Zoe", "0800 123456", "P-99"])
def test_nobody_is_made_where_a_person_is_a_step_of_its_own(desk: Desk, text: str) -> None:
    with pytest.raises(UnknownPersonError):
        log_query.log_query(desk, NewQuery("x", requester=text, new_person=False))
    assert list(person_lookup.everybody(desk)) == []


def test_of_two_people_with_one_name_the_one_is_to_be_said(desk: Desk, maria: str) -> None:
    other = person_records.add(desk, "Maria Ortiz", PersonValues(mail="mo@fab.example"))
    with pytest.raises(UnknownPersonError, match=rf"{maria}\).*{other.ref}, mo@fab.example"):
        log_query.log_query(desk, NewQuery("x", requester="Maria Ortiz"))
    assert person_lookup.card(desk, "Maria Ortiz") is None
    assert person_lookup.card(desk, other.ref) is not None


def test_a_record_is_changed_and_nobody_overwrites_unseen_changes(desk: Desk, maria: str) -> None:
    changed = person_records.change(
        desk,
        "Maria Ortiz",
        PersonValues(mail="M.Ortiz@contoso.example", language="PT_br", vip=True, note="is deaf"),
        version=1,
    )
    assert (changed.mail, changed.language, changed.vip) == (
        "m.ortiz@contoso.example",
        "pt-br",
        True,
    )
    with pytest.raises(ConflictError, match="was changed meanwhile by ann"):
        person_records.change(desk, maria, PersonValues(room="1"), version=1)
    with pytest.raises(RefusedError, match=r"is the address of Maria Ortiz \(P-1\) already"):
        person_records.add(desk, "Maria O", PersonValues(mail="m.ortiz@contoso.example"))
    for bad in (
        PersonValues(language="German!"),
        PersonValues(mail="x"),
        PersonValues(name="\u202e"),
        PersonValues(phone="1" * 101),
        PersonValues(note="x" * 10_001),
        PersonValues(),
    ):
        with pytest.raises(RefusedError):
            person_records.change(desk, maria, bad)


def test_two_records_of_one_person_are_joined(desk: Desk, maria: str) -> None:
    other = person_records.add(
        desk, "M. Ortiz", PersonValues(mail="mo@fab.example", room="9", language="es", note="loud")
    )
    log_query.log_query(desk, NewQuery("one", requester=maria))
    log_query.log_query(desk, NewQuery("two", requester="mo@fab.example"))
    do(desk, 2, SetFields(FieldChanges(further=FurtherRequesters((maria,)))))
    third = log_query.log_query(desk, NewQuery("three"))
    do(desk, third.number, SetFields(FieldChanges(further=FurtherRequesters((other.ref,)))))
    do(desk, 1, Resolve("done"), Close())
    joined = person_records.join(desk, other.ref, maria)
    assert (joined.person.mail, joined.person.language) == ("mo@fab.example", "es")
    assert joined.person.note == "loud\nname: M. Ortiz; room: 9"
    assert [one.ref for one in joined.tickets] == ["HD-3", "HD-2", "HD-1"]
    assert (joined.open, joined.past, joined.joined) == (2, 1, (other.ref,))
    assert show_ticket.show(desk, 2).further_requesters == ()
    assert [one.ref for one in show_ticket.show(desk, 3).further_requesters] == [maria]
    for text in ("M. Ortiz", "mo@fab.example", other.ref, "0171 2223334"):
        assert [one.ref for one in requesters.requesters(desk, text)] == [maria]
        meant = person_lookup.card(desk, text)
        assert meant is not None
        assert meant.person.ref == maria
        selection = lists.Selection(query=parse(f'requester:"{text}" state:any'))
        assert lists.page(desk, selection).total == 2
    again = log_query.log_query(desk, NewQuery("four", requester="mo@fab.example"))
    assert again.requester == joined.person
    with pytest.raises(RefusedError, match="one record already"):
        person_records.join(desk, other.ref, maria)
    assert all(check.is_well for check in integrity.check_all(desk))


class TestSeparation:
    """A join of two records is taken back."""

    def test_all_is_as_before(self, desk: Desk, maria: str) -> None:
        values = PersonValues(mail="mo@fab.example", room="9", language="es", note="loud", vip=True)
        other = person_records.add(desk, "M. Ortiz", values).ref
        for number, who in enumerate((maria, other, other), 1):
            log_query.log_query(desk, NewQuery("x", requester=who))
            assert do(desk, number, SetFields(FieldChanges(callback="1"))).requester is not None
        for number, who in ((1, other), (2, maria)):
            do(desk, number, SetFields(FieldChanges(further=FurtherRequesters((who,)))))
        before = self._shown(desk, maria, other)
        person_records.join(desk, other, maria)
        card = person_separation.separate(desk, other)
        assert (card.person.ref, card.open, card.past) == (other, 3, 0)
        assert self._shown(desk, maria, other) == before
        with pytest.raises(RefusedError, match=rf"{other} was not joined"):
            person_separation.separate(desk, other)
        person_records.join(desk, maria, other)  # now the other way round
        person_separation.separate(desk, maria)
        assert self._shown(desk, maria, other) == before
        assert all(check.is_well for check in integrity.check_all(desk))
        newest = audit.trail(desk, 1)[0]
        assert (newest.who.login, "requesters" in newest.did) == ("ann", True)

    def test_what_was_changed_since_stays(self, desk: Desk, maria: str) -> None:
        other = person_records.add(desk, "M. Ortiz", PersonValues(room="9", language="es")).ref
        for _ in range(3):
            log_query.log_query(desk, NewQuery("x", requester=other))
        person_records.join(desk, other, maria)
        do(desk, 1, SetFields(FieldChanges(requester="p@fab.example")))
        log_query.log_query(desk, NewQuery("x", requester=other))
        person_records.change(desk, maria, PersonValues(language="pt"))
        person_separation.separate(desk, other)
        kept, own = person_lookup.card(desk, maria), person_lookup.card(desk, other)
        assert kept is not None
        assert own is not None
        assert [one.ref for one in kept.tickets] == ["HD-4"]
        assert [one.ref for one in own.tickets] == ["HD-3", "HD-2"]
        assert (kept.person.language, own.person.language, kept.joined) == ("pt", "es", ())

    def test_records_that_were_joined_before_go_along(self, desk: Desk, maria: str) -> None:
        one = person_records.add(desk, "One", PersonValues(mail="one@fab.example")).ref
        two = person_records.add(desk, "Two", PersonValues(mail="two@fab.example")).ref
        log_query.log_query(desk, NewQuery("x", requester=one))
        person_records.join(desk, one, two)
        before = self._shown(desk, maria, two)
        person_records.join(desk, two, maria)
        assert person_separation.separate(desk, two).joined == (one,)
        assert self._shown(desk, maria, two) == before
        person_records.join(desk, two, maria)
        assert person_separation.separate(desk, one).open == 1
        assert [card and card.joined for card in self._cards(desk, maria, one)] == [(two,), ()]

    def test_a_desk_that_was_copied_or_erased_since(self, desk: Desk, maria: str) -> None:
        other = person_records.add(desk, "M. Ortiz", PersonValues(mail="mo@fab.example")).ref
        log_query.log_query(desk, NewQuery("x", requester=other))
        person_records.join(desk, other, maria)
        person_erasure.erase(desk, maria)
        card = person_separation.separate(desk, other)
        assert (card.person.mail, card.person.name, card.open) == ("", f"erased {other}", 1)

    @staticmethod
    def _cards(desk: Desk, *refs: str) -> list[PersonCard | None]:
        return [person_lookup.card(desk, ref) for ref in refs]

    def _shown(self, desk: Desk, *refs: str) -> object:
        cards = [
            card and replace(card, person=replace(card.person, version=0))
            for card in self._cards(desk, *refs)
        ]
        total = lists.page(desk, lists.Selection()).total
        shown = [show_ticket.show(desk, number) for number in range(1, total + 1)]
        return cards, [
            (one.requester and one.requester.ref, [more.ref for more in one.further_requesters])
            for one in shown
        ]


def test_both_addresses_of_joined_records_go_on_being_known(desk: Desk) -> None:
    one = person_records.add(desk, "Maria Ortiz", PersonValues(mail="m@one.example"))
    two = person_records.add(desk, "Maria Ortiz", PersonValues(mail="m@two.example"))
    joined = person_records.join(desk, one.ref, two.ref).person
    assert (joined.mail, joined.further_mails) == ("m@two.example", ("m@one.example",))
    swapped = person_records.change(desk, two.ref, PersonValues(mail="m@one.example"))
    assert (swapped.mail, swapped.further_mails) == ("m@one.example", ("m@two.example",))
    three = person_records.add(desk, "Maria O", PersonValues(mail="m@three.example"))
    last = person_records.join(desk, two.ref, three.ref)
    assert set(last.joined) == {one.ref, two.ref}
    assert set(last.person.further_mails) == {"m@one.example", "m@two.example"}


def test_an_erased_person_is_nowhere(desk: Desk, maria: str) -> None:
    person_records.change(desk, maria, PersonValues(mail="mo@fab.example", note="secretive"))
    log_query.log_query(desk, NewQuery("x", requester=maria, callback="0800 77777"))
    log_query.log_query(desk, NewQuery("y", requester="p@fab.example"))
    do(desk, 2, SetFields(FieldChanges(requester=maria)))
    assert person_erasure.erase(desk, maria) == maria
    words = ("ortiz", "mo@fab", "secretive", "2223334", "77777", "3.14")
    shown = str([ticket_json(show_ticket.show(desk, number)) for number in (1, 2)]).lower()
    shown += str([one for part in exporting.tickets(desk) for one in part]).lower()
    shown += str(list(person_lookup.everybody(desk))).lower()
    shown += str([audit.details(desk, one) for one in audit.trail(desk, 100)]).lower()
    assert [word for word in words if word in shown] == []
    assert requesters.requesters(desk, "maria") == ()
    assert all(check.is_well for check in integrity.check_all(desk))


def test_former_names_and_numbers_are_erased_as_well(desk: Desk, maria: str) -> None:
    for values in (
        PersonValues(mail="mo@fab.example"),
        PersonValues(name='Zoë "Moreno"', mail="zoe@fab.example", phone="0800 4445556"),
    ):
        log_query.log_query(desk, NewQuery("x", requester="p@fab.example"))
        do(desk, 1, SetFields(FieldChanges(requester=maria, callback="0800 77777")))
        do(desk, 1, SetFields(FieldChanges(requester="p@fab.example")))
        do(desk, 1, SetFields(FieldChanges(further=FurtherRequesters((maria,)))))
        do(desk, 1, SetFields(FieldChanges(further=FurtherRequesters((), (maria,)))))
        person_records.change(desk, maria, values)
    other = person_records.add(desk, "Bobby Tables", PersonValues(mail="bobby@fab.example"))
    person_records.join(desk, other.ref, maria)
    log_query.log_query(desk, NewQuery("x", requester=maria, callback="0800 88888"))
    do(desk, 3, SetFields(FieldChanges(callback="0800 99999")))
    do(desk, 3, SetFields(FieldChanges(callback="")))
    search_log.record(desk, "search", "where is maria ORTIZ", [], SearchOutcome.NONE)
    person_erasure.erase(desk, maria)
    words = ("ortiz", "zo\\u00eb", "zoë", "moreno", "@fab", "2223334", "4445556", "88888", "99999")
    with desk.database.read(as_desk=True) as session:
        rows = [
            str(row).lower()
            for table in Base.metadata.sorted_tables
            for row in session.execute(select(table))
        ]
    found = {word: [row for row in rows if word in row and "p@fab" not in row] for word in words}
    assert {word: rows for word, rows in found.items() if rows} == {}
    assert all(check.is_well for check in integrity.check_all(desk))
    assert do(desk, 3, Undo()).callback == ""


def test_who_is_called_as_a_value_is_leaves_the_timelines_whole(desk: Desk) -> None:
    log_query.log_query(desk, NewQuery("x", requester="vendor@fab.example"))
    log_query.log_query(desk, NewQuery("L2", requester="P One <p@fab.example>"))
    do(desk, 2, Claim(), Pend(Waiting.VENDOR))
    before = show_ticket.show(desk, 2)
    person_erasure.erase(desk, "vendor@fab.example")
    assert show_ticket.show(desk, 2) == before
    assert all(check.is_well for check in integrity.check_all(desk))


def test_a_number_to_call_back_belongs_to_the_ticket(desk: Desk) -> None:
    ticket = log_query.log_query(desk, NewQuery("x", callback="  030 \t 55 "))
    assert ticket.callback == "030 55"
    assert do(desk, 1, SetFields(FieldChanges(callback="0171 2"))).callback == "0171 2"
    assert do(desk, 1, Undo()).callback == "030 55"
    assert lists.page(desk, lists.Selection(query=parse('callback:"030 55"'))).total == 1
    [[exported]] = exporting.tickets(desk)
    assert exported.facts["callback"] == "030 55"


def test_further_requesters_are_named_and_taken_back(desk: Desk, maria: str) -> None:
    log_query.log_query(desk, NewQuery("x", requester="p@fab.example"))
    both = FurtherRequesters((maria, "n@fab.example"))
    ticket = do(desk, 1, SetFields(FieldChanges(further=both)))
    assert [one.called for one in ticket.further_requesters] == ["Maria Ortiz", "n@fab.example"]
    assert ticket.events[-1].data["changes"] == [
        {"field": "further requester", "from": "", "to": "Maria Ortiz"},
        {"field": "further requester", "from": "", "to": "n@fab.example"},
    ]
    [[exported]] = exporting.tickets(desk)
    assert exported.facts["further_requesters"] == ["Maria Ortiz", "n@fab.example"]
    one = do(desk, 1, SetFields(FieldChanges(further=FurtherRequesters((), ("Maria Ortiz",)))))
    assert [one.called for one in one.further_requesters] == ["n@fab.example"]
    assert len(do(desk, 1, Undo()).further_requesters) == 2
    assert do(desk, 1, Undo()).further_requesters == ()
    with pytest.raises(RefusedError, match="is not a further requester of HD-1"):
        do(desk, 1, SetFields(FieldChanges(further=FurtherRequesters((), ("P-1",)))))


def test_a_note_on_a_customer_is_shown_with_its_people(desk: Desk) -> None:
    log_query.log_query(desk, NewQuery("x", requester="m@fab.example", customer="Fabrikam"))
    person_lookup.set_customer_note(desk, "fabrikam", "pays late", version=1)
    shown = show_ticket.show(desk, 1).requester
    assert shown is not None
    assert shown.customer_note == "pays late"
    with pytest.raises(ConflictError):
        person_lookup.set_customer_note(desk, "Fabrikam", "", version=1)
    with pytest.raises(RefusedError, match="there is no customer 'Nobody'"):
        person_lookup.set_customer_note(desk, "Nobody", "x")


class TestConfidentialCustomers:
    """People of a customer who is confidential to ann stay hidden from bob."""

    @pytest.fixture
    def bob(self, desk: Desk, desk_of: Callable[[str], Desk]) -> Iterator[Desk]:
        """The desk of bob; Zyx Anna is of the confidential customer."""
        apply_text(
            desk,
            apply_policy.show(desk).text
            + '\n[customers.Secret]\ndomains = ["secret.example"]\nconfidential = ["ann"]\n',
        )
        values = PersonValues(mail="anna@secret.example", phone="030 998877")
        person_records.add(desk, "Zyx Anna", values)
        person_records.add(desk, "Anna Berg")
        opened = desk_of("bob")
        yield opened
        opened.close()

    @pytest.mark.parametrize("text", ["zyx", "Zyx Anna", "anna@secret", "998877", "P-1"])
    def test_they_are_not_found(self, bob: Desk, text: str) -> None:
        assert requesters.requesters(bob, text) == ()
        assert person_lookup.card(bob, text) is None
        with pytest.raises(UnknownPersonError, match="nobody is known by"):
            person_records.change(bob, text, PersonValues(note="x"))
        with pytest.raises(UnknownPersonError, match="nobody is known by"):
            person_records.join(bob, "Anna Berg", text)

    def test_they_are_no_suggestion(self, desk: Desk, bob: Desk) -> None:
        with pytest.raises(UnknownPersonError) as caught:
            log_query.log_query(bob, NewQuery("x", requester="Anna"))
        assert "Zyx" not in str(caught.value)
        assert "Anna Berg" in str(caught.value)
        assert [one.name for one in person_lookup.everybody(bob)] == ["Anna Berg"]
        assert [one.name for one in person_lookup.customers(bob)] == []
        with pytest.raises(NotPermittedError):
            person_records.add(bob, "X", PersonValues(mail="anna@secret.example"))
        with pytest.raises(NotPermittedError):
            person_records.add(bob, "X", PersonValues(mail="new@secret.example"))
        with pytest.raises(RefusedError, match="there is no customer 'Secret'"):
            person_lookup.set_customer_note(bob, "Secret", "x")

    def test_their_names_in_timelines_are_masked(self, desk: Desk, bob: Desk) -> None:
        person_records.add(desk, "Yxz Otto", PersonValues(customer="Secret"))
        log_query.log_query(desk, NewQuery("x", requester="Anna Berg"))
        do(desk, 1, SetFields(FieldChanges(further=FurtherRequesters(("Yxz Otto",)))))
        assert "Yxz" not in str(ticket_json(show_ticket.show(bob, 1)))
        assert "Yxz" in str(ticket_json(show_ticket.show(desk, 1)))
