"""Recurrent relatives as a visitor finds them: the contest, the wiring, the reservoir, bad input."""

from __future__ import annotations

import csv
import io
import json
import re
import time

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from core.rng import stream
from core.sequence import compare, memory, reservoir
from core.sequence.compare import ECHO, Config, Result
from pages._kit.relatives import arena, board, echo
from pages._kit.relatives.names import TASKS, TITLES

SLUG = "recurrent"
QUICK = {
    "nets": [TITLES[ECHO], TITLES["srn"]],
    "lags": ["1", "2"],
    "updates": "50",
    "reservoir": "20",
}


def good(at: AppTest) -> bool:
    return not at.exception and not at.error


def component(at: AppTest, name: str):
    return next(e.proto for e in at.get("bidi_component") if e.proto.component_name == name)


def net(at: AppTest) -> dict:
    return json.loads(component(at, "vitrine_unrolled").json)


def drawn(at: AppTest) -> dict:
    data = component(at, "vitrine_reservoir").bytes
    return json.loads(data[4 : 4 + int.from_bytes(data[:4], "little")])


def words(at: AppTest) -> str:
    return "\n".join(one.value for one in [*at.caption, *at.info, *at.markdown])


def until(at: AppTest, holds) -> None:
    end = time.monotonic() + 90
    while not holds() and time.monotonic() < end:
        time.sleep(0.2)
        at.run()
    assert holds()


def test_the_contest_runs_as_a_job_and_its_board_is_that_of_direct_runs(visit, downloads) -> None:
    at = visit(SLUG, **QUICK)
    assert good(at)
    until(at, lambda: "All results, CSV" in downloads)
    config = Config(relatives=(ECHO, "srn"), lags=(1, 2), updates=50, reservoir=20)
    *_, last = compare.learn([arena.DATA], config, generator=stream(0, "core.sequence.compare"))
    found = list(csv.DictReader(io.StringIO(downloads["All results, CSV"].decode())))
    for given, wanted in zip(found, last.results, strict=True):
        assert given["relative"] == wanted.relative and int(given["lag"]) == wanted.lag
        assert float(given["accuracy"]) == pytest.approx(wanted.accuracy, abs=0.02)
        assert int(given["parameters"]) == wanted.parameters
    told = json.loads(downloads["All results, JSON"])
    assert told["seed"] == 0 and told["config"]["updates"] == 50 and len(told["results"]) == 4
    table = at.dataframe[0].value
    assert set(table["relative"]) == {TITLES[ECHO], TITLES["srn"]}
    assert list(table["mean"]) == sorted(table["mean"], reverse=True)


def test_cancel_keeps_what_was_learned(visit) -> None:
    at = visit(SLUG, updates="3200", lags=["1", "64"])
    until(at, lambda: len(at.dataframe) > 0)
    at.button(key="cancel-relatives").click().run()
    until(at, lambda: any("Stopped" in one.value for one in at.info))
    assert good(at) and len(at.dataframe) == 1


@pytest.mark.parametrize(
    ("kind", "key", "value"),
    [
        ("selectbox", "task", "recall"),
        ("multiselect", "nets", ["gru"]),
        ("select_slider", "updates", 100),
        ("select_slider", "seeds", 2),
        ("select_slider", "units", 8),
        ("number_input", "seed", 3),
        ("select_slider", "layers", 3),
        ("select_slider", "reservoir", 50),
        ("select_slider", "forget_bias", 0.0),
    ],
)
def test_every_control_of_the_contest_starts_another(visit, monkeypatch, kind, key, value) -> None:
    seen = []
    monkeypatch.setattr(arena.play, "play", lambda *a, **k: seen.append((a[3], k["seed"])))
    at = visit(SLUG, **QUICK)
    getattr(at, kind)(key=key).set_value(value).run()
    assert good(at) and seen[0] != seen[-1]


def test_languages_leave_out_who_reads_backwards(visit, monkeypatch) -> None:
    seen = []
    monkeypatch.setattr(arena.play, "play", lambda *a, **k: seen.append(a[3]))
    at = visit(SLUG, task=TASKS["counter"])
    assert good(at) and "do not take part" in words(at)
    assert seen[-1].task == "counter" and seen[-1].lags == arena.DEFAULT_LENGTHS
    assert not set(seen[-1].relatives) & set(compare.BACKWARDS)
    assert TITLES["bidirectional"] not in at.multiselect(key="nets_language").options


@pytest.mark.parametrize(("kind", "key"), [("multiselect", "nets"), ("pills", "lags")])
def test_without_networks_or_lags_the_page_asks_for_some(visit, monkeypatch, kind, key) -> None:
    seen = []
    monkeypatch.setattr(arena.play, "play", lambda *a, **k: seen.append(a[3]))
    at = visit(SLUG, **QUICK)
    widget = at.multiselect(key=key) if kind == "multiselect" else at.button_group(key=key)
    before = len(seen)
    widget.set_value([]).run()
    assert good(at) and "Choose at least one" in words(at) and len(seen) == before
    assert drawn(at)["units"] == 100  # the rest of the page is there


def test_a_board_of_several_seeds_holds_means_and_the_longest_mastered() -> None:
    def result(relative: str, lag: int, seed: int, accuracy: float) -> Result:
        return Result(
            relative=relative, lag=lag, seed=seed, accuracy=accuracy, parameters=7, updates=10 * lag,
            seconds=float(lag),
        )  # fmt: skip

    found = board.rows(
        [
            result("srn", 1, 0, 1.0), result("srn", 1, 1, 0.9), result("srn", 4, 0, 0.2),
            result("gru", 1, 0, 1.0), result("gru", 4, 0, 0.96),
        ],
        (1, 2, 4),
    )  # fmt: skip
    assert [row["relative"] for row in found] == [TITLES["gru"], TITLES["srn"]]
    assert found[1]["over"] == pytest.approx([0.95, 0.2])
    assert found[1]["mean"] == pytest.approx(0.575)
    assert found[1]["longest"] == 1 and found[0]["longest"] == 4
    assert found[0]["updates"] == 25 and found[0]["seconds"] == 2.5


def test_the_sentence_reads_the_board() -> None:
    def result(relative: str, lag: int, accuracy: float, parameters: int) -> Result:
        return Result(
            relative=relative, lag=lag, seed=0, accuracy=accuracy, parameters=parameters, updates=1,
            seconds=None,
        )  # fmt: skip

    config = Config(lags=(1, 4))
    nobody = [result("srn", 1, 0.9, 5)]
    assert board.sentence(nobody, config) == "Nobody is 95% right at any lag."
    one = [*nobody, result("lstm", 1, 1.0, 1300), result("gru", 1, 0.97, 1200)]
    assert board.sentence(one, config) == (
        "Furthest: **LSTM and GRU**, 95% right or better at lag **1**; with the fewest learned "
        "numbers, 1,200, GRU."
    )
    alone = [*one, result("lstm", 4, 1.0, 1300), result("gru", 4, 0.9, 1200)]
    assert board.sentence(alone, config) == (
        "Furthest: **LSTM**, 95% right or better at lag **4**."
    )
    language = Config(task="counter", relatives=("lstm",), lags=(1, 4))
    assert "at length **4**" in board.sentence(alone, language)


@pytest.fixture
def still(monkeypatch) -> None:
    """Without the contest: the rest of the page."""
    monkeypatch.setattr(arena.play, "play", lambda *a, **k: None)


@pytest.mark.usefixtures("still")
@pytest.mark.parametrize("kind", list(TITLES))
def test_each_relative_is_drawn_with_the_numbers_of_its_net(visit, kind: str) -> None:
    at = visit(SLUG, wired=TITLES[kind], wired_text="abca b", wired_updates="0")
    assert good(at)
    told = net(at)
    assert told["characters"] == ["a", "b", "c", "a", "␣", "b"]
    rows = 2 ** ("bidirectional" in kind) * (2 if "deep" in kind else 1)
    assert len(told["rows"]) == rows
    for row in told["rows"]:
        enter, back = (np.array(row[key]) for key in ("enter", "back"))
        signals = {n: np.array(s) for n, s in zip(row["names"], row["signals"], strict=True)}
        T, H = enter.shape[0], enter.shape[2]
        hidden = np.array(row["signals"][-1])
        zero = np.zeros((1, H))
        before = np.vstack([hidden[1:], zero] if row["backward"] else [zero, hidden[:-1]])

        def sigmoid(a):
            return 1 / (1 + np.exp(-a))

        if told["kind"] in ("srn", "echo"):
            wanted = np.tanh(enter[:, 0] + back[:, 0])
        elif told["kind"] == "gru":
            r, z = (sigmoid(enter[:, k] + back[:, k]) for k in (0, 1))
            wanted = z * before + (1 - z) * np.tanh(enter[:, 2] + r * back[:, 2])
        else:
            w = np.zeros((3, H)) if row["peepholes"] is None else np.array(row["peepholes"])
            s = signals["s"]
            old = np.vstack([zero, s[:-1]])
            a = enter + back
            now = sigmoid(a[:, 1] + w[1] * old) * old + sigmoid(a[:, 0] + w[0] * old) * np.tanh(
                a[:, 2]
            )
            assert np.abs(now - s).max() < 1e-3
            wanted = sigmoid(a[:, 3] + w[2] * s) * np.tanh(s)
        assert np.abs(wanted - hidden).max() < 1e-3 and T == 6
    assert (told["rows"][0]["peepholes"] is not None) == (kind == "peepholes")


@pytest.mark.usefixtures("still")
def test_training_makes_the_drawn_net_right(visit) -> None:
    at = visit(SLUG, wired=TITLES["deep"], wired_text="abcabdacbd", wired_updates="0")
    fresh = net(at)
    at.select_slider(key="wired_updates").set_value(400).run()
    trained = net(at)

    def hits(told: dict) -> int:
        return sum(o["told"] == o["wanted"] for o in told["outputs"] if o["wanted"])

    assert hits(trained) > hits(fresh) and hits(trained) >= 7
    assert [o["wanted"] for o in trained["outputs"]] == ["", "", *"abcabdac"]


@pytest.mark.usefixtures("still")
@pytest.mark.parametrize(
    "text",
    [
        "a",
        "aaaa",
        "<b>&amp;</b>",
        "你好，世界",
        "\u202eabc",
        "0123456789abcdefghijklmn",
        "e\u0301🙂",
    ],
)
def test_any_text_can_be_read(visit, text: str) -> None:
    at = visit(SLUG, wired_updates="0")
    at.text_input(key="wired_text").set_value(text).run()
    assert good(at) and len(net(at)["characters"]) == len(text)


@pytest.mark.usefixtures("still")
def test_no_text_is_asked_for(visit) -> None:
    at = visit(SLUG, wired_updates="0")
    at.text_input(key="wired_text").set_value("").run()
    assert good(at) and "at least one character" in words(at)


@pytest.mark.usefixtures("still")
def test_the_reservoir_is_what_the_controls_say(visit) -> None:
    at = visit(SLUG, wired_updates="0", echo_units="50", echo_density="10", echo_radius="0.8")
    assert good(at)
    head = drawn(at)
    assert head["units"] == 50 and head["connections"] == 250 and head["radius"] == 0.8
    data = component(at, "vitrine_reservoir").bytes
    body = data[4 + int.from_bytes(data[:4], "little") :]
    kind, shape, at_ = head["arrays"]["eigenvalues"]
    values = np.frombuffer(body[at_ : at_ + 4 * np.prod(shape)], np.float32).reshape(shape)
    assert np.hypot(*values.T).max() == pytest.approx(0.8, abs=1e-5)
    direct = reservoir.drawn(
        1, units=50, density=0.1, radius=0.8, leak=1.0, scale=0.1, bias=0.0,
        generator=stream(0, "echo", "reservoir"),
    )  # fmt: skip
    net_, _ = echo._net(50, 10, 0.8, 1.0, 0.1)
    assert np.allclose(net_.weight, direct.weight) and np.allclose(net_.W_in, direct.W_in)
    total = memory.of(direct, generator=stream(0, "echo", "capacity"), lags=100, steps=2100).total
    assert f"**{total:.1f}**" in words(at)


@pytest.mark.usefixtures("still")
def test_below_one_echoes_die_and_above_they_do_not(visit) -> None:
    at = visit(SLUG, wired_updates="0", echo_radius="0.5")
    assert "They become one" in words(at)
    at.select_slider(key="echo_radius").set_value(1.5).run()
    assert good(at) and "They stay apart" in words(at)


@pytest.mark.usefixtures("still")
@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("echo_units", 20),
        ("echo_density", 1),
        ("echo_radius", 0.0),
        ("echo_leak", 0.1),
        ("echo_scale", 2.0),
    ],
)
def test_every_control_of_the_reservoir_redraws_it(visit, key, value) -> None:
    at = visit(SLUG, wired_updates="0")
    before = component(at, "vitrine_reservoir").bytes
    at.select_slider(key=key).set_value(value).run()
    assert good(at) and component(at, "vitrine_reservoir").bytes != before


@pytest.mark.usefixtures("still")
def test_a_heavy_ridge_spoils_the_readout(visit) -> None:
    at = visit(SLUG, wired_updates="0")

    def reach() -> int:
        return int(re.search(r"up to k = (\d+)", words(at))[1])

    before = reach()
    at.select_slider(key="echo_ridge").set_value(100.0).run()
    assert good(at) and reach() < before - 5
