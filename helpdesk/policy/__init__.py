"""The policy file: levels, calendars, customers, services, SLA targets and alarms in TOML.

:func:`read_policy` turns the text into a frozen :class:`Policy`, or into a list of all mistakes
with their lines.  It reads no other files than the iCalendar files that the policy names.  The
package ``helpdesk.desk.policy`` applies a policy to a desk.
"""

from helpdesk.policy.document import Policy, PolicyReading, read_policy
from helpdesk.policy.finding import PolicyFinding

__all__ = ["Policy", "PolicyFinding", "PolicyReading", "read_policy"]
