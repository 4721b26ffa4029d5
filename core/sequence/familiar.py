"""What is looked for in a net at first: the target its task is known for, and the units that follow it.

The units are found over `sample`, a few texts of the task one after another, never by number.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from core.datasets import stdlib
from core.errors import SettingError
from core.rng import stream
from core.sequence import patterns, tasks, trace, units
from core.sequence.saved import Saved
from core.sequence.units import Ranked

LINES = 24  # texts of a task in a sample
SOURCE = slice(25_000, 29_000)  # of Python's library: a piece with comments, strings and brackets


@dataclass(frozen=True)
class Wanted:
    """`pattern` as core.sequence.patterns.named takes it, or one of OWN here; ranked by `by`."""

    pattern: str
    by: str = "correlation"


OWN = {
    "count of a less b": lambda text: patterns.count(text, "a", "b"),
    "whether A or B came last": lambda text: patterns.last_of(text, "A", "B"),
    "after the X": lambda text: patterns.last_of(text, "X", "\n"),
    "odd number of 1": lambda text: patterns.count(text, "1") % 2,
}
WANTED = {
    "counter": Wanted("count of a less b"),
    "selective": Wanted("count of a less b"),
    "memoriser": Wanted("whether A or B came last", "f1"),
    "copy": Wanted("position in line"),
    "adding": Wanted("count of + so far"),
    "parity": Wanted("odd number of 1", "f1"),
    None: Wanted("inside brackets", "f1"),
}


def wanted(saved: Saved) -> Wanted:
    """What to look for in this net."""
    return WANTED.get(saved.task, WANTED[None])


def target(text: str, name: str) -> NDArray[np.float64]:
    """The target `name` over `text`; of OWN or of patterns.named, raising as that does."""
    return OWN[name](text) if name in OWN else patterns.named(text, name)


@cache
def sample(task: str | None) -> str:
    """A text to look at: of a language lines of growing length, else a piece of Python's library."""
    if task not in tasks.TASKS:
        return stdlib.source(SOURCE.stop)[SOURCE].partition("\n")[2]  # from the start of a line
    language = tasks.TASKS[task]
    lengths = sorted({*language.trained, *language.held})
    generator = stream(0, "sample", task)
    drawn = [language.draw(lengths[k % len(lengths)], generator)[0] for k in range(LINES)]
    return tasks.END.join(drawn) + tasks.END


def found(saved: Saved, most: int = 3) -> list[Ranked]:
    """The units of `saved` that follow its target best, over the sample of its task."""
    text = sample(saved.task)
    layers = trace.trace(saved.reader.stack, saved.vocabulary.encode(text))
    aim = wanted(saved)
    try:
        return units.rank(layers, target(text, aim.pattern), by=aim.by)[:most]
    except SettingError:  # nothing of the kind in this text
        return []
