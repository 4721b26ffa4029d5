"""What an ONNX file may not contain: other files, unknown operators, tensors beyond all measure.

A model is a program. It can point to files of the server, name operators that only a library of
its author has, nest graphs in graphs, and ask in a few bytes for terabytes of zeros. All that can
be told without running it is told here; core.detection.onnx_session bounds what is left.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

import onnx
from onnx import shape_inference

from core.errors import UploadError

MAX_TENSOR = 512 * 2**20  # bytes of one
MAX_NODES = 20_000
MAX_DEPTH = 8
# The standard, classic machine learning, and what onnxruntime carries beyond it, such as the
# operators of quantised models; an operator that it lacks all the same is refused when it starts.
DOMAINS = ("", "ai.onnx", "ai.onnx.ml", "com.microsoft")
ELSEWHERE = ("EPContext",)  # operators whose work lies in another file


def check(model: onnx.ModelProto, name: str) -> None:
    """Raises UploadError where `model`, a file called `name`, holds what it may not."""
    if model.functions or model.training_info:
        given = "functions of its own" if model.functions else "a part for training"
        raise UploadError(name, wanted="a plain graph of operators", given=given)
    count = 0
    for graph in _graphs(model.graph, name):
        count += len(graph.node)
        if count > MAX_NODES:
            raise UploadError(name, wanted=f"at most {MAX_NODES:,} operators", given="more")
        for node in graph.node:
            if node.domain not in DOMAINS or node.op_type in ELSEWHERE:
                raise UploadError(
                    name,
                    wanted="operators of the ONNX standard or of onnxruntime",
                    given=f"the custom operator {short(node.domain)} {short(node.op_type)}",
                )
        for tensor in _tensors(graph):
            _check_tensor(tensor, name)
        _check_declared(graph, name)
    _check_declared(_inferred(model), name)


def short(text: str, most: int = 40) -> str:
    """`text` of a file, fit for a message: in one line, and not long."""
    line = "".join(c if c.isprintable() else "?" for c in text)
    return line if len(line) <= most else line[: most - 1] + "…"


def number_type(code: int) -> str:
    """NumPy's name of the numbers that ONNX gives the number `code`."""
    try:
        return str(onnx.helper.tensor_dtype_to_np_dtype(code))
    except (KeyError, ValueError):
        return "unknown"


def _graphs(graph: onnx.GraphProto, name: str, depth: int = 0) -> Iterator[onnx.GraphProto]:
    """`graph` and all within it."""
    if depth > MAX_DEPTH:
        raise UploadError(name, wanted=f"graphs nested at most {MAX_DEPTH} deep", given="deeper")
    yield graph
    for node in graph.node:
        for attribute in node.attribute:
            inner = [attribute.g] if attribute.HasField("g") else []
            for one in [*inner, *attribute.graphs]:
                yield from _graphs(one, name, depth + 1)


def _tensors(graph: onnx.GraphProto) -> Iterator[onnx.TensorProto]:
    """Every tensor that stands in the file: weights, and constants in nodes."""
    yield from graph.initializer
    sparse = list(graph.sparse_initializer)
    for node in graph.node:
        for attribute in node.attribute:
            if attribute.HasField("t"):
                yield attribute.t
            yield from attribute.tensors
            if attribute.HasField("sparse_tensor"):
                sparse.append(attribute.sparse_tensor)
            sparse.extend(attribute.sparse_tensors)
    for one in sparse:
        yield one.values
        yield one.indices
        yield onnx.TensorProto(name=one.values.name, data_type=one.values.data_type, dims=one.dims)


def _check_tensor(tensor: onnx.TensorProto, name: str) -> None:
    if tensor.data_location == onnx.TensorProto.EXTERNAL or tensor.external_data:
        raise UploadError(
            name,
            wanted="one file with all its weights",
            given=f"a model that keeps {short(tensor.name)} in another file",
        )
    _check_size(tensor.name, list(tensor.dims), tensor.data_type, name)


def _check_declared(graph: onnx.GraphProto, name: str) -> None:
    for value in [*graph.input, *graph.output, *graph.value_info]:
        kind = value.type.tensor_type
        _check_size(value.name, [d.dim_value or 1 for d in kind.shape.dim], kind.elem_type, name)


def _check_size(label: str, dims: list[int], code: int, name: str) -> None:
    kind = number_type(code)
    each = {"unknown": 8, "object": 8}.get(kind) or int(
        onnx.helper.tensor_dtype_to_np_dtype(code).itemsize
    )
    size = each * math.prod(max(1, abs(n)) for n in dims)
    if size > MAX_TENSOR:
        given = f"{short(label)} of {short(' x '.join(map(str, dims)))}, {size / 2**30:,.1f} GB"
        wanted = f"tensors of at most {MAX_TENSOR // 2**20} MB each"
        raise UploadError(name, wanted=wanted, given=given)


def _inferred(model: onnx.ModelProto) -> onnx.GraphProto:
    """The graph with the shapes that follow from those declared, as far as they can be told."""
    try:
        return shape_inference.infer_shapes(model, data_prop=True).graph
    except (shape_inference.InferenceError, RuntimeError, ValueError):
        return model.graph  # a faulty graph: onnxruntime will say what is wrong with it
