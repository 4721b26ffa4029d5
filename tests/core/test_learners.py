"""One contract for every learner: see LEARNERS for how to add one."""

from __future__ import annotations

import copy
import dataclasses
import types
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
import torch

from core.datasets import grammars
from core.datasets.dead_leaves import scene
from core.device import to_host
from core.errors import SettingError
from core.features import filters, spherical_kmeans
from core.nets import network, population, train
from core.parsing import grammar_text, inside_outside
from core.rng import stream
from core.sequence import compare, echo_state, tasks, watching
from core.sequence import train as sequence_train
from core.sequence.model import Config as SequenceConfig
from core.topics import (
    fit,
    gibbs,
    lda,
    mixture,
    nmf,
    one_document_chains,
    online_lda,
    over_k,
    plsa,
)
from core.topics.counts import Counts, from_matrix, minibatches
from tests.core.nets import cloud


@dataclasses.dataclass(frozen=True, kw_only=True)
class Learner:
    """A learner's module, a small Config, data for it, and one setting it must refuse."""

    module: types.ModuleType
    config: Any
    data: Callable[[], Any]
    refused: dict[str, Any]

    def start(self, data: Any, seed: int = 0) -> Iterator[Any]:
        return self.module.learn(data, self.config, generator=stream(seed, "contract"))


def topic_counts() -> Counts:
    rows = np.random.default_rng(0).poisson(0.7, (40, 30))
    return from_matrix(rows, [f"w{w}" for w in range(30)])


LEARNERS = [
    Learner(
        module=spherical_kmeans,
        config=spherical_kmeans.Config(k=12, sweeps=4),
        data=lambda: torch.randn(300, 10, generator=stream(0, "data")),
        refused={"k": 0},
    ),
    Learner(
        module=filters,
        config=filters.Config(n=1000, k=12, sweeps=3),
        data=lambda: [scene(generator=stream(0, "data"), height=40, width=40)],
        refused={"eps_norm": float("nan")},
    ),
    Learner(
        module=train,
        config=network.Config(examples=600, steps=5, shuffle=True, dropout=0.1),
        data=lambda: cloud(40, held=0.2),
        refused={"rate": -1.0},
    ),
    Learner(
        module=population,
        config=population.Config(nets=3, net=network.Config(examples=300, steps=3)),
        data=lambda: cloud(40, held=0.2),
        refused={"nets": 0},
    ),
    Learner(
        module=sequence_train,
        config=SequenceConfig(units=6, updates=6, steps=3),
        data=lambda: tasks.drawn("counter", generator=stream(0, "data"), examples=80, tests=10),
        refused={"rate": -1.0},
    ),
    Learner(
        module=echo_state,
        config=echo_state.Config(units=30, steps=3),
        data=lambda: tasks.recall(2, generator=stream(0, "data"), examples=30, tests=5),
        refused={"leak": 0.0},
    ),
    Learner(
        module=watching,
        config=watching.Config(net=SequenceConfig(units=4, updates=6, steps=3), task=""),
        data=lambda: ("abc, cab. " * 60, "abc, cab."),
        refused={"task": "chess"},
    ),
    Learner(
        module=compare,
        config=compare.Config(
            relatives=("srn", compare.ECHO),
            lags=(1, 3),
            units=4,
            updates=4,
            steps=2,
            reservoir=20,
            timed=False,
        ),
        data=lambda: (np.array([40, 10]),),
        refused={"seeds": 0},
    ),
    Learner(
        module=inside_outside,
        config=inside_outside.Config(rounds=3),
        data=lambda: inside_outside.Bare(
            grammar_text.parse(grammars.PRESETS["course_pcfg"].text).grammar,
            (("the", "man", "sleeps"), ("the", "man", "saw", "the", "woman")),
        ),
        refused={"rounds": 0},
    ),
    Learner(
        module=plsa,
        config=plsa.Config(topics=3, iterations=4, tolerance=0),
        data=topic_counts,
        refused={"topics": 0},
    ),
    Learner(
        module=lda,
        config=lda.Config(topics=3, iterations=4, wait=1, tolerance=0),
        data=topic_counts,
        refused={"eta": 0.0},
    ),
    Learner(
        module=online_lda,
        config=online_lda.Config(topics=3),
        data=lambda: tuple(minibatches(topic_counts(), 10)),
        refused={"kappa": 0.1},
    ),
    Learner(
        module=gibbs,
        config=gibbs.Config(topics=3, sweeps=12, burn=11),
        data=topic_counts,
        refused={"sweeps": 0},
    ),
    Learner(
        module=mixture,
        config=mixture.Config(topics=3, iterations=4, tolerance=0),
        data=topic_counts,
        refused={"smoothing": -1.0},
    ),
    Learner(
        module=nmf,
        config=nmf.Config(topics=3, iterations=4, tolerance=0),
        data=topic_counts,
        refused={"loss": "hinge"},
    ),
    Learner(
        module=nmf,
        config=nmf.Config(topics=3, iterations=4, tolerance=0, loss="frobenius"),
        data=topic_counts,
        refused={"weights": "none"},
    ),
    Learner(
        module=fit,
        config=fit.Config(model="online_lda", topics=3, iterations=2, batch=10),
        data=topic_counts,
        refused={"alpha": -1.0},
    ),
    Learner(
        module=over_k,
        config=over_k.Config(fit=fit.Config(iterations=3), ks=(2, 3, 4), whole=(3,), timed=False),
        data=topic_counts,
        refused={"seeds": 0},
    ),
    Learner(
        module=one_document_chains,
        config=one_document_chains.Config(sweeps=4),
        data=lambda: (
            np.arange(4),
            np.array([3.0, 1.0, 2.0, 1.0]),
            np.full(3, 0.1),
            np.full((4, 3), 0.25),
        ),
        refused={"chains": 0},
    ),
]


@pytest.fixture(params=LEARNERS, ids=lambda learner: learner.module.__name__.removeprefix("core."))
def learner(request: pytest.FixtureRequest) -> Learner:
    return request.param


def same(a: Any, b: Any) -> bool:
    """Equal to the last bit, through dataclasses and containers."""
    if type(a) is not type(b):
        return False
    if isinstance(a, np.ndarray):
        return np.array_equal(a, b, equal_nan=a.dtype.kind == "f")
    if dataclasses.is_dataclass(a) and not isinstance(a, type):
        return all(same(getattr(a, f.name), getattr(b, f.name)) for f in dataclasses.fields(a))
    if isinstance(a, (list, tuple)):
        return len(a) == len(b) and all(map(same, a, b))
    return bool(a == b)


def spoil(value: Any) -> None:
    """Overwrite every tensor in `value`."""
    if isinstance(value, torch.Tensor):
        value.zero_()
    elif isinstance(value, np.ndarray):
        value[...] = 0
    elif dataclasses.is_dataclass(value):
        for field in dataclasses.fields(value):
            spoil(getattr(value, field.name))


def trace(steps: Iterator[Any]) -> list[Any]:
    return [to_host(step) for step in steps]


def test_default_config_is_valid_frozen_and_keyword_only(learner: Learner) -> None:
    kind = learner.module.Config
    kind()
    with pytest.raises(dataclasses.FrozenInstanceError):
        setattr(kind(), dataclasses.fields(kind)[0].name, 1)
    with pytest.raises(TypeError):
        kind(1)
    assert isinstance(learner.module.VERSION, int)


def test_bad_config_names_the_setting(learner: Learner) -> None:
    with pytest.raises(SettingError, match="wanted .*, got"):
        learner.module.Config(**learner.refused)


def test_same_seed_same_steps_other_seed_other_steps(learner: Learner) -> None:
    first, again, other = (trace(learner.start(learner.data(), seed)) for seed in (0, 0, 1))
    assert len(first) == len(other) > 2
    assert same(first, again)
    assert not any(same(a, b) for a, b in zip(first, other, strict=True))


def test_input_and_config_stay_as_they_were(learner: Learner) -> None:
    data, config = learner.data(), dataclasses.replace(learner.config)
    trace(learner.start(data))
    assert same(to_host(data), to_host(learner.data()))
    assert config == learner.config


def test_global_random_numbers_are_left_alone(learner: Learner) -> None:
    data = learner.data()
    before = torch.get_rng_state(), np.random.get_state()
    trace(learner.start(data))
    assert torch.equal(before[0], torch.get_rng_state())
    assert all(map(np.array_equal, before[1], np.random.get_state()))
    # Nor do they matter.
    torch.manual_seed(1)
    one = trace(learner.start(data))
    torch.manual_seed(2)
    assert same(one, trace(learner.start(data)))


def test_it_is_lazy_and_closes_between_steps(learner: Learner) -> None:
    class Unreadable:
        def __getattr__(self, name: str) -> Any:
            raise AssertionError("read before the first step was asked for")

    learner.start(Unreadable()).close()
    steps = learner.start(learner.data())
    next(steps)
    next(steps)
    steps.close()
    assert list(steps) == []


def test_steps_are_frozen_and_share_no_memory_with_later_ones(learner: Learner) -> None:
    untouched = trace(learner.start(learner.data()))
    kept = []
    for step in learner.start(learner.data()):
        with pytest.raises(dataclasses.FrozenInstanceError):
            setattr(step, dataclasses.fields(step)[0].name, None)
        kept.append(copy.deepcopy(to_host(step)))
        spoil(step)
    assert same(kept, untouched)
    steps = list(learner.start(learner.data()))
    assert same([to_host(step) for step in steps], untouched)


def test_the_data_is_not_shared_with_the_steps(learner: Learner) -> None:
    data = learner.data()
    for step in learner.start(data):
        spoil(step)
    assert same(to_host(data), to_host(learner.data()))
