"""How surprising held-out documents are: document completion.

Wallach, Murray, Salakhutdinov & Mimno, "Evaluation methods for topic models" (2009), section 5.

Each held-out document's tokens are dealt out in two. The topics stay as they are; the document's
mixture theta is found from one half, and the other half is scored:

    perplexity = exp(- sum over tokens w of the second halves of log p(w | theta) / their number)

The same number for every model. Scores of libraries are bounds of one kind or another, and
cannot be compared. Words that a model thinks impossible would make it infinite, so that each model
is mixed with a little of a uniform one.
"""

from __future__ import annotations

import numpy as np

from core.errors import require
from core.topics import compiled
from core.topics.counts import Counts
from core.topics.infer import fold_in
from core.topics.topics import Floats, Topics

UNIFORM = 1e-3


def completion(topics: Topics, held_out: Counts, seed: int = 0) -> float:
    """Perplexity of `topics` on documents it has not seen; V where it knows nothing.

    Raises SettingError where there are no tokens to score.
    """
    observed, scored = held_out.halves(seed)
    return of_halves(topics, observed, scored)


def of_halves(topics: Topics, observed: Counts, scored: Counts) -> float:
    """The same, of documents split before."""
    require(scored.tokens > 0, "held-out documents", wanted="some with words", given="none")
    return float(np.exp(-log_p(topics, fold_in(topics, observed), scored).sum() / scored.tokens))


def log_p(topics: Topics, theta: Floats, documents: Counts) -> Floats:
    """log p(words of each document | theta), (D,), in nats."""
    V = len(documents.vocabulary)
    out = np.zeros(len(documents))
    # p(w | d) = (1 - u) sum over z of p(w | z) theta_z + u / V
    beta = np.ascontiguousarray(topics.topic_word.T, np.float64) * (1 - UNIFORM)
    n = documents.counts.astype(np.float32, copy=False)
    floor = np.full(V, UNIFORM / V)
    compiled.scores(documents.indptr, documents.words, n, theta, beta, floor, out)
    return out
