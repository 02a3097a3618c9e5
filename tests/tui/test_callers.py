"""Callers are people: the form finds them by name, number or address, and shows what is known."""

import pytest
from textual.widgets import Input, TextArea

from helpdesk.desk.people import person_lookup, person_records
from helpdesk.desk.people.person_records import PersonValues
from helpdesk.desk.session import Desk
from helpdesk.desk.ticket import log_query, show_ticket
from helpdesk.desk.ticket.resolving import Resolve
from helpdesk.desk.ticket.views import NewQuery
from helpdesk.domain.priority import Impact, Urgency
from helpdesk.tui.dialogs.person import NewPersonScreen, PersonDialog
from tests.tui.conftest import RunApp, screen_text, settled
from tests.verbs import do


def keys(text: str) -> list[str]:
    """Return the names of the keys that type a text."""
    named = {" ": "space", "@": "at", ".": "full_stop", "-": "minus"}
    return [named.get(char, char) for char in text]


@pytest.fixture
def known(desk: Desk) -> Desk:
    """Two people: Maria Ortiz without an address, with two tickets; Juan Ortega with one."""
    person_records.add(
        desk,
        "Maria Ortiz",
        PersonValues(phone="030 555 1234", room="3.14", vip=True, note="hard of hearing"),
    )
    person_records.add(
        desk, "Juan Ortega", PersonValues(mail="j.ortega@fab.example", customer="Fabrikam")
    )
    person_lookup.set_customer_note(desk, "Fabrikam", "pays late")
    log_query.log_query(desk, NewQuery("old trouble", requester="P-1"))
    do(desk, 1, Resolve("done"))
    log_query.log_query(desk, NewQuery("open trouble", requester="P-1"))
    return desk


@pytest.mark.parametrize("text", ["Maria Ortiz", "5551234", "P-1"])
@pytest.mark.parametrize("size", [(80, 24), (160, 50)])
async def test_what_is_known_of_the_caller_stands_under_the_field(
    known: Desk, run_app: RunApp, text: str, size: tuple[int, int]
) -> None:
    async with run_app(size=size) as pilot:
        await pilot.press("n", *keys("vpn"), "tab", *keys(text))
        await settled(pilot)
        shown = screen_text(pilot)
        assert "★ VIP Maria Ortiz · 030 555 1234" in shown
        assert "✎ hard of hearing" in shown
        assert "1 open, 1 past" in shown
        assert "HD-2 new" in shown
        pilot.app.screen.query_one("#callback", Input).focus()
        await pilot.press(*keys("0171 22"), "ctrl+s")
        await settled(pilot)
    ticket = show_ticket.show(known, 3)
    assert ticket.requester is not None
    assert (ticket.requester.name, ticket.callback) == ("Maria Ortiz", "0171 22")


async def test_a_caller_is_chosen_in_the_list(known: Desk, run_app: RunApp) -> None:
    async with run_app() as pilot:
        await pilot.press("n", *keys("vpn"), "tab", *keys("ort"))
        await settled(pilot)
        assert "Maria Ortiz  030 555 1234" in screen_text(pilot)
        await pilot.press("down", "enter")
        await settled(pilot)
        assert pilot.app.screen.query_one("#requester", Input).value == "j.ortega@fab.example"
        assert "✎ pays late" in screen_text(pilot)
        await pilot.press("ctrl+s")
        await settled(pilot)
    assert show_ticket.show(known, 3).customer == "Fabrikam"


async def test_a_slip_makes_nobody_and_the_list_lets_choose(known: Desk, run_app: RunApp) -> None:
    async with run_app() as pilot:
        await pilot.press("n", *keys("vpn"), "tab", *keys("maria"), "tab", "ctrl+s")
        await settled(pilot)
        assert "may be one of those listed" in screen_text(pilot)
        focused = pilot.app.focused
        assert focused is not None
        assert focused.id == "requester"
        await pilot.press("down", "enter", "ctrl+s")
        await settled(pilot)
    ticket = show_ticket.show(known, 3)
    assert ticket.requester is not None
    assert ticket.requester.ref == "P-1"
    assert len(list(person_lookup.everybody(known))) == 2


@pytest.mark.parametrize("text", ["Zoe Zed", "maria ortis", "0800 7777"])
async def test_a_new_person_is_a_step_and_the_attempt_goes_on(
    known: Desk, run_app: RunApp, text: str
) -> None:
    async with run_app() as pilot:
        await pilot.press("n", *keys("vpn"), "tab", *keys(text), "ctrl+s")
        await settled(pilot)
        assert "New person" in screen_text(pilot)
        pilot.app.screen.query_one("#name", Input).value = "Zoe Zed"
        pilot.app.screen.query_one("#phone", Input).value = "030 1"
        await pilot.press("ctrl+s")
        await settled(pilot)
        assert "HD-3 logged" in screen_text(pilot)
    ticket = show_ticket.show(known, 3)
    assert ticket.requester is not None
    assert (ticket.requester.name, ticket.requester.phone) == ("Zoe Zed", "030 1")


async def test_an_address_that_is_nearly_known_is_added_after_a_question(
    known: Desk, run_app: RunApp
) -> None:
    async with run_app() as pilot:
        await pilot.press("n", *keys("vpn"), "tab", *keys("j.ortegs@fab.example"), "ctrl+s")
        await settled(pilot)
        shown = " ".join(screen_text(pilot).replace("█", "").split())
        assert "Like it: j.ortega@fab.example." in shown
        await pilot.press("y")
        await settled(pilot)
    ticket = show_ticket.show(known, 3)
    assert ticket.requester is not None
    assert (ticket.requester.ref, ticket.requester.mail) == ("P-3", "j.ortegs@fab.example")


async def test_a_new_person_can_be_left_and_made_by_key(known: Desk, run_app: RunApp) -> None:
    async with run_app() as pilot:
        await pilot.press("n", *keys("vpn"), "tab", *keys("Zoe Zed"), "ctrl+s")
        await settled(pilot)
        await pilot.press("escape")
        await settled(pilot)
        assert pilot.app.screen.query_one("#requester", Input).value == "Zoe Zed"
        assert len(list(person_lookup.everybody(known))) == 2
        await pilot.press("f10")
        await settled(pilot)
        assert pilot.app.screen.query_one("#name", Input).value == "Zoe Zed"
        await pilot.press("ctrl+s")
        await settled(pilot)
        assert pilot.app.screen.query_one("#requester", Input).value == "Zoe Zed (P-3)"
        assert "no tickets so far" in screen_text(pilot)


@pytest.mark.parametrize("size", [(80, 24), (160, 50)])
async def test_the_ticket_shows_its_caller(
    known: Desk, run_app: RunApp, size: tuple[int, int]
) -> None:
    async with run_app(size=size) as pilot:
        await settled(pilot)
        await pilot.press("enter")
        await settled(pilot)
        shown = screen_text(pilot)
        assert "open trouble" in shown
        assert "030 555 1234" in shown
        assert "hard of hearing" in shown
        assert "1 open, 1 past" in shown
        assert ("HD-1 resolved" in shown) == (size[0] > 100)
        await pilot.press("P")
        await settled(pilot)
        pilot.app.screen.query_one("#note", TextArea).text = "writes only"
        await pilot.press("ctrl+s")
        await settled(pilot)
        assert "P-1 saved: Maria Ortiz" in screen_text(pilot)
    card = person_lookup.card(known, "P-1")
    assert card is not None
    assert (card.person.note, card.person.phone) == ("writes only", "030 555 1234")


async def test_the_set_dialog_names_further_requesters(known: Desk, run_app: RunApp) -> None:
    async with run_app(size=(120, 40)) as pilot:
        await pilot.press("s")
        await settled(pilot)
        pilot.app.screen.query_one("#further", Input).value = "+Juan Ortega"
        await pilot.press("ctrl+s")
        await settled(pilot)
    assert [one.name for one in show_ticket.show(known, 2).further_requesters] == ["Juan Ortega"]


@pytest.mark.parametrize("field", ["requester", "further"])
async def test_the_set_dialog_offers_to_add_a_new_person(
    known: Desk, run_app: RunApp, field: str
) -> None:
    async with run_app(size=(120, 40)) as pilot:
        await pilot.press("s")
        await settled(pilot)
        pilot.app.screen.query_one(f"#{field}", Input).value = "Zoe Zed"
        await pilot.press("ctrl+s")
        await settled(pilot)
        assert isinstance(pilot.app.screen, NewPersonScreen)
        assert pilot.app.screen.query_one("#name", Input).value == "Zoe Zed"
        await pilot.press("escape")
        await settled(pilot)
        assert len(list(person_lookup.everybody(known))) == 2
        await pilot.press("ctrl+s")
        await settled(pilot)
        await pilot.press("ctrl+s")
        await settled(pilot)
    ticket = show_ticket.show(known, 2)
    asked = ticket.further_requesters if field == "further" else (ticket.requester,)
    assert [one.ref for one in asked if one is not None] == ["P-3"]


async def test_the_note_on_the_customer_is_changed_with_the_requester(
    known: Desk, run_app: RunApp
) -> None:
    query = NewQuery("first of all", requester="P-2", impact=Impact.HIGH, urgency=Urgency.HIGH)
    log_query.log_query(known, query)
    async with run_app(size=(120, 50)) as pilot:
        await settled(pilot)
        await pilot.press("P")
        await settled(pilot)
        assert "Note on Fabrikam" in screen_text(pilot)
        note = pilot.app.screen.query_one("#customer_note", TextArea)
        assert note.text == "pays late"
        note.text = "pays in time"
        await pilot.press("ctrl+s")
        await settled(pilot)
        assert "P-2 saved: Juan Ortega" in screen_text(pilot)
    (customer,) = person_lookup.customers(known)
    assert customer.note == "pays in time"


async def test_a_note_on_a_customer_that_was_changed_meanwhile_is_not_overwritten(
    known: Desk, run_app: RunApp
) -> None:
    query = NewQuery("first of all", requester="P-2", impact=Impact.HIGH, urgency=Urgency.HIGH)
    log_query.log_query(known, query)
    async with run_app(size=(120, 50)) as pilot:
        await settled(pilot)
        await pilot.press("P")
        await settled(pilot)
        pilot.app.screen.query_one("#customer_note", TextArea).text = "mine"
        person_lookup.set_customer_note(known, "Fabrikam", "theirs")
        await pilot.press("ctrl+s")
        await settled(pilot)
        assert isinstance(pilot.app.screen, PersonDialog)
    (customer,) = person_lookup.customers(known)
    assert customer.note == "theirs"
