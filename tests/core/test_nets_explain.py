"""One update by hand: every number against autograd, every line against its own formula."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch

from core.errors import SettingError
from core.nets import explain, network
from core.nets.network import ACTIVATIONS, EXTRAS, Config
from tests.core.nets import close, cloud, started
from tests.oracles import mlp

CASES = [
    Config(
        hidden=(3, 2),
        activations=(name, "tanh"),
        loss=loss,
        classes=classes,
        extras=extras,
        l1=l1,
        l2=0.01,
    )
    for name in ACTIVATIONS
    for loss, classes, extras, l1 in (
        ("cross-entropy", 2, (), 0.0),
        ("squared error", 4, tuple(EXTRAS), 0.02),
    )
] + [
    Config(hidden=(), activations=()),
    Config(hidden=(64, 64), activations=("tanh", "relu"), classes=10),
]


def told(config: Config) -> explain.Explanation:
    points = cloud(9, config.classes)
    params = started(points, config).params
    for _, b in network.layers(params, config):
        b += 0.05
    return explain.update(params, config, points.x[4], int(points.y[4]), 0.3)


@pytest.mark.parametrize("config", CASES, ids=range(len(CASES)))
def test_every_number_is_that_of_autograd(config: Config) -> None:
    e = told(config)
    tensors = mlp.split(e.params, config)
    o = mlp.scores(tensors, config, torch.tensor(e.x)[None])
    o.retain_grad()
    loss = mlp.loss(o, torch.tensor([e.y]), config)
    loss.backward()
    gradient = np.concatenate([t.grad.numpy().ravel() for t in tensors])
    assert e.loss == pytest.approx(float(loss.detach()))
    assert close(e.gradient, gradient) and close(e.z[-1], o.detach().numpy()[0])
    assert close(e.delta[-1], o.grad.numpy()[0])
    for t in tensors:
        t.grad = None
    (mlp.penalised(tensors, config)).backward()
    whole = gradient + np.concatenate(
        [np.zeros(t.numel()) if t.grad is None else t.grad.numpy().ravel() for t in tensors]
    )
    assert close(e.updated, e.params - 0.3 * whole)
    assert e.penalty == pytest.approx(float(mlp.penalised(tensors, config).detach()))
    again = mlp.loss(
        mlp.scores(mlp.split(e.updated, config), config, torch.tensor(e.x)[None]),
        torch.tensor([e.y]),
        config,
    )
    assert e.after == pytest.approx(float(again.detach())) and e.fell == (e.after < e.loss)


@pytest.mark.parametrize("config", CASES, ids=range(len(CASES)))
def test_lines_hold_those_numbers(config: Config) -> None:
    e = told(config)
    phases = explain.phases(e)
    assert [p.name for p in phases] == ["forward", "loss", "backward", "update"]
    lines = explain.pick(phases)
    assert [v.value for v in explain.pick(phases, kind="z")] == np.concatenate(e.z).tolist()
    assert [v.value for v in explain.pick(phases, kind="input")] == e.a[0].tolist()
    grads = network.layers(e.gradient, config)
    after = e.updated_layers
    for line in lines:
        if line.kind == "dL/dW":
            assert line.value == grads[line.layer].W[line.row, line.column]
        elif line.kind == "dL/db":
            assert line.value == grads[line.layer].b[line.row]
        elif line.kind == "W":
            assert line.value == after[line.layer].W[line.row, line.column]
        elif line.kind == "b":
            assert line.value == after[line.layer].b[line.row]
    assert {line.layer for line in explain.pick(explain.phases(e, layer=0), kind="dL/dW")} == {0}
    assert explain.pick(phases, kind="loss")[0].value == e.loss
    text = explain.latex(lines[:4])
    assert text.count("{") == text.count("}") and text.startswith(r"\begin{aligned}")


@pytest.mark.parametrize("level", ["scalar", "tensor", None])
@pytest.mark.parametrize("config", CASES[:-1], ids=range(len(CASES) - 1))
def test_the_graph_flows_forward_and_obeys_the_chain_rule(
    config: Config, level: str | None
) -> None:
    graph = explain.graph(told(config), level)
    back = [0.0] * len(graph.nodes)
    for edge in graph.edges:
        assert edge.source < edge.target
    if graph.level == "scalar":
        # dL/dsource = sum over edges of dL/dtarget * dtarget/dsource
        back[-1] = 1.0
        for edge in sorted(graph.edges, key=lambda edge: -edge.target):
            if edge.slope is not None:
                back[edge.source] += back[edge.target] * edge.slope
        for node, wanted in zip(graph.nodes, back, strict=True):
            if node.gradient is not None:
                assert float(node.gradient) == pytest.approx(wanted, abs=1e-12), node
    nodes, edges = explain.rows(graph)
    assert len(nodes) == len(graph.nodes) and len(edges) == len(graph.edges)
    places = {(row["x"], row["y"]) for row in nodes}
    assert len(places) == len(nodes), "no two nodes lie on each other"


def test_what_cannot_be_explained_is_refused() -> None:
    config = Config()
    params = started(cloud(), config).params
    for bad in (
        (params[1:], (0, 0), 0, None), (params * np.nan, (0, 0), 0, None), (params, (0, np.inf), 0, None),
        (params, (0, 0), 2, None), (params, (0, 0), True, None), (params, (0, 0), 0, -1.0),
    ):  # fmt: skip
        with pytest.raises(SettingError):
            explain.update(bad[0], config, *bad[1:])
    with pytest.raises(SettingError, match="level"):
        explain.graph(told(config), "vector")


def test_a_step_that_is_far_too_long_is_shown() -> None:
    config = replace(Config(), loss="squared error", activations=("linear", "linear"))
    e = explain.update(started(cloud(), config).params, config, (3.0, 4.0), 1, 1e6)
    assert not e.fell
