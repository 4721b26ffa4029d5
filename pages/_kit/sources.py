"""Where photographs come from: those at hand, and the visitor's own."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain, count

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from core.datasets import dead_leaves, images
from core.errors import UploadError
from core.rng import stream
from pages._kit import frame

DEAD_LEAVES = "dead leaves"
MAX_MB = images.MAX_BYTES >> 20  # of a file
TYPES = ["jpg", "jpeg", "png", "webp", "gif", "bmp", "tif", "tiff"]


@dataclass(frozen=True)
class Photograph:
    """(h, w, 3) pixels 0..255 and what to call them."""

    name: str
    pixels: NDArray[np.uint8]


def photographs(*, default: tuple[str, ...], longest: int) -> list[Photograph]:
    """Let the visitor choose several. Uploads are shrunk to `longest` pixels, samples halved."""
    chosen = st.multiselect(
        "Photographs",
        [*images.SAMPLES, DEAD_LEAVES],
        default=list(default),
        key="photos",
        bind="query-params",
        help="Carried by scikit-learn and scikit-image, halved in size so that filters do not "
        "learn the 8 × 8 blocks of JPEG. “Dead leaves” is made here: random discs in front of each "
        "other, the simplest scene with edges at all scales.",
    )
    found = [_sample(name) for name in chosen]
    for file in st.file_uploader(
        "Or your own",
        TYPES,
        accept_multiple_files=True,
        key="uploads",
        max_upload_size=MAX_MB,
        label_visibility="collapsed",
    ):
        photo = _uploaded(file)
        if photo is not None:
            name = _unlike(photo.name, {other.name for other in found})
            found.append(Photograph(name, images.shrink(photo.pixels, longest)))
    return found


def pixels(name: str, data: bytes) -> NDArray[np.uint8]:
    """The picture in a file. Raises UploadError where there is none that can be shown."""
    return images.decode(data, name)


@st.cache_resource(max_entries=64, show_spinner=False)
def _sample(name: str) -> Photograph:
    if name == DEAD_LEAVES:
        return Photograph(name, dead_leaves.scene(generator=stream(0, DEAD_LEAVES)))
    return Photograph(name, images.sample(name, halve=True))


def _unlike(name: str, taken: set[str]) -> str:
    """`name`, with a number behind it where it is taken."""
    numbered = (f"{name} ({number})" for number in count(2))
    return next(one for one in chain([name], numbered) if one not in taken)


def _uploaded(file: st.runtime.uploaded_file_manager.UploadedFile) -> Photograph | None:
    """One upload; a file that cannot be read gets its message and the others stay."""
    try:
        return _decoded(file.file_id, file)
    except UploadError as error:
        frame.report(error)
        return None


@st.cache_resource(max_entries=32, scope="session", show_spinner=False)
def _decoded(file_id: str, _file: st.runtime.uploaded_file_manager.UploadedFile) -> Photograph:
    return Photograph(_file.name, images.decode(_file.getvalue(), _file.name))
