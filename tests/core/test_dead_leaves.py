"""Dead leaves: the scene is what its formula says, and clean filters grow from it."""

from __future__ import annotations

import numpy as np
import pytest

from core.datasets.dead_leaves import scene
from core.errors import SettingError
from core.features import filters
from core.rng import stream
from tests.oracles import gabor


def quality(image: np.ndarray, **settings: float) -> tuple[float, float]:
    """Median R^2 of 100 filters against Gabors, and the sd of the normalised patches."""
    config = filters.Config(n=20_000, k=100, **settings)
    first, *_, last = filters.learn([image], config, generator=stream(0, "quality"))
    return float(np.median(gabor.scores(last.D.numpy(), config.size))), first.sd


def pink(seed: int) -> np.ndarray:
    """Noise with the spectrum of photographs (1 / f) and no edges."""
    noise = np.fft.fft2(np.random.default_rng(seed).standard_normal((256, 256)))
    frequency = np.hypot(np.fft.fftfreq(256)[:, None], np.fft.fftfreq(256))
    frequency[0, 0] = 1
    field = np.fft.ifft2(noise / frequency).real
    return np.clip(field / field.std() * 50 + 128, 0, 255).astype(np.uint8)


def test_filters_of_dead_leaves_are_gabors_and_those_of_pink_noise_are_not():
    leaves, sd = quality(scene(generator=stream(1)))
    assert leaves > 0.7  # 0.85 when written
    # The score alone would also be high for pixels of 0..1 with eps_norm 10.
    assert 0.8 < sd < 1.1
    assert quality(pink(0))[0] < 0.4  # 0.25 when written


def test_the_score_alone_is_no_test():
    """Dark pixels beside eps_norm 10: filters still look good, the patches are near nothing."""
    dim = (scene(generator=stream(1)) // 64).astype(np.uint8)
    assert quality(dim)[1] < 0.5


def test_a_gabor_scores_one_and_noise_little():
    y, x = np.mgrid[:8, :8] - 3.5
    wave = np.exp(-(x**2 + y**2) / 3.4) * np.cos(2 * np.pi * x / 3.5 + 0.4)
    noise = np.random.default_rng(0).standard_normal((50, 64))
    assert gabor.scores(wave.reshape(1, -1), 8)[0] > 0.98
    assert np.median(gabor.scores(noise, 8)) < 0.3


def test_scene_is_grey_or_coloured_bytes_of_the_size_asked():
    grey = scene(generator=stream(0), height=70, width=90)
    assert grey.shape == (70, 90, 3) and grey.dtype == np.uint8
    assert (grey[..., 0] == grey[..., 1]).all() and (grey[..., 0] == grey[..., 2]).all()
    colour = scene(generator=stream(0), height=70, width=90, colour=True)
    assert colour.shape == (70, 90, 3) and (colour[..., 0] != colour[..., 1]).mean() > 0.9
    assert scene(generator=stream(0), height=1, width=1).shape == (1, 1, 3)


def test_same_stream_same_scene():
    a, b, c = (scene(generator=stream(s), height=64, width=64) for s in (1, 1, 2))
    assert np.array_equal(a, b) and not np.array_equal(a, c)


def test_sizes_follow_the_power_law():
    """Scale invariance: shrunk by two, the scene has as much contrast between neighbours."""
    wide = scene(generator=stream(3), height=512, width=512, smallest=1, largest=128)[..., 0]

    def change(step: int) -> float:
        return float(np.abs(wide[:, step:].astype(float) - wide[:, :-step]).mean())

    steps = np.array([change(s) for s in (4, 8, 16, 32)])
    # The chance that two points share a disc falls with the logarithm of their distance.
    assert (np.diff(steps) > 0).all()
    assert np.diff(steps).max() < 2.5 * np.diff(steps).min()
    # Greys are uniform: sd 256 / sqrt(12) = 74, mean 128.
    assert wide.std() == pytest.approx(74, abs=10) and wide.mean() == pytest.approx(128, abs=20)


def test_no_corner_is_left_bare():
    """Discs reach in from outside on every side, eight deep on average."""
    scenes = [
        scene(generator=stream(seed), height=5, width=5, smallest=8, largest=16)
        for seed in range(100)
    ]
    for row, column in ((0, 0), (0, -1), (-1, 0), (-1, -1)):
        # 128 is the ground, and one grey in 256.
        assert sum(int(one[row, column, 0] == 128) for one in scenes) <= 4


@pytest.mark.parametrize(
    ("setting", "settings"),
    [
        ("sides", {"height": 0}),
        ("radii", {"smallest": 5.0, "largest": 5.0}),
        ("radii", {"smallest": 0.1}),
        ("radii", {"largest": float("inf")}),
        ("radii", {"smallest": float("nan")}),
    ],
)
def test_impossible_scenes_are_refused(setting, settings):
    with pytest.raises(SettingError) as caught:
        scene(generator=stream(0), **settings)
    assert caught.value.setting == setting
