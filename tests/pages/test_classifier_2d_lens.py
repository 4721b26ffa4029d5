"""Frames of nets that run away: everything is drawn, nothing warns, numbers that are none say so."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

from core.datasets.points import PRESETS
from core.nets import network
from core.nets.network import Config
from core.nets.studio import Studio
from core.rng import stream
from pages._kit.studio.lens import Lens

SPIRAL = PRESETS["spiral"].draw(120, generator=stream(0, "spiral"))


def header(frame: bytes) -> dict:
    size = int.from_bytes(frame[:4], "little")
    return json.loads(frame[4 : 4 + size])


def opened(config: Config) -> Studio:
    room = Studio()
    room.load(SPIRAL, ("0", "1"), "spiral")
    room.configure(config, 0)
    room.pause()
    return room


@pytest.mark.parametrize("loss", network.LOSSES)
@pytest.mark.parametrize("size", [1e30, 1e150, 1e308, np.inf, np.nan])
def test_a_frame_of_numbers_beyond_all_bounds(size: float, loss: str) -> None:
    for names in (("relu", "linear"), ("tanh", "sigmoid"), ("sin", "leaky relu")):
        room = opened(Config(activations=names, loss=loss, extras=("x1^2", "sin x1")))
        made = room.lanes[0]
        with np.errstate(all="ignore"):
            params = made.state.params * size
        finite = bool(np.isfinite(params).all())
        made.put(replace(made.state, params=params, finite=finite), room.points)
        lens = Lens(room)
        lens.view.turn({"hover": [0.5, 0.5], "unit": [0, 1]})
        for stage in np.arange(0, len(made.config.stages) - 0.5, 0.5):
            for mode, units in (("pair", [0, 1]), ("triple", [0, 1, 2]), ("pca", [0, 1, 2])):
                lens.view.turn({"stage": float(stage), "mode": mode, "units": units})
                told = header(lens.frame())
                assert told["net"]["sizes"] and len(told["range"]) == 2
        room.close()


def test_of_a_broken_net_nothing_is_claimed() -> None:
    room = opened(Config(activations=("linear", "sin"), loss="squared error", rate=50.0))
    made = room.lanes[0]
    for _ in range(20):
        made.advance(50, room.points, room.lock)
        told = header(Lens(room).frame())["lanes"][0]
    assert told["trouble"] and told["trouble"]["cure"]
    assert told["loss"] == [None, None] and told["accuracy"] == [None, None]
    room.close()


def test_a_net_without_hidden_layers_shows_its_scores() -> None:
    room = opened(Config(hidden=(), activations=()))
    told = header(Lens(room).frame())
    assert told["stage"] == 1 and told["axes"] == ["fc 0", "fc 1"]
    assert [act["name"] for act in told["operations"]][:2] == ["dimension", "scale"]
    lens = Lens(room)
    lens.view.turn({"stage": 0})
    told = header(lens.frame())
    (lo, hi), (x0, x1, y0, y1) = told["range"], told["extent"]
    assert lo <= min(x0, y0) and hi >= max(x1, y1), "the whole plane fits"
    room.close()


def test_without_points_nothing_learns() -> None:
    room = opened(Config())
    assert header(Lens(room).frame())["learns"] is True
    room.edit(lambda edits: edits.clear())
    told = header(Lens(room).frame())
    assert told["learns"] is False and told["total"] == 0
    assert told["lanes"][0]["loss"] == [None, None] and told["lanes"][0]["accuracy"][0] is None
    room.close()
