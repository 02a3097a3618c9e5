"""The names of the formats in which a report can be had."""

from enum import StrEnum


class Format(StrEnum):
    """A document that a report can become; how is in ``helpdesk.report.formats``."""

    TEXT = "text"
    JSON = "json"
    CSV = "csv"
    MARKDOWN = "markdown"
    HTML = "html"
