"""One run that can be steered while it learns, shown at any of its moments, and gone back in.

Whoever calls holds the lock of the studio, but for `advance`, which takes it only to look and to
swap its work in. Work that began before the lane was changed is thrown away (`stamp`).
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field, replace
from threading import RLock

from core import device
from core.errors import require
from core.nets import health, network, train
from core.nets.network import Config, Points
from core.nets.ready import SAMPLE
from core.nets.state import State, begin
from core.nets.timeline import Timeline
from core.rng import stream

FRESH = 0.03  # seconds that a measure of the losses may be old
SLOW = 1e-6  # and so many more a point: of a hundred thousand it takes a while


@dataclass
class Lane:
    """A run: settings, the moment it has reached, and the record of how it came there."""

    config: Config
    seed: int
    state: State
    measure: train.Measure
    timeline: Timeline = field(default_factory=Timeline)
    note: str = ""  # where it came from
    at: int | None = None  # the record on display; None: the newest moment
    trouble: health.Trouble | None = None
    forgiven: bool = False  # the visitor plays on although it stalls
    stamp: int = 0
    debt: float = 0.0  # examples that are due but do not fill an update yet
    measured: float = 0.0  # when, seconds
    judged: State | None = None  # whose measure it is
    exact: train.Measure | None = None  # of the record on display, where its own is by a sample

    @classmethod
    def open(cls, points: Points, config: Config, seed: int, state: State | None = None) -> Lane:
        """A lane that begins from its seed, or goes on from `state`."""
        state = state or beginning(points, config, seed)
        lane = cls(config, seed, state, train.measure(state.params, points, config))
        lane.judged = state
        lane.timeline.add(state, train.measure(state.params, points, config, sample=True), config)
        return lane

    @property
    def shown(self) -> tuple[State, Config, train.Measure]:
        """The moment on display."""
        if self.at is None:
            return self.state, self.config, self.measure
        record = self.timeline.record(self.at)
        return record.state, record.config, self.exact or record.measure

    def look(self, at: int | None, points: Points) -> None:
        """Show a record; None shows the newest moment. Its numbers are those of all points."""
        self.at, self.exact = at, None
        if at is not None and len(points.x) > SAMPLE:
            record = self.timeline.record(at)
            if record.config.classes == self.config.classes:
                self.exact = train.measure(record.state.params, points, record.config)

    def judge(self, points: Points) -> None:
        """Bring the measure of the newest moment up to date."""
        if self.judged is not self.state:
            self.measure, self.judged = (
                train.measure(self.state.params, points, self.config),
                self.state,
            )

    def record(self, at: int | None) -> int | None:
        """The number of a record, checked; that on display for None."""
        if at is None:
            return self.at
        most = len(self.timeline) - 1
        require(0 <= at <= most, "moment", wanted=f"0 to {most}", given=at)
        return at

    def put(self, state: State, points: Points) -> None:
        """Go on from `state`."""
        self.stamp += 1
        self.state, self.at, self.debt = state, None, 0.0
        self.forgive(False)
        self.measure, self.judged = train.measure(state.params, points, self.config), state

    def forgive(self, forgiven: bool) -> None:
        """Forget the trouble; `forgiven` lanes are not asked again why they stall."""
        self.trouble, self.forgiven = None, forgiven

    def restart(self, points: Points, seed: int) -> None:
        """Begin anew from a seed, with an empty record."""
        self.seed, self.timeline = seed, Timeline()
        self.put(beginning(points, self.config, seed), points)
        first = train.measure(self.state.params, points, self.config, sample=True)
        self.timeline.add(self.state, first, self.config)

    def rewind(self, at: int | None, points: Points) -> None:
        """Go back to a record, with its settings, and forget what came after."""
        at = self.record(at)
        if at is not None:
            record = self.timeline.record(at)
            self.timeline.cut(at)
            self.config = record.config
            self.put(record.state, points)

    def fork(self, at: int | None, points: Points) -> Lane:
        """A new lane that goes on from a record; from the newest one for None."""
        at = self.record(at)
        at = len(self.timeline) - 1 if at is None else at
        record = self.timeline.record(at)
        lane = Lane.open(points, record.config, self.seed, record.state)
        lane.timeline = self.timeline.fork(at)
        return lane

    def settle(self, config: Config, points: Points) -> None:
        """Take other settings. What still fits of the weights stays; another `initial` begins anew."""
        if config == self.config:
            return
        before, self.config = self.config, config
        if config.initial != before.initial:
            self.restart(points, self.seed)
        elif config.sizes != before.sizes:
            fresh = beginning(points, config, self.seed)
            network.transplant(self.state.params, before, fresh.params, config)
            old = self.state
            new = replace(fresh, random=old.random, updates=old.updates, examples=old.examples)
            self.put(new, points)
        else:
            self.stamp += 1
            self.measured = 0.0
            self.forgive(False)

    def batch(self, points: Points) -> int:
        """Examples an update."""
        return max(1, min(self.config.batch, int((~points.held).sum())))

    def due(self, examples: float, points: Points) -> int:
        """Updates that so many more examples make; the rest is kept for the next time."""
        batch = self.batch(points)
        self.debt += examples
        updates = int(self.debt // batch)
        self.debt -= updates * batch
        return updates

    def advance(self, updates: int, points: Points, lock: RLock) -> int:
        """Learn, recording on the way. Gives the number of examples that were learned from."""
        with lock:
            stamp, done = self.stamp, 0
        while updates > 0:
            with lock:
                if self.stamp != stamp:
                    break
                state, config = self.state, self.config
                stride = self.timeline.due(state.updates)
            wanted = min(updates, stride)
            new = train.advance(state, points, config, wanted, device=device.choose())
            recorded = new.updates - state.updates == stride
            updates -= stride
            done += new.examples - state.examples
            old = time.monotonic() - self.measured > FRESH + len(points.x) * SLOW
            row = train.measure(new.params, points, config, sample=True) if recorded else None
            measure = row if len(points.x) <= SAMPLE else None
            if measure is None and (not new.finite or (old and updates <= 0)):
                measure = train.measure(new.params, points, config)
            trouble = None
            if not new.finite:
                with lock:  # others may cut the timeline meanwhile
                    past = self.timeline.fork(len(self.timeline) - 1)
                trouble = health.diagnose(new, state, points, config, past)
            with lock:
                if self.stamp != stamp:
                    break
                self.state = new
                if measure is not None:
                    self.measure, self.judged, self.measured = measure, new, time.monotonic()
                if trouble is not None:
                    self.trouble = trouble
                    break
                if row is not None:
                    self.timeline.add(new, row, config)
        return done


def beginning(points: Points, config: Config, seed: int) -> State:
    """Where the run of that seed begins."""
    return begin(points, config, generator=stream(seed, "classifier"))
