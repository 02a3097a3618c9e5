"""The lines between panes are visible on terminals of few colours."""

import pytest
from rich.color import Color, ColorSystem
from textual.theme import Theme

from helpdesk.tui.app.themes import DARK, LIGHT


@pytest.mark.parametrize("theme", [DARK, LIGHT], ids=lambda theme: theme.name)
@pytest.mark.parametrize("colours", [ColorSystem.STANDARD, ColorSystem.EIGHT_BIT])
def test_a_rule_has_another_colour_than_what_it_parts(theme: Theme, colours: ColorSystem) -> None:
    rule = Color.parse(theme.variables["rule"]).downgrade(colours)
    for surface in (theme.background, theme.surface, theme.panel):
        assert surface is not None
        assert Color.parse(surface).downgrade(colours).number != rule.number
