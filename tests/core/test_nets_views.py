"""What is drawn of a net: the film, the pictures, the five operations, against plain loops."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from core.errors import SettingError
from core.nets import network, operations, redraw, warp
from core.nets.network import ACTIVATIONS, EXTRAS, Config
from tests.core.nets import close, cloud, started

HOME = (-5.0, 5.0, -5.0, 5.0)
CASES = [
    Config(),
    Config(hidden=(), activations=()),
    Config(hidden=(3, 9, 1), activations=("sigmoid", "relu", "sin"), classes=4, extras=("x1 x2",)),
    Config(hidden=(64, 2), activations=("leaky relu", "linear"), loss="squared error"),
]
EVERY = pytest.mark.parametrize("config", CASES, ids=range(len(CASES)))


def net(config: Config) -> np.ndarray:
    params = started(cloud(20, config.classes), config).params
    params += 0.2 * np.sin(np.arange(len(params)))
    return params


@EVERY
def test_whole_stages_are_those_of_the_net(config: Config) -> None:
    params, x = net(config), cloud(150).x
    for i, stage in enumerate(network.forward(params, config, x)):
        assert close(warp.at(params, config, x, float(i)), stage)


@EVERY
def test_between_the_stages_the_film_is_straight_and_unbroken(config: Config) -> None:
    params, x = net(config), cloud(40).x
    forward = network.forward(params, config, x)
    layers = network.layers(params, config)
    for i in range(len(forward) - 1):
        d = max(forward[i].shape[1], forward[i + 1].shape[1])
        before, after = (np.pad(s, ((0, 0), (0, d - s.shape[1]))) for s in forward[i : i + 2])
        layer, squash = divmod(i - bool(config.extras), 2)
        for t in (0.2, 0.5, 0.9):
            if squash:
                wanted = (1 - t) * before + t * after
            else:
                Wa = np.pad(
                    forward[i + 1] - layers[layer].b, ((0, 0), (0, d - forward[i + 1].shape[1]))
                )
                wanted = (
                    before + 2 * t * (Wa - before) if t < 0.5 else Wa + (2 * t - 1) * (after - Wa)
                )
            assert close(warp.at(params, config, x, i + t), wanted)
    for wrong in (-0.1, len(forward) - 0.9, math.nan):
        with pytest.raises(SettingError, match="stage"):
            warp.at(params, config, x, wrong)
    assert warp.at(params, config, x[:0], 0.5).shape[0] == 0


def test_views_pick_units_and_components() -> None:
    random = np.random.default_rng(0)
    points = random.normal(size=(200, 5)) * [3, 1, 0.5, 0.1, 0.1]
    assert np.array_equal(warp.view(points, "pair", (3, 1)), points[:, [3, 1]])
    assert not warp.view(points, "triple", (0, 1, 7))[:, 2].any()
    seen = warp.view(points, "pca", ())
    values = np.linalg.svd(points - points.mean(axis=0), compute_uv=False)
    assert np.allclose(np.linalg.norm(seen, axis=0), values[:3])
    basis = warp.principal(points)
    assert np.allclose(basis.shares, values[:3] ** 2 / (values**2).sum())
    # A basis follows the one before: nothing flips when the order of the variances does.
    swapped = points * [0.3, 3, 1, 1, 1]
    after = warp.principal(swapped, basis)
    assert (np.sum(basis.directions * after.directions, axis=1) > 0.9).all()
    for mode, units in (("plan", (0, 1)), ("pair", (0,)), ("triple", (0, 1, -1))):
        with pytest.raises(SettingError):
            warp.view(points, mode, units)


def test_scales_are_steady_where_units_are_bounded() -> None:
    config = Config(activations=("tanh", "sigmoid"))
    x = warp.grid(HOME, 9)
    scales = [warp.scale(net(config) * k, config, x, 2.0, "pair", (0, 1)) for k in (0.1, 1, 50)]
    assert set(scales) == {(-1.1, 1.1)}
    assert warp.span(config, 4) == (-0.05, 1.05) and warp.span(config, 1) is None
    lo, hi = warp.fit(np.array([0.1, 7.3, np.nan, np.inf]))
    assert lo <= 0.1 and 7.3 <= hi < 9
    assert warp.fit(np.array([np.nan])) == (-1, 1)
    assert warp.axes(config, 3.6, "pair", (0, 5)) == ["sigmoid 0", "none"]


@EVERY
def test_pictures_pixel_by_pixel(config: Config) -> None:
    params = net(config)
    side = 9
    pixels = [
        (-5 + (column + 0.5) * 10 / side, 5 - (row + 0.5) * 10 / side)
        for row in range(side)
        for column in range(side)
    ]
    stages = network.forward(params, config, np.array(pixels))
    p = redraw.probabilities(params, config, HOME, side)
    shown = stages[-1].T[1:] if config.classes == 2 else stages[-1].T
    assert p.shape == (len(shown), side, side)
    assert np.abs(p.reshape(len(shown), -1) - shown * 255).max() <= 0.51
    maps = redraw.maps(params, config, HOME, side)
    answers = np.concatenate(stages[2 + bool(config.extras) :: 2], axis=1).T
    at = 0
    for layer, (lo, hi) in enumerate(maps.ranges):
        for index in range(config.sizes[layer + 1]):
            share = np.clip((answers[at] - lo) / (hi - lo), 0, 1) * 255
            assert np.abs(maps.pictures[at].ravel() - share).max() <= 0.51
            one = redraw.unit(params, config, HOME, layer, index, side)
            share = np.clip((answers[at] - one.lo) / (one.hi - one.lo), 0, 1) * 255
            assert np.abs(one.picture.ravel() - share).max() <= 0.51
            at += 1
    assert at == len(maps.pictures)
    film = redraw.film(params, config, cloud(7).x, HOME, 1.25, side=5)
    where = warp.view(warp.at(params, config, warp.grid(HOME, 5), 1.25), "pair", (0, 1))
    assert np.allclose(film.grid.reshape(25, 2), where, atol=1e-4)
    assert np.allclose(
        film.at, warp.view(warp.at(params, config, cloud(7).x, 1.25), "pair", (0, 1)), atol=1e-4
    )


def test_a_broken_net_is_drawn_in_the_middle() -> None:
    broken = np.full(38, np.nan)
    assert (redraw.probabilities(broken, Config(), HOME, 5) == 127).all()
    assert redraw.maps(broken, Config(), HOME).pictures.shape == (10, 24, 24)
    assert {o.text for o in operations.operations(broken, Config(), 0, np.ones((3, 2)))} == {
        "broken: W or b is no number"
    }


@pytest.mark.parametrize("window", [(1.0, 1.0, 0.0, 1.0), (0.0, np.inf, 0.0, 1.0), (0.0, 1.0, 0.0)])
def test_windows_that_are_none(window: tuple[float, ...]) -> None:
    with pytest.raises(SettingError, match="window"):
        redraw.probabilities(np.zeros(38), Config(), window)
    with pytest.raises(SettingError):
        redraw.unit(np.zeros(38), Config(), HOME, 3, 0)


def told(
    W: list[list[float]], b: list[float], activation: str = "tanh"
) -> dict[str, operations.Operation]:
    """The operations of a first layer with these numbers."""
    config = Config(hidden=(len(W),), activations=(activation,))
    params = np.zeros(network.count(config))
    layer = network.layers(params, config)[0]
    layer.W[...], layer.b[...] = W, b
    made = operations.operations(params, config, 0, np.array([[0.0, 0.0], [10.0, 0.0]]))
    return {operation.name: operation for operation in made}


def test_the_five_operations_in_numbers() -> None:
    """A turn by 30 degrees, twice as long, shifted by (3, 4)."""
    c, s = math.cos(math.pi / 6), math.sin(math.pi / 6)
    acts = told([[2 * c, -2 * s], [2 * s, 2 * c]], [3, 4])
    assert list(acts) == ["dimension", "scale", "rotate", "translate", "bend"]
    assert acts["scale"].numbers["singular values"] == pytest.approx((2, 2))
    assert acts["scale"].numbers["area"] == pytest.approx(4)
    assert acts["rotate"].numbers["angle"] == pytest.approx(30) and "30°" in acts["rotate"].text
    assert acts["translate"].numbers["length"] == pytest.approx(5)
    assert "keeps the dimension: 2" in acts["dimension"].text
    # z of the two points: (3, 4) and (20.3, 14); 1 - tanh(3)^2 = 0.0099 is below a tenth
    assert acts["bend"].numbers["share"] == 1.0
    mirrored = told([[1, 0], [0, -1]], [0, 0])
    assert "flipping" in mirrored["rotate"].text and "does not shift" in mirrored["translate"].text
    flat = told([[1, 1], [1, 1]], [0, 0])
    assert flat["dimension"].numbers["rank"] == 1
    raised = told([[1, 0], [0, 1], [0, 0]], [0, 0, 0], "linear")
    assert "raises the dimension: 2 → 3" in raised["dimension"].text
    assert raised["rotate"].numbers["angle"] == pytest.approx(0)
    assert raised["bend"].text == "linear: does not bend"


def test_which_layer_is_at_work() -> None:
    for extras in ((), ("x1^2",)):
        config = replace(Config(), extras=extras)
        e = len(extras)
        found = [operations.before(config, stage + e) for stage in (0, 0.5, 1, 2, 2.5, 4, 5, 6)]
        assert found == [None, 0, 0, 0, 1, 1, 2, 2]


def test_slopes() -> None:
    z = np.linspace(-3, 3, 13) + 0.01
    for name, f in ACTIVATIONS.items():
        wanted = (f(z + 1e-6) - f(z - 1e-6)) / 2e-6
        assert np.allclose(operations.slope(name, z), wanted, atol=1e-6), name
    assert set(EXTRAS) == {"x1^2", "x2^2", "x1 x2", "sin x1", "sin x2"}
