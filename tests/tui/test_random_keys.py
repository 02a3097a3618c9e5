"""Two agents press random keys on one desk: nothing ends the app, no key acts on a covered screen.

Each test is one seeded run.  The default suite runs 1,500 keys, ``-m long`` 20,000, in tests that
are not repeated once they have passed (``tests/targets.py``).
"""

import asyncio
import inspect
import random
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest
from textual import events
from textual.geometry import Size
from textual.screen import Screen

from helpdesk.desk.form_drafts import Drafts
from helpdesk.desk.opening import open_desk
from helpdesk.desk.session import Desk
from helpdesk.desk.settings import Settings
from helpdesk.tui.app.app import HelpdeskApp
from tests.conftest import StillClock
from tests.tui.ways import WAYS, prepare

#: The keys of one run, by both agents together.
_KEYS = 250
_DEFAULT, _LONG = 1_500 // _KEYS, 20_000 // _KEYS
_GAP_S = (0.02, 0.3)
#: How many ways to a screen each run begins with.
_WAYS = 4
#: Keys that open a screen, those that act on and move in any of them, and the one that leaves it.
_OPENERS = (
    *("n", "slash", "question_mark", "1", "2", "3", "4", "m", "I", "b", "K", "w", "R", "f1", "r"),
    *("i", "e", "t", "p", "v", "a", "s", "L", "M", "T", "Z", "d", "y", "H", "o", "x", "f", "V"),
    *("ctrl+p", "S", "A", "E", "N", "f2", "f3", "f4", "f5", "f6", "f7", "f8", "f9", "z"),
    *("D", "colon", "ctrl+f", "ctrl+n", "X", "O", "F", "Y"),
)
_ACTING = (
    *("enter",) * 8,
    *("ctrl+s", "ctrl+s", "space", "c", "u", "U", "W", "ctrl+a", "ctrl+x", "ctrl+c", "g", "G"),
    *("j", "k", "down", "up", "left", "right", "tab", "shift+tab", "pagedown", "pageup", "home"),
    *("end", "backspace", "delete", "v", "h", "e", "6", "minus", "plus", "comma", "full_stop"),
    *("q", "greater_than_sign", "less_than_sign", "equals_sign", "C", "B", "ctrl+l", "ctrl+r"),
)
_SIZES = ((80, 24), (160, 50), (59, 20), (100, 15), (60, 16), (120, 40))


class WatchedApp(HelpdeskApp):
    """The app, which notes each key or click that acts on a screen that was covered when it came.

    What a key does is either an action or left to the widget that gets the key.
    """

    CSS_PATH = str(Path(inspect.getfile(HelpdeskApp)).with_name("app.tcss"))

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.typed_at: float | None = None
        self.acted = 0
        self.wrong: list[str] = []
        #: When each screen that was covered was shown again.
        self._shown_at: dict[Screen[Any], float] = {}

    def pop_screen(self) -> Any:
        closed = super().pop_screen()
        self._shown_at[self.screen] = events.Event().time
        return closed

    async def action_quit(self) -> None:
        """Stay: random keys find the way out."""

    async def handle_now(self, event: events.Event) -> None:
        if not isinstance(event, (events.Key, events.Paste, events.MouseDown)):
            await super().handle_now(event)
            return
        came_back = event.is_forwarded  # from the widget that got it
        self.typed_at = event.time
        await super().handle_now(event)
        self.typed_at = None  # what is done from here on, no key does, but a chosen command
        if event.is_forwarded and not came_back:
            self._acts(event.time, event, self.screen)

    async def run_action(self, action: Any, *args: Any, **options: Any) -> bool:
        if self.typed_at is not None:
            self._acts(self.typed_at, action, self.screen)
        return await super().run_action(action, *args, **options)

    def _acts(self, typed_at: float, what: object, screen: Screen[Any]) -> None:
        self.acted += 1
        late = self._shown_at.get(screen, 0.0) - typed_at
        if late > 0:
            self.wrong.append(f"{what} on {screen}: shown {late:.3f} s later")


def next_events(dice: random.Random, size: tuple[int, int], given: str = "") -> list[events.Event]:
    """Return a key, and now and then a resize, a mouse report or a paste before it.

    :param given: the key; "" for any.
    """
    found: list[events.Event] = []
    if dice.random() < 0.03:
        new = Size(*dice.choice(_SIZES))
        found.append(events.Resize(new, new))
    if dice.random() < 0.06:
        x, y = dice.randrange(size[0]), dice.randrange(size[1])
        kind = dice.choice(
            (events.MouseMove, events.MouseDown, events.MouseScrollDown, events.MouseScrollUp)
        )
        found.append(kind(None, x, y, 0, 0, 1, False, False, False))
        if kind is events.MouseDown:
            found.append(events.MouseUp(None, x, y, 0, 0, 1, False, False, False))
    if dice.random() < 0.01:
        found.append(events.Paste("three\nlines\nof text"))
    key = given or dice.choice(dice.choices((_OPENERS, _ACTING, ("escape",)), (4, 4, 2))[0])
    found.append(events.Key(key, key if len(key) == 1 else " " if key == "space" else None))
    return found


async def press(app: WatchedApp, seed: int, count: int) -> list[str]:
    """Press random keys, which begin with the ways to some screens, and return them."""
    dice = random.Random(seed)
    ways = [*WAYS.values()] * 2
    first = seed * _WAYS % len(WAYS)  # all runs of the default suite together go all ways
    keys = [key for way in ways[first : first + _WAYS] for key in (*("escape",) * 4, *way)]
    pressed: list[str] = []
    for place in range(count):
        given = keys[place] if place < len(keys) else ""
        for event in next_events(dice, (app.size.width, app.size.height), given):
            app.post_message(event)
            pressed.append(event.key if isinstance(event, events.Key) else type(event).__name__)
        low, high = _GAP_S
        await asyncio.sleep(low + (high - low) * dice.random() ** 4)  # mostly fast
        assert app.return_code is None, f"seed {seed}: the app ended after {pressed[-12:]}"
    return pressed


@pytest.mark.timeout(300)
@pytest.mark.parametrize(
    "seed",
    [
        *range(_DEFAULT),
        *(pytest.param(seed, marks=pytest.mark.long) for seed in range(_DEFAULT, _LONG)),
    ],
)
async def test_random_keys_of_two_agents_end_nothing_and_act_on_no_covered_screen(
    busy_desk: Desk,
    settings: Settings,
    clock: StillClock,
    tmp_path: Path,
    seed: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)  # where tickets are exported to
    prepare(busy_desk)
    apps = []
    async with AsyncExitStack() as stack:
        for login, size in (("ann", (80, 24)), ("bob", (160, 50))):
            mine = Settings(settings.database, settings.kb, login)

            def opened(mine: Settings = mine) -> Desk:
                return open_desk(mine, clock)

            app = WatchedApp(opened, Drafts(tmp_path / "drafts", login))
            await stack.enter_async_context(app.run_test(size=size, notifications=True))
            apps.append(app)
        pressed = await asyncio.gather(
            *(
                asyncio.create_task(press(app, seed * 2 + place, _KEYS // len(apps)))
                for place, app in enumerate(apps)
            )
        )
        for app, keys in zip(apps, pressed, strict=True):
            assert not app.wrong, f"seed {seed}: {app.wrong} among {keys}"
            assert app.return_code is None
            assert app.acted > 0
