"""A report as a document: text, JSON, CSV, Markdown or HTML.

Names of customers and services come from outside, so each format escapes them.
"""

from collections.abc import Callable

from helpdesk.report.format import Format
from helpdesk.report.formats.csv_file import to_csv
from helpdesk.report.formats.html_page import to_html
from helpdesk.report.formats.json_document import to_json
from helpdesk.report.formats.markdown import to_markdown
from helpdesk.report.formats.text import to_text
from helpdesk.report.report import Report

FORMATS: dict[Format, Callable[[Report], str]] = {
    Format.TEXT: to_text,
    Format.JSON: to_json,
    Format.CSV: to_csv,
    Format.MARKDOWN: to_markdown,
    Format.HTML: to_html,
}
