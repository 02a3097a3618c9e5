"""The policy file: levels, calendars, customers, services, SLA targets, alarms, in one TOML file.

Reading it is pure but for the iCalendar files it names: text in, a frozen :class:`Policy` out, or
every mistake with its line.  What a policy does to a desk is ``helpdesk.desk.policy``.
"""

from helpdesk.policy.document import Policy, Reading, read_policy
from helpdesk.policy.finding import Finding

__all__ = ["Finding", "Policy", "Reading", "read_policy"]
