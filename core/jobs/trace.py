"""A trace that never holds more than it may: what was emitted, evenly thinned.

    i : index of a step, counted from 0       N : how many steps may be kept
    s : stride, a power of two                kept : 0, s, 2s, ... and the newest step

The stride follows from i and N alone. A job can therefore drop a step before it travels and
the receiver, who sees only what was sent, still ends with exactly the steps of this rule.
Up to N steps the stride is 1: nothing is lost.
"""

from __future__ import annotations

from typing import Generic, TypeVar

from core.errors import require

Item = TypeVar("Item")
STEPS = 400


def stride(index: int, limit: int) -> int:
    """The smallest power of two s that keeps the trace 0..`index` within `limit` steps."""
    s = 1
    # |{0, s, 2s, ...} up to i| + (1 for i itself where it is off the grid) <= N
    while index // s + 1 + (index % s != 0) > limit:
        s *= 2
    return s


class Trace(Generic[Item]):
    """Steps by index, in order, at most `limit` of them; not safe between threads."""

    def __init__(self, limit: int = STEPS) -> None:
        require(limit >= 2, "keep", wanted="room for at least the first and last step", given=limit)
        self._limit = limit
        self._stride = 1
        self._newest = -1
        self._items: dict[int, Item] = {}

    def __len__(self) -> int:
        return len(self._items)

    def add(self, index: int, item: Item) -> None:
        """Take step `index`, larger than all before, and drop what the rule no longer keeps."""
        s = stride(index, self._limit)
        if s != self._stride:
            self._items = {i: kept for i, kept in self._items.items() if i % s == 0}
            self._stride = s
        elif self._newest % s:
            self._items.pop(self._newest, None)
        self._items[index] = item
        self._newest = index

    def since(self, index: int) -> list[tuple[int, Item]]:
        """What is kept from step `index` on."""
        return [(i, item) for i, item in self._items.items() if i >= index]

    def take(self) -> list[tuple[int, Item]]:
        """What is kept; afterwards the trace holds none of it."""
        items, self._items = self._items, {}
        return list(items.items())

    def clear(self) -> None:
        """Let go of every step."""
        self._items = {}
