"""What is seen of a topic model while it learns: few numbers a step, the whole model at the end."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.topics.topics import Floats, Topics

BEST = 12  # words of each topic in a Step


@dataclass(frozen=True, kw_only=True)
class Step:
    """A model after so many iterations; 0 is the start."""

    iteration: int
    objective: float  # nats a token: bound or log likelihood, which rise; NMF: divergence, falls
    alpha: Floats  # (K,), see Topics
    eta: float
    share: Floats  # (K,) of all tokens, sum 1
    best: NDArray[np.int32]  # (K, BEST) likeliest words, the best first
    best_p: NDArray[np.float32]  # (K, BEST) p(w | z) of them
    moved: float  # mean over topics of half sum |p(w | z) - p(w | z) before|, 0 to 1
    documents: int  # read so far, each as often as it was read
    topics: Topics | None  # the whole of it: in the last step, and where it was asked for


def step(
    iteration: int, objective: float, topic_word: Floats, before: Floats | None, *,
    alpha: Floats, eta: float, share: Floats, documents: int,
    whole: Callable[[], Topics] | None,
) -> Step:  # fmt: skip
    """A Step of `topic_word` (K, V), which shares no memory with what it is made from."""
    few = min(BEST, topic_word.shape[1])
    some = np.argpartition(-topic_word, few - 1, axis=1)[:, :few]
    order = np.argsort(-np.take_along_axis(topic_word, some, axis=1), axis=1, kind="stable")
    best = np.take_along_axis(some, order, axis=1)
    moved = 0.0 if before is None else float(np.abs(topic_word - before).sum(axis=1).mean() / 2)
    return Step(
        iteration=iteration,
        objective=float(objective),
        alpha=np.array(alpha, np.float64),
        eta=float(eta),
        share=np.asarray(share, np.float64) / max(float(np.sum(share)), 1e-300),
        best=best.astype(np.int32),
        best_p=np.take_along_axis(topic_word, best, axis=1).astype(np.float32),
        moved=moved,
        documents=documents,
        topics=whole() if whole is not None else None,
    )
