"""Video files, honest and hostile: looked at, read, written."""

from __future__ import annotations

import hashlib
import io
import re
import struct
import time
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import cv2
import numpy as np
import pytest

from core.detection import video_file, video_frames, video_sample, video_write
from core.detection.video_file import probe
from core.detection.video_frames import Reader, first
from core.detection.video_write import Writer, fitting
from core.errors import SettingError, UnavailableError, UploadError
from tests.films import film, square

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data" / "video"
STEADY = [k / 25 for k in range(10)]
UNSTEADY = [0, 0.04, 0.08, 0.5, 0.52, 1.5, 1.54]


def read(path: Path) -> tuple[list[float], list[np.ndarray], Reader]:
    reader = Reader(path, "clip")
    frames = list(reader.frames())
    assert [frame.index for frame in frames] == list(range(len(frames)))
    return [frame.seconds for frame in frames], [frame.image for frame in frames], reader


@pytest.mark.parametrize(
    ("ending", "name"),
    [("mp4", "mov"), ("mov", "mov"), ("mkv", "matroska"), ("webm", "matroska"), ("avi", "avi")],
)
def test_each_kind_is_known_by_its_content_and_read(tmp_path: Path, ending: str, name: str) -> None:
    path = film(tmp_path / f"a.{ending}", STEADY).rename(tmp_path / "a.txt")
    facts = probe(path, "a.txt")
    assert (facts.container, facts.size) == (name, (96, 64))
    assert facts.seconds == pytest.approx(0.4, abs=0.05)
    assert facts.rate == pytest.approx(25, rel=0.02)
    seconds, images, reader = read(path)
    assert seconds == pytest.approx(STEADY, abs=2e-3)
    assert [round(image.mean() / 8) for image in images] == list(range(10))
    assert all(image.shape == (64, 96, 3) and image.dtype == np.uint8 for image in images)
    assert (reader.skipped, reader.cut, reader.share) == (0, False, 1.0)
    np.testing.assert_array_equal(first(path, "a"), images[0])


@pytest.mark.parametrize("ending", ["mp4", "mkv"])
def test_times_are_those_of_the_file_not_of_a_rate(tmp_path: Path, ending: str) -> None:
    assert read(film(tmp_path / f"v.{ending}", UNSTEADY))[0] == pytest.approx(UNSTEADY, abs=1.5e-3)


def test_time_starts_with_the_first_picture(tmp_path: Path) -> None:
    late = [t + 7 for t in UNSTEADY]
    assert read(film(tmp_path / "late.mkv", late))[0] == pytest.approx(UNSTEADY, abs=1.5e-3)


def test_a_picture_that_comes_too_early_is_put_one_frame_on(tmp_path: Path) -> None:
    path = mux(
        tmp_path / "back.mkv", [jpeg(square(20 + 9 * k)) for k in range(4)], [0, 40, 80, 120]
    )
    data = bytearray(path.read_bytes())
    # The third block's own time, 16 bits, stands three bytes before its JPEG.
    at = [m.start() for m in re.finditer(b"\xff\xd8\xff", data)][2] - 3
    assert data[at : at + 2] == (80).to_bytes(2, "big")
    data[at : at + 2] = (10).to_bytes(2, "big")
    path.write_bytes(data)
    assert read(path)[0] == pytest.approx([0, 0.04, 0.08, 0.12], abs=1e-3)


@pytest.mark.parametrize("degrees", [90, 180, 270, -90])
def test_pictures_come_upright(tmp_path: Path, degrees: int) -> None:
    image = np.zeros((64, 96, 3), np.uint8)
    image[:20, :30] = 250  # the corner at the top left
    path = film(tmp_path / "r.mp4", STEADY, [image] * 10, rotation=degrees)
    shown = first(path, "r")
    expected = np.rot90(image, degrees // 90)  # FFmpeg's angles too run against the clock
    assert shown.shape == expected.shape
    assert np.abs(shown.astype(int) - expected).mean() < 4


def jpeg(image: np.ndarray) -> bytes:
    return cv2.imencode(".jpg", image)[1].tobytes()


def mux(
    path: Path, parts: list[bytes], milliseconds: list[int], size: tuple[int, int] = (96, 64)
) -> Path:
    """JPEGs in a Matroska file as they are, whatever they hold."""
    with av.open(str(path), "w", format="matroska") as container:
        stream = container.add_stream("mjpeg", rate=25)
        stream.width, stream.height = size
        stream.pix_fmt = "yuvj420p"
        container.start_encoding()
        for data, when in zip(parts, milliseconds, strict=True):
            packet = av.Packet(data)
            packet.stream, packet.time_base = stream, Fraction(1, 1000)
            packet.pts = packet.dts = when
            container.mux(packet)
    return path


def test_all_pictures_have_the_size_of_the_first(tmp_path: Path) -> None:
    parts = [jpeg(np.full((h, w, 3), 90, np.uint8)) for w, h in ((96, 64), (160, 120), (96, 64))]
    images = read(mux(tmp_path / "grow.mkv", parts, [0, 40, 80]))[1]
    assert [image.shape for image in images] == [(64, 96, 3)] * 3


def test_damage_is_skipped_and_counted(tmp_path: Path) -> None:
    parts = [jpeg(square(20 + 9 * k)) for k in range(6)]
    parts[2] = b"not a picture at all"
    seconds, images, reader = read(mux(tmp_path / "hurt.mkv", parts, [0, 40, 80, 120, 160, 200]))
    assert seconds == pytest.approx([0, 0.04, 0.12, 0.16, 0.2], abs=1e-3)
    assert reader.skipped == 1
    assert images[2][32, 47].min() > 200


def test_noise_in_a_file_breaks_nothing(tmp_path: Path) -> None:
    data = bytearray(film(tmp_path / "n.mkv", [k / 25 for k in range(60)]).read_bytes())
    rng = np.random.default_rng(1)
    for seed in range(8):
        noisy = bytearray(data)
        for place in rng.integers(700, len(data), 25):
            noisy[place] = rng.integers(256)
        path = tmp_path / f"{seed}.mkv"
        path.write_bytes(noisy)
        try:
            seconds = read(path)[0]
        except UploadError:
            continue
        assert seconds == sorted(set(seconds))
        assert max(seconds) <= video_file.MAX_SECONDS


def test_four_hours_are_refused_before_anything_is_decoded(tmp_path: Path) -> None:
    path = film(tmp_path / "long.mkv", [600.0 * k for k in range(25)])
    started = time.perf_counter()
    for look in (probe, first):
        with pytest.raises(UploadError) as refusal:
            look(path, "long.mkv")
        assert str(refusal.value) == "long.mkv: wanted at most 10 min, got a video of 4 h."
    assert time.perf_counter() - started < 2


def test_a_header_that_lies_about_the_length_does_not_matter(tmp_path: Path) -> None:
    times = [20.0 * k for k in range(40)]  # 13 minutes
    path = film(tmp_path / "lie.mkv", times)
    data = path.read_bytes()
    at = data.index(b"\x44\x89\x88") + 3  # Matroska's Duration, a double of milliseconds
    assert struct.unpack(">d", data[at : at + 8])[0] == pytest.approx(780_000, abs=100)
    path.write_bytes(data[:at] + struct.pack(">d", 5000.0) + data[at + 8 :])
    assert probe(path, "lie").seconds == pytest.approx(5)
    seconds, _, reader = read(path)
    assert seconds == pytest.approx(times[:31])
    assert reader.cut


class Pipe(io.RawIOBase):
    """What cannot be gone back in, as a browser's recorder writes."""

    def __init__(self, path: Path) -> None:
        self.file = path.open("wb")

    def write(self, data: Any) -> int:
        return self.file.write(data)

    def seekable(self) -> bool:
        return False

    def writable(self) -> bool:
        return True


def test_a_recording_that_tells_no_length_is_read(tmp_path: Path) -> None:
    path = tmp_path / "live.webm"
    pipe = Pipe(path)
    film(path, STEADY, file=pipe)
    pipe.file.close()
    assert probe(path, "live").seconds is None
    assert read(path)[0] == pytest.approx(STEADY, abs=2e-3)


def test_no_more_pictures_are_read_than_allowed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(video_frames, "MAX_FRAMES", 4)
    seconds, _, reader = read(film(tmp_path / "m.mp4", STEADY))
    assert len(seconds) == 4
    assert reader.cut


def test_too_many_bytes_are_refused(tmp_path: Path) -> None:
    path = film(tmp_path / "big.mp4", STEADY)
    with path.open("r+b") as file:
        file.truncate(video_file.MAX_BYTES + 2**20)  # sparse: takes no room
    with pytest.raises(UploadError, match="wanted at most 200 MB, got 201 MB"):
        probe(path, "big")


def test_too_large_pictures_are_refused(tmp_path: Path) -> None:
    wide = np.zeros((16, 4112, 3), np.uint8)
    path = film(tmp_path / "wide.mkv", [0], [wide], coder="mjpeg")
    with pytest.raises(UploadError, match="at most 4096 pixels a side, got 4112 x 16"):
        probe(path, "wide")


HOSTILE = {
    "empty": b"",
    "text": b"hello, this is no video at all",
    "playlist": b"#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\nfile:///etc/passwd\n#EXT-X-ENDLIST\n",
    "concat": b"ffconcat version 1.0\nfile /etc/passwd\n",
    "sdp": b"v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nm=video 9 RTP/AVP 26\n",
    "dash": b'<?xml version="1.0"?><MPD xmlns="urn:mpeg:dash:schema:mpd:2011"></MPD>',
    "picture": jpeg(np.zeros((64, 64, 3), np.uint8)),
    "mp4's mark alone": b"\0\0\0\x18ftypisom\0\0\0\0isommp42",
    "mkv's mark alone": b"\x1a\x45\xdf\xa3" + bytes(60),
    "avi's mark alone": b"RIFF\x40\0\0\0AVI LIST" + bytes(60),
    "a list behind mp4's mark": b"\0\0\0\x18ftypisom\0\0\0\0isommp42\nffconcat version 1.0\nfile x\n",
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_what_is_not_a_video_is_refused(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "clip.mp4"
    path.write_bytes(HOSTILE[kind])
    for look in (probe, first):
        with pytest.raises(UploadError, match=r"clip\.mp4: wanted a"):
            look(path, "clip.mp4")


def test_nothing_but_the_file_itself_can_be_opened(tmp_path: Path) -> None:
    """Were a list of files ever taken for a video, it still could not reach them."""
    target = film(tmp_path / "target.mkv", STEADY)
    (tmp_path / "list.txt").write_text(f"ffconcat version 1.0\nfile {target}\n")
    for options, reached in (({}, True), (video_file.OPTIONS, False)):
        with (tmp_path / "list.txt").open("rb") as file:
            try:
                with av.open(file, format="concat", options={"safe": "0", **options}) as container:
                    assert bool(container.streams.video) is reached
            except av.FFmpegError:
                assert not reached


def test_sound_alone_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "sound.mp4"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("aac", rate=8000)
        frame = av.AudioFrame.from_ndarray(np.zeros((1, 1024), np.float32), "fltp", "mono")
        frame.sample_rate = 8000
        container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    with pytest.raises(UploadError, match="a video with pictures, got a file without any"):
        probe(path, "sound")


def test_no_pictures_at_all_is_refused(tmp_path: Path) -> None:
    path = mux(tmp_path / "none.mkv", [b"nothing", b"of use"], [0, 40])
    with pytest.raises(UploadError, match="at least one picture, got none that can be read"):
        first(path, "none")


def test_half_an_mp4_is_refused_and_half_a_matroska_is_half_read(tmp_path: Path) -> None:
    times = [k / 25 for k in range(100)]
    noise = np.random.default_rng(0).integers(0, 255, (100, 64, 96, 3), dtype=np.uint8)
    for ending in ("mp4", "mkv"):
        path = film(tmp_path / f"half.{ending}", times, list(noise))
        path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    with pytest.raises(UploadError, match="wanted a whole video, got a damaged one"):
        probe(tmp_path / "half.mp4", "half")
    seconds = read(tmp_path / "half.mkv")[0]
    assert 10 < len(seconds) < 90
    assert seconds == pytest.approx(times[: len(seconds)], abs=2e-3)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0, "0 s"), (12.4, "12 s"), (60, "1 min"), (200, "3 min 20 s"), (14_700, "4 h 5 min")],
)
def test_lengths_in_words(seconds: float, words: str) -> None:
    assert video_file.length(seconds) == words


@pytest.mark.parametrize("way", video_write.CODINGS, ids=lambda way: way.coder)
def test_what_is_written_is_read_back_with_its_times(
    tmp_path: Path, way: video_write.Coding
) -> None:
    images = [square(20 + 8 * k) for k in range(7)]
    path = tmp_path / f"w.{way.ending}"
    with Writer(path, (96, 64), way) as writer:
        for image, when in zip(images, UNSTEADY, strict=True):
            writer.add(image, when)
    seconds, shown, _ = read(path)
    assert seconds == pytest.approx(UNSTEADY, abs=1.5e-3)
    for a, b in zip(images, shown, strict=True):
        assert np.abs(a.astype(int) - b).mean() < 6
    with av.open(str(path)) as container:
        assert container.streams.video[0].codec_context.pix_fmt == "yuv420p"
    if way.ending == "mp4":
        data = path.read_bytes()
        assert data.index(b"moov") < data.index(b"mdat")


def test_without_h264_webm_is_written_and_without_any_it_is_said(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert video_write.coding().ending == "mp4"
    monkeypatch.setattr(av, "codecs_available", {"libvpx-vp9", "libvpx"})
    assert (video_write.coding().coder, video_write.coding().mime) == ("libvpx-vp9", "video/webm")
    monkeypatch.setattr(av, "codecs_available", set())
    with pytest.raises(UnavailableError, match="libx264"):
        video_write.coding()


def test_two_pictures_of_one_time_are_both_written(tmp_path: Path) -> None:
    with Writer(tmp_path / "t.mp4", (96, 64)) as writer:
        for seconds in (0, 0.5, 0.5, 0.2):
            writer.add(square(40), seconds)
    assert len(read(tmp_path / "t.mp4")[0]) == 4


@pytest.mark.parametrize(
    ("size", "small"),
    [
        ((640, 480), (640, 480)),
        ((641, 479), (640, 480)),
        ((4096, 2160), (1280, 676)),
        ((3, 4096), (2, 1280)),
        ((1, 1), (2, 2)),
    ],
)
def test_sizes_are_even_and_bounded(size: tuple[int, int], small: tuple[int, int]) -> None:
    assert fitting(size) == small


@pytest.mark.parametrize("bad", [np.zeros((64, 95, 3), np.uint8), np.zeros((64, 96, 3))])
def test_a_picture_of_another_shape_is_refused(tmp_path: Path, bad: np.ndarray) -> None:
    with Writer(tmp_path / "b.mp4", (96, 64)) as writer:
        writer.add(square(40), 0)
        with pytest.raises(SettingError, match="picture: wanted a picture of 96 x 64"):
            writer.add(bad, 1)


def test_the_sample_is_the_same_every_time_and_moves() -> None:
    pictures = list(video_sample.pictures())
    assert len(pictures) == video_sample.SECONDS * video_sample.RATE
    assert {image.shape for image in pictures} == {(480, 640, 3)}
    assert len({hashlib.sha256(image.tobytes()).digest() for image in pictures}) == len(pictures)
    for a, b in zip(pictures[::30], list(video_sample.pictures())[::30], strict=True):
        np.testing.assert_array_equal(a, b)


@pytest.mark.skipif(not SHARED.is_dir(), reason="needs ../shared/data/video")
def test_shared_clips_are_read() -> None:
    for name, size, seconds in (
        ("again.mkv", (640, 480), 2.6),
        ("one-by-one-person-detection.mp4", (768, 432), 139.4),
    ):
        facts = probe(SHARED / name, name)
        assert (facts.size, facts.seconds, facts.codec) == (size, pytest.approx(seconds), "h264")
    times = read(SHARED / "again.mkv")[0]
    assert len(times) == 77
    assert times[-1] == pytest.approx(76 / 30, abs=2e-3)
