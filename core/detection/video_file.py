"""A video file, looked at before anything in it is decoded.

Files are hostile until shown otherwise. What a file is, is read from its first bytes and not from
its name; only the three families of containers below are ever opened, so that a playlist or a
list of other files is no video. FFmpeg reads through the handle it is given and may open nothing
else. Size, length and picture are checked from the headers; what headers can lie about is counted
again while decoding (core.detection.video_frames).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import av
from av.container import InputContainer
from av.video.stream import VideoStream

from core.errors import UploadError

MAX_BYTES = 200 * 2**20
MAX_SECONDS = 600.0
MAX_SIDE = 4096
MAX_FRAMES = 36_000  # ten minutes of sixty a second
WANTED = "a video: mp4, webm, avi, mkv or mov"
ENDINGS = ("mp4", "webm", "avi", "mkv", "mov")
ISO_BOXES = (b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip", b"pnot")
# No protocol at all: nothing but the open handle can be read. `max_pixels` holds for the few
# pictures that FFmpeg decodes by itself to fill in what a header leaves out, and for every other.
OPTIONS = {"protocol_whitelist": "none", "max_pixels": str(MAX_SIDE * MAX_SIDE)}


@dataclass(frozen=True)
class Facts:
    """What the headers say. `container`: FFmpeg's short name; `size`: (w, h) as shown, upright;
    `seconds`: length, None where it is not told; `rate`: frames a second, 0 where not told."""

    container: str
    codec: str
    size: tuple[int, int]
    seconds: float | None
    rate: float


def recognise(head: bytes) -> str | None:
    """FFmpeg's name for the container that starts with `head` (16 bytes); None for anything else."""
    if head[4:8] in ISO_BOXES:
        return "mov"
    if head.startswith(b"\x1a\x45\xdf\xa3"):
        return "matroska"
    if head.startswith(b"RIFF") and head[8:12] == b"AVI ":
        return "avi"
    return None


def probe(path: Path, name: str) -> Facts:
    """What the file at `path`, which the visitor calls `name`, says of itself.

    Raises UploadError for what is not a video, is damaged, or is larger or longer than allowed.
    """
    with opened(path, name) as (container, stream):
        coded = stream.codec_context
        return Facts(
            container=container.format.name.partition(",")[0],
            codec=coded.name,
            size=(coded.width, coded.height),
            seconds=_seconds(container, stream),
            rate=float(stream.average_rate or 0),
        )


@contextmanager
def opened(path: Path, name: str) -> Iterator[tuple[InputContainer, VideoStream]]:
    """The container and its first video stream, checked. Raises as `probe` does."""
    size = path.stat().st_size
    if size > MAX_BYTES:
        wanted, given = f"at most {MAX_BYTES // 2**20} MB", f"{size / 2**20:.0f} MB"
        raise UploadError(name, wanted=wanted, given=given)
    with path.open("rb") as file:
        form = recognise(file.read(16))
        if form is None:
            raise UploadError(name, wanted=WANTED, given="something else" if size else "nothing")
        file.seek(0)
        try:
            container = av.open(file, "r", format=form, options=OPTIONS)
        except (av.FFmpegError, ValueError) as error:  # ValueError: text in it that is no UTF-8
            raise UploadError(name, wanted="a whole video", given="a damaged one") from error
        with container:
            yield container, _checked(container, name)


def length(seconds: float) -> str:
    """`seconds` in words: "12 s", "3 min 20 s", "4 h 5 min"."""
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    small, unit, part = (whole, "min", "s") if whole < 3600 else (whole // 60, "h", "min")
    return f"{small // 60} {unit}" + (f" {small % 60} {part}" if small % 60 else "")


def _checked(container: InputContainer, name: str) -> VideoStream:
    if not container.streams.video:
        raise UploadError(name, wanted="a video with pictures", given="a file without any")
    stream = container.streams.video[0]
    seconds = _seconds(container, stream)
    if seconds is not None and seconds > MAX_SECONDS:
        raise UploadError(
            name, wanted=f"at most {length(MAX_SECONDS)}", given=f"a video of {length(seconds)}"
        )
    coded = stream.codec_context
    if coded is None:
        raise UploadError(name, wanted="pictures that can be read", given="an unknown coding")
    if max(coded.width, coded.height) > MAX_SIDE:
        wanted = f"at most {MAX_SIDE} pixels a side"
        raise UploadError(name, wanted=wanted, given=f"{coded.width} x {coded.height}")
    if min(coded.width, coded.height) < 1:
        raise UploadError(name, wanted="pictures of a size", given="none told")
    return stream


def _seconds(container: InputContainer, stream: VideoStream) -> float | None:
    """The longer of what the container and its pictures tell; None where neither does."""
    told = []
    if container.duration is not None and container.duration > 0:
        told.append(container.duration / av.time_base)
    if stream.duration is not None and stream.duration > 0 and stream.time_base is not None:
        told.append(float(stream.duration * stream.time_base))
    return max(told, default=None)
