"""``helpdesk sla …``: explain due times, and simulate the SLA clocks."""

import argparse

from helpdesk.cli.arguments import File
from helpdesk.cli.files import read_bytes
from helpdesk.cli.output import iso, print_json, print_text
from helpdesk.domain.errors import RefusedError
from helpdesk.domain.parsing import parse_json
from helpdesk.domain.sla.clock import clock_title
from helpdesk.domain.sla.explain import explanation_text
from helpdesk.domain.sla.explanation import ExplanationLine
from helpdesk.domain.sla.simulate import simulate as run_cases
from helpdesk.domain.ticket import parse_ref

#: The maximum size of a case file in bytes.
_SIZE_LIMIT = 16 * 1024 * 1024


def explain(arguments: argparse.Namespace) -> None:
    """Explain line by line how a ticket's due times were computed."""
    # Imported here, because `simulate` below does not need the database layer.
    from helpdesk.cli.open_desk import opened_desk, wants_json
    from helpdesk.desk.sla.explain import explain_clocks, explain_levels

    with opened_desk(arguments) as desk:
        number = parse_ref(arguments.id)
        clocks: dict[str, list[ExplanationLine]] = {
            **{str(name): lines for name, lines in explain_clocks(desk, number).items()},
            **explain_levels(desk, number),
        }
    if wants_json(arguments):
        print_json(
            {
                name: [
                    {
                        "at": iso(line.at),
                        "until": iso(line.until),
                        "text": line.text,
                        "counted_s": line.counted_s,
                        "total_s": line.total_s,
                    }
                    for line in lines
                ]
                for name, lines in clocks.items()
            }
        )
        return
    for name, lines in clocks.items():
        clock, _space, level = name.partition(" ")
        print_text(f"{clock_title(clock, level)}\n{explanation_text(lines)}")


def simulate(arguments: argparse.Namespace) -> None:
    """Run the SLA clocks on a case file and print the results as JSON."""
    print_json(run_cases(_document(arguments.file)))


def _document(name: File) -> object:
    raw = read_bytes(name, _SIZE_LIMIT, "name a case file")
    try:
        document = parse_json(raw)
    except UnicodeDecodeError as error:
        raise RefusedError(
            f"{name} is not UTF-8 text (byte {error.start + 1:,}): save it as UTF-8."
        ) from error
    except ValueError as error:
        raise RefusedError(f"{name} is not JSON: {error}.") from error
    return document
