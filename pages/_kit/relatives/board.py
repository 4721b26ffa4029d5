"""The results board: a row a relative, and every result as a table to take home."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

import streamlit as st

from core.sequence import compare
from core.sequence.compare import Config, Result
from pages._kit.relatives.names import TITLES


def rows(results: Sequence[Result], lags: Sequence[int]) -> list[dict[str, Any]]:
    """One row a relative, the best first; of several seeds the means."""
    found = []
    for name in dict.fromkeys(result.relative for result in results):
        own = [result for result in results if result.relative == name]
        means = {
            lag: _mean([one.accuracy for one in own if one.lag == lag])
            for lag in lags
            if any(one.lag == lag for one in own)
        }
        timed = [one.seconds for one in own if one.seconds is not None]
        found.append(
            {
                "relative": TITLES[name],
                "mean": _mean(list(means.values())),
                "longest": _longest(means),
                "over": list(means.values()),
                "parameters": max(one.parameters for one in own),
                "updates": round(_mean([one.updates for one in own])),
                "seconds": _mean(timed) if timed else None,
            }
        )
    return sorted(found, key=lambda row: (-row["mean"], row["parameters"]))


def sentence(results: Sequence[Result], config: Config) -> str:
    """What the board says: who reaches furthest, and who of them learned least to do so."""
    lag = "lag" if config.task in compare.LAGS else "length"
    board = rows(results, config.lags)
    furthest = max((row["longest"] or 0 for row in board), default=0)
    if not furthest:
        return f"Nobody is {compare.GOOD:.0%} right at any {lag}."
    best = [row for row in board if row["longest"] == furthest]
    smallest = min(best, key=lambda row: row["parameters"])
    names = _listed([row["relative"] for row in best])
    told = f"Furthest: **{names}**, {compare.GOOD:.0%} right or better at {lag} **{furthest}**"
    if len(best) > 1:
        told += (
            f"; with the fewest learned numbers, {smallest['parameters']:,}, {smallest['relative']}"
        )
    return told + "."


def show(results: Sequence[Result], config: Config) -> None:
    """The board, and what it says."""
    lag = "lag" if config.task in compare.LAGS else "length"
    st.markdown(sentence(results, config))
    st.dataframe(
        rows(results, config.lags),
        hide_index=True,
        height="content",
        key="board",
        column_config={
            "relative": st.column_config.TextColumn("Network", width="medium"),
            "mean": st.column_config.NumberColumn(
                "Mean accuracy", format="percent", help=f"Over all that is learned, each {lag} alike."
            ),
            "longest": st.column_config.NumberColumn(
                f"Longest {lag} mastered",
                help=f"At least {compare.GOOD:.0%} right there, the mean of all seeds. Shorter ones "
                "may have failed.",
            ),
            "over": st.column_config.BarChartColumn(
                f"Accuracy, {lag} by {lag}", y_min=0, y_max=1, width="medium"
            ),
            "parameters": st.column_config.NumberColumn(
                "Learned numbers", format="localized", help="Of an echo state network only its readout."
            ),
            "updates": st.column_config.NumberColumn(
                "Updates", help="Until all was right twice running, or to the end; a mean."
            ),
            "seconds": st.column_config.NumberColumn(
                "Seconds a run", format="%.2f", help="Of training, on this machine; a mean."
            ),
        },
    )  # fmt: skip


def to_csv(results: Sequence[Result]) -> str:
    """Every result, a row each."""
    file = io.StringIO()
    writer = csv.DictWriter(file, list(Result.__dataclass_fields__), lineterminator="\n")
    writer.writeheader()
    writer.writerows(asdict(result) for result in results)
    return file.getvalue()


def to_json(results: Sequence[Result], config: Config, seed: int) -> str:
    """Every result, with the settings that gave it."""
    told = {
        "seed": seed,
        "config": asdict(config),
        "results": [asdict(result) for result in results],
    }
    return json.dumps(told, indent=1) + "\n"


def _listed(names: Sequence[str]) -> str:
    *most, last = names
    return f"{', '.join(most)} and {last}" if most else last


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values)


def _longest(means: dict[int, float]) -> int | None:
    good = [lag for lag, accuracy in means.items() if accuracy >= compare.GOOD]
    return max(good, default=None)
