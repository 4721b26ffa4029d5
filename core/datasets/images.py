"""Photographs: those carried by installed packages, and whatever a visitor uploads.

Uploads are hostile until shown otherwise. Their size in bytes is bounded, then their size in
pixels is read from the header, and only then are they decoded: 18 KB of PNG can declare more
pixels than the machine has memory for.

    image : (h, w, 3) uint8 RGB, C-contiguous, everywhere in Vitrine

Importing this module tightens two settings of the process, once, because changing them around
each call would not be safe between threads: Pillow refuses what declares more than MAX_PIXELS,
and Pillow's warnings about odd metadata are silenced.
"""

from __future__ import annotations

import importlib.util
import io
import struct
import warnings
import zlib
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

# WebP and TIFF are registered here rather than by Image.open's lazy search of all plugins.
from PIL import Image, ImageOps, TiffImagePlugin, WebPImagePlugin  # noqa: F401

from core.errors import SettingError, UnavailableError, UploadError, require

MAX_PIXELS = 40_000_000
MAX_BYTES = 25 * 2**20
FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF")
EXIF_ORIENTATION = 0x0112

Image.MAX_IMAGE_PIXELS = MAX_PIXELS
warnings.filterwarnings("error", category=Image.DecompressionBombWarning)
warnings.filterwarnings("ignore", category=UserWarning, module=r"PIL\.")

# What Pillow's readers raise on damaged files; UserWarning where warnings are made errors.
DAMAGED = (
    OSError,
    SyntaxError,
    ValueError,
    EOFError,
    LookupError,
    TypeError,
    OverflowError,
    MemoryError,
    struct.error,
    zlib.error,
    UserWarning,
)
BOMB = (Image.DecompressionBombError, Image.DecompressionBombWarning)


@dataclass(frozen=True)
class Sample:
    """Where a bundled photograph lies (`package`/`path`), what it shows and whose it is."""

    title: str
    package: str
    path: str
    credit: str


SAMPLES = {
    "astronaut": Sample(
        "Astronaut Eileen Collins", "skimage", "data/astronaut.png", "NASA, public domain"
    ),
    "cat": Sample("Chelsea the cat", "skimage", "data/chelsea.png", "Stefan van der Walt, CC0"),
    "coffee": Sample("A cup of coffee", "skimage", "data/coffee.png", "Rachel Michetti, CC0"),
    "motorcycle": Sample(
        "A motorcycle in a garage",
        "skimage",
        "data/motorcycle_left.png",
        "Middlebury 2014 stereo benchmark (D. Scharstein et al.)",
    ),
    "rocket": Sample("Falcon 9 lifting off", "skimage", "data/rocket.jpg", "SpaceX, public domain"),
    "china": Sample(
        "A temple in China",
        "sklearn",
        "datasets/images/china.jpg",
        "danielbuechele on Flickr, CC BY 2.0",
    ),
    "flower": Sample(
        "A dahlia", "sklearn", "datasets/images/flower.jpg", "vultilion on Flickr, CC BY 2.0"
    ),
    "camera": Sample("A photographer (grey)", "skimage", "data/camera.png", "Lav Varshney, CC0"),
    "coins": Sample(
        "Greek coins (grey)",
        "skimage",
        "data/coins.png",
        "Brooklyn Museum, no known copyright restrictions",
    ),
    "brick": Sample("A brick wall (grey)", "skimage", "data/brick.png", "CC0Textures, CC0"),
    "grass": Sample("Grass (grey)", "skimage", "data/grass.png", "linolafett on DeviantArt, CC0"),
    "gravel": Sample("Gravel (grey)", "skimage", "data/gravel.png", "CC0Textures, CC0"),
    "moon": Sample(
        "The moon's surface (grey)", "skimage", "data/moon.png", "carried by scikit-image"
    ),
    "hubble": Sample(
        "Hubble deep field", "skimage", "data/hubble_deep_field.jpg", "NASA, public domain"
    ),
    "retina": Sample("A retina", "skimage", "data/retina.jpg", "Mikael Häggström, CC0"),
    "ihc": Sample(
        "Stained tissue",
        "skimage",
        "data/ihc.png",
        "CMMI, no known copyright restrictions",
    ),
}


def sample(name: str, *, halve: bool = False) -> np.ndarray:
    """The bundled photograph `name` as (h, w, 3) uint8 RGB; grey ones have three equal channels.

    `halve` averages blocks of 2 x 2 pixels, so that filters do not learn the blocks of JPEG.
    Raises SettingError for a name not in SAMPLES, UnavailableError where its package is absent.
    """
    file, data = contents(name)
    image = decode(data, file)
    height, width = image.shape[:2]
    if not halve:
        return image
    return cv2.resize(image, (width // 2, height // 2), interpolation=cv2.INTER_AREA)


def contents(name: str) -> tuple[str, bytes]:
    """File name and contents of the bundled photograph `name`. Raises as `sample` does."""
    if name not in SAMPLES:
        raise SettingError("sample", wanted=f"one of {', '.join(SAMPLES)}", given=name)
    found = SAMPLES[name]
    # Only the folder is wanted: find_spec does not import (importlib.resources.files would, and
    # importing scikit-learn takes two seconds).
    spec = importlib.util.find_spec(found.package)
    folders = spec.submodule_search_locations if spec else None
    path = Path(folders[0]) / found.path if folders else None
    if path is None or not path.is_file():
        raise UnavailableError(f"{found.title}: {found.package} does not carry {found.path} here.")
    return path.name, path.read_bytes()


def decode(
    data: bytes, name: str, *, max_pixels: int = MAX_PIXELS, max_bytes: int = MAX_BYTES
) -> np.ndarray:
    """The picture in the file contents `data` as (h, w, 3) uint8 RGB.

    Turned upright by its EXIF tag; transparency lies over white; of an animation the first
    frame; 16 bits a channel are scaled to 8. `name` is what the visitor calls the file.
    Raises UploadError for anything that is not a whole JPEG, PNG, WebP, GIF, BMP or TIFF picture
    of at most `max_bytes` and `max_pixels`.
    """
    require(
        1 <= max_pixels <= MAX_PIXELS, "max_pixels", wanted=f"1 to {MAX_PIXELS}", given=max_pixels
    )
    if len(data) > max_bytes:
        wanted, given = f"at most {max_bytes / 2**20:.3g} MB", f"{len(data) / 2**20:.1f} MB"
        raise UploadError(name, wanted=wanted, given=given)
    wanted = "a JPEG, PNG, WebP, GIF, BMP or TIFF picture"
    if not data:
        raise UploadError(name, wanted=wanted, given="an empty file")
    few = f"at most {max_pixels / 1e6:.3g} megapixels"
    try:
        with Image.open(io.BytesIO(data), formats=FORMATS) as picture:
            width, height = picture.size
            if width * height > max_pixels:
                raise UploadError(name, wanted=few, given=f"{width} x {height} pixels")
            return _pixels(picture, data)
    except BOMB as error:
        raise UploadError(name, wanted=few, given="a header that declares far more") from error
    except Image.UnidentifiedImageError as error:
        raise UploadError(name, wanted=wanted, given="something else") from error
    except DAMAGED as error:
        raise UploadError(name, wanted="a whole picture", given="a damaged one") from error


def shrink(image: np.ndarray, longest: int) -> np.ndarray:
    """`image` made small enough that neither side exceeds `longest` pixels; never enlarged."""
    require(longest >= 1, "longest", wanted="at least 1 pixel", given=longest)
    height, width = image.shape[:2]
    scale = longest / max(height, width)
    if scale >= 1:
        return image
    size = max(1, round(width * scale)), max(1, round(height * scale))
    return cv2.resize(image, size, interpolation=cv2.INTER_AREA)


def _pixels(picture: Image.Image, data: bytes) -> np.ndarray:
    if picture.format in ("JPEG", "MPO"):
        plain = picture.mode in ("RGB", "L") and _orientation(picture) == 1
        # Versions of OpenCV fill what a truncated file lacks with grey, so ask for the end mark.
        if plain and data.endswith(b"\xff\xd9"):
            # Same library and same pixels as Pillow, in a third of the time.
            flags = cv2.IMREAD_COLOR_RGB | cv2.IMREAD_IGNORE_ORIENTATION
            image = cv2.imdecode(np.frombuffer(data, np.uint8), flags)
            if image is not None and image.shape[1::-1] == picture.size:
                return image
    picture.load()
    if _orientation(picture) != 1:
        picture = ImageOps.exif_transpose(picture)
    if picture.mode.startswith(("I", "F")):
        return np.repeat(_to_bytes(picture)[:, :, None], 3, axis=2)
    if picture.has_transparency_data:
        ink = picture.convert("RGBA")
        picture = Image.alpha_composite(Image.new("RGBA", ink.size, "white"), ink)
    return np.array(picture.convert("RGB"))


def _orientation(picture: Image.Image) -> int:
    """The EXIF orientation, 1 (upright) where there is none or it can't be read."""
    try:
        value = picture.getexif().get(EXIF_ORIENTATION, 1)
    except DAMAGED:
        return 1
    return value if value in range(1, 9) else 1


def _to_bytes(picture: Image.Image) -> np.ndarray:
    """Grey of 16 bits by its full scale; whole numbers of 32 bits and floats by their own range."""
    values = np.nan_to_num(np.asarray(picture).astype(np.float64), posinf=0.0, neginf=0.0)
    if picture.mode.startswith("I;16"):
        low, high = 0.0, 65535.0
    else:
        low, high = float(values.min()), float(values.max())
    scaled = (values - low) * (255.0 / (high - low if high > low else 1.0))
    return np.rint(scaled).astype(np.uint8)
