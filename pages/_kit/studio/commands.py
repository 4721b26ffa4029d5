"""What a browser may ask of a studio: one function a command, each checking what it was given."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial
from typing import Any

from core.errors import require
from core.nets.studio import Studio

Message = dict[str, Any]
MOST = 2_000  # points in one stroke of the brush that are taken from one message


def obey(studio: Studio, message: Message) -> bool:
    """Do what the message says; False where it is no command of a studio.

    Raises SettingError naming what was missing or out of range.
    """
    command = COMMANDS.get(str(message.get("do")))
    if command is None:
        return False
    command(studio, message)
    return True


def number(message: Message, name: str) -> float:
    """A finite number of the message."""
    value = message.get(name)
    right = isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e300
    require(right, name, wanted="a number", given=_short(value))
    return float(value)  # type: ignore[arg-type]


def whole(message: Message, name: str, least: int = 0) -> int:
    """A whole number of the message, of at least `least`."""
    value = message.get(name)
    right = isinstance(value, int) and not isinstance(value, bool) and least <= value < 2**53
    require(right, name, wanted=f"a whole number of at least {least}", given=_short(value))
    return int(value)  # type: ignore[arg-type]


def numbers(value: object, count: int, name: str) -> list[float]:
    """A list of so many finite numbers."""
    right = isinstance(value, list) and len(value) == count
    row = {str(i): v for i, v in enumerate(value)} if isinstance(value, list) and right else {}
    require(right, name, wanted=f"{count} numbers", given=_short(value))
    return [number(row, str(i)) for i in range(count)]


def _maybe(message: Message, name: str) -> int | None:
    return None if message.get(name) is None else whole(message, name)


def _add(studio: Studio, message: Message) -> None:
    rows = message.get("points")
    right = isinstance(rows, list) and len(rows) <= MOST
    require(right, "points", wanted=f"at most {MOST} at a time", given=_short(rows))
    points = [numbers(row, 3, "point") for row in rows or ()]
    stroke = whole(message, "stroke")
    x, y = [(a, b) for a, b, _ in points], [_class(c, studio) for _, _, c in points]
    studio.edit(lambda edits: edits.add(x, y, stroke=stroke))


def _class(value: float, studio: Studio) -> int:
    most = studio.count - 1
    wanted = f"a whole number from 0 to {most}"
    require(value.is_integer() and 0 <= value <= most, "class", wanted=wanted, given=f"{value:g}")
    return int(value)


def _move(studio: Studio, message: Message) -> None:
    index, stroke = whole(message, "index"), whole(message, "stroke")
    to = (number(message, "x"), number(message, "y"))
    studio.edit(lambda edits: edits.move(index, *to, stroke=stroke))


def _remove(studio: Studio, message: Message) -> None:
    index, stroke = whole(message, "index"), whole(message, "stroke")
    studio.edit(lambda edits: edits.remove(index, stroke=stroke))


def _weight(studio: Studio, message: Message) -> None:
    layer, row, column = whole(message, "layer"), whole(message, "row"), _maybe(message, "column")
    studio.weight(layer, row, column, number(message, "value"))


def _plainly(method: Callable[[Studio], None], studio: Studio, message: Message) -> None:
    method(studio)


def _moment(method: Callable[[Studio, int | None], None], studio: Studio, message: Message) -> None:
    method(studio, _maybe(message, "at"))


COMMANDS: dict[str, Callable[[Studio, Message], None]] = {
    "play": partial(_plainly, Studio.play),
    "pause": partial(_plainly, Studio.pause),
    "step": partial(_plainly, Studio.step),
    "epoch": partial(_plainly, partial(Studio.step, epoch=True)),
    "reset": lambda studio, message: studio.reset(message.get("fresh") is True),
    "speed": lambda studio, message: studio.hurry(number(message, "value")),
    "add": _add,
    "move": _move,
    "remove": _remove,
    "clear": lambda studio, message: studio.edit(lambda edits: edits.clear()),
    "undo": lambda studio, message: studio.edit(lambda edits: edits.undo()),
    "redo": lambda studio, message: studio.edit(lambda edits: edits.redo()),
    "weight": _weight,
    "scrub": partial(_moment, Studio.scrub),
    "rewind": partial(_moment, Studio.rewind),
    "rescue": lambda studio, message: studio.rescue(message.get("cure") is True),
    "fork": partial(_moment, Studio.fork),
    "lane": lambda studio, message: studio.pick(whole(message, "pick")),
    "close": lambda studio, message: studio.drop(whole(message, "lane")),
}


def _short(value: object) -> str:
    text = repr(value) if not isinstance(value, float) or math.isfinite(value) else str(value)
    return text if len(text) <= 60 else text[:57] + "..."
