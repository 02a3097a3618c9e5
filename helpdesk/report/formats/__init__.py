"""A report as a document: text, JSON, CSV, Markdown or HTML.

Names of customers and services come from outside, so each format escapes them.
"""

from collections.abc import Callable

from helpdesk.report.format import ReportFormat
from helpdesk.report.formats.csv_file import to_csv
from helpdesk.report.formats.html_page import to_html
from helpdesk.report.formats.json_document import to_json
from helpdesk.report.formats.markdown import to_markdown
from helpdesk.report.formats.text import to_text
from helpdesk.report.report import KpiReport

FORMATS: dict[ReportFormat, Callable[[KpiReport], str]] = {
    ReportFormat.TEXT: to_text,
    ReportFormat.JSON: to_json,
    ReportFormat.CSV: to_csv,
    ReportFormat.MARKDOWN: to_markdown,
    ReportFormat.HTML: to_html,
}
