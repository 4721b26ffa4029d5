"""What is taken home runs by itself and says the same."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from safetensors.numpy import load

from core.nets import export, network, train
from core.nets.network import ACTIVATIONS, EXTRAS, Config
from core.weights import to_safetensors
from tests.core.nets import close, cloud, started

CASES = [
    Config(rate=0.1),
    Config(
        hidden=tuple(range(2, 8)), activations=tuple(ACTIVATIONS), classes=10, extras=tuple(EXTRAS)
    ),
    Config(hidden=(), activations=(), loss="squared error", extras=("sin x2",)),
]


@pytest.mark.parametrize("config", CASES, ids=range(len(CASES)))
def test_the_script_runs_and_prints_the_shown_accuracy(config: Config, tmp_path: Path) -> None:
    points = cloud(60, config.classes, held=0.3)
    state = train.advance(started(points, config), points, config, 300)
    measured = train.measure(state.params, points, config)
    text = export.to_python(state.params, config, points, measured, seed=3, examples=state.examples)
    (tmp_path / "classifier.py").write_text(text)
    done = subprocess.run(
        [sys.executable, "-I", "classifier.py"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    said = dict(line.split() for line in done.stdout.splitlines())
    assert float(said["train"]) == pytest.approx(measured.train_accuracy, abs=1e-6)
    assert measured.test_accuracy is not None
    assert float(said["test"]) == pytest.approx(measured.test_accuracy, abs=1e-6)
    assert f"{measured.train_accuracy:.2%}" in text and max(map(len, text.splitlines())) < 130


@pytest.fixture
def precision() -> Iterator[None]:
    """The script asks for float64 for good; the tests after it shall not notice."""
    before = torch.get_default_dtype()
    yield
    torch.set_default_dtype(before)


ONE_OF_EACH = [
    Config(hidden=(4, 3), activations=(name, "tanh"), extras=extras)
    for name, extras in zip(ACTIVATIONS, [(), *((extra,) for extra in EXTRAS)], strict=True)
]


@pytest.mark.usefixtures("precision")
@pytest.mark.parametrize("config", [*CASES, *ONE_OF_EACH], ids=range(len(CASES + ONE_OF_EACH)))
def test_the_scripts_net_gives_the_same_scores(config: Config) -> None:
    points = cloud(12, config.classes)
    params = started(points, config).params + 0.03
    measured = train.measure(params, points, config)
    text = export.to_python(params, config, points, measured, seed=0, examples=1)
    made: dict[str, Any] = {}
    exec(compile(text, "classifier.py", "exec"), made)
    with torch.no_grad():
        o = made["net"](torch.tensor(points.x)).numpy()
    assert close(o, network.forward(params, config, points.x)[-2])
    assert np.array_equal(made["points"][:, 2].numpy(), points.y)
    tensors = {k: torch.tensor(v) for k, v in export.to_tensors(params, config).items()}
    held = made["net"].state_dict()
    assert list(held) == list(tensors)
    assert all(torch.equal(held[name], tensors[name]) for name in held)


@pytest.mark.usefixtures("precision")
def test_broken_nets_and_no_points_make_a_script_that_runs() -> None:
    config, points = Config(), cloud(5)
    none = points._replace(x=points.x[:0], y=points.y[:0], held=points.held[:0])
    for params, data in ((np.full(38, np.nan), points), (np.zeros(38), none)):
        measured = train.measure(params, data, config)
        text = export.to_python(params, config, data, measured, seed=0, examples=1)
        exec(compile(text, "classifier.py", "exec"), {})


@pytest.mark.parametrize("config", CASES, ids=range(len(CASES)))
def test_tensors_have_the_names_of_the_script(config: Config) -> None:
    points = cloud(8, config.classes)
    params = started(points, config).params
    held = load(to_safetensors(export.to_tensors(params, config), {"seed": 1}))
    text = export.to_python(
        params, config, points, train.measure(params, points, config), seed=0, examples=0
    )
    modules = re.search(r"nn.Sequential\(\n(.*?)\n\)", text, re.DOTALL)
    assert modules is not None
    linear = [i for i, line in enumerate(modules[1].splitlines()) if "nn.Linear" in line]
    assert sorted(held) == sorted(f"{i}.{name}" for i in linear for name in ("weight", "bias"))
    for i, (W, b) in zip(linear, network.layers(params, config), strict=True):
        assert np.array_equal(held[f"{i}.weight"], W) and np.array_equal(held[f"{i}.bias"], b)
