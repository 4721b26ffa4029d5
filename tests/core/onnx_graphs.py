"""Small ONNX files for tests: models that answer what they are told to, whatever they look at."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import onnx
from onnx import helper, numpy_helper


def value(name: str, shape: Sequence[Any], kind: str = "float32") -> onnx.ValueInfoProto:
    """The declaration of an input or output; a side may be a name, or None."""
    code = helper.np_dtype_to_tensor_dtype(np.dtype(kind))
    return helper.make_tensor_value_info(name, code, shape)


def picture(shape: Sequence[Any] = (1, 3, 64, 96), kind: str = "float32") -> onnx.ValueInfoProto:
    return value("images", shape, kind)


def model(
    nodes: Sequence[onnx.NodeProto],
    outputs: Sequence[onnx.ValueInfoProto],
    *,
    inputs: Sequence[onnx.ValueInfoProto] = (),
    weights: Sequence[onnx.TensorProto] = (),
    about: Mapping[str, str] | None = None,
    domains: Sequence[str] = ("",),
) -> onnx.ModelProto:
    """A model of `nodes`."""
    graph = helper.make_graph(
        nodes, "test", list(inputs) or [picture()], outputs, initializer=list(weights)
    )
    versions = [helper.make_opsetid(domain, 17 if not domain else 1) for domain in domains]
    made = helper.make_model(graph, opset_imports=versions)
    made.ir_version = 8
    helper.set_model_props(made, dict(about or {}))
    return made


def answering(
    outputs: Mapping[str, np.ndarray],
    *,
    size: tuple[Any, Any] = (96, 64),
    batch: Any = 1,
    kind: str = "float32",
    last: bool = False,
    flat: bool = False,
    sizes: bool = False,
    about: Mapping[str, str] | None = None,
    declare: bool = True,
) -> bytes:
    """A file whose `outputs` are constants. `size`: (w, h) of its input; `last`: colours come
    last; `flat`: no batch; `sizes`: asks for the picture's size; `declare`: tells its shapes."""
    nodes, values = [], []
    for name, array in outputs.items():
        constant = numpy_helper.from_array(np.asarray(array), f"{name}_value")
        nodes.append(helper.make_node("Constant", [], [name], value=constant))
        shape = array.shape if declare else [None] * array.ndim
        values.append(value(name, shape, str(array.dtype)))
    w, h = size
    sides = [h, w, 3] if last else [3, h, w]
    inputs = [picture(sides if flat else [batch, *sides], kind)]
    if sizes:
        inputs.append(value("orig_target_sizes", [1, 2], "int64"))
    return model(nodes, values, inputs=inputs, about=about).SerializeToString()


def echo(size: tuple[Any, Any], *, batch: Any = "b", rows: int = 4) -> bytes:
    """A file that answers (b, rows, 6) of corners, score and class, the same for every picture but
    for the score, which is a hundredth of the picture's first value, 0..1 in red."""
    w, h = size
    t = np.zeros((1, rows, 6), np.float32)
    t[0, 0] = [w / 4, h / 4, w / 2, h / 2, 0, 1]
    column = np.zeros((1, rows, 6), np.float32)
    column[0, 0, 4] = 1
    nodes = [
        helper.make_node("Slice", ["images", "zero", "one", "axes"], ["first"]),
        helper.make_node("Reshape", ["first", "flat"], ["score"]),
        helper.make_node("Mul", ["score", "column"], ["scored"]),
        helper.make_node("Add", ["scored", "rows"], ["output"]),
    ]
    weights = [
        numpy_helper.from_array(np.array([0, 0, 0]), "zero"),
        numpy_helper.from_array(np.array([1, 1, 1]), "one"),
        numpy_helper.from_array(np.array([1, 2, 3]), "axes"),
        numpy_helper.from_array(np.array([-1, 1, 1]), "flat"),
        numpy_helper.from_array(column, "column"),
        numpy_helper.from_array(t, "rows"),
    ]
    return model(
        nodes,
        [value("output", [batch, rows, 6])],
        inputs=[picture([batch, 3, h, w])],
        weights=weights,
    ).SerializeToString()
