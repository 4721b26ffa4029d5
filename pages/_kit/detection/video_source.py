"""Which video, and what it says of itself before it is looked at."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import streamlit as st

from core.charts import pictures
from core.datasets.images import shrink
from core.detection import video_file, video_frames
from core.detection.video_file import Facts
from pages._kit import frame
from pages._kit.detection import video_files

LONGEST = 1280  # pixels of the first picture, as it is shown
ABOUT = f"""mp4, webm, avi, mkv or mov: at most {video_file.MAX_BYTES // 2**20} MB,
{video_file.length(video_file.MAX_SECONDS)} and {video_file.MAX_SIDE} pixels a side. Without one,
a sample clip made here is used: two faces that cross."""


@dataclass(frozen=True)
class Source:
    """A video at `path`; `identity` tells it from any other, `name` is what its visitor calls it."""

    identity: str
    name: str
    path: Path


@dataclass(frozen=True)
class Opening:
    """What the headers say, and the first picture: a JPEG and its size (w, h), upright."""

    facts: Facts
    size: tuple[int, int]
    picture: bytes


def chosen() -> Source:
    """Let the visitor bring a video; the sample clip until then."""
    file = st.file_uploader(
        "A video of your own",
        list(video_file.ENDINGS),
        key="video_upload",
        help=ABOUT,
        max_upload_size=video_file.MAX_BYTES // 2**20,
    )
    if file is None:
        return Source("sample", "sample clip", video_files.sample()[1])
    return Source(file.file_id, file.name, video_files.uploaded(file.file_id, file)[1])


def opening(source: Source) -> Opening:
    """How it begins. Raises UploadError for what is no video, or is too long or too large."""
    return _opening(source.identity, source)


def described(source: Source, facts: Facts, size: tuple[int, int]) -> str:
    """The facts in a line."""
    parts = [f"{size[0]} × {size[1]} pixels"]
    if facts.seconds is not None:
        parts.append(video_file.length(facts.seconds))
    if facts.rate:
        parts.append(f"about {facts.rate:.3g} pictures a second")
    parts.append(facts.codec)
    return f"**{frame.plain(source.name)}**: {frame.plain(', '.join(parts))}"


@st.cache_resource(max_entries=4, scope="session", show_spinner="Opening the video …")
def _opening(identity: str, _source: Source) -> Opening:
    facts = video_file.probe(_source.path, _source.name)
    image = video_frames.first(_source.path, _source.name)
    size = image.shape[1], image.shape[0]
    return Opening(facts, size, pictures.jpeg(shrink(image, LONGEST)))
