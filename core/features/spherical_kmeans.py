"""Spherical K-means: each patch is one unit-length filter times a number, of either sign.

Coates & Ng, "Learning feature representations with K-means" (2012), section 3.

    x : (n, d) whitened patches, one a row        the course stacks them as columns of X
    D : (k, d) dictionary, rows of unit length    row j is the course's column D^(j)
    s : (n, k) code, at most one non-zero a row   kept as Code: which one, and its value

    minimise  sum_i ||D s_i - x_i||^2   so that   ||s_i||_0 <= 1,  ||D_j|| = 1

Nearly all the time goes into the products D^T x. They are made a block of rows at a time, so
that the largest of each row is sought while the block is still in the processor's cache.
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor
from torch.nn.functional import embedding_bag

from core.errors import require

VERSION = 1

# Scores held at a time: so few that they stay in a core's own cache, but not fewer rows than a
# matrix product needs to be efficient.
CPU_BLOCK, GPU_BLOCK, LEAST_ROWS = 1 << 18, 1 << 26, 256


@dataclass(frozen=True, kw_only=True)
class Config:
    """K filters, learned in so many sweeps over all patches."""

    k: int = 100
    sweeps: int = 10

    def __post_init__(self) -> None:
        for name, value in (("K", self.k), ("sweeps", self.sweeps)):
            whole = isinstance(value, int) and not isinstance(value, bool)
            require(whole and value >= 1, name, wanted="a whole number of at least 1", given=value)


class Code(NamedTuple):
    """s of every patch: s_j = value, 0 elsewhere."""

    j: Tensor  # (n,) int64, the filter of largest |D_l^T x|; the first of equals on the CPU
    value: Tensor  # (n,) D_j^T x, signed


@dataclass(frozen=True, kw_only=True)
class Step:
    """The dictionary after a sweep, and the code from which the sweep made it.

    Sweep 0 is the random start: nothing is coded yet, s = 0, so its distortion is mean ||x||^2.
    From sweep 1 on, `distortion` to `counts` speak of the code that the dictionary of the step
    before gave; `projection` never falls.
    """

    sweep: int
    D: Tensor  # (k, d)
    distortion: float  # mean ||D s - x||^2
    projection: float  # mean s^2; distortion and projection add up to mean ||x||^2
    counts: Tensor  # (k,) int64, patches of each filter
    idle: int  # filters without a patch, restarted from data in D
    moved: float  # mean ||D_j - previous D_j||


def learn(x: Tensor, config: Config, *, generator: torch.Generator) -> Iterator[Step]:
    """Learn a dictionary for patches `x` (n, d), floating point, on the device of `x`.

    Yields sweeps + 1 Steps, from the random start on. Draws from `generator`, a CPU generator.
    Raises SettingError where K exceeds n, or where `x` is not finite.
    """
    n, d = x.shape
    require(config.k <= n, "K", wanted=f"at most {n}, the number of patches", given=config.k)
    length = torch.linalg.vector_norm(x, dim=1).cpu()
    require(
        bool(length.isfinite().all()),
        "patches",
        wanted="finite numbers only",
        given=f"{int((~length.isfinite()).sum())} patches with NaN or infinity",
    )
    energy = float(length.double().square().mean())

    D = torch.randn(config.k, d, generator=generator).to(x)
    D /= torch.linalg.vector_norm(D, dim=1, keepdim=True)
    nothing = torch.zeros(config.k, dtype=torch.int64, device=x.device)
    yield Step(
        sweep=0,
        D=D.clone(),
        distortion=energy,
        projection=0.0,
        counts=nothing,
        idle=0,
        moved=0.0,
    )
    for sweep in range(1, config.sweeps + 1):
        code = assign(x, D)
        counts = torch.bincount(code.j, minlength=config.k)
        # Summed in float64 on the CPU: MPS has none, and n numbers travel fast.
        projection = float(code.value.cpu().double().square().mean())
        before, D = D, update(x, D, code)
        idle = torch.nonzero(counts == 0)[:, 0]
        if len(idle):
            D = restart(x, D, idle, generator=generator)
        yield Step(
            sweep=sweep,
            D=D.clone(),
            # ||D s - x||^2 = ||x||^2 - s^2, as the one filter used has unit length
            distortion=max(energy - projection, 0.0),
            projection=projection,
            counts=counts,
            idle=len(idle),
            moved=float(torch.linalg.vector_norm(D - before, dim=1).mean()),
        )


def assign(x: Tensor, D: Tensor) -> Code:
    """Code of patches `x` (n, d) by the dictionary `D` (k, d): the best filter and its product."""
    code = Code(torch.empty(len(x), dtype=torch.int64, device=x.device), x.new_empty(len(x)))
    columns = D.T.contiguous()
    threads = torch.get_num_threads()
    if x.device.type != "cpu" or threads == 1 or len(x) * len(D) <= CPU_BLOCK:
        _assign(x, columns, code)
        return code
    # A strip of patches a thread, met only at the end. Threads inside each operation would meet
    # several times a block, and on a busy machine a meeting may cost milliseconds.
    strips = zip(x.chunk(threads), code.j.chunk(threads), code.value.chunk(threads), strict=True)
    with ThreadPoolExecutor(threads, initializer=torch.set_num_threads, initargs=(1,)) as pool:
        done = [pool.submit(_assign, patch, columns, Code(j, s)) for patch, j, s in strips]
    # The count is each thread's own, but new threads take the last one set.
    torch.set_num_threads(threads)
    for strip in done:
        strip.result()
    return code


def _assign(x: Tensor, columns: Tensor, code: Code) -> None:
    """Fill `code` (n,) of `x` (n, d), a block of rows at a time; columns (d, k)."""
    on_cpu = x.device.type == "cpu"
    k = columns.shape[1]
    rows = min(len(x), max(LEAST_ROWS, (CPU_BLOCK if on_cpu else GPU_BLOCK) // k))
    block_scores, block_sizes = x.new_empty(rows, k), x.new_empty(rows, k)
    for patch, j, value in zip(
        x.split(rows), code.j.split(rows), code.value.split(rows), strict=True
    ):
        scores, sizes = block_scores[: len(patch)], block_sizes[: len(patch)]
        # D^T x
        torch.mm(patch, columns, out=scores)
        # j = arg max_l |D_l^T x|
        torch.abs(scores, out=sizes)
        if on_cpu:
            # NumPy's argmax is vectorised, torch's is not: five times faster on the CPU.
            np.argmax(sizes.numpy(), axis=1, out=j.numpy())
        else:
            torch.argmax(sizes, dim=1, out=j)
        # s_j = D_j^T x
        torch.gather(scores, 1, j[:, None], out=value[:, None])


def update(x: Tensor, D: Tensor, s: Code) -> Tensor:
    """The damped dictionary (k, d), unit rows, for patches `x` (n, d) and their code."""
    counts = torch.bincount(s.j, minlength=len(D))
    # Short integers are sorted by radix, three times faster.
    short = torch.int16 if len(D) < 2**15 else torch.int64
    order = torch.argsort(s.j.to(short), stable=True)
    # X S^T, one sum over the patches of each filter: patches in order of their filter
    XS = embedding_bag(
        order, x, counts.cumsum(0) - counts, mode="sum", per_sample_weights=s.value[order]
    )
    # D := X S^T + D,  D_j := D_j / ||D_j||
    D = XS + D
    return D / torch.linalg.vector_norm(D, dim=1, keepdim=True)


def restart(x: Tensor, D: Tensor, idle: Tensor, *, generator: torch.Generator) -> Tensor:
    """`D` (k, d) with the rows `idle` (m,) replaced by different random patches of unit length.

    A patch that is zero everywhere has no direction: the old row then stays.
    """
    picks = torch.randperm(len(x), generator=generator)[: len(idle)].to(x.device)
    patch = x[picks]
    length = torch.linalg.vector_norm(patch, dim=1, keepdim=True)
    D = D.clone()
    D[idle] = torch.where(length > 0, patch / length, D[idle])
    return D
