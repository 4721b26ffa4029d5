"""Train live on the page: when a run begins, what is drawn of it, and how its net becomes the page's."""

from __future__ import annotations

import csv
import io
import json
import math
from dataclasses import replace

import numpy as np
import pytest
import torch
from streamlit.testing.v1 import AppTest

from core.datasets import stdlib
from core.rng import stream
from core.sequence import model, saved, train, watching
from core.sequence.model import Config as Net
from pages._kit import play
from pages._kit.sequence import training

SLUG = "lstm_explorer"
PART = {"part": "Train live", "train_n_counter": "100"}
SENTENCES = "The quick brown fox jumps over the lazy dog, again and again. " * 12


@pytest.fixture(autouse=True)
def in_place(monkeypatch: pytest.MonkeyPatch) -> None:
    """AppTest has no browser that asks for news of a job: runs are learned here, at once."""
    monkeypatch.setattr(play, "IN_PLACE", math.inf)


def good(at: AppTest) -> bool:
    return not at.exception and not at.error


def heads(at: AppTest) -> list[dict]:
    found = [
        e.proto for e in at.get("bidi_component") if e.proto.component_name == "vitrine_reader"
    ]
    return [json.loads(o.bytes[4 : 4 + int.from_bytes(o.bytes[:4], "little")]) for o in found]


def charts(at: AppTest) -> list[dict]:
    return [json.loads(one.proto.spec) for one in at.get("vega_lite_chart")]


def said(at: AppTest) -> str:
    return "\n".join(one.value for one in at.markdown)


def keys(at: AppTest) -> list[str]:
    return [one.key for one in at.button]


def trained(at: AppTest) -> AppTest:
    return at.button(key="train_go").click().run()


def test_nothing_runs_before_it_is_asked_for(visit) -> None:
    at = visit(SLUG, **PART)
    assert good(at)
    assert len(heads(at)) == 1 and not charts(at) and "train_adopt" not in keys(at)
    trained(at)
    assert good(at) and len(heads(at)) == 2 and len(charts(at)) == 2


def test_a_link_brings_the_settings_and_waits(visit) -> None:
    at = visit(SLUG, **PART, train_cell="GRU", train_units_counter="4")
    assert good(at) and len(heads(at)) == 1
    trained(at)
    assert heads(at)[1]["tracks"][0]["title"].startswith("hidden state of unit")
    assert at.select_slider(key="train_units_counter").value == 4


def test_what_is_drawn_is_what_was_learned(visit) -> None:
    at = trained(visit(SLUG, **PART, train_seed="3"))
    config, data, seed = _wish(at)
    assert seed == 3 and data[0] == "" and config.net.enough == 10 and config.net.updates == 100
    steps = list(watching.learn(data, config, generator=stream(3, watching.__name__)))
    last = steps[-1]
    assert f"After **{last.updates:,}** updates" in said(at)
    assert f"**{last.held_loss / math.log(2):.2f} bits**" in said(at)
    assert (
        f"Unit **{last.unit}** follows “count of a less b” best: |r| = **{last.score:.2f}**"
        in said(at)
    )
    head = heads(at)[1]
    assert head["tracks"][0]["label"] == f"s {last.unit}"
    widest = max(float(np.abs(step.track).max()) for step in steps)  # one scale for the whole run
    assert head["tracks"][0]["high"] == pytest.approx(widest)
    assert "".join(map(chr, head["text"])) == data[1]
    # back to the net that knows nothing
    at.slider(key="step").set_value(0).run()
    assert good(at) and "After **0** updates" in said(at)
    assert heads(at)[1]["tracks"][0]["label"] == f"s {steps[0].unit}"
    assert heads(at)[1]["tracks"][0]["high"] == pytest.approx(widest)


def _wish(at: AppTest) -> tuple[watching.Config, tuple[str, str], int]:
    data, config, seed = at.session_state["training_started"]
    return config, data, seed


def test_changed_settings_wait_for_the_button(visit) -> None:
    at = trained(visit(SLUG, **PART))
    before = said(at)
    assert at.button(key="train_go").disabled
    at.select_slider(key="train_rate_counter").set_value(0.02).run()
    assert said(at) == before and not at.button(key="train_go").disabled
    assert any("settings have changed" in one.value for one in at.caption)
    trained(at)
    assert good(at) and said(at) != before
    assert not any("settings have changed" in one.value for one in at.caption)


def test_a_new_run_shows_its_last_step(visit) -> None:
    at = trained(visit(SLUG, **PART))
    at.slider(key="step").set_value(2).run()
    at.number_input(key="train_seed").set_value(9).run()
    trained(at)
    assert at.slider(key="step").value == at.slider(key="step").max and good(at)


@pytest.mark.parametrize("step", [None, 5])
def test_looking_inside_makes_it_the_net_of_the_page(visit, downloads, step: int | None) -> None:
    at = trained(visit(SLUG, **PART))
    if step is not None:
        at.slider(key="step").set_value(step).run()
    config, data, seed = _wish(at)
    steps = list(watching.learn(data, config, generator=stream(seed, watching.__name__)))
    wanted = steps[-1 if step is None else step]
    at.button(key="train_adopt").click().run()
    assert good(at) and at.selectbox(key="net").value == "here"
    again = saved.from_file(downloads["The net, safetensors"], "x")
    assert again.params.equal(wanted.params) and again.task == "counter"
    assert again.config == config.net


def test_the_run_as_a_table(visit, downloads) -> None:
    at = trained(visit(SLUG, **PART))
    rows = list(csv.DictReader(io.StringIO(downloads["The run, CSV"].decode())))
    config, _, _ = _wish(at)
    assert len(rows) == config.net.steps == 100 < training.STEPS
    assert rows[-1]["updates"] == "100" and float(rows[-1]["held_loss"]) > 0


@pytest.mark.parametrize("task", ["selective", "memoriser", "copy", "adding", "parity"])
def test_every_task(visit, task: str) -> None:
    title = {"selective": "Selective counter", "memoriser": "State memoriser"}.get(task)
    title = title or {"copy": "Copy machine"}.get(task, task.capitalize())
    at = visit(SLUG, part="Train live", train_what=title, **{f"train_n_{task}": "100"})
    assert at.selectbox(key="train_what").value == task
    trained(at)
    assert good(at) and len(heads(at)) == 2 and "follows" in said(at)


@pytest.mark.parametrize(
    "settings",
    [
        {"train_cell": "Simple recurrent", "train_layers_counter": "2"},
        {"train_peepholes": "true", "train_units_counter": "2", "train_cut": "5"},
        {"train_optimiser": "sgd", "train_clip": "0.0", "train_batch_counter": "1"},
        {"train_embedding": "4", "train_optimiser": "rmsprop"},
    ],
)
def test_every_kind_of_net(visit, settings: dict) -> None:
    at = trained(visit(SLUG, **PART, **settings))
    assert good(at) and len(heads(at)) == 2
    if "train_layers_counter" in settings:
        assert heads(at)[1]["tracks"][0]["label"][2:4] in ("1:", "2:")


def test_a_text_of_ones_own(visit) -> None:
    at = visit(
        SLUG,
        part="Train live",
        text="Write",
        own=SENTENCES,
        train_what=training.THIS,
        train_n_="100",
    )
    at.select_slider(key="train_units_").set_value(8).run()
    trained(at)
    assert good(at) and "bits" in said(at)
    config, data, _ = _wish(at)
    assert data[0] == SENTENCES and config.task == "" and config.net.enough == 0
    assert "never learned from" not in said(at)
    at.button(key="train_adopt").click().run()
    assert good(at) and not any("unknown" in one.value for one in at.caption)


def test_a_text_that_is_too_short_is_not_offered(visit) -> None:
    at = visit(SLUG, part="Train live", text="Write", own="a" * 499, train_what=training.THIS)
    assert good(at) and training.THIS not in at.selectbox(key="train_what").options
    assert any("500 characters" in one.value for one in at.caption)


def test_source_code(visit, monkeypatch) -> None:
    monkeypatch.setattr(training, "_piece", lambda: stdlib.source(3000))
    at = visit(SLUG, part="Train live", train_what=training.SOURCE, train_n_="100")
    at.select_slider(key="train_units_").set_value(4).run()
    trained(at)
    assert good(at) and "inside brackets" in said(at)


def test_a_run_that_would_take_for_ever_is_not_begun(visit) -> None:
    at = visit(
        SLUG, part="Train live", train_units_counter="256", train_layers_counter="4",
        train_n_counter="15000", train_batch_counter="256",
    )  # fmt: skip
    assert good(at) and at.button(key="train_go").disabled and len(heads(at)) == 1
    assert any("fewer units" in one.value for one in at.warning)


def test_of_a_large_net_fewer_steps_are_kept(visit) -> None:
    at = visit(SLUG, **PART, train_units_counter="256", train_layers_counter="4")
    _, config, _ = _asked(at)
    assert config.net.steps == 10
    weights = len(model.start(config.net, 5, generator=stream(0)))
    assert 10 * weights > training.KEPT > weights


def _asked(at: AppTest):
    """What the button would start: pressed with a learner that does nothing."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(watching, "learn", _idle)
        trained(at)
    return at.session_state["training_started"]


def _idle(data, config, *, generator):
    return iter(())


@pytest.fixture
def breaking(monkeypatch: pytest.MonkeyPatch):
    """Makes what the run learns break, or get worse, from its third Step on."""
    real = train.learn

    def make(**changed: object) -> None:
        def learn(*given, **more):
            for k, step in enumerate(real(*given, **more)):
                yield step if k < 3 else replace(step, **changed)
                if k == 3:
                    return

        monkeypatch.setattr(train, "learn", learn)

    return make


def test_broken_numbers_are_told_and_cannot_be_looked_into(visit, breaking) -> None:
    P = len(model.start(Net(), 5, generator=stream(0)))
    breaking(finite=False, held_loss=math.nan, params=torch.full((P,), math.nan))
    at = trained(visit(SLUG, **PART)).run()  # that it ended early shows at the next frame
    assert good(at)
    assert any("smaller learning rate" in one.value for one in at.warning)
    assert at.button(key="train_adopt").disabled
    assert "no numbers left" in said(at) and len(heads(at)) == 1
    at.slider(key="step").set_value(1).run()
    assert good(at) and len(heads(at)) == 2


def test_a_run_that_gets_worse_is_told(visit, breaking) -> None:
    breaking(held_loss=9.0)
    at = trained(visit(SLUG, **PART))
    assert good(at) and any("worse than when it knew nothing" in one.value for one in at.warning)


def test_a_run_that_gets_better_has_no_warning(visit) -> None:
    assert not trained(visit(SLUG, **PART)).warning


@pytest.mark.parametrize(
    "query",
    [
        {"train_units_counter": "1e9", "train_rate_counter": "nan", "train_seed": "inf"},
        {"train_what": "<b>", "train_cell": "x"},
        {"train_optimiser": "", "train_cut": "-1", "step": "99999"},
    ],
)
def test_a_hostile_link(visit, query: dict) -> None:
    at = visit(SLUG, **PART, **query)
    assert good(at), [one.value for one in at.error]
    assert "train_go" in keys(at)
