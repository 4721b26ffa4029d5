"""One browser's view of a studio, and the frames it is sent.

A frame is a header (JSON) and the arrays that are new since the last one. What the browser asked
to see (stage, units, window, hover) is kept here, so that two windows may look at different things.
"""

from __future__ import annotations

import math
import time
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.datasets.points import extent
from core.errors import require
from core.nets import network, operations, redraw, warp
from core.nets.health import Trouble
from core.nets.network import Config, Points
from core.nets.ready import SAMPLE, prepared
from core.nets.studio import Studio
from pages._kit.stage import wire
from pages._kit.studio.commands import Message, numbers, whole

MOST = 4_000  # points that are drawn; of more, every so-manieth
SIDE = 41  # pixels of the small maps beside each other
CURVES = 0.15  # seconds between two sendings of the curves
NEAR = 0.03  # of the extent: a point so near is the one that is meant


@dataclass
class View:
    """What a browser looks at. None where it left the choice to us."""

    stage: float | None = None
    units: tuple[int, ...] = (0, 1)
    mode: str = "pair"
    window: tuple[float, ...] | None = None
    hover: tuple[float, ...] | None = None
    unit: tuple[int, int] | None = None

    def turn(self, message: Message) -> None:
        """Look elsewhere. Raises SettingError and changes nothing where it makes no sense."""
        new = View(**vars(self))
        if "stage" in message:
            stage = message["stage"]
            new.stage = None if stage is None else numbers([stage], 1, "stage")[0]
        if "mode" in message:
            wanted = f"one of {', '.join(warp.MODES)}"
            given = message["mode"]
            require(given in list(warp.MODES), "view", wanted=wanted, given=str(given)[:40])
            new.mode = given
        if "units" in message:
            units = message["units"]
            count = len(units) if isinstance(units, list) and len(units) in (2, 3) else 2
            new.units = tuple(int(u) for u in numbers(units, count, "units"))
            require(min(new.units) >= 0, "units", wanted="numbers from 0", given=new.units)
        if "window" in message:
            new.window = _window(message["window"])
        if "hover" in message:
            hover = message["hover"]
            new.hover = None if hover is None else tuple(numbers(hover, 2, "hover"))
        if "unit" in message:
            unit = message["unit"]
            named = {"layer": unit[0], "unit": unit[1]} if _pair(unit) else {}
            new.unit = None if unit is None else (whole(named, "layer"), whole(named, "unit"))
        vars(self).update(vars(new))


class Lens:
    """Makes frames. `frame` may be called from any thread, but not from two at once."""

    def __init__(self, studio: Studio) -> None:
        self.studio = studio
        self.view = View()
        self.number = 0
        self.shown: NDArray[np.int64] = np.empty(0, np.int64)  # which points the browser has
        self.home: tuple[float, ...] | None = None  # None: to be fitted to the points
        self._basis: warp.Basis | None = None
        self._ranges: dict[object, tuple[float, float]] = {}
        self._version = -1
        self._curves: tuple[float, tuple[tuple[int, int], ...]] = (0.0, ())

    def frame(self) -> bytes:
        """The studio as it is now, seen through this lens."""
        studio, arrays = self.studio, dict[str, Any]()
        with studio.lock:
            lanes = [lane.shown for lane in studio.lanes]
            picked, points, version = studio.picked, studio.points, studio.version
            drawn = studio.drawn
            header = {
                "playing": studio.playing,
                "speed": studio.speed,
                "pace": round(studio.pace, 1),
                "lane": picked,
                "lanes": [self._lane(i, points) for i in range(len(lanes))],
                "can": studio.can,
                "classes": list(studio.classes),
                "version": version,
                "settings": studio.strayed,
                "every": max(1, -(-len(points.x) // MOST)),
                "learns": not points.held.all(),
                "sample": SAMPLE if len(points.x) > SAMPLE else None,
            }
            seed = studio.lanes[picked].seed if lanes else 0
            curves = self._due_curves()
        self.number += 1
        if version != self._version or self.home is None:
            self.home = self._home_of(points, drawn)
        home = self.home
        header |= {"frame": self.number, "seed": seed, "extent": home, "total": len(points.x)}
        if version != self._version:
            self._version = version
            self.shown = np.arange(0, len(points.x), max(1, -(-len(points.x) // MOST)))
            arrays["points"] = points.x[self.shown].astype(np.float32)
            arrays["classes"] = points.y[self.shown].astype(np.uint8)
            arrays["held"] = points.held[self.shown].astype(np.uint8)
        arrays |= curves
        if lanes:
            state, config, _ = lanes[picked]
            header |= self._net(state.params, config, points, home, arrays)
            if len(lanes) > 1:
                sides = [redraw.probabilities(s.params, c, home, SIDE) for s, c, _ in lanes]
                if len({side.shape for side in sides}) == 1:
                    arrays["sides"] = np.stack(sides)
        return wire.bundled(_told(header), arrays)

    def _home_of(self, points: Points, drawn: bool) -> tuple[float, ...]:
        """What is shown when nobody zooms: all points, and it moves no more than that takes."""
        home = self.home
        if home is not None and drawn and len(points.x):
            x0, x1, y0, y1 = home
            low, high = points.x.min(axis=0), points.x.max(axis=0)
            if x0 <= low[0] and high[0] <= x1 and y0 <= low[1] and high[1] <= y1:
                return home
        return extent(points)

    def _lane(self, index: int, points: Points) -> dict[str, Any]:
        lane = self.studio.lanes[index]
        state, config, measure = lane.shown
        n = len(prepared(points).train)
        trouble = lane.trouble if lane.at is None else None
        return {
            "name": self.studio.name(index),
            "examples": state.examples,
            "updates": state.updates,
            "epochs": state.examples / n if n else 0.0,
            # Of a net that is broken there is nothing to tell; None is told as "?".
            "loss": [measure.train_loss, measure.test_loss] if state.finite else [None, None],
            "accuracy": [measure.train_accuracy, measure.test_accuracy]
            if state.finite
            else [None, None if measure.test_accuracy is None else math.nan],
            "trouble": trouble and _trouble(trouble),
            "records": len(lane.timeline),
            "at": lane.at,
        }

    def _due_curves(self) -> dict[str, NDArray[np.float32]]:
        """The curves of all lanes, when they grew and the last time is a while ago."""
        lanes = self.studio.lanes
        told = tuple((id(lane.timeline), lane.timeline.version) for lane in lanes)
        then, before = self._curves
        now = time.monotonic()
        if told == before or (now - then < CURVES and len(told) == len(before)):
            return {}
        self._curves = (now, told)
        return {f"curve{i}": lane.timeline.curve() for i, lane in enumerate(lanes)}

    @np.errstate(all="ignore")  # of a net that ran away numbers overflow, and are told as none
    def _net(
        self,
        params: NDArray[np.float64],
        config: Config,
        points: Points,
        home: tuple[float, ...],
        arrays: dict[str, Any],
    ) -> dict[str, Any]:
        """All that is drawn of one net; the arrays go into `arrays`."""
        view = self.view
        last = len(config.stages) - 1
        # The last hidden layer; of a net without one what the scores make of the plane.
        home_stage = float(last - 2 if config.hidden else last - 1)
        stage = home_stage if view.stage is None else min(max(view.stage, 0.0), float(last))
        units = (*view.units, 2)[: warp.MODES[view.mode]]
        window = view.window or home
        x = points.x[self.shown]
        film = redraw.film(
            params, config, x, home, stage, mode=view.mode, units=units, basis=self._basis
        )
        self._basis = film.basis
        maps = redraw.maps(params, config, home)
        arrays["probabilities"] = redraw.probabilities(params, config, window)
        if window != home:  # the warp shows the whole plane
            arrays["cells"] = redraw.probabilities(params, config, home)
        arrays |= {"warp": film.grid, "at": film.at, "maps": maps.pictures}
        arrays["params"] = params.astype(np.float32)
        big = None
        if view.unit and view.unit[0] < len(config.sizes) - 1:
            layer, index = view.unit
            if index < config.sizes[layer + 1]:
                large = redraw.unit(params, config, window, layer, index)
                arrays["big"], big = large.picture, {"lo": large.lo, "hi": large.hi}
        shown = operations.before(config, stage)
        acts = []
        if shown is not None:
            entering = warp.at(
                params, config, x if len(x) else points.x, 2.0 * shown + bool(config.extras)
            )
            acts = operations.operations(params, config, shown, entering)
        return {
            "net": {
                "sizes": config.sizes,
                "inputs": ["x1", "x2", *config.extras],
                "activations": config.activations,
                "stages": config.stages,
                "classes": config.classes,
                "loss": config.loss,
            },
            "window": window,
            "grid": home,
            "stage": stage,
            "units": units,
            "mode": view.mode,
            "range": warp.scale(params, config, warp.grid(home, 9), stage, view.mode, units),
            "axes": film.axes,
            "operations": [{"name": act.name, "text": act.text} for act in acts],
            "hover": self._hover(params, config, points, home),
            "maps": _table(config, maps.ranges),
            "params": _offsets(config),
            "big": big,
        }

    def _hover(
        self,
        params: NDArray[np.float64],
        config: Config,
        points: Points,
        home: tuple[float, ...],
    ) -> dict[str, Any] | None:
        """Every number of the net at the place under the pointer."""
        if self.view.hover is None:
            return None
        at = np.array(self.view.hover)
        with np.errstate(all="ignore"):
            stages = network.forward(params, config, at[None])
        distance = np.linalg.norm(points.x[self.shown] - at, axis=1)
        near = len(distance) and distance.min() <= NEAR * (home[1] - home[0])
        named = zip(config.stages, stages, strict=True)
        return {
            "x": at[0],
            "y": at[1],
            "probabilities": stages[-1][0].tolist(),
            "stages": [{"name": name, "values": values[0].tolist()} for name, values in named],
            "point": int(distance.argmin()) if near else None,
        }


def _trouble(trouble: Trouble) -> dict[str, Any]:
    cure = trouble.cure and trouble.cure.label
    return {"title": trouble.title, "text": trouble.text, "cure": cure}


def _window(value: object) -> tuple[float, ...] | None:
    if value is None:
        return None
    window = tuple(numbers(value, 4, "window"))
    fits = window[0] < window[1] and window[2] < window[3] and max(map(abs, window)) <= 1e7
    require(fits, "window", wanted="x0 < x1 and y0 < y1, within ten million", given=window)
    return window


def _pair(value: object) -> bool:
    return isinstance(value, list) and len(value) == 2


def _table(config: Config, ranges: tuple[tuple[float, float], ...]) -> list[dict[str, Any]]:
    """Where the maps of every layer lie, and what their darkest and brightest stand for."""
    found, first = [], 0
    for count, (lo, hi) in zip(config.sizes[1:], ranges, strict=True):
        found.append({"first": first, "count": count, "lo": lo, "hi": hi})
        first += count
    return found


def _offsets(config: Config) -> list[dict[str, int]]:
    """Where W and b of every layer lie in params."""
    found, at = [], 0
    for enter, out in zip(config.sizes, config.sizes[1:], strict=False):
        found.append({"W": at, "b": at + out * enter, "out": out, "in": enter})
        at += out * (enter + 1)
    return found


def _told(value: Any) -> Any:
    """`value` as JSON can say it: numbers that are none become null."""
    if isinstance(value, dict):
        return {key: _told(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_told(item) for item in value]
    if isinstance(value, float | np.floating):
        return float(value) if np.isfinite(value) else None
    return value.item() if isinstance(value, np.generic) else value
