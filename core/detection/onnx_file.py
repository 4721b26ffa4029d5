"""A visitor's ONNX file, read without running any of it: what goes in, what comes out.

The format: onnx.ai, "Open Neural Network Exchange intermediate representation".

image   : the one input that takes pictures, (b, 3, h, w), (b, h, w, 3) or (3, h, w)
outputs : whatever comes out, told apart by core.detection.onnx_guess
about   : what the exporter wrote beside the graph, text by key; Ultralytics writes `names`
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import onnx
from google.protobuf.message import DecodeError

from core.detection import onnx_limits, onnx_notes
from core.detection.onnx_limits import number_type, short
from core.errors import UploadError

MAX_BYTES = 100 * 2**20
SIDES = range(16, 4097)  # pixels of a picture that a model may ask for
BATCHES = range(1, 65)
PICTURES = ("float32", "float16", "uint8")
NUMBERS = ("float32", "float16", "float64", "uint8", "int8", "int16", "int32", "int64", "bool")
SIZES = "orig_target_sizes"  # the second input of RT-DETR and D-FINE: (b, 2) int64, w and h


@dataclass(frozen=True)
class Tensor:
    """An input or output. `kind`: NumPy's name of its numbers; `shape`: None for an open size, or
    None altogether where the file does not say."""

    name: str
    kind: str
    shape: tuple[int | None, ...] | None

    def __str__(self) -> str:
        sides = ["?" if n is None else str(n) for n in self.shape or ()]
        shape = "of unknown shape" if self.shape is None else " x ".join(sides) or "one number"
        return f"{short(self.name)}, {shape} ({self.kind})"


@dataclass(frozen=True)
class File:
    """What is known of the file called `name`, whose SHA-256 is `digest`; `data`: the model to run,
    checked."""

    name: str
    digest: str
    data: bytes = field(repr=False)
    image: Tensor
    sizes: Tensor | None
    outputs: tuple[Tensor, ...]
    about: Mapping[str, str]

    @property
    def last(self) -> bool:
        """Whether the three colours are the last side of the picture's array."""
        return _colours_last(self.image.shape or ())

    @property
    def size(self) -> tuple[int | None, int | None]:
        """(w, h) in pixels that the model asks for, None where it takes any."""
        shape = self.image.shape or ()
        h, w = shape[-3:-1] if self.last else shape[-2:]
        return w, h

    @property
    def batch(self) -> int | None:
        """Pictures that it takes at once, None for any number."""
        shape = self.image.shape or ()
        return shape[0] if len(shape) == 4 else 1

    @cached_property
    def names(self) -> tuple[str, ...] | None:
        """The classes' names, if it has them."""
        return onnx_notes.names(self.about)

    @cached_property
    def imgsz(self) -> tuple[int, int] | None:
        """(w, h) of the pictures that it was exported for, if it says."""
        found = onnx_notes.imgsz(self.about)
        return found if found and all(n in SIDES for n in found) else None


def read(data: bytes, name: str, *, most: int = MAX_BYTES) -> File:
    """The file `name` with contents `data`, of at most `most` bytes.

    Raises UploadError for anything that is not a model of pictures that can be run safely.
    """
    if len(data) > most:
        given = f"{len(data) / 2**20:.0f} MB"
        raise UploadError(name, wanted=f"a file of at most {most // 2**20} MB", given=given)
    model = _parsed(data, name)
    onnx_limits.check(model, name)
    inputs = _free_inputs(model)
    image, sizes = _pictures([_tensor(one) for one in inputs], name)
    if len(inputs) < len(model.graph.input):
        # Old exporters list weights as inputs: they could change, so nothing would be folded.
        del model.graph.input[:]
        model.graph.input.extend(inputs)
        model.ir_version = max(model.ir_version, 4)  # the first in which they need not be listed
        digest, data = hashlib.sha256(data).hexdigest(), model.SerializeToString()
    else:
        digest = hashlib.sha256(data).hexdigest()
    outputs = tuple(_tensor(one) for one in model.graph.output)
    strange = next((one for one in outputs if one.kind not in NUMBERS), None)
    if strange is not None:
        raise UploadError(name, wanted="outputs that are arrays of numbers", given=strange)
    about = {one.key[:100]: one.value[: onnx_notes.MAX_TEXT] for one in model.metadata_props[:100]}
    return File(name, digest, data, image, sizes, outputs, about)


def _free_inputs(model: onnx.ModelProto) -> list[onnx.ValueInfoProto]:
    weights = {one.name for one in model.graph.initializer}
    return [one for one in model.graph.input if one.name not in weights]


def _parsed(data: bytes, name: str) -> onnx.ModelProto:
    wanted = "an ONNX model"
    try:
        model = onnx.ModelProto.FromString(data)
    except DecodeError:
        raise UploadError(name, wanted=wanted, given="something else, or a damaged file") from None
    if not model.graph.node or not model.graph.output:
        raise UploadError(name, wanted=wanted, given="a file without a graph")
    return model


def _tensor(value: onnx.ValueInfoProto) -> Tensor:
    kind = value.type.tensor_type
    if not kind.HasField("shape"):
        return Tensor(value.name, number_type(kind.elem_type), None)
    sides = (d.dim_value if d.HasField("dim_value") else 0 for d in kind.shape.dim)
    return Tensor(
        value.name, number_type(kind.elem_type), tuple(n if n > 0 else None for n in sides)
    )


def _pictures(inputs: Sequence[Tensor], name: str) -> tuple[Tensor, Tensor | None]:
    """The input for pictures, and that for their sizes if there is one."""
    wanted = (
        "one input for pictures, 1 x 3 x height x width or 1 x height x width x 3, of "
        f"{', '.join(PICTURES)}"
    )
    given = "; ".join(map(str, inputs[:4])) or "no input"
    sizes = next((one for one in inputs if one.name == SIZES and one.kind == "int64"), None)
    others = [one for one in inputs if one is not sizes]
    if len(others) != 1 or not _takes_pictures(others[0]):
        raise UploadError(name, wanted=wanted, given=given)
    return others[0], sizes


def _takes_pictures(one: Tensor) -> bool:
    shape = one.shape or ()
    if len(shape) not in (3, 4) or one.kind not in PICTURES:
        return False
    last = _colours_last(shape)
    sides = shape[-3:-1] if last else shape[-2:]
    colours = last or shape[-3] == 3
    batch = len(shape) == 3 or shape[0] is None or shape[0] in BATCHES
    return colours and batch and all(n is None or n in SIDES for n in sides)


def _colours_last(shape: tuple[int | None, ...]) -> bool:
    return len(shape) == 4 and shape[-1] == 3 and shape[1] != 3
