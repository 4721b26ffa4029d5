"""The table of a trace holds the numbers of its steps and nothing else."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass

import numpy as np

from core.trace import scalars, to_csv


@dataclass(frozen=True)
class Step:
    sweep: int
    D: np.ndarray
    distortion: float
    name: str


STEPS = [Step(0, np.ones(3), 1.5, "a"), Step(1, np.ones(3), 0.1, "b")]


def test_only_numbers_in_the_order_of_the_fields() -> None:
    assert scalars(STEPS) == [{"sweep": 0, "distortion": 1.5}, {"sweep": 1, "distortion": 0.1}]


def test_csv_reads_back() -> None:
    rows = list(csv.DictReader(io.StringIO(to_csv(STEPS))))
    assert [(int(r["sweep"]), float(r["distortion"])) for r in rows] == [(0, 1.5), (1, 0.1)]
    assert to_csv([]) == ""
