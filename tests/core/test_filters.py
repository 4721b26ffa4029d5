"""From photographs to filters: each stage against its own formula, responses against an unfold."""

from __future__ import annotations

import io
import tarfile
from pathlib import Path

import cv2
import numpy as np
import pytest
import torch

from core.device import to_host
from core.errors import SettingError
from core.features import filters, patches, spherical_kmeans, whitening
from core.features.filters import Config, Prepared, learn, response, strongest, tiles, work
from core.rng import stream

PHOTOGRAPHS = Path(__file__).parents[3] / "shared/data/images/bsds500_test40.tar.xz"


def picture(h: int, w: int, seed: int = 0) -> np.ndarray:
    """Smooth colour noise with a flat corner."""
    noise = np.random.default_rng(seed).integers(0, 256, (h, w, 3), dtype=np.uint8)
    smooth = cv2.GaussianBlur(noise, (0, 0), 1.5).astype(float)
    out = np.clip((smooth - 127) * 4 + 127, 0, 255).astype(np.uint8)
    out[: h // 3, : w // 3] = 90
    return out


def plain_response(image: np.ndarray, w: np.ndarray, config: Config) -> np.ndarray:
    """w^T of every normalised patch, patch by patch, float64."""
    plane = patches.channels(image, config.grey).astype(float)
    s = config.size
    rows, columns = plane.shape[0] - s + 1, plane.shape[1] - s + 1
    out = np.zeros((rows, columns))
    for r in range(rows):
        for c in range(columns):
            p = plane[r : r + s, c : c + s].ravel()
            scale = np.sqrt(p.var() + config.eps_norm)
            if scale > 0:
                out[r, c] = w @ ((p - p.mean()) / scale)
    return out


@pytest.mark.parametrize("grey", [True, False])
@pytest.mark.parametrize("size", [6, 9, 16])
@pytest.mark.parametrize("eps_norm", [0.0, 10.0])
def test_response_is_the_plain_one(grey, size, eps_norm):
    config = Config(grey=grey, size=size, eps_norm=eps_norm)
    w = np.random.default_rng(1).standard_normal(config.d) + 0.5
    image = picture(40, 33)
    given, wanted = response(image, w, config), plain_response(image, w, config)
    assert given.dtype == np.float32 and given.shape == wanted.shape == (41 - size, 34 - size)
    np.testing.assert_allclose(given, wanted, atol=2e-4 * np.abs(wanted).max())


def test_response_is_what_learning_saw():
    image, config = picture(30, 30), Config(n=1000, k=5, sweeps=1)
    prepared, *_, last = learn([image], config, generator=stream(0))
    w = filters.kernel(*to_host((prepared, last)), 2)
    np.testing.assert_allclose(w, prepared.matrix @ last.D[2], rtol=1e-5, atol=1e-6)
    seen = (prepared.whitened @ last.D[2]).numpy()
    everywhere = np.sort(response(image, w, config).ravel())
    nearest = everywhere[np.searchsorted(everywhere, seen).clip(1, len(everywhere) - 1)]
    below = everywhere[np.searchsorted(everywhere, seen).clip(1, len(everywhere) - 1) - 1]
    assert np.minimum(np.abs(nearest - seen), np.abs(below - seen)).max() < 1e-3


def test_strongest_are_greedy_apart_and_real():
    config = Config(grey=False, size=6)
    w = np.random.default_rng(1).standard_normal(config.d)
    images = [picture(40, 33), picture(5, 50), picture(24, 28, seed=2)]
    found = strongest(images, w, config)
    maps = {i: plain_response(images[i], w, config) for i in (0, 2)}
    for step, one in enumerate(found):
        free = {i: np.abs(m) for i, m in maps.items()}
        for other in found[:step]:
            m = free[other.image]
            for r in range(m.shape[0]):
                for c in range(m.shape[1]):
                    if abs(r - other.row) < 6 and abs(c - other.column) < 6:
                        m[r, c] = -1
        assert abs(one.response) == pytest.approx(max(m.max() for m in free.values()), rel=1e-4)
        assert one.response == pytest.approx(maps[one.image][one.row, one.column], rel=1e-4)
        cut = images[one.image][one.row : one.row + 6, one.column : one.column + 6]
        assert np.array_equal(one.patch, cut)
    assert len(found) == 16 and {one.image for one in found} == {0, 2}
    assert min(one.response for one in found) < 0 < max(one.response for one in found)


def test_strongest_stops_where_no_patch_is_left():
    config = Config(size=6)
    found = strongest([picture(12, 11)], np.ones(36) * np.arange(36), config, count=9)
    assert 1 <= len(found) <= 4
    assert strongest([picture(6, 6)], np.arange(36.0), config)[0].patch.shape == (6, 6, 1)


def test_strongest_patches_are_copies():
    image = picture(20, 20)
    before = image.copy()
    strongest([image], np.arange(108.0), Config(grey=False, size=6))[0].patch[:] = 0
    assert np.array_equal(image, before)


def test_every_stage_is_its_own_formula():
    images, config = [picture(60, 50), picture(40, 80, seed=3)], Config(n=3000, k=20, sweeps=2)
    prepared, *steps = learn(images, config, generator=stream(5))
    assert isinstance(prepared, Prepared)
    raw = prepared.raw
    assert raw.shape == (100, 64) and float(raw.max()) > 200
    torch.testing.assert_close(prepared.normalised, whitening.normalise(raw, 10.0))
    torch.testing.assert_close(prepared.whitened, prepared.normalised @ prepared.matrix)
    # The same patches once more, by hand.
    seed = int(torch.randint(2**62, (), generator=stream(5)))
    x = patches.extract(images, 8, 3000, True, generator=stream(seed, "patches"))
    assert torch.equal(x[:100], raw)
    z = whitening.normalise(x, 10.0)
    before = np.cov(z.double().numpy(), rowvar=False)
    np.testing.assert_allclose(prepared.covariance_before.numpy(), before, atol=1e-6)
    white = (z.double() @ prepared.matrix.double()).numpy()
    after = np.cov(white, rowvar=False)
    np.testing.assert_allclose(prepared.covariance_after.numpy(), after, atol=1e-4)
    np.testing.assert_allclose(prepared.eigenvalues.numpy(), np.linalg.eigvalsh(before), atol=1e-5)
    assert prepared.sd == pytest.approx(float(z.double().var(1, correction=0).mean()) ** 0.5)
    wanted = spherical_kmeans.learn(
        whitening.apply(z, whitening.fit(z, 0.1)),
        spherical_kmeans.Config(k=20, sweeps=2),
        generator=stream(seed, "dictionary"),
    )
    for given, other in zip(steps, wanted, strict=True):
        assert torch.equal(given.D, other.D) and given.distortion == other.distortion


def test_more_patches_do_not_change_the_start():
    starts = []
    for n in (1000, 2000):
        _, first, *_ = learn([picture(40, 40)], Config(n=n, sweeps=1), generator=stream(0))
        starts.append(first.D)
    assert torch.equal(*starts)


def test_without_whitening():
    config = Config(n=1000, k=4, eps_zca=None, sweeps=1)
    prepared, *_ = learn([picture(40, 40)], config, generator=stream(0))
    assert torch.equal(prepared.matrix, torch.eye(64))
    assert torch.equal(prepared.whitened, prepared.normalised)
    assert torch.equal(prepared.covariance_before, prepared.covariance_after)


@pytest.mark.parametrize("eps_norm", [0.0, 10.0])
def test_constant_images_give_finite_steps(eps_norm):
    image = np.full((30, 30), 200, np.uint8)
    config = Config(n=1000, k=10, eps_norm=eps_norm, sweeps=2)
    prepared, *steps = learn([image], config, generator=stream(0))
    assert bool(prepared.whitened.isfinite().all()) and prepared.sd == pytest.approx(0, abs=1e-4)
    assert all(bool(step.D.isfinite().all()) for step in steps)


def test_tiles():
    D = np.zeros((3, 36))
    D[0, 0], D[0, 1] = 2, -1
    D[1] = -0.25
    out = tiles(torch.from_numpy(D), Config(size=6))
    assert out.shape == (3, 6, 6, 1) and out.dtype == np.uint8
    assert out[0, 0, :3, 0].tolist() == [255, 64, 128]
    assert (out[1] == 0).all() and (out[2] == 128).all()
    colour = tiles(np.arange(108.0)[None] - 50, Config(size=6, grey=False))
    assert colour.shape == (1, 6, 6, 3) and colour[0, 0, 0].tolist() == [16, 18, 20]


def test_work_counts_multiply_adds():
    # 1000 patches of 36: covariance and map 2 * 36^2 each, then 3 sweeps of 7 products of 36.
    given = work(Config(size=6, n=1000, k=7, sweeps=3))
    assert given == 1000 * (2 * 36**2 + 3 * 7 * 36)
    assert work(Config(grey=False)) > 2 * work(Config())


@pytest.mark.parametrize(
    ("setting", "settings"),
    [
        ("grey", {"grey": 1}),
        ("patch size", {"size": 5}),
        ("patch size", {"size": 17}),
        ("patch size", {"size": 8.0}),
        ("patches", {"n": 999}),
        ("patches", {"n": 400_001}),
        ("patches", {"n": float("nan")}),
        ("K", {"k": 0}),
        ("K", {"k": 1025}),
        ("K", {"n": 1000, "k": 1001}),
        ("sweeps", {"sweeps": 0}),
        ("sweeps", {"sweeps": 101}),
        ("sweeps", {"sweeps": True}),
        ("eps_norm", {"eps_norm": -1.0}),
        ("eps_norm", {"eps_norm": float("nan")}),
        ("eps_norm", {"eps_norm": float("inf")}),
        ("eps_zca", {"eps_zca": 0.0}),
        ("eps_zca", {"eps_zca": float("nan")}),
    ],
)
def test_config_checks_itself(setting, settings):
    with pytest.raises(SettingError) as caught:
        Config(**settings)
    assert caught.value.setting == setting


@pytest.mark.parametrize("settings", [{"size": 6}, {"size": 16}, {"n": 1000, "k": 1000}])
def test_the_ends_of_each_range_are_allowed(settings):
    assert Config(**settings).d == Config(**settings).size ** 2


def test_images_too_small_are_refused_everywhere():
    small, config = picture(7, 30), Config()
    w = np.zeros(64)
    for call in (
        lambda: next(learn([small], config, generator=stream(0))),
        lambda: response(small, w, config),
        lambda: strongest([small], w, config),
    ):
        with pytest.raises(SettingError, match="patch size: wanted at most 7"):
            call()
    with pytest.raises(SettingError, match="images: wanted at least one"):
        strongest([], w, config)
    with pytest.raises(SettingError, match="count: wanted at least 1"):
        strongest([picture(9, 9)], w, config, count=0)


@pytest.mark.skipif(not PHOTOGRAPHS.exists(), reason="BSDS photographs are not beside the project")
def test_real_photographs_give_gabors():
    from tests.oracles import gabor

    images = []
    with tarfile.open(PHOTOGRAPHS) as archive:
        for member in archive:
            if member.isfile() and member.name.endswith(".jpg") and len(images) < 12:
                data = archive.extractfile(member)
                assert data is not None
                full = cv2.imdecode(np.frombuffer(io.BytesIO(data.read()).getvalue(), np.uint8), 1)
                half = cv2.resize(full, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
                images.append(np.ascontiguousarray(half[:, :, ::-1]))
    assert len(images) == 12
    prepared, *_, last = learn(images, Config(n=20_000), generator=stream(0))
    assert 0.5 < prepared.sd < 1.1
    assert np.median(gabor.scores(last.D.numpy(), 8)) > 0.6
    strong = filters.strongest(images, (prepared.matrix @ last.D[0]).numpy(), Config())
    assert len({one.image for one in strong}) > 3


def test_raw_patches_are_shown_as_they_were_cut():
    image, config = picture(30, 30), Config(n=1000, k=5, sweeps=1, grey=False)
    prepared, *_, last = learn([image], config, generator=stream(0))
    shown = filters.pixels(prepared.raw[:7], config)
    assert shown.shape == (7, 8, 8, 3) and shown.dtype == np.uint8
    windows = np.lib.stride_tricks.sliding_window_view(image, (8, 8, 3)).reshape(-1, 8, 8, 3)
    assert all((windows == patch).all(axis=(1, 2, 3)).any() for patch in shown)
    assert filters.busiest(last) == int(np.bincount(np.repeat(np.arange(5), last.counts)).argmax())
