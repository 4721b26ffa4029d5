"""Documents in a few parts of about as many words, worked on by threads, summed in a fixed order.

The number of parts depends on the corpus alone, so that every machine makes the same sums.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import numpy as np
import torch

from core.topics.counts import Counts

Result = TypeVar("Result")
PARTS, WORTH = 4, 1 << 17  # parts at most, and entries that make one worth a thread


def spans(data: Counts) -> list[tuple[int, int]]:
    """First document, and one past the last, of each part."""
    parts = int(np.clip(len(data.words) // WORTH, 1, min(PARTS, max(len(data), 1))))
    marks = np.searchsorted(data.indptr, np.arange(1, parts) * (len(data.words) / parts))
    edges = [0, *marks.tolist(), len(data)]
    return list(zip(edges[:-1], edges[1:], strict=True))


def over(parts: list[tuple[int, int]], work: Callable[[int, int], Result]) -> list[Result]:
    """`work(first, last)` of each part, in their order; on as many threads as torch was given."""
    threads = min(torch.get_num_threads(), len(parts))
    if threads == 1:
        return [work(*part) for part in parts]
    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(work, *zip(*parts, strict=True)))
