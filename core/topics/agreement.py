"""Do topics agree with labels that the models never saw?

table[l, z] : expected documents with label l in topic z
purity = sum over z of max over l of table[l, z] / D
NMI    = I(L; Z) / ((H(L) + H(Z)) / 2)          0: tell nothing of each other, 1: are the same
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from scipy.special import entr  # type: ignore[import-untyped]

from core.errors import require

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Agreement:
    """Labels against topics."""

    labels: tuple[str, ...]
    table: Floats = field(repr=False)  # (L, K)
    purity: float
    nmi: float


def agreement(
    doc_topic: NDArray[np.floating], labels: Sequence[str], *, hard: bool = True
) -> Agreement:
    """Of documents' mixtures (D, K) and a label each. `hard`: each counts for its largest topic.

    Raises SettingError where their numbers differ, or there are none.
    """
    D, K = doc_topic.shape
    require(
        len(labels) == D > 0, "labels", wanted=f"one for each of {D} documents", given=len(labels)
    )
    names, rows = np.unique(np.asarray(labels, dtype=str), return_inverse=True)
    table = np.zeros((len(names), K))
    if hard:
        np.add.at(table, (rows, doc_topic.argmax(axis=1)), 1)
    else:
        np.add.at(table, rows, doc_topic.astype(np.float64))
    p = table / table.sum()
    of_label, of_topic = entr(p.sum(axis=1)).sum(), entr(p.sum(axis=0)).sum()
    # I = H(L) + H(Z) - H(L, Z)
    shared = of_label + of_topic - entr(p).sum()
    mean = (of_label + of_topic) / 2
    nmi = float(np.clip(shared / mean, 0, 1)) if mean > 1e-12 else 1.0
    return Agreement(tuple(names.tolist()), table, float(p.max(axis=0).sum()), nmi)
