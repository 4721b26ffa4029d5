"""Many seeds at once: every field against plain loops, and net i the same however many there are."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch

from core.datasets.points import extent
from core.errors import SettingError
from core.nets import compiled, network, population, redraw, train
from core.nets.batched import Crowd
from core.nets.network import Config, Points
from core.nets.state import State
from core.rng import stream
from tests.core.nets import close, cloud

CPU = torch.device("cpu")
NET = Config(rate=0.1, batch=6, examples=600, steps=5, shuffle=True)


def run(
    nets: int, net: Config = NET, held: float = 0.3, solved: float = 0.7
) -> list[population.Step]:
    config = population.Config(nets=nets, net=net, solved=solved)
    return list(
        population.learn(cloud(30, net.classes, held), config, generator=stream(0, "p"), device=CPU)
    )


def test_every_field_by_plain_loops() -> None:
    points, config = cloud(30, held=0.3), population.Config(nets=7, net=NET, solved=0.6)
    steps = run(7, solved=0.6)
    solved_at = [-1] * 7
    for k, step in enumerate(steps):
        assert step.examples == k * 20 * 6
        for i in range(7):
            state = population.state_of(points, config, i, generator=stream(0, "p"))
            state = compiled.advance(state, points, NET, 20 * k)
            assert close(step.params[i], state.params)
            measured = train.measure(state.params, points, NET)
            assert step.loss[i] == pytest.approx(measured.train_loss)
            assert step.test_loss[i] == pytest.approx(measured.test_loss)
            assert step.accuracy[i] == pytest.approx(measured.train_accuracy)
            assert step.test_accuracy[i] == pytest.approx(measured.test_accuracy)
            if solved_at[i] < 0 and measured.train_accuracy >= 0.6:
                solved_at[i] = step.examples
        assert step.solved_at.tolist() == solved_at
        assert step.solved.tolist() == [at >= 0 for at in solved_at]
        assert step.share == np.mean(step.solved)
    assert max(solved_at) > 0


def test_steps_that_do_not_divide_the_updates() -> None:
    """100 updates in 7 steps: no update is lost, and none is one step's alone."""
    examples = [step.examples for step in run(2, replace(NET, steps=7))]
    assert examples == [6 * (k * 100 // 7) for k in range(8)] and examples[-1] == 600


def test_a_net_is_the_same_in_any_crowd() -> None:
    few, many = run(3)[-1], run(9)[-1]
    assert np.array_equal(few.params, many.params[:3])
    assert not np.array_equal(many.params[0], many.params[1])


def test_broken_nets_stay_broken_and_the_others_go_on() -> None:
    net = replace(
        NET, hidden=(4,), activations=("relu",), rate=60.0, loss="squared error", examples=6000
    )
    steps = run(12, net)
    finite = np.isfinite(steps[-1].params).all(axis=1)
    assert not finite.all()
    assert (steps[-1].accuracy[~finite] == 0).all()


def test_without_held_points_there_is_no_test() -> None:
    step = run(2, held=0.0)[-1]
    assert np.isnan(step.test_loss).all() and np.isnan(step.test_accuracy).all()


def test_going_on_from_a_step() -> None:
    points, config = cloud(30, held=0.3), population.Config(nets=4, net=NET)
    step = run(4)[2]
    state = population.state_at(points, config, step, 2, generator=stream(0, "p"))
    assert np.array_equal(state.params, step.params[2]) and state.examples == step.examples
    assert train.advance(state, points, NET, 5).updates == state.updates + 5


def test_maps_are_those_of_each_net() -> None:
    points = cloud(30, 3)
    net = replace(NET, classes=3)
    step = run(3, net)[-1]
    home = extent(points)
    classes, probability = population.maps(step.params, net, home, side=9)
    assert classes.shape == probability.shape == (3, 9, 9)
    for i in range(3):
        p = network.forward(step.params[i], net, redraw.middles(home, 9))[-1]
        assert np.array_equal(classes[i].ravel(), p.argmax(axis=1))
        assert np.allclose(probability[i].ravel(), p.max(axis=1), atol=1e-6)
    x0, x1, y0, y1 = home
    top_left = redraw.middles(home, 9)[0]
    assert top_left[0] < x0 + (x1 - x0) / 9 and top_left[1] > y1 - (y1 - y0) / 9


@pytest.mark.parametrize(
    "change", [{"nets": 0}, {"nets": 1025}, {"nets": True}, {"solved": 0.0}, {"solved": 1.1}]
)
def test_settings_that_make_no_sense(change: dict) -> None:
    with pytest.raises(SettingError):
        population.Config(**change)


def test_work_grows_with_nets_and_examples() -> None:
    one = population.work(population.Config(nets=1, net=NET))
    assert population.work(population.Config(nets=8, net=NET)) == 8 * one
    assert one == 3 * 600 * (2 * 6 + 6 * 2 + 2 * 2)


@pytest.mark.cuda
@pytest.mark.skipif(not torch.cuda.is_available(), reason="no CUDA GPU here")
def test_a_gpu_trains_the_same_crowd() -> None:
    config = population.Config(nets=5, net=NET)
    runs = [
        list(
            population.learn(cloud(30), config, generator=stream(0, "p"), device=torch.device(kind))
        )
        for kind in ("cpu", "cuda")
    ]
    assert close(runs[1][-1].params, runs[0][-1].params, 1e-8)


def test_learning_together_is_learning_one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """The road that a GPU takes, on the CPU: solved, broken and unsolved nets alike."""

    def here(states: list[State], points: Points, config: Config, **_: torch.device) -> Crowd:
        return Crowd(states, points, config, device=CPU)

    monkeypatch.setattr(population, "Crowd", here)
    net = replace(
        NET, hidden=(4,), activations=("relu",), rate=2.0, loss="squared error", optimiser="sgd"
    )  # fmt: skip
    config = population.Config(nets=12, net=net, solved=0.6)
    one_by_one, together = (
        list(
            population.learn(
                cloud(30, held=0.3), config, generator=stream(0, "p"), device=torch.device(kind)
            )
        )
        for kind in ("cpu", "cuda")
    )
    finite = np.isfinite(one_by_one[-1].params).all(axis=1)
    assert not finite.all() and finite.any()
    assert 0 < one_by_one[-1].share < 1
    for a, b in zip(together, one_by_one, strict=True):
        assert (a.examples, a.share) == (b.examples, b.share)
        assert np.array_equal(a.solved_at, b.solved_at)
        assert np.array_equal(np.isfinite(a.params), np.isfinite(b.params))
        for name in ("params", "loss", "accuracy", "test_loss", "test_accuracy"):
            mine, other = (getattr(step, name)[finite] for step in (a, b))
            assert close(mine, other, 1e-9), name
