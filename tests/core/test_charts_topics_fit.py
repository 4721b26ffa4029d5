"""Charts of how priors are learned."""

from __future__ import annotations

import json

import numpy as np

from core.charts import topics_fit


def test_priors_as_they_are_learned() -> None:
    alpha = np.array([[0.5, 0.5], [0.1, 0.3]])
    chart = topics_fit.priors([0, 1], alpha, [0.05, 0.2], now=1)
    told = json.dumps(chart.to_dict())
    rows = [row for rows in chart.to_dict()["datasets"].values() for row in rows]
    means = [row["value"] for row in rows if row.get("prior", "").startswith("α")]
    assert np.allclose(means, [0.5, 0.2])
    assert [(row["low"], row["high"]) for row in rows if "low" in row] == [(0.5, 0.5), (0.1, 0.3)]
    assert "strokeDash" in told and "strokeDash" not in json.dumps(
        topics_fit.priors([0, 1], alpha, [0.05, 0.2]).to_dict()
    )
    assert "share of words that moved" in json.dumps(
        topics_fit.learning({"LDA": ([1], [0.5])}, "moved").to_dict()
    )
