"""Policies for tests: the starter policy, and additions to it."""

from pathlib import Path

from helpdesk.desk.policy import apply_policy
from helpdesk.desk.policy.apply_policy import PolicyPreview
from helpdesk.desk.policy.files import PolicyText, starter_text
from helpdesk.desk.session import Desk


def policy_in(file: Path) -> PolicyText:
    """Return the policy in a file."""
    return PolicyText(file.read_text(encoding="utf-8"), str(file))


def apply_text(desk: Desk, text: str) -> PolicyPreview:
    """Apply a policy that is given as text."""
    return apply_policy.apply(desk, PolicyText(text, "policy.toml"))


def apply_more(desk: Desk, more: str) -> PolicyPreview:
    """Apply the starter policy with more tables at its end."""
    return apply_text(desk, f"{starter_text()}\n{more}\n")


def sla(name: str, head: str, targets: str) -> str:
    """Return an SLA with the same targets for every priority."""
    rows = "\n".join(f"P{number} = {{ {targets} }}" for number in range(1, 5))
    return f'[sla."{name}"]\n{head}\n[sla."{name}".targets]\n{rows}\n'
