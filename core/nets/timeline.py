"""The record of a run: bounded, evenly thinned, the same however the run was cut into calls.

    stride : updates between two records, a power of two       base : updates at the first record

Which moments are kept depends on the number of updates alone: those a whole number of strides
after the first, and the newest. When there are too many, every second one goes and the stride
doubles. A newest moment that falls between gives way to the next one.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from core.errors import require
from core.nets.network import Config
from core.nets.state import State

if TYPE_CHECKING:
    from core.nets.train import Measure

MOST, MOST_BYTES = 400, 32 << 20


@dataclass(frozen=True, kw_only=True)
class Record:
    """A moment, how well the net did then, and the settings it had been trained with."""

    state: State
    measure: Measure
    config: Config

    @property
    def row(self) -> tuple[float, ...]:
        """(examples, train loss, test loss, train accuracy, test accuracy); NaN: none."""
        m = self.measure
        values = (m.train_loss, m.test_loss, m.train_accuracy, m.test_accuracy)
        return (self.state.examples, *(np.nan if v is None else v for v in values))


class Timeline:
    """At most `most` records that take at most about `most_bytes`; two always stay.

    Holds States as they are given: their arrays must not be written to later.
    """

    def __init__(self, most: int = MOST, most_bytes: int = MOST_BYTES) -> None:
        require(most >= 3, "records", wanted="at least 3", given=most)
        require(most_bytes >= 0, "bytes of records", wanted="at least 0", given=most_bytes)
        self.most, self.most_bytes = most, most_bytes
        self.stride = 1
        self.version = 0  # of the records: moves on with every change
        self._records: list[Record] = []
        self._bound = 0  # bytes that the records take at most

    def __len__(self) -> int:
        return len(self._records)

    def due(self, updates: int) -> int:
        """How many more updates a run at `updates` must make to its next record; 0: before any."""
        return self.stride - (updates - self._base) % self.stride if self._records else 0

    def add(self, state: State, measure: Measure, config: Config) -> None:
        """Record a moment: one that is due, or any before that as the newest for now.

        A moment of as many updates as the newest takes its place. Raises ValueError for one that
        lies before the newest, or beyond one that was due.
        """
        if self._records:
            newest = self._records[-1].state
            if state.updates < newest.updates:
                raise ValueError(f"{state.updates} updates, after {newest.updates}")
            if state.updates > newest.updates + self.due(newest.updates):
                raise ValueError(f"{state.updates} updates: one due before was not recorded")
            if state.order is not newest.order and np.array_equal(state.order, newest.order):
                state = replace(state, order=newest.order)  # by far the largest array: kept once
            if state.updates == newest.updates or not self._lasting(newest):
                self._records.pop()
        self._records.append(Record(state=state, measure=measure, config=config))
        self._bound += state.nbytes
        self.version += 1
        # Only a lasting record may make it too many, or thinning would depend on the calls.
        while self._lasting(state) and self._too_many(state):
            self._thin()

    def record(self, i: int) -> Record:
        """Record `i`, from 0. Raises SettingError where there is none."""
        last = len(self._records) - 1
        require(0 <= i <= last, "record", wanted=f"0 to {last}", given=i)
        return self._records[i]

    def curve(self) -> NDArray[np.float32]:
        """Row i tells of record i: (R, 5), the columns of `Record.row`."""
        rows = [record.row for record in self._records]
        with np.errstate(over="ignore"):  # a loss may be more than a float32 holds: infinite
            return np.array(rows, np.float32).reshape(len(rows), 5)

    def cut(self, i: int) -> None:
        """Forget everything after record `i`. Raises SettingError where there is none."""
        self.record(i)
        del self._records[i + 1 :]
        self.version += 1

    def fork(self, i: int) -> Timeline:
        """Another timeline that begins as a copy of this one up to record `i`. Raises as `cut`."""
        self.record(i)
        other = Timeline(self.most, self.most_bytes)
        other.stride = self.stride
        other._records, other._bound = self._records[: i + 1], self._bound
        return other

    @property
    def nbytes(self) -> int:
        """Memory of all arrays held, each counted once."""
        arrays = {}
        for record in self._records:
            s = record.state
            arrays.update({id(a): a.nbytes for a in (s.params, s.slots, s.order, s.random)})
        return sum(arrays.values())

    @property
    def _base(self) -> int:
        return self._records[0].state.updates

    def _lasting(self, state: State) -> bool:
        return (state.updates - self._base) % self.stride == 0

    def _too_many(self, newest: State) -> bool:
        # One place, and room for one state, stay free for the newest between two strides.
        if self._bound + newest.nbytes > self.most_bytes:  # the sum takes long, and is made rarely
            self._bound = self.nbytes
        heavy = self._bound + newest.nbytes > self.most_bytes
        return (len(self._records) >= self.most or heavy) and len(self._records) > 2

    def _thin(self) -> None:
        self.stride *= 2
        *others, newest = self._records
        self._records = [record for record in others if self._lasting(record.state)] + [newest]
