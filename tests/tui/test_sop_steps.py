"""The steps of an SOP show all that stands in it: headings, nested text, commands and checks."""

import pytest

from helpdesk.desk.session import Desk
from helpdesk.desk.settings import Settings
from helpdesk.desk.ticket import log_query, show_ticket
from helpdesk.desk.ticket.views import NewQuery
from helpdesk.tui.ticket.steps import StepsScreen
from tests.tui.conftest import RunApp, screen_text, settled, until

_SOP = """---
title: Flurble gizmo is stuck
kind: sop
status: published
---
# Flurble gizmo is stuck

## Steps

### Look at it

- [ ] Ask what they see. Note the
      time as well.
- [ ] Read the log:

      ```
      flurble --log
      ```

  - [ ] Check: the last line is `ok`

### Mend it

1. Not a step.

- [ ] Restart it.
      > Check: the lamp is green.
"""


@pytest.mark.parametrize("size", [(80, 24), (160, 50)])
async def test_all_of_a_step_is_shown(
    desk: Desk, run_app: RunApp, settings: Settings, size: tuple[int, int]
) -> None:
    assert settings.kb is not None
    (settings.kb / "flurble.md").write_text(_SOP)
    log_query.log_query(desk, NewQuery("flurble gizmo is stuck"))
    async with run_app(size) as pilot:
        await pilot.press("enter", "S")
        await until(pilot, lambda: isinstance(pilot.app.screen, StepsScreen))
        await settled(pilot)
        lines = [line.strip(" █▌").rstrip() for line in screen_text(pilot).splitlines()]
        for expected in (
            *("Look at it", "[ ] 1. Ask what they see. Note the", "time as well."),
            *("[ ] 2. Read the log:", "flurble --log"),
            *("[ ] 3. Check: the last line is `ok`", "Mend it", "[ ] 4. Restart it."),
            "> Check: the lamp is green.",
        ):
            assert expected in lines, (expected, lines)
        await pilot.press("space")
        await until(pilot, lambda: "[x] 1. Ask" in screen_text(pilot))
    assert show_ticket.show(desk, 1).events[-1].data["text"] == "Ask what they see. Note the"
