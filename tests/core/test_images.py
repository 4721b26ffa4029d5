"""Bundled photographs, and uploads of every hostile kind, built here."""

from __future__ import annotations

import io
import struct
import subprocess
import sys
import threading
import zlib

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from core.datasets import images
from core.datasets.images import SAMPLES, decode, sample, shrink
from core.errors import SettingError, UnavailableError, UploadError

# Left half red, right half blue, upper quarter green: no symmetry to hide a turn behind.
FLAG = np.zeros((48, 64, 3), np.uint8)
FLAG[:, :32], FLAG[:, 32:], FLAG[:12] = (200, 30, 40), (20, 60, 180), (30, 160, 50)


def saved(picture: Image.Image | np.ndarray, kind: str, **options: object) -> bytes:
    picture = picture if isinstance(picture, Image.Image) else Image.fromarray(picture)
    file = io.BytesIO()
    picture.save(file, kind, **options)
    return file.getvalue()


def png_header(width: int, height: int) -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    body = chunk(b"IDAT", zlib.compress(b"\0" * 1000)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + head + body


def apart(a: np.ndarray, b: np.ndarray) -> float:
    assert a.shape == b.shape and a.dtype == b.dtype == np.uint8
    return float(np.abs(a.astype(float) - b).mean())


@pytest.mark.parametrize("name", SAMPLES)
def test_every_sample_is_there(name: str) -> None:
    image = sample(name)
    assert image.dtype == np.uint8 and image.ndim == 3 and image.shape[2] == 3
    assert min(image.shape[:2]) >= 200 and image.std() > 5
    assert image.flags.c_contiguous and image.flags.writeable
    half = sample(name, halve=True)
    assert half.shape[:2] == (image.shape[0] // 2, image.shape[1] // 2)


def test_halving_averages_blocks() -> None:
    image = sample("astronaut").astype(float)
    blocks = image.reshape(256, 2, 256, 2, 3).mean(axis=(1, 3))
    assert np.abs(blocks - sample("astronaut", halve=True)).max() <= 0.75


def test_samples_are_what_their_packages_give() -> None:
    from skimage import data

    assert np.array_equal(sample("cat"), data.chelsea())
    assert np.array_equal(sample("coins")[:, :, 1], data.coins())


def test_samples_do_not_import_their_packages() -> None:
    code = (
        "import sys; from core.datasets.images import sample; sample('china');"
        "sys.exit('sklearn' in sys.modules or 'skimage' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0


def test_unknown_sample_names_those_there_are() -> None:
    with pytest.raises(SettingError, match="astronaut, cat,.*got lena"):
        sample("lena")


@pytest.mark.parametrize("found", [None, images.Sample])
def test_a_package_without_the_file(monkeypatch: pytest.MonkeyPatch, found: object) -> None:
    if found is None:
        monkeypatch.setattr(images.importlib.util, "find_spec", lambda name: None)
    else:
        gone = images.Sample("Gone", "skimage", "data/gone.png", "")
        monkeypatch.setitem(SAMPLES, "cat", gone)
    with pytest.raises(UnavailableError, match="skimage"):
        sample("cat")


@pytest.mark.parametrize("kind", ["PNG", "BMP", "TIFF", "WEBP"])
def test_lossless_kinds_give_the_pixels_back(kind: str) -> None:
    options = {"lossless": True} if kind == "WEBP" else {}
    assert np.array_equal(decode(saved(FLAG, kind, **options), "flag"), FLAG)


@pytest.mark.parametrize("mode", ["RGB", "L", "CMYK"])
@pytest.mark.parametrize("progressive", [False, True])
def test_jpeg(mode: str, progressive: bool) -> None:
    picture = Image.fromarray(FLAG).convert(mode)
    data = saved(picture, "JPEG", quality=95, subsampling=0, progressive=progressive)
    got = decode(data, "flag.jpg")
    assert apart(got, np.array(picture.convert("RGB"))) < 4
    # What Pillow alone would make of the file, to the pixel.
    assert np.array_equal(got, np.array(Image.open(io.BytesIO(data)).convert("RGB")))


def test_jpeg_with_bytes_behind_it() -> None:
    data = saved(FLAG, "JPEG", quality=95, subsampling=0) + b"maker's note"
    assert apart(decode(data, "flag.jpg"), FLAG) < 4


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "TIFF"])
def test_exif_turns_the_picture_upright(orientation: int, kind: str) -> None:
    turns = {
        1: FLAG,
        2: FLAG[:, ::-1],
        3: FLAG[::-1, ::-1],
        4: FLAG[::-1],
        5: FLAG.transpose(1, 0, 2),
        6: np.rot90(FLAG, -1),
        7: FLAG[::-1, ::-1].transpose(1, 0, 2),
        8: np.rot90(FLAG, 1),
    }
    exif = Image.Exif()
    exif[0x0112] = orientation
    options = {"quality": 95, "subsampling": 0} if kind == "JPEG" else {}
    got = decode(saved(FLAG, kind, exif=exif, **options), "turned")
    assert apart(got, np.ascontiguousarray(turns[orientation])) < 4


# As in service, where this module silences Pillow; the suite makes every warning an error.
@pytest.mark.filterwarnings("ignore::UserWarning")
def test_damaged_exif_is_no_reason_to_refuse() -> None:
    data = saved(FLAG, "JPEG", quality=95, subsampling=0, exif=b"Exif\0\0II*\0\x08\0\0\0\xff\xff\1")
    assert apart(decode(data, "odd.jpg"), FLAG) < 4


@pytest.mark.parametrize("kind", ["PNG", "TIFF"])
def test_16_bit_grey_is_scaled(kind: str) -> None:
    values = np.array([[0, 257, 128 * 257, 65535, 1000]], np.uint16)
    got = decode(saved(values, kind), "deep")
    assert got[0].tolist() == [[v] * 3 for v in (0, 1, 128, 255, 4)]


def test_16_bit_colour() -> None:
    deep = np.dstack([np.full((4, 4), v, np.uint16) for v in (65535, 128 * 257, 0)])
    data = cv2.imencode(".png", cv2.cvtColor(deep, cv2.COLOR_RGB2BGR))[1].tobytes()
    assert (decode(data, "deep.png") == (255, 128, 0)).all()


def test_floats_are_stretched_over_their_range() -> None:
    values = np.array([[-1.0, 0.0, 1.0, np.nan, np.inf]], np.float32)
    assert decode(saved(values, "TIFF"), "f.tif")[0, :, 0].tolist() == [0, 128, 255, 128, 128]
    assert (decode(saved(np.full((3, 3), 7, np.float32), "TIFF"), "flat.tif") == 0).all()


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P"])
def test_transparency_lies_over_white(mode: str) -> None:
    rgba = np.zeros((2, 3, 4), np.uint8)
    rgba[:, 0, 3], rgba[:, 1, 3] = 255, 128
    picture, options = Image.fromarray(rgba).convert(mode), {}
    expected = [0, 127, 255]
    if mode == "P":
        picture = Image.new("P", (3, 2))
        picture.putpalette([0, 0, 0, 9, 9, 9])
        picture.putpixel((2, 0), 1)
        options, expected = {"transparency": 1}, [0, 0, 255]
    assert decode(saved(picture, "PNG", **options), "clear.png")[0, :, 0].tolist() == expected


def test_one_bit_and_palette() -> None:
    bits = Image.fromarray(FLAG).convert("1")
    assert set(np.unique(decode(saved(bits, "PNG"), "bits.png"))) == {0, 255}
    few = Image.fromarray(FLAG).quantize(8)
    assert np.array_equal(decode(saved(few, "PNG"), "few.png"), np.array(few.convert("RGB")))


@pytest.mark.parametrize("kind", ["GIF", "WEBP", "PNG"])
def test_of_an_animation_the_first_frame(kind: str) -> None:
    frames = [Image.new("RGB", (20, 10), shade) for shade in ("red", "lime", "blue")]
    options = {"lossless": True} if kind == "WEBP" else {}
    data = saved(frames[0], kind, save_all=True, append_images=frames[1:], duration=50, **options)
    assert (decode(data, "moving") == (255, 0, 0)).all()


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "GIF", "BMP", "TIFF", "WEBP"])
def test_one_pixel(kind: str) -> None:
    assert decode(saved(np.full((1, 1, 3), 255, np.uint8), kind), "dot").tolist() == [[[255] * 3]]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "^x: wanted a JPEG, PNG, WebP, GIF, BMP or TIFF picture, got an empty file.$"),
        (b"dear diary, " * 40, "got something else"),
        (b"\x89PNG\r\n\x1a\n", "^x: wanted a"),
        (b"\xff\xd8\xff\xe0", "^x: wanted a"),
        (saved(FLAG, "PPM"), "got something else"),
        (saved(FLAG, "PNG")[:-60], "wanted a whole picture, got a damaged one"),
        (saved(FLAG, "GIF")[:150], "wanted a whole picture, got a damaged one"),
        (saved(FLAG, "JPEG")[:-200], "wanted a whole picture, got a damaged one"),
        (saved(sample("cat"), "JPEG")[:9000], "wanted a whole picture, got a damaged one"),
        (png_header(30_000, 30_000), "at most 40 megapixels, got a header that declares far more"),
        (png_header(8000, 8000), "at most 40 megapixels"),
        (png_header(12_000, 12_000), "at most 40 megapixels"),
    ],
)
def test_what_is_refused_and_how(data: bytes, message: str) -> None:
    with pytest.raises(UploadError, match=message):
        decode(data, "x")


def test_opencv_is_not_asked_about_a_cut_jpeg(monkeypatch: pytest.MonkeyPatch) -> None:
    # Some of its versions fill the missing part with grey and say nothing.
    monkeypatch.setattr(images.cv2, "imdecode", lambda *_: FLAG)
    assert decode(saved(FLAG, "JPEG"), "whole.jpg") is FLAG
    with pytest.raises(UploadError, match="damaged"):
        decode(saved(FLAG, "JPEG")[:-200], "cut.jpg")


def test_limits_can_be_lowered_but_not_raised() -> None:
    data = saved(FLAG, "PNG")
    decode(data, "flag", max_pixels=48 * 64, max_bytes=len(data))
    with pytest.raises(UploadError, match="got 64 x 48 pixels"):
        decode(data, "flag", max_pixels=48 * 64 - 1)
    with pytest.raises(UploadError, match="flag: wanted at most .* MB, got 0.0 MB"):
        decode(data, "flag", max_bytes=len(data) - 1)
    for wrong in (0, images.MAX_PIXELS + 1):
        with pytest.raises(SettingError, match="max_pixels"):
            decode(data, "flag", max_pixels=wrong)


def test_a_bomb_is_refused_before_it_is_decoded(monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*_: object) -> None:
        raise AssertionError("decoded")

    monkeypatch.setattr(images, "_pixels", never)
    for side in (6400, 9000, 30_000):
        with pytest.raises(UploadError, match="megapixels"):
            decode(png_header(side, side), "bomb.png")


def test_nothing_is_written_to_stderr_for_a_bomb_or_odd_exif() -> None:
    # In a process of its own, where warnings have their usual effect.
    code = (
        "import sys; from core.datasets.images import decode; from core.errors import UploadError\n"
        "for data in map(bytes.fromhex, sys.argv[1:]):\n"
        "    try: decode(data, 'x')\n"
        "    except UploadError: pass\n"
    )
    odd = saved(FLAG, "JPEG", exif=b"Exif\0\0II*\0\x08\0\0\0\xff\xff\1")
    files = [png_header(8000, 8000), png_header(9000, 9000), png_header(30_000, 30_000), odd]
    ran = subprocess.run(
        [sys.executable, "-c", code, *(f.hex() for f in files)], capture_output=True, text=True
    )
    assert (ran.returncode, ran.stderr) == (0, "")


@settings(max_examples=150, deadline=None)
@given(
    kind=st.sampled_from(["JPEG", "PNG", "GIF", "BMP", "TIFF", "WEBP"]),
    cut=st.floats(0, 1),
    spots=st.lists(st.tuples(st.floats(0, 1), st.integers(0, 255)), max_size=6),
)
def test_damage_gives_a_picture_or_one_error(
    kind: str, cut: float, spots: list[tuple[float, int]]
) -> None:
    data = bytearray(saved(FLAG, kind))
    for place, value in spots:
        data[min(int(place * len(data)), len(data) - 1)] = value
    try:
        image = decode(bytes(data[: max(1, round(cut * len(data)))]), "hurt")
    except UploadError:
        return
    assert image.dtype == np.uint8 and image.ndim == 3 and image.shape[2] == 3


def test_threads_do_not_disturb_each_other() -> None:
    good, bad = saved(FLAG, "PNG"), png_header(9000, 9000)
    wrong: list[str] = []

    def work() -> None:
        for _ in range(20):
            if not np.array_equal(decode(good, "flag"), FLAG):
                wrong.append("pixels")
            try:
                decode(bad, "bomb")
                wrong.append("bomb")
            except UploadError:
                pass

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


@given(height=st.integers(1, 300), width=st.integers(1, 300), longest=st.integers(1, 320))
@settings(max_examples=60, deadline=None)
def test_shrink(height: int, width: int, longest: int) -> None:
    image = np.full((height, width, 3), 77, np.uint8)
    small = shrink(image, longest)
    assert (small == 77).all()
    if longest >= max(height, width):
        assert small is image
    else:
        assert max(small.shape[:2]) == longest
        ratio = longest / max(height, width)
        assert abs(small.shape[0] - max(1, height * ratio)) <= 0.51
        assert abs(small.shape[1] - max(1, width * ratio)) <= 0.51


def test_shrink_wants_a_pixel() -> None:
    with pytest.raises(SettingError, match="longest"):
        shrink(FLAG, 0)
