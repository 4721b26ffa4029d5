"""One update by hand: every number against autograd, every line against its own formula."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pytest
import torch

from core.errors import SettingError
from core.nets import explain, network
from core.nets.explain import notation
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
    assert e.after == pytest.approx(float(again.detach()))


@pytest.mark.parametrize("config", CASES, ids=range(len(CASES)))
def test_what_passes_every_layer_is_that_of_autograd(config: Config) -> None:
    e = told(config)
    tensors = mlp.split(e.params, config)
    x = torch.tensor(e.x, requires_grad=True)
    made = {"x1^2": x[0] ** 2, "x2^2": x[1] ** 2, "x1 x2": x[0] * x[1]}
    made |= {"sin x1": x[0].sin(), "sin x2": x[1].sin()}
    a, z = [torch.stack([*x, *(made[name] for name in config.extras)])], []
    for k, name in enumerate([*config.activations, "linear"]):
        z.append(tensors[2 * k] @ a[-1] + tensors[2 * k + 1])
        a.append(mlp.ACTIVATIONS[name](z[-1]))
    for t in (*a, *z):
        t.retain_grad()
    mlp.loss(a[-1][None], torch.tensor([e.y]), config).backward()
    for told_, of, back in ((e.a, a[:-1], e.reach), (e.z, z, e.delta)):
        assert len(told_) == len(back) == len(of)
        for value, gradient, t in zip(told_, back, of, strict=True):
            assert close(value, t.detach().numpy()) and close(gradient, t.grad.numpy())
    for level in explain.graph(e, "tensor"), explain.graph(e, "scalar"):
        found = [node.gradient for node in level.nodes if node.kind == "x"]
        assert close(np.ravel(found), x.grad.numpy())


def test_nothing_shown_can_change() -> None:
    config = Config()
    params = started(cloud(), config).params
    before = params.copy()
    e = explain.update(params, config, (1.0, 2.0), 0)
    params[:] = 0
    assert np.array_equal(e.params, before) and e.rate == config.rate
    for array in (e.x, e.params, e.updated, e.gradient, e.p, e.t, e.p_after, *e.a, *e.z, *e.delta):
        assert not array.flags.writeable


def letters(e: explain.Explanation) -> dict[str, float]:
    """The value of everything a formula may name, by its LaTeX."""
    found = {"learningrate": e.rate, r"\lambda_1": e.config.l1, r"\lambda_2": e.config.l2}
    found[r"\sum |W|"] = sum(np.abs(W).sum() for W, _ in e.layers)
    found[r"\sum W^2"] = sum(np.square(W).sum() for W, _ in e.layers)
    gradients = network.layers(e.gradient, e.config)

    def put(name: str, value: float, gradient: float) -> None:
        found[name], found[rf"\frac{{\partial L}}{{\partial {name}}}"] = value, gradient

    for j, value in enumerate(e.x):
        found[f"x_{{{j + 1}}}"] = value
    for k, ((W, b), (dW, db)) in enumerate(zip(e.layers, gradients, strict=True)):
        for i in range(len(b)):
            put(f"b_{{{i + 1}}}^{{({k + 1})}}", b[i], db[i])
            found[rf"\delta_{{{i + 1}}}^{{({k + 2})}}"] = e.delta[k][i]
            z = f"z_{{{i + 1}}}^{{({k + 2})}}" if k < len(e.z) - 1 else f"o_{{{i + 1}}}"
            put(z, e.z[k][i], e.delta[k][i])
            for j in range(W.shape[1]):
                put(f"W_{{{i + 1}{j + 1}}}^{{({k + 1})}}", W[i, j], dW[i, j])
        for j, value in enumerate(e.a[k]):
            put(f"a_{{{j + 1}}}^{{({k + 1})}}", value, e.reach[k][j])
    for k, (p, t) in enumerate(zip(e.p, e.t, strict=True)):
        found[f"p_{{{k + 1}}}"], found[f"t_{{{k + 1}}}"] = p, t
    slopes = explain.pick(explain.phases(e), kind="f'")
    return found | {line.symbol: line.value for line in slopes}


def worked_out(text: str, known: dict[str, float], y: int) -> float:
    """The value of a formula in LaTeX."""
    for name in sorted(known, key=len, reverse=True):
        text = text.replace(name, f"({float(known[name])!r})")
    text = text.replace(r"\mathrm{sign}", "sign").replace(r"\cdot", "*")
    text = re.sub(r"\\times 10\^\{(-?\d+)\}", r"*10.0**\1", text)
    text = re.sub(r"e\^\{([^{}]*)\}", r"exp(\1)", text)
    text = re.sub(r"\\text\{([^{}]*)\}", r"\1", text).replace(" = ", " == ")
    while r"\frac" in text:
        text = re.sub(r"\\frac\{([^{}]*)\}\{([^{}]*)\}", r"((\1)/(\2))", text)
    text = text.replace(") (", ")*(").replace("^2", "**2").replace("\\", "")
    functions = {"max": max, "y": y}
    functions |= {name: getattr(np, name) for name in ("exp", "log", "tanh", "sin", "cos", "sign")}
    return float(eval(text, {"__builtins__": {}}, functions))  # noqa: S307  # of our own making


@pytest.mark.parametrize("config", CASES[:-1], ids=range(len(CASES) - 1))
def test_formula_and_numbers_of_every_line_give_its_value(
    config: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(notation, "DIGITS", 17)
    monkeypatch.setattr(notation, "SHOWN", 99)
    e = told(config)
    now = letters(e)
    after = now | {f"p_{{{k + 1}}}": p for k, p in enumerate(e.p_after)}
    after |= {f"o_{{{k + 1}}}": o for k, o in enumerate(e.p_after)}
    for line in explain.pick(explain.phases(e)):
        known = after if "after" in line.symbol else now
        for text in (line.formula, line.numbers):
            assert worked_out(text, known, e.y + 1) == pytest.approx(
                line.value, rel=1e-9, abs=1e-12
            ), line


def test_a_long_sum_is_cut_but_its_value_is_whole() -> None:
    e = told(CASES[-1])
    line = explain.pick(explain.phases(e, layer=1), "forward", kind="z", layer=1, row=11)[0]
    assert line.symbol == "z_{12}^{(3)}" and line.value == e.z[1][11]
    assert line.formula.count("W_") == line.numbers.count(r"\cdot ") == 4
    assert r"+ \cdots + W_{12,64}^{(2)} a_{64}^{(2)}" in line.formula
    assert r"\cdots" in line.numbers


def test_numbers_are_written_for_people() -> None:
    for value, text in (
        (-0.0, "0"), (1 / 3, "0.3333"), (-2e-7, r"-2 \times 10^{-7}"), (1e300, r"1 \times 10^{300}"),
        (np.inf, r"\infty"), (-np.inf, r"-\infty"), (np.nan, r"\mathrm{NaN}"),
    ):  # fmt: skip
        assert notation.number(value) == text
    assert notation.product(-1, 2e9) == r"(-1) \cdot (2 \times 10^{9})"


@pytest.mark.parametrize("config", CASES, ids=range(len(CASES)))
def test_a_graph_of_tensors_holds_every_array(config: Config) -> None:
    e = told(config)
    graph = explain.graph(e, "tensor")
    at: dict[str, list[explain.Node]] = {}
    for node in graph.nodes:
        at.setdefault(node.kind, []).append(node)
    g = network.layers(e.gradient, config)
    wanted = {
        "W": [(W, d.W) for (W, _), d in zip(e.layers, g, strict=True)],
        "b": [(b, d.b) for (_, b), d in zip(e.layers, g, strict=True)],
        "*": [(z - b, d) for z, (_, b), d in zip(e.z, e.layers, e.delta, strict=True)],
        "+": list(zip(e.z, e.delta, strict=True)),
        "f": list(zip(e.a[1:], e.reach[1:], strict=True)),
        "extras": [(e.a[0], e.reach[0])] * bool(config.extras),
        "loss": [(e.loss, 1.0)],
    }
    for kind, arrays in wanted.items():
        assert len(at.get(kind, [])) == len(arrays), kind
        for node, (value, gradient) in zip(at.get(kind, []), arrays, strict=True):
            assert node.value.shape == np.shape(value) and close(node.value, np.asarray(value))
            assert node.gradient.shape == np.shape(gradient)
            assert close(node.gradient, np.asarray(gradient))
    assert np.array_equal(at["t"][0].value, e.t) and at["t"][0].gradient is None
    if config.loss == "cross-entropy":
        assert np.array_equal(at["softmax"][0].value, e.p)
        assert at["softmax"][0].gradient[e.y] == pytest.approx(-1 / e.p[e.y])
    fed = {edge.source for edge in graph.edges}
    assert fed == set(range(len(graph.nodes) - 1)), "everything leads to the loss"


def test_a_small_net_is_drawn_number_by_number_a_large_one_not() -> None:
    assert explain.graph(told(Config())).level == "scalar"
    assert explain.graph(told(CASES[-1])).level == "tensor"
    values = explain.rows(explain.graph(told(CASES[-1])))[0][1]["value"].split("\n")
    assert values[0] == "64 × 2" and len(values) == 5 and values[-1] == "…"


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
    assert e.after >= e.loss


def test_what_needs_no_counting_is_said_once() -> None:
    config = Config(hidden=(2,), activations=("tanh",))
    points = cloud(5)
    told = explain.update(started(points, config).params, config, points.x[0], int(points.y[0]))
    inputs = explain.latex(explain.pick(explain.phases(told), kind="input"))
    assert inputs.count("&=") == 4 and inputs.count("=") == 4
    weighed = explain.latex(explain.pick(explain.phases(told), kind="z", row=0, layer=0))
    assert weighed.count("=") == 3


def test_two_losses_are_told_apart() -> None:
    assert explain.apart(0.5, 0.25) == ("0.5", "0.25")
    assert explain.apart(0.123456, 0.123451) == ("0.12346", "0.12345")
    assert explain.apart(1e-9, 1e-9) == ("1e−09", "1e−09")
