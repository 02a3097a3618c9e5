"""``helpdesk ticket steps|tick``: the steps of SOPs on a ticket."""

import argparse

from helpdesk.cli.open_desk import opened_desk, wants_json
from helpdesk.cli.output import iso, local, print_json, print_text
from helpdesk.desk.exchange.ticket_json import ticket_json
from helpdesk.desk.ticket import sop_steps
from helpdesk.domain.text import one_line
from helpdesk.domain.ticket import parse_ref


def steps(arguments: argparse.Namespace) -> None:
    """List the SOPs that apply to a ticket, and mark the steps that are done."""
    number = parse_ref(arguments.id)
    with opened_desk(arguments) as desk:
        if arguments.sop is None:
            found = sop_steps.procedures(desk, number)
        else:
            found = (sop_steps.procedure(desk, number, arguments.sop),)
    if wants_json(arguments):
        print_json([_json(sop) for sop in found])
        return
    for sop in found:
        print_text(f"{sop.path}  {sop.done}/{len(sop.steps)}  {one_line(sop.title)}")
        for step in sop.steps:
            by = f"  ({step.by} {local(step.at)})" if step.done else ""
            print_text(f"  [{'x' if step.done else ' '}] {step.number}. {one_line(step.text)}{by}")
    if not found:
        print_text("no SOP matches this ticket: name one with --sop.")


def tick(arguments: argparse.Namespace) -> None:
    """Tick a step of an SOP, or untick it."""
    done = not arguments.undo
    with opened_desk(arguments) as desk:
        number, version = parse_ref(arguments.id), arguments.seen_version
        ticket = sop_steps.tick(
            desk, number, arguments.sop, arguments.step, done=done, version=version
        )
    if wants_json(arguments):
        print_json(ticket_json(ticket))
    else:
        what = "ticked" if done else "unticked"
        print_text(f"{ticket.ref} {what}: step {arguments.step} of {arguments.sop}.")


def _json(found: sop_steps.Procedure) -> dict[str, object]:
    return {
        "id": found.path,
        "title": found.title,
        "done": found.done,
        "steps": [
            {
                "number": step.number,
                "text": step.text,
                "done": step.done,
                "by": step.by or None,
                "at": iso(step.at),
            }
            for step in found.steps
        ],
    }
