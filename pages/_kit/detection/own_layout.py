"""What a visitor's model was recognised as, said in words, and controls to set it by hand."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import streamlit as st

from core.detection import onnx_guess, onnx_layouts
from core.detection.onnx_detector import Model
from core.detection.onnx_file import SIDES
from core.detection.onnx_layouts import Layout
from core.errors import VitrineError
from pages._kit import frame

HELP = {
    "colour": "The order of a pixel's three colours.",
    "scaling": "What a pixel's 0 to 255 becomes. ImageNet: less its mean, by its deviation.",
    "resize": "How a picture of other proportions gets into the input.",
    "units": "Boxes in pixels of the input, or in shares of its width and height.",
    "numbers": "The number of the first class, or COCO's own, which have gaps.",
    "scores": "What makes the numbers that come out scores of 0 to 1.",
}
STRIDES = [4, 8, 16, 32, 64, 128]


def chosen(model: Model, prefix: str) -> Layout | None:
    """The layout that was recognised, or as the visitor sets it."""
    st.markdown(described(model))
    if onnx_guess.ambiguous(model.guesses):
        others = frame.plain(model.guesses[1].layout.about.title)
        st.warning(
            f"{others} fits as well. If the boxes make no sense, choose it below.",
            icon=":material/help:",
        )
    with st.expander("Set by hand"):
        try:
            return _by_hand(model, f"{prefix}_{model.file.digest[:8]}")
        except VitrineError as error:
            frame.report(error)
            return None


def described(model: Model) -> str:
    """What was recognised, in words, as Markdown."""
    best = model.guesses[0]
    shapes = "; ".join(
        onnx_guess.described(name, model.outputs[name]) for name in best.layout.parts[:4]
    )
    title, says = best.layout.about.title, best.layout.about.says
    return (
        f"Looks like **{frame.plain(title)}**: {frame.plain(says)}. It gives "
        f"{frame.plain(best.why)} ({frame.plain(shapes)})."
    )


def _by_hand(model: Model, prefix: str) -> Layout:
    """Controls for all that a layout says; another file and another family start afresh."""
    guesses = {guess.layout.family: guess.layout for guess in model.guesses}
    family = st.selectbox(
        "Layout",
        list(guesses),
        key=f"{prefix}_family",
        format_func=lambda name: onnx_layouts.FAMILIES[name].title,
    )
    layout, key = guesses[family], f"{prefix}_{family}"
    width, height = _size(model, layout, key)
    classes = st.number_input(
        "Classes", 1, 10_000, layout.classes, key=f"{key}_classes", placeholder="not told"
    )
    wanted = {
        "colour": ("Colours", onnx_layouts.COLOURS),
        "scaling": ("Values", tuple(onnx_layouts.SCALINGS)),
        "resize": ("Picture", tuple(onnx_layouts.RESIZES)),
        "units": ("Boxes in", onnx_layouts.UNITS),
    }
    if "numbers" in layout.about.asks:
        wanted["numbers"] = ("Classes count", onnx_layouts.NUMBERS)
    if "scores" in layout.about.asks:
        wanted["scores"] = ("Scores", onnx_layouts.SCORES)
    set_to: dict[str, Any] = {
        field: _one(label, options, getattr(layout, field), f"{key}_{field}", HELP[field])
        for field, (label, options) in wanted.items()
    }
    return replace(
        layout,
        size=(width, height),
        classes=None if classes is None else int(classes),
        strides=_strides(layout, key),
        **set_to,
    )


def _size(model: Model, layout: Layout, key: str) -> tuple[int, int]:
    """Width and height in pixels of what goes in; free where the model takes any."""
    sides = zip(("Width", "Height"), st.columns(2), layout.size, model.file.size, strict=True)
    found = [
        column.number_input(
            f"{name}, pixels",
            SIDES.start,
            SIDES.stop - 1,
            usual,
            step=32,
            disabled=fixed is not None,
            key=f"{key}_{name.lower()}",
        )
        for name, column, usual, fixed in sides
    ]
    return int(found[0]), int(found[1])


def _strides(layout: Layout, key: str) -> tuple[int, ...]:
    if "strides" not in layout.about.asks or not layout.strides:
        return layout.strides
    options = sorted({*STRIDES, *layout.strides})
    found = st.multiselect(
        "Pixels between cells", options, list(layout.strides), key=f"{key}_strides"
    )
    return tuple(sorted(found))


def _one(label: str, options: tuple[str, ...], default: str, key: str, about: str) -> str:
    return str(st.selectbox(label, options, options.index(default), key=key, help=about))
