"""What is made of points once: the right things, and never of points that were changed since."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from core.errors import SettingError
from core.nets import compiled, lane, network, ready, train
from core.nets.network import ACTIVATIONS, EXTRAS, Config
from core.nets.studio import Studio
from tests.core.nets import close, cloud, started


def plainly(params: np.ndarray, points: network.Points, config: Config) -> train.Measure:
    """The same by numpy's forward pass."""
    with np.errstate(all="ignore"):
        o = network.forward(params, config, points.x)[-2]
        loss = network.losses(o, points.y, config)
    right = (o.argmax(axis=1) == points.y) & np.isfinite(o).all(axis=1)
    held = points.held
    return train.Measure(
        train_loss=float(loss[~held].mean()),
        test_loss=float(loss[held].mean()),
        train_accuracy=float(right[~held].mean()),
        test_accuracy=float(right[held].mean()),
        penalty=0.0,
    )


@pytest.mark.parametrize("loss", network.LOSSES)
@pytest.mark.parametrize("name", ACTIVATIONS)
def test_the_compiled_measure_is_that_of_the_plain_forward_pass(name: str, loss: str) -> None:
    config = Config(
        hidden=(5, 3, 4), activations=(name,) * 3, classes=4, loss=loss, extras=tuple(EXTRAS),
        dropout=0.5, input_noise=1.0, l2=0.0,
    )  # fmt: skip
    points = cloud(203, 4, held=0.3)
    params = started(points, config).params * 2
    ours = train.measure(params, points, config)
    wanted = plainly(params, points, config)
    for field in ("train_loss", "test_loss", "train_accuracy", "test_accuracy"):
        assert close(np.array(getattr(ours, field)), np.array(getattr(wanted, field))), field


def test_scores_that_are_no_numbers_are_never_right() -> None:
    points, config = cloud(50, 2, held=0.2), Config(hidden=(), activations=())
    for strange in (np.nan, np.inf):
        params = np.full(6, strange)
        measured = train.measure(params, points, config)
        wanted = plainly(params, points, config)
        assert measured.train_accuracy == wanted.train_accuracy == 0
        assert not np.isfinite(measured.train_loss)


def test_a_sample_of_many_points_is_fair_and_always_the_same() -> None:
    n = 5 * ready.SAMPLE
    many = cloud(n, held=0.2)._replace(y=np.arange(n) % 2)
    some = ready.prepared(many).sample
    assert len(some.x) == ready.SAMPLE
    assert abs(some.y.mean() - 0.5) < 0.02 and abs(some.held.mean() - 0.2) < 0.02
    assert np.array_equal(ready.prepared(many).sample.x, some.x)
    places = {tuple(place) for place in some.x}
    assert len(places) == ready.SAMPLE and places < {tuple(place) for place in many.x}
    params = started(many, Config()).params
    sampled, whole = (train.measure(params, many, Config(), sample=s) for s in (True, False))
    assert sampled == train.measure(params, some, Config()) and sampled != whole
    assert sampled.train_loss == pytest.approx(whole.train_loss, rel=0.05)
    few = cloud(30)
    assert ready.prepared(few).sample is not None
    assert train.measure(params, few, Config(), sample=True) == train.measure(params, few, Config())


def test_points_that_may_change_are_looked_at_again() -> None:
    points, config = cloud(40), Config()
    state = started(points, config)
    compiled.advance(state, points, config, 1)
    points.y[3] = 7
    with pytest.raises(SettingError, match="class 7"):
        compiled.advance(state, points, config, 1)


def test_points_that_stay_are_looked_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    points, config = ready.still(cloud(40, 3)), Config(classes=3)
    first = ready.ready(points, config)
    assert ready.ready(points, config) is first and ready.prepared(points) is first
    with pytest.raises(SettingError, match="classes"):
        ready.ready(points, Config())
    for seed in range(20):
        ready.ready(ready.still(cloud(10, seed=seed)), Config())
    assert len(ready._kept) <= ready.KEPT
    with pytest.raises(ValueError, match="read-only"):
        points.x[0] = 0


def test_a_call_that_crosses_an_epoch_leaves_the_order_it_was_given() -> None:
    points, config = cloud(30), Config(shuffle=True)
    state = started(points, config)
    before = state.order.copy()
    later = compiled.advance(state, points, config, 2)
    again = compiled.advance(later, points, config, 1)
    assert again.order is later.order, "nothing was shuffled: nothing is copied"
    kept = again.order.copy()
    compiled.advance(again, points, config, 5)
    assert np.array_equal(state.order, before) and np.array_equal(again.order, kept)


def test_numbers_on_display_are_those_of_all_points() -> None:
    room = Studio()
    room.load(cloud(2 * ready.SAMPLE, held=0.1), ("0", "1"), "many")
    room.configure(Config(), 0)
    room.pause()
    made = room.lanes[0]
    for _ in range(3):
        made.advance(20, room.points, room.lock)
    record = made.timeline.record(30)
    assert record.measure == train.measure(record.state.params, room.points, Config(), sample=True)
    room.pause()
    for at in (None, 30):
        room.scrub(at)
        moment = room.moment()
        assert moment.measure == train.measure(moment.state.params, room.points, Config())
    state = replace(started(room.points, Config()), updates=7)
    assert lane.Lane.open(room.points, Config(), 0, state).judged is state
    room.close()
