"""What the inside view draws: candidates, steps and places of one photograph, in one bundle."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.datasets import images
from core.detection import draw
from core.detection.boxes import Detections
from core.detection.inside import Candidates, Layer, steps
from core.detection.pipeline import Settings
from pages._kit.stage.wire import bundled

PLACES = 16_000  # boxes of all maps that travel to the browser
DRAWN = 2_500  # of them at once, in the first frame


def candidates(detector: Any, image: NDArray[np.uint8], wanted: Settings) -> Candidates:
    """The detector's own view of `image`, in pixels of it, with few enough places to draw."""
    small = image if wanted.longest is None else images.shrink(image, wanted.longest)
    seen: Candidates = detector.inside(small)
    scale = (image.shape[1] / small.shape[1], image.shape[0] / small.shape[0])
    each = PLACES // max(1, len(seen.layers))
    layers = tuple(_scaled(layer.thinned(each), scale) for layer in seen.layers)
    alone = None if seen.alone is None else seen.alone.scaled(*scale)
    return replace(
        seen,
        found=seen.found.scaled(*scale),
        layers=layers,
        answer=seen.answer.scaled(*scale),
        alone=alone,
    )


def scene(
    photo: bytes, size: tuple[int, int], seen: Candidates, wanted: Settings, noun: str
) -> bytes:
    """The bundle of a photograph, a file, of `size` (w, h); assets/js/inside.mjs draws it."""
    threshold = max(wanted.threshold, seen.floor)
    known = np.array([not wanted.labels or name in wanted.labels for name in seen.found.labels])
    kept = np.flatnonzero((seen.found.scores >= threshold) & known[seen.found.classes])
    palette = draw.colours(seen.found.labels)
    alone = seen.found.take(slice(0)) if seen.alone is None else seen.alone
    header = {
        "size": list(size),
        "places": sum(layer.count for layer in seen.layers),
        "total": max(seen.total, len(seen.found) + len(alone)),
        "found": len(seen.found),
        "alone": len(alone),
        "voted": len(alone) > 0,
        "windows": seen.nested,
        "kept": kept.tolist(),
        "steps": _steps(seen, kept),
        "threshold": threshold,
        "limit": seen.limit,
        "nested": seen.nested,
        "measure": "share of the smaller box" if seen.nested else "IoU",
        "answers": len(wanted.shown(seen.answer)),
        "noun": noun,
        "colours": [_hex(palette[name]) for name in seen.found.labels],
        "inks": [_hex(draw.ink(palette[name])) for name in seen.found.labels],
        "layers": [
            {"name": one.name, "grid": list(one.grid), "per": one.per, "count": one.count}
            for one in seen.layers
        ],
    }
    arrays: dict[str, NDArray[Any]] = {
        "photo": np.frombuffer(photo, np.uint8),
        "found": _boxes(seen.found),
        "scores": seen.found.scores.astype(np.float32),
        "classes": seen.found.classes.astype(np.float32),
        "alone": _boxes(alone),
        "answers": _boxes(wanted.shown(seen.answer)),
        "places": _some(seen.layers),
    }
    arrays |= {f"layer{i}": layer.boxes for i, layer in enumerate(seen.layers)}
    return bundled(header, arrays)


def _steps(seen: Candidates, kept: NDArray[np.int64]) -> list[dict[str, Any]]:
    """The steps of suppression among those `kept`, by their numbers in `found`."""
    rest = seen.found.take(kept)
    names, scores = rest.names, rest.scores.tolist()
    every = [
        {
            "taken": int(kept[one.taken]),
            "label": names[one.taken],
            "score": scores[one.taken],
            "falls": kept[one.falls].tolist(),
            "overlaps": [round(v, 4) for v in one.overlaps.tolist()],
        }
        for one in steps(rest, seen.limit, nested=seen.nested)
    ]
    return every[: seen.most]


def _some(layers: tuple[Layer, ...]) -> NDArray[np.float32]:
    """Places of every map, evenly chosen, as many as one picture can show."""
    if not layers:
        return np.empty((0, 4), np.float32)
    each = max(1, DRAWN // len(layers))
    return np.concatenate([layer.thinned(each).boxes for layer in layers]).astype(np.float32)


def _scaled(layer: Layer, scale: tuple[float, float]) -> Layer:
    boxes = (layer.boxes * np.array([*scale, *scale], np.float32)).astype(np.float32)
    return Layer(layer.name, layer.grid, boxes, layer.count)


def _boxes(found: Detections) -> NDArray[np.float32]:
    return found.boxes.astype(np.float32)


def _hex(colour: draw.Colour) -> str:
    return "#{:02x}{:02x}{:02x}".format(*colour)
