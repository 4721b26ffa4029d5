"""The ways to look closer at a net that reads, by the name that stands in the link."""

from __future__ import annotations

from collections.abc import Callable

from pages._kit.sequence import find, holding, inside, through_time, training, writing
from pages._kit.sequence.view import View

PARTS: dict[str, Callable[[View], None]] = {
    "Find units": find.show,
    "Inside one step": inside.show,
    holding.NAME: holding.show,
    "Write": writing.show,
    "Back through time": through_time.show,
    "Train live": training.show,
}
