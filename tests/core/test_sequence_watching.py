"""The watched run: train's own, its unit found by hand, and a probe in which there is something to see."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
import torch

from core.errors import SettingError
from core.rng import stream
from core.sequence import defaults, familiar, model, tasks, trace, train, watching
from core.sequence.model import Config as Net
from core.sequence.watching import Config

TEXT = 'It said "the counter" and no more.\n' * 20
SMALL = Net(units=4, updates=4, steps=2, batch=8)


def run(data: tuple[str, str], config: Config, seed: int = 0) -> list[watching.Step]:
    return list(watching.learn(data, config, generator=stream(seed, "net")))


def layers_of(step: watching.Step, text: str, config: Config, probe: str):
    net = watching.saved(step, text, config, "x")
    return net, trace.trace(net.reader.stack, net.vocabulary.encode(probe))


def test_it_is_the_run_of_train() -> None:
    config = Config(net=SMALL, task="counter")
    generator = stream(0, "net")
    data = tasks.drawn("counter", generator=generator, lines=2, examples=4000)
    plain = list(train.learn(data, SMALL, generator=generator))
    watched = run(("", "aaXbb\n"), config)
    assert len(plain) == len(watched) == 3
    for one, other in zip(plain, watched, strict=True):
        assert one.params.equal(other.params)
        for name in ("updates", "characters", "loss", "held_loss", "held_accuracy", "held_texts"):
            assert getattr(one, name) == getattr(other, name), name


def test_a_text_is_cut_into_rows() -> None:
    whole = watching.prepared(TEXT, Config(net=SMALL, task=""), stream(0))
    assert whole.x.shape[0] == len(TEXT) // 200 and whole.flows
    long = watching.prepared(TEXT * 20, Config(net=SMALL, task=""), stream(0))
    assert long.x.shape[0] == watching.ROWS


@pytest.mark.parametrize("net", [
    SMALL, replace(SMALL, cell="gru", layers=2), replace(SMALL, cell="srn", embedding=3),
    replace(SMALL, peepholes=True),
])  # fmt: skip
def test_the_watched_unit_follows_best(net: Net) -> None:
    """By the text-book's correlation of every unit of every layer, one after another."""
    config = Config(net=net, task="counter")
    probe = familiar.sample("counter")[:80]
    target, counted = [], 0
    for c in probe:
        counted = 0 if c == "\n" else counted + (c == "a") - (c == "b")
        target.append(counted)
    for step in run(("", probe), config):
        _, layers = layers_of(step, "", config, probe)
        signal = "s" if net.cell == "lstm" else "h"
        followed = {
            (depth, k): abs(np.corrcoef(row, target)[0, 1])
            for depth, (only,) in enumerate(layers)
            for k, row in enumerate(only.of(signal).T)
        }
        best = max(followed, key=followed.__getitem__)
        assert (step.layer, step.unit) == best
        assert step.score == pytest.approx(followed[best], abs=1e-5)
        np.testing.assert_array_equal(step.track, layers[step.layer][0].of(signal)[:, step.unit])


def test_what_is_expected_is_what_the_net_says() -> None:
    config = Config(net=SMALL, task="counter")
    step = run(("", "aaXbb\naX"), config)[-1]
    net, _ = layers_of(step, "", config, "aaXbb\naX")
    with torch.no_grad():
        o = net.net(torch.from_numpy(net.vocabulary.encode("aaXbb\naX"))[None])[0][0]
    np.testing.assert_allclose(step.p, torch.softmax(o, -1).numpy(), atol=1e-5)


def test_a_net_comes_out_as_it_was_at_a_step() -> None:
    config = Config(net=SMALL, task="")
    step = run((TEXT, TEXT[:50]), config)[1]
    net = watching.saved(replace(step, params=step.params.numpy()), TEXT, config, "mine")
    assert net.params.equal(step.params) and net.task is None and net.title == "mine"
    assert set(net.vocabulary.characters[1:]) == set(TEXT)
    assert net.about["bits"] == pytest.approx(step.held_loss / math.log(2))
    assert net.about["updates"] == step.updates


def test_broken_numbers_watch_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    real = train.learn

    def breaking(*given, **more):
        for step in real(*given, **more):
            yield replace(step, finite=False, params=step.params * math.nan)

    monkeypatch.setattr(train, "learn", breaking)
    step = run(("", "aaXbb\n"), Config(net=SMALL))[-1]
    assert not step.finite and step.unit is None and step.score == 0
    assert step.track.shape == (6,)


def test_where_there_is_nothing_to_follow_no_unit_is_named() -> None:
    step = run((TEXT, "zzzz"), Config(net=SMALL, task="memoriser"))[-1]
    assert step.unit is None and step.score == 0 and step.track.shape == (4,)


def test_a_counter_grows_while_it_learns() -> None:
    config = Config(net=replace(defaults.RECIPES["counter"].config, enough=2))
    steps = run(("", watching.probe("", "counter")), config)
    assert steps[-1].held_texts == 1 and steps[-1].score > 0.9
    assert steps[0].held_texts < 0.5
    assert np.abs(steps[-1].track).max() > 2 * np.abs(steps[0].track).max()


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("a # b\nc", "comment"),
        ('say "a" # b', "inside quotes"),
        ('say "a" and (b) # c', "inside brackets"),
        ("one\ntwo", "position in line"),
        ("\n\n\n", None),
        ("a", None),
        ("", None),
    ],
)
def test_what_is_looked_for_in_a_text(text: str, wanted: str | None) -> None:
    aim = watching.aimed(text, "")
    assert (aim and aim.pattern) == wanted


def test_what_is_looked_for_in_a_language() -> None:
    assert watching.aimed("aab", "counter") == familiar.WANTED["counter"]
    assert watching.aimed("XXX", "counter") is None


def test_the_probe_is_where_there_is_something_to_see() -> None:
    code = "x = 1\n" * 200
    listed = "[" + "n, " * 40 + "]\n"
    text = code + listed + code
    piece = watching.probe(text, "")
    assert len(piece) == watching.PROBE and piece in text
    assert piece[0] == "x" and listed in piece  # from a line's start, all of the list in it
    assert watching.probe("b\n" * 10, "") == "b\n" * 10
    assert watching.probe("plain words " * 100, "") == ("plain words " * 100)[: watching.PROBE]
    for task in tasks.TASKS:
        assert watching.probe("", task) == familiar.sample(task)[: watching.PROBE]
        assert watching.aimed(watching.probe("", task), task) is not None


def test_unhappy_settings() -> None:
    with pytest.raises(SettingError, match="task: wanted one of counter"):
        Config(net=SMALL, task="chess")
    with pytest.raises(SettingError, match="text: wanted at least 500 characters, got 499"):
        run(("a" * 499, "a"), Config(net=SMALL, task=""))
    assert Config().net == model.Config()


def test_the_probe_of_a_text_begins_with_a_line_and_is_half_inside() -> None:
    """Lines of brackets, then half and half, then none: the middle is looked at."""
    full, empty = "(" + "x" * 57 + ")\n", "y" * 59 + "\n"
    text = full * 10 + (full + empty) * 6 + empty * 10
    found = watching.probe(text, "")
    assert len(found) == watching.PROBE
    at = text.index(found)
    assert at == 0 or text[at - 1] == "\n"
    share = found.count("x") / watching.PROBE
    assert 0.35 < share < 0.65
