"""A room where networks learn while somebody watches, steers them and edits their points.

Up to four runs (lanes) learn side by side from the same points. One thread trains them in short
turns: whoever draws never waits for training, and training never for whoever draws. A `State` is
never written to, so a record, a frame and a fork simply hold on to it.
"""

from __future__ import annotations

import math
import os
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from threading import Condition, RLock, Thread, get_native_id
from typing import Any

import numpy as np

from core.datasets.points import Edits
from core.errors import require
from core.nets import health, network
from core.nets.lane import Lane
from core.nets.network import Config, Points
from core.nets.ready import still
from core.nets.state import State
from core.nets.train import Measure

LANES = 4  # runs side by side, at most
SPEED = 20_000.0  # examples a second, of a visitor who has not chosen
TURN = 0.012  # seconds of training between two looks at what was asked meanwhile
ALONE = 20.0  # seconds after the last sign of a browser until training pauses by itself
NICE = 10  # how much training gives way to others on a busy machine, of 19
DOCTOR = 0.3  # seconds between two looks at the health of a run
SETTINGS = tuple(f.name for f in fields(Config) if f.name not in ("examples", "steps"))


@dataclass(frozen=True, kw_only=True)
class Moment:
    """What is on display, for whoever wants to look closer. Nothing in it changes any more."""

    state: State
    config: Config
    measure: Measure
    points: Points
    classes: tuple[str, ...]
    seed: int
    name: str
    curves: dict[str, np.ndarray]  # every lane's name: (R, 5) as Timeline.curve gives it

    @property
    def names(self) -> list[str]:
        """A name for every class of the net."""
        return [*self.classes, *map(str, range(len(self.classes), self.config.classes))]


class Studio:
    """The room. Its methods may be called from any thread; those that refuse raise VitrineError."""

    def __init__(self) -> None:
        self.lock = RLock()
        self.lanes: list[Lane] = []
        self.picked = 0
        self.playing = True
        self.speed = SPEED  # examples a second, 0: as many as can be
        self.pace = 0.0  # examples a second, as measured
        self.classes: tuple[str, ...] = ()
        self.drawn = False  # the points were edited by hand
        self.version = 0  # of the points
        self.strayed = 0  # times that the shown settings became others than those of the page
        self._edits = Edits(Points(np.empty((0, 2)), np.empty(0, np.int64), np.empty(0, bool)))
        self._points = still(self._edits.points)
        self._asked: tuple[Config, int] | None = None  # what the page gave last
        self._known: tuple[Config, int] | None = None  # what was shown when that was looked at
        self._source: object = None
        self._listeners: set[Callable[[], None]] = set()
        self._wake = Condition(self.lock)
        self._thread: Thread | None = None
        self._closed = False
        self._attended = -math.inf
        self._rate = 1e6  # examples a second that a turn is planned with
        self._checked = 0.0

    @property
    def points(self) -> Points:
        """What all lanes learn from."""
        return self._points

    @property
    def count(self) -> int:
        """Classes the networks tell apart."""
        y = self.points.y
        return max(2, len(self.classes), int(y.max()) + 1 if len(y) else 0)

    # What the page says

    def load(self, points: Points, classes: tuple[str, ...], source: object) -> bool:
        """Learn from `points` from now on, unless they came from the same `source` as before.

        Says whether they did not.
        """
        with self.lock:
            fresh = source != self._source
            if fresh:
                self._source, self.drawn, self.classes = source, False, classes
                self._put(Edits(points))
            return fresh

    def draw(self, points: Points, classes: tuple[str, ...] = ()) -> None:
        """Points drawn by hand, as a link brings them, in place of those of the source.

        Without `classes` they are called as those of the source.
        """
        with self.lock:
            self.classes = classes or self.classes
            self._put(Edits(points))
            self.drawn = True

    def configure(self, config: Config, seed: int) -> None:
        """The settings of the page. Only what changed since the last time reaches the shown lane.

        The number of classes is that of the points.
        """
        with self.lock:
            before, self._asked = self._asked, (replace(config, classes=self.count), seed)
            if not self.lanes:
                self._open()
            elif before is not None and before != self._asked:
                lane = self.lanes[self.picked]
                new = _changes(before[0], self._asked[0], lane.config)
                lane.settle(replace(lane.config, **new), self.points)
                if seed not in (before[1], lane.seed):
                    lane.restart(self.points, seed)
            self._changed()

    def agree(self, config: Config, seed: int) -> None:
        """The page shows these settings from now on; the shown lane keeps what it has.

        Where a control of the page cannot say what the lane has, that stays until the control is
        moved.
        """
        with self.lock:
            self._asked = (replace(config, classes=self.count), seed)

    @property
    def asked(self) -> tuple[Config, int] | None:
        """Settings and seed that the page shows."""
        return self._asked

    @property
    def settings(self) -> tuple[Config, int] | None:
        """Settings and seed of the shown lane; None before there is one."""
        with self.lock:
            if not self.lanes:
                return None
            lane = self.lanes[self.picked]
            return lane.config, lane.seed

    def versus(self, base: dict[str, object], change: dict[str, object]) -> None:
        """Two lanes from the same seed: one with `base` settings, one with `change` on top of it."""
        with self.lock:
            lane = self._lane(self.picked)
            plain = replace(lane.config, **base)  # type: ignore[arg-type]
            helped = replace(plain, **change)  # type: ignore[arg-type]
            self.lanes = [Lane.open(self.points, c, lane.seed) for c in (plain, helped)]
            self.picked, self.playing = 0, True
            self._changed()

    def adopt(self, state: State, config: Config, seed: int, note: str) -> None:
        """One more lane that goes on from `state`, shown at once."""
        with self.lock:
            self._enter(Lane.open(self.points, config, seed, state), note)

    def moment(self) -> Moment | None:
        """What is on display; None before there is anything to learn from."""
        with self.lock:
            if not self.lanes:
                return None
            lane = self.lanes[self.picked]
            state, config, measure = lane.shown
            return Moment(
                state=state,
                config=config,
                measure=measure,
                points=self.points,
                classes=self.classes,
                seed=lane.seed,
                name=self.name(self.picked),
                curves={self.name(i): lane.timeline.curve() for i, lane in enumerate(self.lanes)},
            )

    def name(self, index: int) -> str:
        """A letter, where the lane came from, and what is set differently from the first."""
        lane, first = self.lanes[index], self.lanes[0]
        told = [lane.note] if lane.note else []
        if lane.seed != first.seed and not lane.note:
            told.append(f"seed {lane.seed}")
        for name in SETTINGS:
            value = getattr(lane.config, name)
            if value != getattr(first.config, name):
                told.append(f"{name.replace('_', ' ')} {_read(value)}")
        return "ABCD"[index] + (f": {', '.join(told)}" if told else "")

    # What the canvas says

    def play(self) -> None:
        """Go on from the newest moment."""
        with self.lock:
            for lane in self.lanes:
                lane.at = None
                if lane.trouble is not None and lane.state.finite:
                    lane.forgive(True)
            self.playing = True
            self._changed()

    def pause(self) -> None:
        """Stay where we are."""
        with self.lock:
            self.playing = False
            for lane in self.lanes:
                lane.judge(self.points)
            self._changed()

    def step(self, epoch: bool = False) -> None:
        """One update, or one epoch, of every lane; then pause."""
        with self.lock:
            self.playing = False
            n = int((~self.points.held).sum())
            for lane in self.lanes:
                lane.at = None
                if lane.state.finite and n:
                    updates = math.ceil(n / lane.batch(self.points)) if epoch else 1
                    lane.measured = 0.0
                    lane.advance(updates, self.points, self.lock)
                    lane.judge(self.points)
            self._changed()

    def reset(self, fresh: bool = False) -> None:
        """Begin all lanes anew, from their seeds or, `fresh`, from the next ones."""
        with self.lock:
            for lane in self.lanes:
                lane.restart(self.points, lane.seed + fresh)
            self._changed()

    def hurry(self, speed: float) -> None:
        """So many examples a second; 0 for as many as can be."""
        require(0 <= speed <= 1e9, "speed", wanted="0 to a billion examples a second", given=speed)
        with self.lock:
            self.speed = speed
            self._changed()

    def edit(self, change: Callable[[Edits], Edits]) -> None:
        """Change the points by hand; `change` calls one of the methods of Edits."""
        with self.lock:
            edits = change(self._edits)
            if edits is not self._edits:
                self._put(edits)
                self.drawn = True

    @property
    def can(self) -> dict[str, bool]:
        """Whether there is an edit to take back, or to do again."""
        return {"undo": self._edits.can_undo, "redo": self._edits.can_redo}

    def weight(self, layer: int, row: int, column: int | None, value: float) -> None:
        """Set one number of the shown lane's net by hand; without `column` it is the unit's b."""
        with self.lock:
            lane = self._lane(self.picked)
            found = network.layers(params := lane.state.params.copy(), lane.config)
            require(0 <= layer < len(found), "layer", wanted=f"0 to {len(found) - 1}", given=layer)
            W, b = found[layer]
            out, enter = W.shape
            require(0 <= row < out, "unit", wanted=f"0 to {out - 1}", given=row)
            known = column is None or 0 <= column < enter
            require(known, "unit before", wanted=f"0 to {enter - 1}", given=column)
            wanted = "a number from -1,000,000 to 1,000,000"
            require(abs(value) <= 1e6, "weight", wanted=wanted, given=value)
            if column is None:
                b[row] = value
            else:
                W[row, column] = value
            lane.put(replace(lane.state, params=params, finite=True), self.points)
            self._changed()

    def scrub(self, at: int | None) -> None:
        """Show a record of the shown lane, and pause; None shows the newest moment."""
        with self.lock:
            lane = self._lane(self.picked)
            lane.look(None if at is None else lane.record(at), self.points)
            self.playing &= at is None
            self._changed()

    def rewind(self, at: int | None) -> None:
        """Go back to a record of the shown lane and forget what came after; then pause."""
        with self.lock:
            self._lane(self.picked).rewind(at, self.points)
            self.playing = False
            self._fit()
            self._changed()

    def rescue(self, cure: bool = False) -> None:
        """Take the shown lane back to its last moment before the trouble, or to the beginning.

        With `cure` what caused it is changed and the lane goes on; without it pauses.
        """
        with self.lock:
            lane = self._lane(self.picked)
            trouble, config = lane.trouble, lane.config
            if trouble is None:  # somebody was quicker
                return
            way = trouble.cure if cure else None
            if way is not None and way.fresh:
                lane.restart(self.points, lane.seed + 1)
            elif trouble.back is None:
                lane.restart(self.points, lane.seed)
            else:
                lane.rewind(trouble.back, self.points)
            if way is not None:
                lane.settle(replace(config, **way.change), self.points)  # type: ignore[arg-type]
            self.playing = way is not None
            self._fit()
            self._changed()

    def fork(self, at: int | None) -> None:
        """A new lane that goes on from a record of the shown one; from the newest if None."""
        with self.lock:
            lane = self._lane(self.picked)
            new = lane.fork(at, self.points)
            lane.at = None
            self._enter(new, f"from {'ABCD'[self.picked]} at {new.state.examples:,}")

    def pick(self, lane: int) -> None:
        """Show this lane."""
        with self.lock:
            self._lane(lane)
            self.picked = lane
            self._changed()

    def drop(self, lane: int) -> None:
        """Close this lane; the last one stays."""
        with self.lock:
            self._lane(lane)
            require(len(self.lanes) > 1, "runs", wanted="at least one", given="none")
            del self.lanes[lane]
            self.picked = min(self.picked - (lane < self.picked), len(self.lanes) - 1)
            self._changed()

    # Whoever watches

    def listen(self, changed: Callable[[], None]) -> Callable[[], None]:
        """Call `changed` after every change; gives a function that ends it."""
        with self.lock:
            self._listeners.add(changed)
            if self._thread is None and not self._closed:
                self._thread = Thread(target=self._work, name="vitrine-studio", daemon=True)
                self._thread.start()
        self.attend()
        return lambda: self._listeners.discard(changed)

    def attend(self) -> None:
        """Somebody is there: training goes on for a while."""
        asleep = time.monotonic() - self._attended > ALONE
        self._attended = time.monotonic()
        if asleep:
            with self.lock:
                self._wake.notify_all()

    def close(self) -> None:
        """End the thread; nothing learns here any more."""
        with self.lock:
            self._closed = True
            self._listeners.clear()
            self._wake.notify_all()

    # Inside

    def _open(self) -> None:
        if len(self.points.x) and not self.points.held.all() and self._asked:
            self.lanes = [Lane.open(self.points, *self._asked)]

    def _lane(self, index: int) -> Lane:
        wanted = f"0 to {len(self.lanes) - 1}" if self.lanes else "points to learn from, first"
        require(0 <= index < len(self.lanes), "run", wanted=wanted, given=index)
        return self.lanes[index]

    def _enter(self, lane: Lane, note: str) -> None:
        wanted = f"at most {LANES} side by side; close one first"
        require(len(self.lanes) < LANES, "runs", wanted=wanted, given=LANES + 1)
        lane.note = note
        self.lanes.append(lane)
        self.picked = len(self.lanes) - 1
        self._fit()
        self._changed()

    def _put(self, edits: Edits) -> None:
        """Points are there; the nets go on with them, and learn to tell more classes if need be."""
        self._edits, self._points = edits, still(edits.points)
        self.version += 1
        if self._asked:
            self._asked = (replace(self._asked[0], classes=self.count), self._asked[1])
        if not self.lanes:
            self._open()
        self._fit()
        for lane in self.lanes:
            lane.forgive(False)
            lane.measured, lane.judged = 0.0, None
            if not self.playing or self.points.held.all():  # else the next turn does it
                lane.stamp += 1  # a turn under way would judge by the points that are gone
                lane.judge(self.points)
        self._changed()

    def _fit(self) -> None:
        """Every lane has an output for each class there is."""
        for lane in self.lanes:
            lane.settle(replace(lane.config, classes=self.count), self.points)

    def _changed(self) -> None:
        shown = self.settings
        if shown != self._known:
            self._known = shown
            self.strayed += shown is not None and shown != self._asked
        self._wake.notify_all()
        for listener in tuple(self._listeners):
            listener()

    def _runnable(self) -> list[Lane]:
        attended = time.monotonic() - self._attended < ALONE
        if not self.playing or not attended or self.points.held.all():
            return []
        return [lane for lane in self.lanes if lane.trouble is None]

    def _work(self) -> None:
        """The thread: turns of training for as long as somebody watches."""
        if sys.platform == "linux":  # where threads have priorities: whoever draws goes first
            os.setpriority(os.PRIO_PROCESS, get_native_id(), NICE)
        last = time.monotonic()
        while True:
            with self.lock:
                while not self._closed and not (lanes := self._runnable()):
                    self.pace = 0.0
                    self._wake.wait(1.0)
                    last = time.monotonic()
                if self._closed:
                    return
                points = self.points
                due = self._rate * TURN
                if self.speed:
                    due = min(due, self.speed * min(time.monotonic() - last, 0.1))
            last = time.monotonic()
            done = 0
            for lane in lanes:
                done += lane.advance(lane.due(due, points), points, self.lock)
            spent = time.monotonic() - last
            self._account(lanes, done / len(lanes), spent)
            if self.speed:
                time.sleep(max(0.0, TURN - spent))

    def _account(self, lanes: list[Lane], done: float, spent: float) -> None:
        """Learn from a turn how much the next one may take, and look after the runs."""
        with self.lock:
            if done:
                rate = 0.7 * self._rate + 0.3 * done / max(spent, 1e-6)
                self._rate = min(max(rate, 10.0), 1e9)
            real = done / max(spent, TURN if self.speed else 1e-6)
            self.pace = 0.9 * self.pace + 0.1 * real
            if time.monotonic() - self._checked > DOCTOR:
                self._checked = time.monotonic()
                for lane in lanes:
                    if lane.trouble is None and not lane.forgiven:
                        lane.trouble = health.stalled(lane.timeline, self.points)
            self.playing &= any(lane.trouble is None for lane in self.lanes)
            if not self.playing:
                for lane in lanes:
                    lane.judge(self.points)
            for listener in tuple(self._listeners):
                listener()


def _changes(before: Config, after: Config, lane: Config) -> dict[str, Any]:
    """What became of the settings `lane` when the page's went from `before` to `after`.

    Of layers that are shown otherwise than the lane has them only what was changed is taken.
    """
    new = {n: v for n in SETTINGS if (v := getattr(after, n)) != getattr(before, n)}
    if "hidden" in new or "activations" in new:  # they must be of one length
        same = len(before.hidden) == len(after.hidden)
        count = len(lane.hidden) if same else len(after.hidden)
        for name in ("hidden", "activations"):
            was, now, has = (getattr(config, name) for config in (before, after, lane))
            new[name] = tuple(_layer(k, was, now, has) for k in range(count))
    return new


def _layer(k: int, was: tuple[Any, ...], now: tuple[Any, ...], has: tuple[Any, ...]) -> Any:
    moved = k < len(now) and (k >= len(was) or now[k] != was[k])
    return now[k] if moved or k >= len(has) else has[k]


def _read(value: object) -> str:
    if isinstance(value, tuple):
        return "-".join(map(str, value)) or "none"
    return ("off", "on")[value] if isinstance(value, bool) else f"{value}"
