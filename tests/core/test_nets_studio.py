"""The room: runs that are steered, edited, gone back in and forked while they learn."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np
import pytest

from core.datasets.points import PRESETS
from core.errors import SettingError
from core.nets import health, lane, network, train
from core.nets import studio as studios
from core.nets.network import Config, Points
from core.nets.studio import Studio
from core.rng import stream
from tests.core.nets import close, cloud, started

CIRCLE = PRESETS["circle"].draw(100, generator=stream(0, "circle"))


@pytest.fixture
def room() -> Iterator[Studio]:
    """A studio with the circle, the default net, paused, nobody watching: it moves only by steps."""
    made = Studio()
    made.load(CIRCLE, ("0", "1"), "circle")
    made.configure(Config(), 0)
    made.pause()
    yield made
    made.close()


def until(holds: Callable[[], bool], seconds: float = 10) -> None:
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.005)


def advanced(room: Studio, updates: int) -> None:
    """So many updates of every lane, as the thread would make them."""
    for each in room.lanes:
        each.advance(updates, room.points, room.lock)


def params(room: Studio, index: int = 0) -> np.ndarray:
    return room.lanes[index].state.params


def test_steps_and_epochs_are_those_of_the_engine(room: Studio) -> None:
    room.step()
    assert room.lanes[0].state.updates == 1 and not room.playing
    room.step(epoch=True)
    assert room.lanes[0].state.updates == 11
    state = train.advance(lane.beginning(CIRCLE, Config(), 0), CIRCLE, Config(), 11)
    assert np.array_equal(params(room), state.params)


def test_it_learns_while_somebody_watches_and_stops_when_nobody_does(
    room: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[int] = []
    leave = room.listen(lambda: calls.append(1))
    room.hurry(0)
    room.play()
    until(lambda: room.lanes[0].state.examples > 2_000 and room.pace > 0)
    monkeypatch.setattr(studios, "ALONE", 0.0)
    until(lambda: room.pace == 0.0)
    alone = room.lanes[0].state.examples
    time.sleep(0.1)
    assert room.lanes[0].state.examples == alone and room.playing
    monkeypatch.setattr(studios, "ALONE", 20.0)
    room.attend()
    until(lambda: room.lanes[0].state.examples > alone)
    leave()
    before = len(calls)
    room.pause()
    assert len(calls) == before and before > 0


def test_speed_is_kept(room: Studio) -> None:
    room.listen(lambda: None)
    room.hurry(5_000)
    room.play()
    until(lambda: room.lanes[0].state.examples > 0)
    first, began = room.lanes[0].state.examples, time.monotonic()
    time.sleep(0.3)
    seen, spent = room.lanes[0].state.examples - first, time.monotonic() - began
    assert 0 < seen <= 5_000 * spent * 1.5 + 200
    for wrong in (-1, 1e10, float("nan")):
        with pytest.raises(SettingError, match="speed"):
            room.hurry(wrong)


def test_closing_ends_the_thread(room: Studio) -> None:
    room.listen(lambda: None)
    thread = room._thread
    assert thread is not None and thread.is_alive()
    room.close()
    thread.join(5)
    assert not thread.is_alive()


def test_edits_go_on_without_a_reset(room: Studio) -> None:
    advanced(room, 50)
    before, version = params(room).copy(), room.version
    room.edit(lambda edits: edits.add([(1.0, 2.0)], [1], stroke=1))
    assert len(room.points.x) == 101 and room.drawn and room.version == version + 1
    assert np.array_equal(params(room), before) and room.can == {"undo": True, "redo": False}
    room.edit(lambda edits: edits.move(100, 3.0, 3.0, stroke=2))
    room.edit(lambda edits: edits.remove(0, stroke=3))
    assert len(room.points.x) == 100 and room.points.x[99].tolist() == [3, 3]
    advanced(room, 20)
    assert room.lanes[0].state.updates == 70
    for _ in range(3):
        room.edit(lambda edits: edits.undo())
    assert np.array_equal(room.points.x, CIRCLE.x) and room.can["redo"]
    room.edit(lambda edits: edits.clear())
    room.step()
    assert len(room.points.x) == 0 and room.lanes[0].state.updates == 70
    with pytest.raises(SettingError):
        room.edit(lambda edits: edits.add([(np.inf, 0.0)], [0], stroke=9))


def test_a_new_class_grows_an_output(room: Studio) -> None:
    advanced(room, 30)
    W = network.layers(params(room), Config())[0].W.copy()
    room.edit(lambda edits: edits.add([(0.0, 0.0)], [4], stroke=1))
    made = room.lanes[0]
    assert made.config.classes == 5 and made.state.updates == 30
    assert np.array_equal(network.layers(made.state.params, made.config)[0].W, W)
    assert room.moment().names == ["0", "1", "2", "3", "4"]
    advanced(room, 5)
    assert made.state.finite


def test_settings_reach_the_shown_lane_as_changes(room: Studio) -> None:
    advanced(room, 40)
    before = params(room).copy()
    room.configure(Config(rate=0.3, l2=0.1, optimiser="adam"), 0)
    assert np.array_equal(params(room), before) and room.lanes[0].config.rate == 0.3
    room.configure(Config(rate=0.3, l2=0.1, optimiser="adam", hidden=(9, 2)), 0)
    grown = room.lanes[0]
    assert grown.state.updates == 40 and grown.config.hidden == (9, 2)
    old, new = network.layers(before, Config()), network.layers(grown.state.params, grown.config)
    assert np.array_equal(new[0].W[:6], old[0].W) and np.array_equal(new[2].W, old[2].W)
    room.configure(Config(hidden=(9, 2), initial="zeros"), 0)
    assert room.lanes[0].state.updates == 0 and not params(room).any()
    room.configure(Config(hidden=(9, 2), initial="zeros"), 7)
    assert room.lanes[0].seed == 7
    room.configure(Config(hidden=(), activations=()), 7)
    assert len(params(room)) == 6


def test_reset_begins_from_the_same_seed_or_the_next(room: Studio) -> None:
    first = params(room).copy()
    advanced(room, 30)
    room.reset()
    assert np.array_equal(params(room), first) and len(room.lanes[0].timeline) == 1
    room.reset(fresh=True)
    assert room.lanes[0].seed == 1 and not np.array_equal(params(room), first)
    room.configure(Config(), 1)  # the page learns of the new seed, and nothing begins anew
    advanced(room, 3)
    room.configure(Config(), 1)
    assert room.lanes[0].state.updates == 3


def test_records_replay_bit_for_bit(room: Studio) -> None:
    room.configure(Config(shuffle=True, dropout=0.2, input_noise=0.1, optimiser="adam"), 0)
    room.reset()
    for piece in (13, 1, 200, 37):
        advanced(room, piece)
    again = Studio()
    again.load(CIRCLE, ("0", "1"), "circle")
    again.configure(room.lanes[0].config, 0)
    advanced(again, 251)
    ours, theirs = room.lanes[0].timeline, again.lanes[0].timeline
    assert len(ours) == len(theirs) > 100
    for i in range(len(ours)):
        a, b = ours.record(i), theirs.record(i)
        assert np.array_equal(a.state.params, b.state.params) and a.measure == b.measure


def test_scrub_rewind_and_fork(room: Studio) -> None:
    advanced(room, 60)
    room.scrub(20)
    shown = room.moment()
    assert shown.state.updates == 20 and not room.playing
    room.fork(None)
    assert [each.state.updates for each in room.lanes] == [60, 20] and room.picked == 1
    assert room.lanes[0].at is None and "from A at 200" in room.name(1)
    room.configure(Config(rate=0.5), 0)
    assert [each.config.rate for each in room.lanes] == [0.01, 0.5] and "rate 0.5" in room.name(1)
    advanced(room, 5)
    assert [each.state.updates for each in room.lanes] == [65, 25]
    room.pick(0)
    room.rewind(10)
    assert room.lanes[0].state.updates == 10 and len(room.lanes[0].timeline) == 11
    advanced(room, 1)
    original = train.advance(lane.beginning(CIRCLE, Config(), 0), CIRCLE, Config(), 11)
    assert np.array_equal(params(room), original.params)
    room.scrub(3)
    room.play()
    assert room.lanes[0].at is None and room.playing
    for wrong in (-1, 99):
        for act in (room.scrub, room.rewind, room.fork):
            with pytest.raises(SettingError, match="moment"):
                act(wrong)


def test_at_most_four_lanes_and_at_least_one(room: Studio) -> None:
    for _ in range(3):
        room.fork(None)
    with pytest.raises(SettingError, match="4"):
        room.fork(None)
    room.pick(2)
    room.drop(0)
    assert room.picked == 1 and len(room.lanes) == 3
    room.drop(2)
    room.drop(1)
    with pytest.raises(SettingError, match="at least one"):
        room.drop(0)
    for wrong in (-1, 1):
        with pytest.raises(SettingError, match="run"):
            room.pick(wrong)


def test_two_runs_from_one_seed(room: Studio) -> None:
    advanced(room, 30)
    room.versus({"l2": 0.0, "dropout": 0.0}, {"dropout": 0.3})
    assert [each.config.dropout for each in room.lanes] == [0.0, 0.3]
    assert np.array_equal(params(room, 0), params(room, 1)) and room.lanes[0].state.updates == 0
    assert "dropout 0.3" in room.name(1) and room.playing


def test_adopting_a_net(room: Studio) -> None:
    state = replace(started(CIRCLE, Config(), 5), examples=500, updates=50)
    room.adopt(state, Config(), 5, "net 3 of 64")
    assert room.name(1) == "B: net 3 of 64" and room.moment().state.examples == 500


def test_a_weight_by_hand(room: Studio) -> None:
    before = params(room).copy()
    room.weight(1, 0, 5, 2.5)
    room.weight(2, 1, None, -1.0)
    W, b = network.layers(params(room), Config())[1].W, network.layers(params(room), Config())[2].b
    assert W[0, 5] == 2.5 and b[1] == -1 and (params(room) != before).sum() == 2
    for wrong in (
        (3, 0, 0, 1.0),
        (0, 6, 0, 1.0),
        (0, 0, 2, 1.0),
        (0, 0, 0, 1e7),
        (0, 0, 0, float("nan")),
    ):
        with pytest.raises(SettingError):
            room.weight(*wrong)


def test_a_broken_run_stops_says_why_and_can_be_rewound(room: Studio) -> None:
    room.listen(lambda: None)
    room.configure(Config(rate=1e6, activations=("relu", "relu")), 0)
    room.hurry(0)
    room.play()
    until(lambda: room.lanes[0].trouble is not None and not room.playing)
    assert room.lanes[0].trouble.kind == "broken"
    room.rewind(0)
    assert room.lanes[0].trouble is None and np.isfinite(params(room)).all()


def test_a_stalled_run_stops_but_may_be_played_on(
    room: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(studios, "DOCTOR", 0.0)
    room.listen(lambda: None)
    room.configure(Config(initial="zeros"), 0)
    room.hurry(0)
    room.play()
    until(lambda: room.lanes[0].trouble is not None)
    assert room.lanes[0].trouble.kind == "stalled"
    until(lambda: not room.playing)
    there = room.lanes[0].state.examples
    room.play()
    until(lambda: room.lanes[0].state.examples > there + 5_000)
    assert room.lanes[0].trouble is None


@pytest.mark.parametrize(
    "points",
    [
        cloud(1), cloud(40)._replace(y=np.zeros(40, np.int64)), cloud(100_000),
        Points(np.ones((50, 2)), np.arange(50) % 2, np.zeros(50, bool)), cloud(30, 10),
    ],
    ids=["one", "one class", "100,000", "duplicates", "ten classes"],
)  # fmt: skip
def test_odd_points(room: Studio, points: Points) -> None:
    room.load(points, (), "odd")
    advanced(room, 30)
    moment = room.moment()
    assert moment.state.updates == 30 and moment.state.finite and not room.drawn


def test_without_points_nothing_learns_and_the_first_point_begins() -> None:
    room = Studio()
    none = cloud(2)._replace(held=np.ones(2, bool))
    room.load(none, ("a", "b"), "held")
    room.configure(Config(), 0)
    assert room.moment() is None
    room.step()
    with pytest.raises(SettingError, match="points to learn from"):
        room.scrub(0)
    room.edit(lambda edits: edits.add([(0.0, 1.0)], [1], stroke=1))
    assert room.moment().points.x.shape == (3, 2)
    advanced(room, 3)


def test_the_same_source_is_loaded_once(room: Studio) -> None:
    room.edit(lambda edits: edits.clear())
    room.load(CIRCLE, ("0", "1"), "circle")
    assert len(room.points.x) == 0
    room.load(CIRCLE, ("0", "1"), "circle again")
    assert len(room.points.x) == 100 and not room.drawn
    room.draw(cloud(5))
    assert len(room.points.x) == 5 and room.drawn


def test_work_begun_before_a_change_is_thrown_away(
    room: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A weight set by hand while the thread computes must not be overwritten by what it computed."""
    began, go = threading.Event(), threading.Event()
    real = train.advance

    def slow(*args, **more):
        began.set()
        assert go.wait(5)
        return real(*args, **more)

    monkeypatch.setattr(train, "advance", slow)
    worker = threading.Thread(target=advanced, args=(room, 10))
    worker.start()
    assert began.wait(5)
    room.weight(0, 0, 0, 9.0)
    go.set()
    worker.join(5)
    assert params(room)[0] == 9.0 and room.lanes[0].state.updates == 0


def test_measures_shown_are_those_of_the_net(room: Studio) -> None:
    advanced(room, 37)
    room.step()
    moment = room.moment()
    assert moment.measure == train.measure(moment.state.params, moment.points, moment.config)
    curve = moment.curves["A"]
    assert close(curve[-1, :2].astype(float), np.array([380.0, moment.measure.train_loss]), 1e-6)


def test_the_page_is_told_when_other_settings_are_shown(room: Studio) -> None:
    room.configure(Config(rate=0.1), 0)
    assert room.strayed == 0 and room.settings == room.asked == (Config(rate=0.1), 0)
    advanced(room, 5)
    room.fork(None)
    assert room.strayed == 0, "the same settings"
    room.configure(Config(rate=0.3), 0)
    assert [each.config.rate for each in room.lanes] == [0.1, 0.3] and room.strayed == 0
    room.pick(0)
    assert room.strayed == 1 and room.settings == (Config(rate=0.1), 0)
    room.agree(*room.settings)
    room.configure(Config(rate=0.1), 0)  # what the page shows by then: nothing is applied back
    assert [each.config.rate for each in room.lanes] == [0.1, 0.3] and room.strayed == 1
    room.configure(Config(rate=0.1, l2=0.1), 0)
    assert [each.config.l2 for each in room.lanes] == [0.1, 1e-4], "it applies to the shown one"
    room.drop(0)
    assert room.strayed == 2 and room.settings == (Config(rate=0.3), 0)
    room.rewind(0)
    assert room.strayed == 3 and room.settings == (Config(), 0), "as the first record was made"
    room.reset(fresh=True)
    assert room.strayed == 4 and room.settings == (Config(), 1)


def test_layers_of_another_lane_are_never_imposed(room: Studio) -> None:
    state = started(CIRCLE, other := Config(hidden=(9, 3, 4), activations=("relu",) * 3))
    room.adopt(state, other, 0, "deeper")
    room.configure(Config(hidden=(7, 2)), 0)  # the page still showed 6-2
    assert room.lanes[1].config == replace(other, hidden=(7, 3, 4))
    room.configure(Config(hidden=(7, 2), activations=("tanh", "sin")), 0)
    assert room.lanes[1].config.activations == ("relu", "sin", "relu")
    room.configure(Config(hidden=(7,), activations=("tanh",)), 0)
    assert room.lanes[1].config == replace(other, hidden=(7,), activations=("relu",))
    room.configure(Config(hidden=(7, 5, 5), activations=("tanh",) * 3), 0)
    assert room.lanes[1].config.hidden == (7, 5, 5)
    assert room.lanes[0].config == Config()


@pytest.mark.parametrize("cure", [False, True])
def test_a_run_that_ran_away_is_rescued(room: Studio, cure: bool) -> None:
    spiral = PRESETS["spiral"].draw(200, generator=stream(0, "spiral"))
    room.load(spiral, ("0", "1"), "spiral")
    config = Config(activations=("relu", "relu"), rate=10.0, loss="squared error")
    room.configure(config, 0)
    room.reset()
    advanced(room, 1_000)
    made = room.lanes[0]
    assert made.trouble is not None and not made.state.finite
    broke, strayed = made.state.updates, room.strayed
    room.rescue(cure)
    assert made.trouble is None and made.state.finite and room.playing == cure
    assert made.state.updates < broke
    advanced(room, 2_000)
    assert made.state.finite == cure, "without a cure it breaks at the same place"
    if cure:
        assert room.lanes[0].config.rate < 10 and room.strayed == strayed + 1
    room.rescue(True)
    assert room.lanes[0].state.finite


def test_a_rescue_from_another_seed(room: Studio) -> None:
    made = room.lanes[0]
    advanced(room, 30)
    made.trouble = health.Trouble(kind="stalled", title="", text="", back=7, cure=health.ANOTHER)
    room.rescue(True)
    assert made.seed == 1 and made.state.updates == 0 and room.playing
    advanced(room, 30)
    made.trouble = health.Trouble(kind="stalled", title="", text="", back=7, cure=None)
    room.rescue(False)
    assert made.state.updates == 7 and not room.playing and made.trouble is None


def test_a_turn_that_ends_after_the_points_are_gone_does_not_judge(
    room: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = train.advance

    def interrupted(*given, **more):
        found = real(*given, **more)
        room.edit(lambda edits: edits.clear())
        return found

    monkeypatch.setattr(train, "advance", interrupted)
    room.playing = True
    advanced(room, 20)
    assert len(room.points.x) == 0
    assert np.isnan(room.moment().measure.train_loss)
