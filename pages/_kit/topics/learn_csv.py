"""The curves over K as a table: numbers alone."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

from core.topics.over_k import Step

NAMES = ("perplexity", "umass", "npmi", "c_v", "objective", "iterations", "seconds")


def over_k(steps: Sequence[Step]) -> str:
    """A row a fit."""
    out = io.StringIO()
    rows = csv.writer(out)
    rows.writerow(("K", "start", *NAMES))
    for step in steps:
        for start, row in enumerate(zip(*(getattr(step, name) for name in NAMES), strict=True), 1):
            rows.writerow((step.K, start, *(f"{value:.6g}" for value in row)))
    return out.getvalue()
