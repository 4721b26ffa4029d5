"""Hostile ONNX files: each is refused in one sentence, before or while it is tried, never after."""

from __future__ import annotations

import resource
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import onnx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from onnx import TensorProto, helper, numpy_helper

from core.detection import onnx_detector, onnx_file, onnx_limits, onnx_session
from core.errors import UploadError
from tests.core import onnx_graphs as graphs

DETECTORS = Path(__file__).parents[2] / "../shared/data/detectors"
ROWS = np.zeros((1, 20, 6), np.float32)
GOOD = graphs.answering({"output": ROWS})


def relu() -> onnx.NodeProto:
    return helper.make_node("Relu", ["images"], ["y"])


def outside(name: str = "w") -> onnx.TensorProto:
    tensor = numpy_helper.from_array(np.zeros(4, np.float32), name)
    tensor.ClearField("raw_data")
    tensor.data_location = TensorProto.EXTERNAL
    entry = tensor.external_data.add()
    entry.key, entry.value = "location", "../../etc/passwd"
    return tensor


def declared(name: str, *dims: int, code: int = TensorProto.FLOAT) -> onnx.TensorProto:
    """A tensor that says to be large and is empty."""
    return TensorProto(name=name, dims=dims, data_type=code)


def choice(depth: int, weight: onnx.TensorProto | None = None) -> onnx.GraphProto:
    """A graph with a graph in it, `depth` times, and a weight in the innermost."""
    out = graphs.value(f"o{depth}", [1])
    if depth == 0:
        tensor = weight or numpy_helper.from_array(np.zeros(1, np.float32), "v")
        node = helper.make_node("Constant", [], ["o0"], value=tensor)
        return helper.make_graph([node], "g0", [], [out])
    inner = choice(depth - 1, weight)
    once = helper.make_node("If", ["c"], [f"o{depth}"], then_branch=inner, else_branch=inner)
    return helper.make_graph([once], f"g{depth}", [], [out])


def nested(depth: int, weight: onnx.TensorProto | None = None) -> onnx.ModelProto:
    inner = choice(depth - 1, weight)
    node = helper.make_node("If", ["c"], ["y"], then_branch=inner, else_branch=inner)
    yes = numpy_helper.from_array(np.array(True), "c")
    return graphs.model([node], [graphs.value("y", [1])], weights=[yes])


def weighing(*weights: onnx.TensorProto) -> onnx.ModelProto:
    return graphs.model([relu()], [graphs.value("y", [1, 3, 64, 96])], weights=weights)


def sparse() -> onnx.ModelProto:
    made = weighing()
    one = made.graph.sparse_initializer.add()
    one.values.CopyFrom(outside())
    one.dims.extend([4])
    return made


def with_functions() -> onnx.ModelProto:
    made = weighing()
    version = helper.make_opsetid("", 17)
    made.functions.append(helper.make_function("", "Relu", ["x"], ["y"], [relu()], [version]))
    return made


def declared_within() -> onnx.ModelProto:
    """A graph in the graph says that what it gives is of 4 GB."""
    made = nested(2)
    inner = made.graph.node[0].attribute[0].g
    inner.output[0].CopyFrom(graphs.value(inner.output[0].name, [1024, 1024, 1024]))
    return made


def zeros(*dims: int, through: str = "") -> onnx.ModelProto:
    """Asks for zeros of `dims`; `through` an operator that hides their number from the reader."""
    shape = numpy_helper.from_array(np.array(dims), "shape")
    nodes = [
        helper.make_node("ReduceMin", ["images"], ["least"], keepdims=0),
        helper.make_node("Floor", ["least"], ["nought"]),
        helper.make_node("Cast", ["nought"], ["whole"], to=TensorProto.INT64),
        helper.make_node("Add", ["shape", "whole"], ["hidden"]),
        helper.make_node("ConstantOfShape", ["hidden" if through else "shape"], ["zeros"]),
        helper.make_node("ReduceMax", ["zeros"], ["y"], keepdims=0),
    ]
    return graphs.model(nodes, [graphs.value("y", [])], weights=[shape])


def put_together() -> onnx.ModelProto:
    """Asks for zeros of a shape that is worked out from two."""
    weights = [
        numpy_helper.from_array(np.array(d), n) for n, d in (("a", [64, 64]), ("b", [512] * 2))
    ]
    nodes = [
        helper.make_node("Concat", ["a", "b"], ["shape"], axis=0),
        helper.make_node("ConstantOfShape", ["shape"], ["zeros"]),
        helper.make_node("ReduceMax", ["zeros"], ["y"], keepdims=0),
    ]
    return graphs.model(nodes, [graphs.value("y", [])], weights=weights)


def endless() -> onnx.ModelProto:
    body = helper.make_graph(
        [helper.make_node("Identity", ["c"], ["d"]), helper.make_node("Sin", ["v"], ["w"])],
        "body",
        [
            graphs.value("i", [], "int64"),
            graphs.value("c", [], "bool"),
            graphs.value("v", [1, 3, 64, 96]),
        ],
        [graphs.value("d", [], "bool"), graphs.value("w", [1, 3, 64, 96])],
    )
    weights = [
        numpy_helper.from_array(np.array(2**62), "n"),
        numpy_helper.from_array(np.array(True), "yes"),
    ]
    node = helper.make_node("Loop", ["n", "yes", "images"], ["y"], body=body)
    return graphs.model([node], [graphs.value("y", [1, 3, 64, 96])], weights=weights)


REFUSED: dict[str, tuple[Callable[[], onnx.ModelProto], str]] = {
    "no graph": (lambda: onnx.ModelProto(ir_version=8), "without a graph"),
    "weights elsewhere": (lambda: weighing(outside()), "keeps w in another file"),
    "weights elsewhere, sparse": (sparse, "keeps w in another file"),
    "constant elsewhere": (lambda: nested(1, outside()), "keeps w in another file"),
    "constant elsewhere, deep": (lambda: nested(4, outside()), "keeps w in another file"),
    "too deep": (lambda: nested(10), "nested at most 8 deep"),
    "custom operator": (
        lambda: graphs.model(
            [helper.make_node("Evil", ["images"], ["y"], domain="my.ops")],
            [graphs.value("y", [1])],
            domains=("", "my.ops"),
        ),
        "custom operator my.ops Evil",
    ),
    "another file's work": (
        lambda: graphs.model(
            [helper.make_node("EPContext", ["images"], ["y"], domain="com.microsoft")],
            [graphs.value("y", [1])],
            domains=("", "com.microsoft"),
        ),
        "custom operator com.microsoft EPContext",
    ),
    "own functions": (with_functions, "functions of its own"),
    "4 GB of weights": (
        lambda: weighing(declared("w", 1024, 1024, 1024)),
        r"tensors of at most 512 MB each, got w of 1024 x 1024 x 1024, 4\.0 GB",
    ),
    "4 EB of weights": (lambda: weighing(declared("w", *[2**31] * 2)), "at most 512 MB each"),
    "4 GB constant": (
        lambda: nested(2, declared("v", 1024, 1024, 1024)),
        "v of 1024 x 1024 x 1024",
    ),
    "4 GB declared output": (
        lambda: graphs.model([relu()], [graphs.value("y", [1, 4, 16384, 16384])]),
        "y of 1 x 4 x 16384 x 16384",
    ),
    "4 GB declared, deep": (declared_within, "o1 of 1024 x 1024 x 1024"),
    "4 GB asked for": (lambda: zeros(64, 64, 512, 512), r"zeros of 64 x 64 x 512 x 512, 4\.0 GB"),
    "4 GB put together": (put_together, r"zeros of 64 x 64 x 512 x 512, 4\.0 GB"),
    "too many operators": (
        lambda: graphs.model(
            [relu(), *[helper.make_node("Relu", ["y"], [f"z{i}"]) for i in range(20_000)]],
            [graphs.value("y", [1, 3, 64, 96])],
        ),
        "at most 20,000 operators",
    ),
    "unknown operator": (
        lambda: graphs.model(
            [helper.make_node("NoSuch", ["images"], ["y"], domain="com.microsoft")],
            [graphs.value("y", [1])],
            domains=("", "com.microsoft"),
        ),
        "a model that onnxruntime runs",
    ),
    "a loose end": (
        lambda: graphs.model(
            [helper.make_node("Relu", ["nowhere"], ["y"])], [graphs.value("y", [1])]
        ),
        "a model that onnxruntime runs",
    ),
    "sound": (
        lambda: graphs.model(
            [helper.make_node("Relu", ["audio"], ["y"])],
            [graphs.value("y", [1, 16000])],
            inputs=[graphs.value("audio", [1, 16000])],
        ),
        r"one input for pictures, .* got audio, 1 x 16000 \(float32\)",
    ),
    "text": (
        lambda: graphs.model(
            [helper.make_node("Identity", ["ids"], ["y"])],
            [graphs.value("y", [1, 128], "int64")],
            inputs=[graphs.value("ids", [1, 128], "int64")],
        ),
        "one input for pictures",
    ),
    "grey pictures": (
        lambda: graphs.model(
            [relu()],
            [graphs.value("y", [1, 1, 28, 28])],
            inputs=[graphs.picture([1, 1, 28, 28])],
        ),
        "one input for pictures",
    ),
    "two pictures": (
        lambda: graphs.model(
            [helper.make_node("Add", ["images", "more"], ["y"])],
            [graphs.value("y", [1, 3, 64, 96])],
            inputs=[graphs.picture(), graphs.value("more", [1, 3, 64, 96])],
        ),
        "one input for pictures",
    ),
    "a picture beyond all measure": (
        lambda: graphs.model(
            [relu()],
            [graphs.value("y", [None] * 4)],
            inputs=[graphs.picture([1, 3, 5000, 5000])],
        ),
        "one input for pictures",
    ),
    "a list": (
        lambda: graphs.model(
            [helper.make_node("SequenceConstruct", ["images"], ["y"])],
            [helper.make_tensor_sequence_value_info("y", TensorProto.FLOAT, None)],
        ),
        "outputs that are arrays of numbers",
    ),
    "a classifier": (
        lambda: graphs.model(
            [
                helper.make_node("ReduceMean", ["images"], ["m"], axes=[2, 3], keepdims=0),
                helper.make_node("MatMul", ["m", "w"], ["probabilities"]),
            ],
            [graphs.value("probabilities", [1, 1000])],
            weights=[numpy_helper.from_array(np.zeros((3, 1000), np.float32), "w")],
        ),
        r"boxes and scores, as .* got what a classifier gives \(probabilities: 1 x 1000\)",
    ),
    "a painter": (
        lambda: graphs.model([relu()], [graphs.value("y", [1, 3, 64, 96])]),
        "outputs of another kind",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_refused(case: str) -> None:
    make, why = REFUSED[case]
    with pytest.raises(UploadError, match=why) as caught:
        onnx_detector.examine(make().SerializeToString(), "my.onnx")
    assert str(caught.value).startswith("my.onnx: wanted ")


@pytest.mark.parametrize("data", [b"", b"no model", bytes(range(256)) * 40, GOOD[: len(GOOD) // 2]])
def test_what_is_no_model(data: bytes) -> None:
    with pytest.raises(UploadError, match="wanted an ONNX model, got"):
        onnx_detector.examine(data, "my.onnx")


def test_size_comes_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(onnx.ModelProto, "FromString", lambda _: pytest.fail("parsed"))
    with pytest.raises(UploadError, match="at most 100 MB, got 101 MB"):
        onnx_file.read(bytes(101 * 2**20), "my.onnx")


def peak() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def test_4_gb_that_no_reader_sees_are_refused_when_tried() -> None:
    data = zeros(64, 64, 512, 512, through="Floor").SerializeToString()
    onnx_file.read(data, "my.onnx")  # nothing to be seen in it
    before = peak()
    with pytest.raises(UploadError, match="my.onnx fails: it needs more than 2 GB of memory"):
        onnx_detector.examine(data, "my.onnx")
    assert peak() - before < 200 * 2**20


def test_an_endless_loop_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(onnx_session, "SECONDS", 0.5)
    start = time.perf_counter()
    with pytest.raises(UploadError, match="my.onnx takes more than 0.5 s"):
        onnx_detector.examine(endless().SerializeToString(), "my.onnx")
    assert time.perf_counter() - start < 30


def test_nesting_that_is_usual_is_read() -> None:
    onnx_limits.check(nested(3), "my.onnx")


@given(st.data())
@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_damaged_bytes_are_refused_or_run(data: st.DataObject) -> None:
    broken = bytearray(GOOD)
    for _ in range(data.draw(st.integers(1, 6))):
        broken[data.draw(st.integers(0, 400))] = data.draw(st.integers(0, 255))
    try:
        onnx_detector.examine(bytes(broken), "my.onnx")
    except UploadError as error:
        assert str(error).startswith("my.onnx: wanted ")


def test_messages_are_short_and_in_one_line() -> None:
    made = weighing(outside("a\nb\x1b" + "c" * 5000))
    with pytest.raises(UploadError) as caught:
        onnx_file.read(made.SerializeToString(), "my.onnx")
    assert len(str(caught.value)) < 200 and str(caught.value).isprintable()


def test_what_is_told_of_a_file() -> None:
    about = {"names": "{1: 'dog', 0: 'cat'}", "imgsz": "[64, 96]", "task": "detect"}
    data = graphs.answering({"output": ROWS}, size=(None, None), batch="b", about=about)
    file = onnx_file.read(data, "my.onnx")
    assert file.names == ("cat", "dog") and file.imgsz == (96, 64)
    assert file.size == (None, None) and file.batch is None and not file.last
    assert str(file.image) == "images, ? x 3 x ? x ? (float32)"
    assert onnx_session.size(file) == (96, 64)
    last = onnx_file.read(graphs.answering({"o": ROWS}, last=True, kind="uint8"), "my.onnx")
    assert last.last and last.size == (96, 64) and onnx_session.grey(last).shape == (1, 64, 96, 3)


@pytest.mark.parametrize(
    "names",
    ["", "cat", "{", "[1, 2]", "{'a': 'b'}", "{0: 1}", "__import__('os').getcwd()", "[" * 9000]
    + ["(" * 150 + ")" * 150, "{0: 'a'" + " " * 70_000 + "}", "-" * 60_000 + "1"],
)
def test_odd_notes_are_no_names(names: str) -> None:
    data = graphs.answering({"output": ROWS}, about={"names": names, "imgsz": names})
    file = onnx_file.read(data, "my.onnx")
    assert file.names is None and file.imgsz is None


def test_weights_that_are_listed_as_inputs_are_folded() -> None:
    w = numpy_helper.from_array(np.ones((1, 3, 1, 1), np.float32), "w")
    made = graphs.model(
        [helper.make_node("Mul", ["images", "w"], ["y"])],
        [graphs.value("y", [1, 3, 64, 96])],
        inputs=[graphs.picture(), graphs.value("w", [1, 3, 1, 1])],
        weights=[w],
    )
    made.ir_version = 3
    file = onnx_file.read(made.SerializeToString(), "my.onnx")
    kept = onnx.ModelProto.FromString(file.data)
    assert [one.name for one in kept.graph.input] == ["images"] and kept.ir_version == 4
    x = np.random.default_rng(0).random((1, 3, 64, 96), np.float32)
    np.testing.assert_array_equal(onnx_session.Session(file).run(x)["y"], x)


def test_cuda_is_used_where_there_is_one(monkeypatch: pytest.MonkeyPatch) -> None:
    both = ["CUDAExecutionProvider", "CPUExecutionProvider"]
    monkeypatch.setattr(onnx_session.ort, "get_available_providers", lambda: both)
    monkeypatch.setattr(
        onnx_session.device, "choose", lambda: onnx_session.device.torch.device("cuda")
    )
    assert onnx_session.providers() == both
    assert onnx_session.providers(plain=True) == both[1:]
    monkeypatch.setattr(
        onnx_session.device, "choose", lambda: onnx_session.device.torch.device("cpu")
    )
    assert onnx_session.providers() == both[1:]
    monkeypatch.setattr(onnx_session.ort, "get_available_providers", lambda: both[1:])
    monkeypatch.setattr(
        onnx_session.device, "choose", lambda: onnx_session.device.torch.device("cuda")
    )
    assert onnx_session.providers() == both[1:]
