"""Training: both engines against autograd, torch.optim and ConvNetJS; noise by its statistics."""

from __future__ import annotations

import math
from dataclasses import asdict, replace

import numpy as np
import pytest
import torch

from core.datasets.points import PRESETS
from core.errors import SettingError
from core.nets import batched, compiled, network, noise, train
from core.nets.network import ACTIVATIONS, LOSSES, OPTIMISERS, Config, Points
from core.nets.state import State, adapted
from core.rng import stream
from tests.core.nets import close, cloud, started
from tests.oracles import mlp

CPU = torch.device("cpu")


def by_batched(state: State, points: Points, config: Config, updates: int) -> State:
    return batched.advance([state], points, config, updates, device=CPU)[0]


ENGINES = pytest.mark.parametrize(
    "advance", [compiled.advance, by_batched], ids=["compiled", "batched"]
)


def words(count: int) -> list[np.ndarray]:
    """So many starts of the engine's own random numbers."""
    return list(np.random.default_rng(5).integers(1, 2**63, (count, 4)).astype(np.uint64))


SHAPES = [
    Config(l1=0.003, l2=0.01, batch=7),
    Config(hidden=(), activations=(), batch=5),
    Config(hidden=(3, 9, 2), activations=("sigmoid", "relu", "sin"), classes=4, batch=70),
    Config(
        hidden=(17,), activations=("leaky relu",), extras=tuple(network.EXTRAS), classes=3, batch=1
    ),
    Config(
        hidden=(5, 4), activations=("linear", "tanh"), loss="squared error", classes=10, batch=150
    ),
]

CONVNETJS = (
    0.17684967835518384, 0.5448324495550538, -0.31295818376613577, -0.45294103960618065,
    0.43660591213125316, 0.3493653287753984, -0.5332615271800797, -0.22355083459839867,
    0.5863008101671239, 0.06754327650104076, -0.5926566058323393, 0.09428557789212565,
    -9.512698121316998e-05, -0.00559232562774484, 0.0012689215031624146, 0.004698017655536624,
    -0.0008056120829382458, 0.002937555731565459, 0.5826322328133586, -0.24437419353323447,
    -0.5098926472065165, 0.3667297493702496, 0.42323166673902496, -0.4822520224830729,
    -0.2826473235481883, 0.5426000439762888, 0.16458648833899353, -0.6050879643581867,
    0.008674154004505425, 0.5886601590228829, -0.0013827750461025913, -0.0015586345904571835,
    -0.16105464386393326, -0.5488041266435695, 0.30413810097418886, 0.472292469796485,
    -0.001589267034719799, 0.0015892670347197994,
)  # fmt: skip


@ENGINES
@pytest.mark.parametrize("config", SHAPES, ids=range(len(SHAPES)))
def test_every_update_is_that_of_autograd(advance, config: Config) -> None:
    points = cloud(61, config.classes, held=0.2)
    state = started(points, config)
    for update, params in enumerate(mlp.train(state.params, points, config, 12)):
        assert close(state.params, params), update
        assert state.updates == update
        assert state.examples == update * min(config.batch, int((~points.held).sum()))
        state = advance(state, points, config, 1)


@ENGINES
@pytest.mark.parametrize("optimiser", OPTIMISERS)
def test_optimisers_are_those_of_torch_over_50_steps(advance, optimiser: str) -> None:
    config = Config(optimiser=optimiser, rate=0.05, momentum=0.6, l2=0.01)
    points = cloud(30)
    state = started(points, config)
    after = advance(state, points, config, 50)
    assert close(after.params, mlp.train(state.params, points, config, 50)[-1], 1e-10)
    assert np.abs(after.params - state.params).max() > 0.001


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_gradients_by_autograd_and_finite_differences(activation: str, loss: str) -> None:
    config = Config(
        hidden=(5, 3), activations=(activation,) * 2, loss=loss, classes=3, optimiser="sgd", rate=1,
        batch=40, l1=0.02, l2=0.3,
    )  # fmt: skip
    points = cloud(40, 3)
    state = started(points, config)
    for k, (_, b) in enumerate(network.layers(state.params, config)):
        b[:] = 0.1 * np.cos(np.arange(len(b)) + k)  # away from 0, where a ReLU has no slope
    gradient = state.params - compiled.advance(state, points, config, 1).params
    tensors = mlp.split(state.params, config)
    total = mlp.loss(
        mlp.scores(tensors, config, torch.tensor(points.x)), torch.tensor(points.y), config
    )
    (total + mlp.penalised(tensors, config)).backward()
    assert close(gradient, np.concatenate([t.grad.numpy().ravel() for t in tensors]))

    def value(params: np.ndarray) -> float:
        measured = train.measure(params, points, config)
        return measured.train_loss + measured.penalty

    for k in range(0, len(state.params), 3):
        shift = np.zeros_like(state.params)
        shift[k] = 1e-6
        slope = (value(state.params + shift) - value(state.params - shift)) / 2e-6
        assert abs(slope - gradient[k]) < 1e-6


def test_convnetjs_on_its_own_work() -> None:
    """50 updates of ConvNetJS 0.3.0 in node, printed there: weights row by row, biases 0 at first."""
    points = Points(
        np.array([[math.sin(k), math.cos(2 * k)] for k in range(10)]),
        np.array([k % 2 for k in range(10)]),
        np.zeros(10, bool),
    )
    params = np.zeros(38)
    at = 0
    for W, _ in network.layers(params, Config()):
        W[...] = np.sin(np.arange(at, at + W.size) * 1.7 + 0.3).reshape(W.shape) * 0.6
        at += W.size
    state = replace(started(points, Config()), params=params)
    after = compiled.advance(state, points, Config(), 50).params
    assert np.abs(after - np.array(CONVNETJS)).max() < 1e-10


def test_pieces_make_no_difference() -> None:
    config = Config(
        shuffle=True, dropout=0.3, input_noise=0.1, gradient_noise=0.1, optimiser="adam"
    )
    points = cloud(23)
    state = started(points, config)
    whole = compiled.advance(state, points, config, 60)
    pieces = state
    for updates in (1, 0, 19, 40):
        pieces = compiled.advance(pieces, points, config, updates)
    for name in ("params", "slots", "order", "random"):
        assert np.array_equal(getattr(whole, name), getattr(pieces, name)), name
    assert (whole.cursor, whole.ticks, whole.updates) == (
        pieces.cursor,
        pieces.ticks,
        pieces.updates,
    )


def test_nothing_that_was_given_is_written_to() -> None:
    config, points = Config(shuffle=True), cloud(20)
    state = started(points, config)
    for array in (state.params, state.slots, state.order, state.random, *points):
        array.flags.writeable = False
    for advance in (compiled.advance, by_batched):
        assert not np.array_equal(advance(state, points, config, 9).params, state.params)


def test_shuffling_takes_every_point_once_an_epoch() -> None:
    config, points = Config(shuffle=True, batch=1), cloud(17)
    state = started(points, config)
    orders = set()
    for _ in range(4):
        state = compiled.advance(state, points, config, 17)
        assert sorted(state.order) == list(range(17)) and state.cursor == 17
        orders.add(tuple(state.order))
    assert len(orders) == 4


@ENGINES
def test_dropout_silences_that_share_and_keeps_the_mean(advance) -> None:
    """A linear net of 64 hidden units: after one step db of the output is p - t of the noisy sum."""
    config = Config(
        hidden=(64,), activations=("linear",), loss="squared error", optimiser="sgd", rate=1.0, batch=1,
        l2=0.0, dropout=0.4,
    )  # fmt: skip
    points = Points(np.ones((1, 2)), np.zeros(1, np.int64), np.zeros(1, bool))
    state = started(points, config)
    (W, b), (V, c) = network.layers(state.params, config)
    b[:] = 3.0
    c[:] = 5.0
    alive, slopes = [], []
    for random in words(400):
        after = advance(replace(state, random=random), points, config, 1)
        grown, d = network.layers(after.params, config)[1]
        delta = c - d  # dL/do = (o - t), with K = 2
        entered = (V - grown) / delta[:, None]  # a of every hidden unit, as it came to the output
        alive.append(entered[0] != 0)
        slopes.append(entered[0] / (W.sum(axis=1) + b))
    assert abs(np.mean(alive) - 0.6) < 0.015
    assert abs(np.mean(slopes) - 1) < 0.03  # inverted: what is left speaks up
    assert np.isclose(np.unique(np.round(slopes, 6)), [0, 1 / 0.6], atol=1e-5).all()


@ENGINES
def test_noise_has_the_spread_that_was_asked(advance) -> None:
    config = Config(
        hidden=(), activations=(), optimiser="sgd", rate=1.0, l2=0.0, gradient_noise=0.5
    )
    points = cloud(10)
    state = started(points, config)
    still = replace(config, gradient_noise=0.0)
    plain = advance(state, points, still, 1).params
    drawn = [
        advance(replace(state, random=w), points, config, 1).params - plain for w in words(300)
    ]
    assert abs(np.std(drawn) - 0.5) < 0.03 and abs(np.mean(drawn)) < 0.03


@ENGINES
def test_input_noise_moves_what_enters(advance) -> None:
    """From zeros the scores are 0, so dL/dW of a linear net is (p - t) x: the spread is that of x."""
    config = Config(
        hidden=(), activations=(), initial="zeros", optimiser="sgd", rate=1.0, l2=0.0, batch=1,
        input_noise=0.3,
    )  # fmt: skip
    points = cloud(1)
    state = started(points, config)
    after = [advance(replace(state, random=w), points, config, 1).params for w in words(400)]
    W = np.array([network.layers(params, config)[0].W for params in after])
    assert np.allclose(np.abs(W.mean(axis=0)), 0.5 * np.abs(points.x), atol=0.04)
    assert np.allclose(W.std(axis=0), 0.5 * 0.3, atol=0.02)


def test_random_numbers() -> None:
    random = np.array([1, 2, 3, 4], np.uint64)
    # The first words of xoshiro256++ from the state 1, 2, 3, 4 (the authors' C code).
    assert [int(noise.word(random)) for _ in range(3)] == [41943041, 58720359, 3588806011781223]
    uniform = np.array([noise.uniform(random) for _ in range(20_000)])
    assert uniform.min() >= 0 and uniform.max() < 1 and abs(uniform.mean() - 0.5) < 0.01
    normal = np.array([noise.normal(random) for _ in range(20_000)])
    assert abs(normal.mean()) < 0.03 and abs(normal.std() - 1) < 0.03
    first = np.zeros(5)
    for _ in range(5_000):
        order = np.arange(5)
        noise.shuffle(order, random)
        first[order[0]] += 1
    assert np.abs(first / 5_000 - 0.2).max() < 0.03


@ENGINES
def test_a_net_that_breaks_stops_at_that_update(advance) -> None:
    config = Config(hidden=(4,), activations=("relu",), rate=1e6, loss="squared error")
    points = cloud(20)
    state = started(points, config)
    broken = advance(state, points, config, 5_000)
    assert not broken.finite and 0 < broken.updates < 5_000
    before = advance(state, points, config, broken.updates - 1)
    assert before.finite and np.isfinite(before.params).all()
    assert advance(broken, points, config, 10) is broken


@pytest.mark.parametrize("config", SHAPES, ids=range(len(SHAPES)))
def test_the_whole_trace_of_learn(config: Config) -> None:
    config = replace(config, examples=config.batch * 9, steps=4)
    points = cloud(61, config.classes, held=0.3)
    steps = list(train.learn(points, config, generator=stream(3, "x")))
    batch = min(config.batch, int((~points.held).sum()))
    updates = math.ceil(config.examples / batch)
    trace = mlp.train(steps[0].params, points, config, updates)
    assert [s.updates for s in steps] == [k * updates // 4 for k in range(5)]
    for step in steps:
        assert close(step.params, trace[step.updates]) and step.finite
        assert step.examples == step.updates * batch
        wanted = mlp.measures(trace[step.updates], points, config)
        for name, value in wanted.items():
            assert getattr(step, name) == pytest.approx(value, abs=1e-9), name


def test_measures_without_and_with_held_points() -> None:
    points = cloud(9)
    measured = train.measure(started(points, Config()).params, points, Config())
    assert measured.test_loss is None and measured.test_accuracy is None
    none = Points(np.empty((0, 2)), np.empty(0, np.int64), np.empty(0, bool))
    assert math.isnan(train.measure(np.zeros(38), none, Config()).train_loss)
    broken = train.measure(np.full(38, np.nan), points, Config())
    assert broken.train_accuracy == 0


def test_other_points_or_another_optimiser_go_on() -> None:
    config, points = Config(), cloud(20)
    state = train.advance(started(points, config), points, config, 7)
    more = cloud(25)
    after = train.advance(state, more, config, 1)
    assert after.updates == 8 and len(after.order) == 25 and after.cursor == 10
    adam = adapted(state, points, replace(config, optimiser="adam"))
    assert adam.ticks == 0 and not adam.slots.any() and np.array_equal(adam.params, state.params)
    assert adapted(state, points, config) is state


@pytest.mark.parametrize(
    "points, setting",
    [
        (Points(np.empty((0, 2)), np.empty(0, np.int64), np.empty(0, bool)), "training points"),
        (Points(np.ones((2, 2)), np.arange(2), np.ones(2, bool)), "training points"),
        (Points(np.array([[np.inf, 0.0]]), np.zeros(1, np.int64), np.zeros(1, bool)), "points"),
        (Points(np.ones((1, 2)), np.full(1, 2), np.zeros(1, bool)), "points"),
    ],
)
def test_what_cannot_be_learned_from_is_refused(points: Points, setting: str) -> None:
    with pytest.raises(SettingError, match=setting):
        started(points, Config())


def test_one_class_duplicates_and_100_000_points() -> None:
    one = cloud(30)._replace(y=np.zeros(30, np.int64))
    assert train.advance(started(one, Config()), one, Config(), 300).finite
    same = Points(np.ones((40, 2)), np.arange(40) % 2, np.zeros(40, bool))
    assert train.advance(started(same, Config()), same, Config(), 300).finite
    many = cloud(100_000)
    state = train.advance(started(many, Config()), many, Config(), 20)
    assert state.finite and state.examples == 200


def test_the_default_net_solves_the_circle() -> None:
    """Known: 15 of 15 seeds; see tests/bench for all of them."""
    points = PRESETS["circle"].draw(100, generator=stream(1, "circle"))
    config = Config(examples=150_000, steps=1)
    *_, last = train.learn(points, config, generator=stream(1, "net"))
    assert last.train_accuracy == 1


@pytest.mark.parametrize(
    "change",
    [
        {"hidden": (6,) * 7}, {"hidden": (0, 2)}, {"hidden": (65, 2)}, {"activations": ("tanh",)},
        {"activations": ("tanh", "step")}, {"classes": 11}, {"classes": True}, {"extras": ("x3",)},
        {"extras": ("x1 x2", "x1 x2")}, {"initial": "ones"}, {"loss": "hinge"}, {"optimiser": "lion"},
        {"rate": float("nan")}, {"rate": -1.0}, {"momentum": 1.5}, {"batch": 0}, {"shuffle": 1},
        {"l1": -0.1}, {"l2": float("inf")}, {"dropout": 1.0}, {"input_noise": -1.0},
        {"gradient_noise": "much"}, {"examples": 0}, {"steps": 0},
    ],
    ids=str,
)  # fmt: skip
def test_settings_that_make_no_sense(change: dict) -> None:
    with pytest.raises(SettingError):
        Config(**change)


@pytest.mark.cuda
@pytest.mark.skipif(not torch.cuda.is_available(), reason="no CUDA GPU here")
def test_a_gpu_computes_the_same() -> None:
    config, points = Config(optimiser="adam"), cloud(40)
    states = [started(points, config, seed) for seed in range(5)]
    moved = batched.advance(states, points, config, 60, device=torch.device("cuda"))
    for state, after in zip(states, moved, strict=True):
        assert close(after.params, compiled.advance(state, points, config, 60).params, 1e-9)


def test_initial_weights() -> None:
    wide = {"hidden": (64, 64), "activations": ("tanh", "tanh")}
    spreads = {"lecun": 1 / 8, "he": math.sqrt(2 / 64), "uniform": 1 / 8 / math.sqrt(3)}
    spreads["xavier"] = math.sqrt(6 / 128) / math.sqrt(3)
    for name, spread in spreads.items():
        config = Config(initial=name, **wide)
        params = network.start(config, generator=stream(0, name))
        W, b = network.layers(params, config)[1]
        assert abs(W.std() / spread - 1) < 0.05 and not b.any()
    assert not network.start(Config(initial="zeros"), generator=stream(0, "z")).any()
    assert network.count(Config()) == 38 and asdict(Config())["rate"] == 0.01


def test_forward_against_torch() -> None:
    for config in SHAPES:
        points = cloud(8, config.classes)
        params = started(points, config).params
        stages = network.forward(params, config, points.x)
        assert len(stages) == len(config.stages)
        o = mlp.scores(mlp.split(params, config), config, torch.tensor(points.x)).detach()
        assert close(stages[-2], o.numpy())
        assert np.allclose(stages[-1].sum(axis=1), 1)
        if config.loss == "cross-entropy":
            assert close(stages[-1], torch.softmax(o, 1).numpy())
