"""Finding units: scores against slow ones, planted units first, guesses in plain words."""

from __future__ import annotations

import math
from collections import Counter

import numpy as np
import pytest

from core.errors import SettingError
from core.rng import stream
from core.sequence import guess, patterns, tasks, trace, train, units, vocabulary
from core.sequence.cells import Weights
from core.sequence.model import Config, Net
from core.sequence.trace import Traced
from core.sequence.units import Unit
from tests.core.sequences import apart, drawn

TEXT = "".join("a" * n + "X" + "b" * n + "\n" for n in (3, 1, 5, 2, 7, 4, 6))
KNOWN = vocabulary.of(TEXT)
UNITS, PLANTED = 12, 7


def counting() -> trace.Stack:
    """An LSTM of random units but one: it adds 1 at a, takes 1 at b, forgets at the line's end.

    Its cell state passes unchanged (phi = 1) and all enters (iota = 1) as tanh(+-1/2)."""
    weights = drawn("lstm", len(KNOWN), UNITS)
    W, U, b, c, w = weights
    for block in range(4):
        row = block * UNITS + PLANTED
        W[row], U[row], b[row], c[row] = 0, 0, 0, 0
    codes = {x: int(KNOWN.encode(x)[0]) for x in "aXb\n"}
    b[PLANTED] = b[UNITS + PLANTED] = b[3 * UNITS + PLANTED] = 20
    W[UNITS + PLANTED, codes["\n"]] = -40
    W[2 * UNITS + PLANTED, codes["a"]], W[2 * UNITS + PLANTED, codes["b"]] = 0.5, -0.5
    return trace.ready("lstm", [[Weights(W, U, b, c, w)]], np.eye(len(KNOWN)))


def told() -> list[list[Traced]]:
    return trace.trace(counting(), KNOWN.encode(TEXT))


@pytest.mark.parametrize("by", units.ORDERS)
def test_a_planted_counter_is_ranked_first(by: str) -> None:
    ranked = units.rank(told(), patterns.count(TEXT, "a", "b"), by=by)
    assert ranked[0].where == Unit("s", PLANTED)
    assert ranked[0].correlation > 0.999 or by != "correlation"
    assert len(ranked) == UNITS
    values = [abs(getattr(one, by)) for one in ranked]
    assert values == sorted(values, reverse=True)


def test_a_planted_memory_is_ranked_first_among_all_signals() -> None:
    generator = np.random.default_rng(0)
    target = patterns.regex(TEXT, "X[^\\n]*")
    s = generator.normal(size=(len(TEXT), 4)).astype(np.float32)
    s[:, 2] = 3 - 2 * target + 0.1 * s[:, 2]
    layers = [[Traced(("z", "h"), (s[:, ::-1].copy(), s))]]
    ranked = units.rank(layers, target, signals=("z", "h"), by="f1")
    assert ranked[0].f1 == ranked[1].f1 == 1.0 and not ranked[0].above
    assert {ranked[0].where, ranked[1].where} == {Unit("h", 2), Unit("z", 1)}
    assert 1 < ranked[0].threshold < 3
    assert units.rank(layers, target)[0].where == Unit("h", 2)
    values = units.track(layers, Unit("h", 2))
    assert not len(units.wrong(values, target, ranked[0]))


def slow_f1(x: np.ndarray, positive: np.ndarray) -> float:
    best = 0.0
    for cut in [x.min() - 1, *x]:
        for called in (x > cut, x <= cut):
            hit = int((called & positive).sum())
            total = int(called.sum()) + int(positive.sum())
            best = max(best, 2 * hit / total)
    return best


def slow_information(x: np.ndarray, y: np.ndarray) -> float:
    n = len(x)
    joint, px, py = Counter(zip(x, y, strict=True)), Counter(x), Counter(y)
    plain = sum(c / n * math.log2(c * n / (px[a] * py[b])) for (a, b), c in joint.items())
    return max(0.0, plain - (len(px) - 1) * (len(py) - 1) / (2 * n * math.log(2)))


@pytest.mark.parametrize("seed", range(6))
def test_scores_are_those_of_slow_ones(seed: int) -> None:
    generator = np.random.default_rng(seed)
    y = (generator.random(80) < 0.3).astype(float)
    X = generator.integers(0, 6, (5, 80)).astype(np.float32)
    X[1] += 3 * y
    X[2] = 4
    X[3] -= 2 * y
    f1, threshold, above = units.classifiers(X, y)
    for k, x in enumerate(X):
        assert abs(f1[k] - slow_f1(x, y > 0)) < 1e-12
        called = x > threshold[k] if above[k] else x <= threshold[k]
        hit = (called & (y > 0)).sum()
        assert abs(2 * hit / (called.sum() + y.sum()) - f1[k]) < 1e-12
    r = units.correlations(X, y)
    for k in (0, 1, 3, 4):
        assert abs(r[k] - np.corrcoef(X[k], y)[0, 1]) < 1e-5
    assert r[2] == 0
    assert apart(units.informations(X, y), [slow_information(x, y) for x in X]) < 1e-9


def test_information_of_what_tells_all_and_nothing() -> None:
    y = np.arange(4096) % 4
    X = np.stack([y * 2.5, np.random.default_rng(0).normal(size=4096)])
    information = units.informations(X, y.astype(float))
    assert abs(information[0] - 2) < 0.01 and information[1] < 0.02


def test_characters_without_a_target_are_left_out() -> None:
    target = patterns.count(TEXT, "a", "b")
    spoiled, layers = target.copy(), told()
    spoiled[::3] = np.nan
    layers[0][0].of("s")[::3, PLANTED] = 1e6
    assert units.rank(layers, spoiled)[0].where.unit == PLANTED
    assert units.rank(layers, target)[0].where.unit != PLANTED


def test_counter_examples_come_with_the_most_certain_first() -> None:
    target = np.array([0, 0, 1, 1, np.nan, 1.0])
    values = np.array([0.1, 0.9, 0.8, 0.2, 0.0, 0.7])
    rule = units.Ranked(Unit("s", 0), 0, 0, 0, 0.5, True)
    assert units.wrong(values, target, rule).tolist() == [1, 3]
    assert units.wrong(values, target, rule._replace(above=False)).tolist() == [0, 2, 5]


def test_spans_that_excite_a_unit_do_not_overlap() -> None:
    values = np.zeros(50)
    values[20:24], values[40:44] = 5, 3
    found = units.excite(values, width=4, spans=3)
    assert [(one.first, one.value) for one in found[:2]] == [(20, 5.0), (40, 3.0)]
    covered = [
        t for one in units.excite(values, width=7, spans=99) for t in range(one.first, one.last)
    ]
    assert len(covered) == len(set(covered))
    values[10] = -9
    assert units.excite(values, width=3, spans=1, least=True)[0].value == -3
    assert units.excite(np.zeros(0)) == []
    assert units.excite(np.ones(2), width=9)[0] == units.Span(0, 2, 1.0)


def test_guesses_in_plain_words() -> None:
    track = units.track(told(), Unit("s", PLANTED))
    first = guess.guesses(track, TEXT)[0]
    assert first.kind == "counts" and first.words == "counts a less b since the line began"
    assert first.score > 0.99
    noise = np.random.default_rng(0).normal(size=len(TEXT))
    assert guess.guesses(noise, TEXT) == []
    assert guess.guesses(np.ones(len(TEXT)), TEXT) == [] == guess.guesses(noise[:1], "a")


def test_guesses_of_states_and_of_what_opens_and_resets() -> None:
    text = "".join(s + "x" * n + "Y" + s + "\n" for n in (3, 5, 2, 6, 4) for s in "AB")
    state = np.nan_to_num(patterns.last_of(text, "A", "B") * 2 - 1)
    kinds = {one.words for one in guess.guesses(state, text)}
    assert "remembers whether A or B came last" in kinds
    gate = patterns.regex(text, "Y")
    words = {one.words for one in guess.effects(gate, text) if one.score > 0.75}
    assert words >= {"opens at Y"} and "opens at A" not in words
    ramp = patterns.count(text, "x")
    resets = {
        one.words for one in guess.effects(ramp, text) if one.kind == "resets" and one.score > 0.5
    }
    assert resets == {"resets at the line's end"}
    quoted = 'x = "one" + f("two", "three")\n' * 4
    best = guess.guesses(patterns.quotes(quoted) * 1.5 - 1, quoted)[0]
    assert best.score == 1.0 and any(
        one.words == "follows: inside quotes"
        for one in guess.guesses(patterns.quotes(quoted) * 1.5 - 1, quoted)
    )


@pytest.mark.parametrize("name, seed", [("counter", 3), ("memoriser", 3)])
def test_units_are_found_in_what_was_learned(name: str, seed: int) -> None:
    data = tasks.drawn(name, generator=stream(seed, "data"))
    config = Config()
    for step in train.learn(data, config, generator=stream(seed, "net")):
        if step.held_texts == 1 and step.updates >= 400:
            break
    assert step.held_texts == 1
    net = Net(config, len(data.vocabulary)).load(step.params)
    texts = [
        data.vocabulary.decode(x[y >= 0]) for x, y in zip(data.x[:60], data.y[:60], strict=True)
    ]
    layers = trace.joined(net.stack(), [data.vocabulary.encode(text) for text in texts])
    if name == "counter":
        target = np.concatenate([patterns.count(one, "a", "b") for one in texts])
        best = units.rank(layers, target)[0]
        assert abs(best.correlation) > 0.9
    else:
        # what is remembered after the answer does not matter
        target = np.concatenate([[one[0] == "A"] * (len(one) - 1) + [np.nan] for one in texts])
        best = units.rank(layers, target, by="f1")[0]
        assert best.f1 > 0.95


def test_texts_are_traced_each_from_nothing() -> None:
    stack = counting()
    parts = [KNOWN.encode("aaXb"), KNOWN.encode(""), KNOWN.encode("aX")]
    together = trace.joined(stack, parts)[0][0]
    alone = trace.trace(stack, parts[2])[0][0]
    for name in together.names:
        assert np.array_equal(together.of(name)[4:], alone.of(name))
    with pytest.raises(SettingError, match="texts"):
        trace.joined(stack, [])


@pytest.mark.parametrize(
    "target, by, setting",
    [
        (np.zeros(3), "f1", "pattern"),
        (np.zeros(len(TEXT)), "f1", "pattern"),
        (np.full(len(TEXT), np.nan), "f1", "pattern"),
        (patterns.count(TEXT, "a"), "beauty", "order"),
    ],
)
def test_bad_input_names_the_setting(target: np.ndarray, by: str, setting: str) -> None:
    with pytest.raises(SettingError, match=setting):
        units.rank(told(), target, by=by)
    with pytest.raises(SettingError, match="width"):
        units.excite(np.zeros(3), width=0)
