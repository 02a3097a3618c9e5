"""The names of the document formats of a report."""

from enum import StrEnum


class ReportFormat(StrEnum):
    """A document format of a report; ``helpdesk.report.formats`` implements them."""

    TEXT = "text"
    JSON = "json"
    CSV = "csv"
    MARKDOWN = "markdown"
    HTML = "html"
