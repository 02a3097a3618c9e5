"""A report as a document: text, JSON, CSV, Markdown, HTML.

Names of customers and services are somebody else's text: each format makes them harmless in its
own way.
"""

from collections.abc import Callable

from helpdesk.report.compute import Report
from helpdesk.report.formats.csv_file import to_csv
from helpdesk.report.formats.html_page import to_html
from helpdesk.report.formats.json_document import to_json
from helpdesk.report.formats.markdown import to_markdown
from helpdesk.report.formats.text import to_text

FORMATS: dict[str, Callable[[Report], str]] = {
    "text": to_text,
    "json": to_json,
    "csv": to_csv,
    "markdown": to_markdown,
    "html": to_html,
}
