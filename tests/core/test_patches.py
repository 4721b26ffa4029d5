"""Patches are the image's own pixels, from every place alike."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
import torch

from core.errors import SettingError
from core.features.patches import channels, extract
from core.rng import stream


def coded(h: int, w: int, base: int = 0) -> np.ndarray:
    """A colour image whose pixels tell where they are: (row, column, base)."""
    rows, columns = np.mgrid[:h, :w]
    return np.stack([rows, columns, np.full((h, w), base)], axis=2).astype(np.uint8)


def test_every_patch_is_where_its_corner_says():
    images = [coded(9, 14, base=0), coded(7, 20, base=1)]
    out = extract(images, 6, 3000, False, generator=stream(0))
    assert out.shape == (3000, 108) and out.dtype == torch.float32
    cubes = out.numpy().reshape(-1, 6, 6, 3)
    for cube in cubes:
        row, column, base = cube[0, 0].astype(int)
        np.testing.assert_array_equal(
            cube, images[base][row : row + 6, column : column + 6].astype(np.float32)
        )


def test_all_places_of_all_images_are_equally_likely():
    images = [coded(9, 14, base=0), coded(7, 20, base=1)]  # 4 x 9 and 2 x 15 places
    out = extract(images, 6, 66_000, False, generator=stream(0)).numpy().reshape(-1, 6, 6, 3)
    _, counts = np.unique(out[:, 0, 0], axis=0, return_counts=True)
    assert len(counts) == 66
    # Mean 1000, standard deviation 31.4: 5 of them on either side.
    assert counts.min() > 840 and counts.max() < 1160


def test_images_are_mixed_and_not_in_order():
    images = [coded(12, 12, base=0), coded(12, 12, base=1)]
    source = extract(images, 6, 400, False, generator=stream(0))[:, 2]
    assert 80 < int((source[1:] != source[:-1]).sum()) < 320


def test_grey_is_luma_and_colour_of_a_grey_image_is_three_times_itself():
    rng = np.random.default_rng(0)
    colour = rng.integers(0, 256, (6, 6, 3), dtype=np.uint8)
    grey = extract([colour], 6, 1, True, generator=stream(0)).numpy().reshape(6, 6)
    luma = colour @ np.array([0.299, 0.587, 0.114])
    assert np.abs(grey - luma).max() <= 0.51
    assert np.array_equal(grey, cv2.cvtColor(colour, cv2.COLOR_RGB2GRAY))
    flat = colour[:, :, 0]
    assert np.array_equal(
        extract([flat], 6, 1, True, generator=stream(0)).numpy().reshape(6, 6), flat
    )
    assert np.array_equal(channels(flat, False), np.stack([flat] * 3, axis=2))


def test_images_smaller_than_the_patch_are_passed_over():
    images = [coded(5, 30, base=0), coded(8, 8, base=1), coded(30, 7, base=2)]
    out = extract(images, 8, 50, False, generator=stream(0))
    assert set(out[:, 2].tolist()) == {1.0}


def test_patch_larger_than_every_image_is_refused():
    with pytest.raises(SettingError) as caught:
        extract([coded(5, 30), coded(9, 7)], 8, 10, True, generator=stream(0))
    assert str(caught.value) == (
        "patch size: wanted at most 7, the shorter side of the largest image, got 8."
    )


@pytest.mark.parametrize(
    ("images", "n", "setting"),
    [
        ([], 5, "images"),
        ([coded(9, 9)], 0, "patches"),
        ([coded(9, 9).astype(float)], 5, "image"),
        ([np.zeros((9, 9, 4), np.uint8)], 5, "image"),
        ([np.zeros((0, 9), np.uint8)], 5, "image"),
    ],
)
def test_what_is_no_image_is_refused(images, n, setting):
    with pytest.raises(SettingError) as caught:
        extract(images, 6, n, True, generator=stream(0))
    assert caught.value.setting == setting


def test_input_is_not_touched_and_not_shared():
    image = coded(10, 10)
    before = image.copy()
    extract([image], 6, 5, False, generator=stream(0)).fill_(-1)
    assert np.array_equal(image, before)
