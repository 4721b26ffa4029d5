"""Families of exported detectors: what they give, and how they usually want a picture.

Papers are named where the numbers are read, in core.detection.onnx_decode and its two parts; what
a family wants is what its published exporters and examples do.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Family:
    """Models that share a layout, and what they usually want. `each`: every picture of a batch has
    outputs of its own; `suppressed`: overlapping boxes are gone when they come out; `asks`: fields of
    a layout that matter to this family and not to all."""

    title: str
    says: str
    colour: str = "RGB"
    scaling: str = "0 to 1"
    resize: str = "stretch"
    strides: tuple[int, ...] = ()
    each: bool = True
    suppressed: bool = False
    asks: tuple[str, ...] = ()


FAMILIES: Mapping[str, Family] = {
    "yolox": Family(
        title="YOLOX",
        says="offsets from a grid of cells, an objectness and class scores in each row",
        strides=(8, 16, 32),
        colour="BGR",
        scaling="0 to 255",
        resize="corner, on grey",
        asks=("strides",),
    ),
    "yolox-decoded": Family(
        title="YOLOX, decoded",
        says="boxes in pixels, an objectness and class scores in each row, one row a cell",
        strides=(8, 16, 32),
        colour="BGR",
        scaling="0 to 255",
        resize="corner, on grey",
        asks=("strides",),
    ),
    "yolov5": Family(
        title="YOLOv5 to YOLOv7",
        says="boxes in pixels, an objectness and class scores in each row",
        resize="centre, on grey",
        strides=(8, 16, 32),
        asks=("strides",),
    ),
    "yolov8": Family(
        title="YOLOv8 / YOLO11",
        says="boxes in pixels and class scores in each column, no objectness",
        resize="centre, on grey",
        strides=(8, 16, 32),
        asks=("strides",),
    ),
    "nanodet": Family(
        title="NanoDet",
        says="class scores, then how far each side of the box is, as a distribution",
        resize="centre, on black",
        strides=(8, 16, 32),
        colour="BGR",
        scaling="ImageNet",
        asks=("strides",),
    ),
    "nanodet-plus": Family(
        title="NanoDet-Plus",
        says="class scores, then how far each side of the box is, as a distribution",
        strides=(8, 16, 32, 64),
        colour="BGR",
        scaling="ImageNet",
        asks=("strides",),
    ),
    "fastestdet": Family(
        title="FastestDet",
        says="one map with objectness, box and class scores in its channels",
        colour="BGR",
        strides=(16,),
        asks=("strides",),
    ),
    "rows": Family(
        title="YOLOv10, or YOLO with its suppression inside",
        says="rows of corners in pixels, score and class",
        resize="centre, on grey",
        suppressed=True,
        asks=("numbers",),
    ),
    "detection-output": Family(
        title="SSD, DetectionOutput",
        says="rows of picture, class, score and corners as shares",
        colour="BGR",
        scaling="0 to 255",
        each=False,
        suppressed=True,
        asks=("numbers",),
    ),
    "ssd": Family(
        title="SSD with its suppression inside",
        says="boxes, labels and scores, each in an output of its own",
        scaling="ImageNet",
        each=False,
        suppressed=True,
        asks=("numbers",),
    ),
    "tensorflow": Family(
        title="TensorFlow detection",
        says="detection_boxes (top, left, bottom, right as shares), classes and scores",
        scaling="0 to 255",
        each=False,
        suppressed=True,
        asks=("numbers",),
    ),
    "torchvision": Family(
        title="torchvision detection",
        says="boxes in pixels, labels and scores, without a batch",
        each=False,
        suppressed=True,
        asks=("numbers",),
    ),
    "rt-detr": Family(
        title="RT-DETR",
        says="class scores and boxes (middle, width, height as shares) for each query",
        suppressed=True,
        asks=("scores",),
    ),
    "rt-detr-rows": Family(
        title="RT-DETR, in rows",
        says="a box (middle, width, height as shares) and class scores in each row",
        suppressed=True,
        asks=("scores",),
    ),
    "detr": Family(
        title="DETR",
        says="class scores, the last of them “nothing”, and boxes as shares for each query",
        scaling="ImageNet",
        suppressed=True,
        asks=("scores",),
    ),
    "default-boxes": Family(
        title="SSD or Ultra-Light faces, without suppression",
        says="class scores, the first of them “nothing”, and corners for each default box",
        scaling="(x - 127) / 128",
        asks=("scores",),
    ),
}
