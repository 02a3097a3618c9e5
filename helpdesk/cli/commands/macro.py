"""``helpdesk macro …``: macros and canned replies."""

import argparse
from typing import Any

from helpdesk.cli.exit_codes import ExitCode
from helpdesk.cli.files import read_text
from helpdesk.cli.open_desk import opened_desk, wants_json
from helpdesk.cli.output import print_json, print_remarks, print_table, print_text
from helpdesk.desk.bulk import bulk
from helpdesk.desk.exchange.ticket_json import ticket_json
from helpdesk.desk.macro import files, macros
from helpdesk.desk.macro.macros import MacroView
from helpdesk.desk.ticket import show_ticket
from helpdesk.domain.text import one_line
from helpdesk.domain.ticket import parse_ref


def list_macros(arguments: argparse.Namespace) -> None:
    """List macros and canned replies."""
    with opened_desk(arguments) as desk:
        found = macros.list_macros(desk)
    if wants_json(arguments):
        print_json([_json(macro) for macro in found])
        return
    print_table(
        ("NAME", "WHOSE", "STEPS", "TEXT"),
        (
            (
                macro.name,
                f"shared by {macro.owner}" if macro.shared else "own",
                "; ".join(macro.steps) or "reply",
                one_line(macro.text),
            )
            for macro in found
        ),
    )


def show(arguments: argparse.Namespace) -> None:
    """Print macros as a file that can be edited and applied."""
    with opened_desk(arguments) as desk:
        found = [macros.show(desk, arguments.name)] if arguments.name else macros.list_macros(desk)
    if wants_json(arguments):
        print_json([_json(macro) for macro in found])
    else:
        print_text(files.write_file(macro.written for macro in found).rstrip("\n"))


def check(arguments: argparse.Namespace) -> ExitCode:
    """List every mistake, and names that do not exist."""
    with opened_desk(arguments) as desk:
        if arguments.file is None:
            flaws = macros.check(desk)
        else:
            found, flaws = files.read_file(read_text(arguments.file, files.SIZE_LIMIT))
            wrong = {flaw.macro for flaw in flaws}
            flaws += macros.check(desk, [macro for macro in found if macro.name not in wrong])
    if wants_json(arguments):
        keys = ("macro", "step", "sentence")
        print_json([{key: getattr(flaw, key) for key in keys} for flaw in flaws])
    elif flaws:
        for flaw in flaws:
            print_text(one_line(str(flaw)))
    else:
        print_text("no mistakes.")
    return ExitCode.REFUSED if flaws else ExitCode.DONE


def apply(arguments: argparse.Namespace) -> None:
    """Save the macros of a file."""
    text = read_text(arguments.file, files.SIZE_LIMIT)
    with opened_desk(arguments) as desk:
        saved = macros.save(desk, text, shared=arguments.shared)
    if wants_json(arguments):
        print_json([_json(macro) for macro in saved])
    else:
        names = ", ".join(macro.name for macro in saved)
        print_text(f"saved {len(saved)} {'for all' if arguments.shared else 'for you'}: {names}")


def delete(arguments: argparse.Namespace) -> None:
    """Delete a macro."""
    with opened_desk(arguments) as desk:
        found = macros.delete(desk, arguments.name, arguments.seen_version)
    if wants_json(arguments):
        print_json(_json(found))
    else:
        print_text(f"{found.name!r} deleted.")


def run(arguments: argparse.Namespace) -> None:
    """Run a macro on tickets."""
    numbers = [parse_ref(ref) for ref in arguments.ids]
    with opened_desk(arguments) as desk:
        found = macros.run(desk, arguments.name, numbers, rest=arguments.rest)
        changed = [show_ticket.show(desk, number) for number in found.done]
    if wants_json(arguments):
        if changed:
            print_json([ticket_json(ticket) for ticket in changed])
    else:
        for ticket in changed:
            print_text(
                f"{ticket.ref} {arguments.name} ({ticket.queue}, {ticket.state}): {ticket.subject}"
            )
    print_remarks(found.unreached)
    bulk.require_done(found, hint="; --rest does the others" if found.would else "")


def _json(macro: MacroView) -> dict[str, Any]:
    return {
        "name": macro.name,
        "steps": list(macro.steps),
        "text": macro.text,
        "shared": macro.shared,
        "owner": macro.owner,
        "version": macro.version,
    }
