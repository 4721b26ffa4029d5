"""Spherical K-means beside faiss, the bare matrix products and plain torch, in one run.

100,000 whitened colour patches of 6 x 6 (108 numbers), 10 sweeps, K = 256 and 1600. Goals: at
most 1.0x of faiss, 1.6x of the bare products, projection no worse than plain torch's.

    python -m tests.bench.bench_spherical_kmeans [threads ...]

Contestants take turns, the best of ROUNDS counts. On one thread that is processor time, which a
busy machine falsifies least; on more it is wall time.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from functools import cache

import faiss
import numpy as np
import torch
from torch import Tensor

from core.datasets import dead_leaves
from core.features import patches, spherical_kmeans, whitening
from core.features.spherical_kmeans import Config
from core.rng import stream

N, SWEEPS, SIZES, ROUNDS = 100_000, 10, (256, 1600), 3


@cache
def data() -> Tensor:
    """Whitened patches (100000, 108) of a coloured scene."""
    image = dead_leaves.scene(generator=stream(0, "scene"), height=512, width=512, colour=True)
    raw = patches.extract([image], 6, N, False, generator=stream(0, "patches"))
    normalised = whitening.normalise(raw, 10.0)
    return whitening.apply(normalised, whitening.fit(normalised, 0.1)).contiguous()


def start(k: int) -> Tensor:
    D = torch.randn(k, data().shape[1], generator=stream(0, "start"))
    return D / torch.linalg.vector_norm(D, dim=1, keepdim=True)


def time_learn(k: int) -> float:
    """The learner; returns its projection."""
    *_, last = spherical_kmeans.learn(
        data(), Config(k=k, sweeps=SWEEPS), generator=stream(0, "start")
    )
    return last.projection


def time_faiss(k: int) -> float:
    """faiss, without subsampling. It assigns unsigned: no projection to compare."""
    x = data()
    means = faiss.Kmeans(
        x.shape[1],
        k,
        niter=SWEEPS,
        spherical=True,
        seed=1,
        min_points_per_centroid=1,
        max_points_per_centroid=len(x),
    )
    means.train(x.numpy())
    return float("nan")


def time_plain(k: int) -> float:
    """The equations in plain torch, a line each; returns the last projection."""
    x, D = data(), start(k)
    draws = stream(0, "start")
    torch.randn(k, x.shape[1], generator=draws)
    projection = 0.0
    for _ in range(SWEEPS):
        scores = x @ D.T
        j = scores.abs().max(dim=1).indices
        s = scores.gather(1, j[:, None])
        projection = float(s.double().square().mean())
        D = torch.zeros_like(D).index_add_(0, j, x * s) + D
        D = D / torch.linalg.vector_norm(D, dim=1, keepdim=True)
        idle = torch.nonzero(torch.bincount(j, minlength=k) == 0)[:, 0]
        if len(idle):
            D = spherical_kmeans.restart(x, D, idle, generator=draws)
    return projection


def bare(k: int, rows: int, *, turned: bool, precision: str = "highest") -> float:
    """X D^T alone, SWEEPS times, `rows` at a time into one preallocated block."""
    x, D = data(), start(k)
    columns = D.T.contiguous() if turned else D.T
    out = torch.empty(rows, k)
    before = torch.get_float32_matmul_precision()
    torch.set_float32_matmul_precision(precision)
    for _ in range(SWEEPS):
        for begin in range(0, N, rows):
            part = x[begin : begin + rows]
            torch.mm(part, columns, out=out[: len(part)])
    torch.set_float32_matmul_precision(before)
    return float("nan")


def bares(k: int) -> dict[str, Callable[[], float]]:
    """Bare products in several manners; the fastest is the floor."""
    return {
        f"bare, {rows} rows{', D^T laid out' if turned else ''}{label}": (
            lambda r=rows, t=turned, p=precision: bare(k, r, turned=t, precision=p)
        )
        for rows in (1024, 4096)
        for turned in (False, True)
        for precision, label in (("highest", ""), ("medium", ", 'medium'"))
    }


def track_projection(k: int) -> tuple[float, float]:
    """Mean squared best projection in the last sweep: the learner's and plain torch's."""
    return time_learn(k), time_plain(k)


def track_medium_error() -> float:
    """Largest relative error of one product at 'medium' precision, against float64."""
    x, D = data()[:4096], start(256)
    exact = x.double() @ D.double().T
    before = torch.get_float32_matmul_precision()
    torch.set_float32_matmul_precision("medium")
    given = x @ D.T
    torch.set_float32_matmul_precision(before)
    return float((given - exact).norm() / exact.norm())


def compare(k: int, threads: int) -> None:
    torch.set_num_threads(threads)
    faiss.omp_set_num_threads(threads)
    clock = time.process_time if threads == 1 else time.perf_counter
    contest = {
        "learn": lambda: time_learn(k),
        "faiss": lambda: time_faiss(k),
        "plain torch": lambda: time_plain(k),
        **bares(k),
    }
    best = dict.fromkeys(contest, np.inf)
    projection = dict.fromkeys(contest, np.nan)
    for _ in range(ROUNDS):
        for name, run in contest.items():
            began = clock()
            projection[name] = run()
            best[name] = min(best[name], clock() - began)
    unit = "CPU s" if threads == 1 else "s"
    print(f"\nK = {k}, {threads} thread(s)         best, {unit}   learn is   projection")
    for name, seconds in sorted(best.items(), key=lambda item: item[1]):
        ratio = best["learn"] / seconds
        found = f"{projection[name]:10.5f}" if np.isfinite(projection[name]) else ""
        print(f"{name:38} {seconds:8.3f}   {ratio:6.2f} x   {found}")
    exact = min(s for n, s in best.items() if n.startswith("bare") and not n.endswith("'medium'"))
    fastest = min(s for n, s in best.items() if n.startswith("bare"))
    print(
        f"learn: {best['learn'] / best['faiss']:.2f} x faiss (goal 1.0), "
        f"{best['learn'] / exact:.2f} x bare (goal 1.6; {best['learn'] / fastest:.2f} x with "
        f"'medium'), projection {projection['learn'] / projection['plain torch']:.6f} x plain"
    )


def main() -> None:
    counts = [int(word) for word in sys.argv[1:]] or [1]
    data()
    print(f"torch {torch.__version__}, faiss {faiss.__version__}, {N} x {data().shape[1]}")
    print(f"error of 'medium' products: {track_medium_error():.1e}")
    for threads in counts:
        for k in SIZES:
            compare(k, threads)


if __name__ == "__main__":
    main()
