"""The pages: all there, linked with each other, and saying what the code says."""

import re
import tomllib
from datetime import date

import pytest

from helpdesk.domain.errors import RefusedError
from helpdesk.domain.sla.alarms import AlarmAction
from helpdesk.exchange.mapping import built_in_mappings, parse_mapping
from helpdesk.knowledge.front_matter import KEYS
from helpdesk.manual.pages import NAMES, anchor_of, find, headings, read_page, read_pages
from helpdesk.policy import read_policy
from helpdesk.policy.context import PolicyContext
from tests.manual.console import blocks_of
from tests.manual.tables import FOLDER, rows_below, wanted_tables

_LINK = re.compile(r"\[[^\]]+\]\(([^)\s]+)\)")
_CODE = re.compile(r"```.*?```|`[^`\n]*`", re.DOTALL)


def test_every_file_of_the_folder_is_a_page_of_the_list() -> None:
    assert sorted(file.stem for file in FOLDER.glob("*.md")) == sorted(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_a_page_begins_with_its_title_and_a_sentence_about_it(name: str) -> None:
    page = read_page(name)
    lines = page.text.split("\n")
    assert lines[0] == f"# {page.title}"
    assert (lines[1], page.text[-1]) == ("", "\n")
    assert 20 < len(page.summary) <= 100
    assert page.summary[-1] == "."
    found = headings(page.text)
    assert len(set(map(anchor_of, found))) == len(found), "two headings have the same anchor"


@pytest.mark.parametrize("name", NAMES)
def test_every_link_leads_to_a_page_and_a_section(name: str) -> None:
    for link in _LINK.findall(_CODE.sub("", read_page(name).text)):
        if link.startswith("https://"):
            continue
        page, _, anchor = link.partition("#")
        assert page == "" or page.removesuffix(".md") in NAMES, link
        assert page == "" or page.endswith(".md"), link
        target = read_page(page or name)
        if anchor:
            assert anchor in map(anchor_of, headings(target.text)), link


@pytest.mark.parametrize(("page", "heading"), list(wanted_tables()))
def test_tables_say_what_the_code_says(page: str, heading: str) -> None:
    wanted = wanted_tables()[page, heading]
    assert rows_below(page, heading) == wanted, "run: python -m tests.manual.tables"


def test_an_unknown_page_is_refused_with_the_names_of_all() -> None:
    with pytest.raises(RefusedError, match="getting-started, agent") as refused:
        read_page("../running\x1b[31m")
    assert "\x1b" not in str(refused.value)


def test_a_search_finds_the_sections_that_have_all_words() -> None:
    pages = read_pages()
    hits = find("HAND over", pages)
    assert (hits[0].page, hits[0].heading, hits[0].anchor) == ("agent", "Hand over", "hand-over")
    assert len(hits) > 2
    assert find("handover-nobody-wrote-this", pages) == ()
    assert find("  ", pages) == ()
    found = find("restore --replace", pages)
    assert {"running", "command-line"} <= {hit.page for hit in found}
    assert all("[" not in hit.line or "`" in hit.line for hit in found)


def test_the_example_of_a_mapping_is_one() -> None:
    block = next(one for one in blocks_of(read_page("importing").text) if one.file == "ours.toml")
    assert parse_mapping(tomllib.loads(block.text), block.file).name == "ours"


def test_every_ready_mapping_is_listed() -> None:
    assert tuple(names("importing", "Ready mappings")) == built_in_mappings()


def names(page: str, heading: str) -> list[str]:
    """Return what stands in the first column of a table, without quotes."""
    return [row.split("|")[1].strip().strip("`") for row in rows_below(page, heading)]


@pytest.mark.parametrize(
    ("table", "heading"),
    [
        ("source", "The source"),
        ("ticket", "The ticket"),
        ("values", "The words"),
        ("comments", "The comments"),
        ("defaults", "The defaults"),
    ],
)
def test_every_setting_of_a_mapping_is_on_its_page(table: str, heading: str) -> None:
    document: dict[str, dict[str, object]] = {
        "ticket": {"id": "a", "subject": "b", "state": "c", "created_at": "d"}
    }
    document.setdefault(table, {})["nonsense"] = "x"
    with pytest.raises(RefusedError) as refused:
        parse_mapping(document, "a mapping")
    known = str(refused.value).partition("known are ")[2].rstrip(".").split(", ")
    assert sorted(names("importing", heading)) == sorted(known)


_POLICY = """
nonsense = 1
[levels.L1]
nonsense = 1
vendor = { nonsense = 1 }
[calendars.office]
nonsense = 1
public_holidays = { nonsense = 1 }
[customers.Contoso]
nonsense = 1
[services.mail]
nonsense = 1
[sla.Gold]
nonsense = 1
[sla.Gold.targets]
nonsense = 1
P1 = { nonsense = 1 }
[pauses]
nonsense = 1
[[alarms]]
nonsense = 1
[matrix]
nonsense = 1
high = { nonsense = 1 }
[closing]
nonsense = 1
[knowledge]
nonsense = 1
[door]
nonsense = 1
[terminal]
nonsense = 1
[rights]
nonsense = 1
"""
#: Where each setting of the file is on the page.
_SETTINGS = {
    "": "The whole file",
    "levels.L1": "Levels",
    "levels.L1.vendor": "Vendor of a level",
    "calendars.office": "Calendars",
    "calendars.office.public_holidays": "Public holidays",
    "customers.Contoso": "Customers",
    "services.mail": "Services",
    "sla.Gold": "Service levels",
    "sla.Gold.targets": "Targets",
    "sla.Gold.targets.P1": "Clocks of a target",
    "pauses": "Pauses",
    "alarms[0]": "Alarms",
    "matrix": "Matrix",
    "matrix.high": "A row of the matrix",
    "closing": "Closing",
    "knowledge": "Knowledge base",
    "door": "SSH connections",
    "terminal": "Terminal",
    "rights": "Rights",
}


def test_every_setting_of_the_policy_is_on_its_page() -> None:
    findings = read_policy(_POLICY, PolicyContext(date(2026, 11, 24), "UTC")).findings
    known = {
        one.place.removesuffix("nonsense").rstrip("."): one.sentence.partition(": use ")[2]
        for one in findings
        if "is not known here" in one.sentence
    }
    assert set(known) == set(_SETTINGS)
    for place, settings in known.items():
        on_page = names("policy", _SETTINGS[place])
        assert sorted(on_page) == sorted(settings.rstrip(".").split(", ")), place


def test_the_actions_of_an_alarm_are_on_the_page_of_the_policy() -> None:
    text = read_page("policy").text
    assert [action for action in AlarmAction if f"| `{action}` |" not in text] == []


def test_the_settings_of_an_article_are_on_its_page() -> None:
    assert names("knowledge", "Write an article") == list(KEYS)
