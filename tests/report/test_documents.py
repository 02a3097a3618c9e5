"""Reports as documents: complete, and harmless whatever the names of customers are."""

import csv
import io
import json
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk.desk.report import kpi_report
from helpdesk.desk.session import Desk
from helpdesk.desk.ticket import log_query
from helpdesk.desk.ticket.views import NewQuery
from helpdesk.domain.csv_safety import escape_cell, unescape_cell
from helpdesk.domain.errors import RefusedError
from helpdesk.report import period
from helpdesk.report.by import GroupBy
from helpdesk.report.format import ReportFormat
from helpdesk.report.formats import FORMATS
from helpdesk.report.kpis import every_kpi
from helpdesk.report.report import KpiReport
from tests.conftest import MONDAY

_HOSTILE = '=cmd|"/c calc"!A1 <script>alert(1)</script> [x](http://evil) \x1b[31mred | cell'


@pytest.fixture
def report(desk: Desk) -> KpiReport:
    """A report by customer, with a hostile name among the customers."""
    for customer in ("evil", "Contoso"):
        log_query.log_query(desk, NewQuery("x", customer=customer))
    span = period.between("2026-11-23", "2026-11-23", desk.now())
    made = kpi_report.kpis(desk, span, GroupBy.CUSTOMER)
    groups = (
        replace(group, name=_HOSTILE if group.name == "evil" else group.name)
        for group in made.groups
    )
    return replace(made, groups=tuple(groups))


@pytest.mark.parametrize("name", ReportFormat)
def test_no_document_holds_a_terminal_escape(report: KpiReport, name: ReportFormat) -> None:
    text = FORMATS[name](report)
    assert "\x1b" not in text
    assert "Contoso" in text
    for kpi in every_kpi():
        assert kpi.title in text or kpi.name in text


def test_a_customer_is_no_formula_in_csv(report: KpiReport) -> None:
    rows = list(csv.DictReader(io.StringIO(FORMATS[ReportFormat.CSV](report))))
    assert {row["group"] for row in rows} == {
        "all",
        "Contoso",
        "'" + _HOSTILE.replace("\x1b", "␛"),
    }
    assert not any(cell.startswith(("=", "+", "-", "@")) for row in rows for cell in row.values())
    assert len(rows) == 3 * len(every_kpi())


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.links += [value or "" for name, value in attrs if name in ("href", "src")]


def test_a_customer_is_no_markup_in_html_and_the_page_loads_no_other_files(
    report: KpiReport,
) -> None:
    page = _Tags()
    page.feed(FORMATS[ReportFormat.HTML](report))
    assert "script" not in page.tags
    assert {"svg", "rect", "table"} <= page.tags
    assert page.links == []


def test_no_table_in_html_is_wider_than_the_page(report: KpiReport) -> None:
    page = FORMATS[ReportFormat.HTML](report)
    assert page.count("<table") == page.count('<table class="figures"') + page.count(
        '<table class="groups"'
    )
    table = page.split("\ntable {")[1].split("}")[0]
    # In this layout the contents do not decide the width, however long a name is.
    assert "table-layout: fixed" in table
    assert "width: 100%" in table
    assert "overflow-wrap: anywhere" in page.split("\ntd, th {")[1].split("}")[0]
    assert "minmax(min(26rem, 100%), 1fr)" in page
    on_paper = page.split("@media print {")[1]
    assert "max-width: none" in on_paper


def test_a_customer_is_no_markup_in_markdown(report: KpiReport) -> None:
    text = FORMATS[ReportFormat.MARKDOWN](report)
    row = next(line for line in text.splitlines() if "cmd" in line)
    assert r"\<script\>" in row
    assert r"\[x\]\(http" in row
    assert row.replace("\\|", "").count("|") == 13


def test_json_has_numbers_and_nulls(report: KpiReport) -> None:
    found = json.loads(FORMATS[ReportFormat.JSON](report))
    kpis = {kpi["name"]: kpi for kpi in found["kpis"]}
    assert kpis["logged"] == {
        "name": "logged", "title": "Tickets logged", "unit": "tickets", "value": 2.0, "of": 2,
        "left_out": {}, "whose": "when it was logged, by whom",
    }  # fmt: skip
    assert kpis["csat"]["value"] is None
    assert {group["name"] for group in found["groups"]} == {_HOSTILE, "Contoso"}


@given(st.text())
def test_a_guarded_cell_is_never_a_formula_and_can_be_read_back(text: str) -> None:
    cell = escape_cell(text)
    assert not cell.lstrip().startswith(("=", "+", "-", "@", "＝"))
    assert not cell.startswith(("\t", "\r"))
    assert unescape_cell(cell) == text or text.startswith("'")


_UNSEEN = (
    *("\u200b", "\ufeff", "\u2060", "\u00ad", "\u202e", "\u034f", "\ufe0f", "\x01", "\n", "\u00a0"),
    *("\u3164", "\u2800", "\U000e0020", "\U000e01ef", "\u2028", "\ufff0", "\u200b\u200b \u00ad"),
)


@pytest.mark.parametrize("unseen", _UNSEEN)
@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "＝", "﹦", "﹢", "−"])
def test_a_formula_behind_an_invisible_character_is_guarded(unseen: str, sign: str) -> None:
    text = f"{unseen}{sign}1+1"
    assert escape_cell(text) == f"'{text}"
    assert unescape_cell(f"'{text}") == text


def test_text_that_is_no_formula_is_not_changed() -> None:
    for text in ("", "a=b", "\u200bword", "é=", " 5 - 3", "نص"):
        assert escape_cell(text) == text


def test_months_and_weeks_are_in_the_hosts_time_zone() -> None:
    october = period.month("2026-10")
    assert [part.label for part in october.parts(period.PeriodPart.WEEK)] == [
        *("2026-09-28", "2026-10-05", "2026-10-12", "2026-10-19", "2026-10-26"),
    ]
    assert len(list(october.parts(period.PeriodPart.DAY))) == 31
    assert period.last("3m", MONDAY).start.isoformat() == "2026-08-23T09:00:00+00:00"


@pytest.mark.parametrize(
    ("text", "label", "start", "end", "part"),
    [
        ("2026", "2026", "2026-01-01", "2027-01-01", "month"),
        ("2026-Q3", "2026 Q3", "2026-07-01", "2026-10-01", "week"),
        ("2026 q4", "2026 Q4", "2026-10-01", "2027-01-01", "week"),
        ("2024-02", "2024-02", "2024-02-01", "2024-03-01", "day"),
        ("2026-08-14", "2026-08-14 to 2026-08-14", "2026-08-14", "2026-08-15", "day"),
        ("2019-11-01 to 2026-10-31", None, "2019-11-01", "2026-11-01", "month"),
        (" 2026-10-01..2026-10-07 ", None, "2026-10-01", "2026-10-08", "day"),
    ],
)
def test_a_period_can_be_named_in_many_ways(
    text: str, label: str | None, start: str, end: str, part: str
) -> None:
    found = period.chosen(text, MONDAY)
    assert label in (None, found.label)
    assert f"{found.start:%Y-%m-%d} {found.end:%Y-%m-%d}" == f"{start} {end}"
    assert found.fitting_part == part
    assert list(found.parts(found.fitting_part))


def test_a_span_ends_now_and_nonsense_is_refused() -> None:
    assert period.chosen("84m", MONDAY) == period.last("84m", MONDAY)
    for text in ("", "soon", "2026-13", "2026-Q5", "0000", "9999", "2026-10-09 to 2026-10-01"):
        with pytest.raises(RefusedError):
            period.chosen(text, MONDAY)
